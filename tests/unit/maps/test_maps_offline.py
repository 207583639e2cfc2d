import hashlib
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import folium
import pytest
from folium.plugins import MarkerCluster

from geo.maps.base import FULL_SCREEN
from geo.maps.elements import page_of
from geo.maps.incident_map import incident_map
from geo.maps.offline import ADDRESS_IN_STYLE, ExternalAddressError, render_offline, save_offline
from geo.maps.shipped import asset_bytes, manifest, verify_assets
from geo.maps.vendor import PACKAGES, main
from tests.unit.maps.decided_town import decided_town
from tests.unit.maps.town_scene import town_scene


class Addresses(HTMLParser):
    """Collects what a browser would fetch while it opens a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.language: str | None = None
        self.in_style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        if tag == "html":
            self.language = dict(attrs).get("lang")
        fetched = [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]
        self.found += [address for address in fetched if not address.startswith("data:")]

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.found += ["".join(address) for address in ADDRESS_IN_STYLE.findall(data)]


def plain_map() -> folium.Map:
    return folium.Map([30.6, 114.3], tiles=None)


def test_nothing_of_the_incident_page_lies_outside_the_page() -> None:
    page = Addresses(render_offline(incident_map(town_scene())))
    assert page.found == []
    assert page.language == "en"


def test_the_only_addresses_of_a_decided_page_are_numbers_to_dial() -> None:
    page = Addresses(render_offline(incident_map(decided_town())))
    assert page.found == ["tel:119", "tel:+8613871000000", "tel:02783661234"]


def test_a_plain_folium_map_with_its_standard_marker_is_whole_too() -> None:
    chart = plain_map()
    folium.Marker([30.6, 114.3], popup="station").add_to(chart)
    chart.add_child(FULL_SCREEN())
    page = render_offline(chart)
    assert Addresses(page).found == []
    assert "iconUrl: 'data:image/png;base64," in page


def test_rendering_leaves_the_map_and_folium_itself_as_they_were() -> None:
    chart = plain_map()
    before = chart.get_root().render()
    render_offline(chart)
    assert chart.get_root().render() == before
    assert any("bootstrap" in address for _, address in folium.Map.default_js)


def test_online_tiles_are_refused_by_their_address() -> None:
    with pytest.raises(ExternalAddressError, match=r"https://tile\.openstreetmap\.org"):
        render_offline(folium.Map([30.6, 114.3]))


def test_a_plugin_that_is_not_shipped_is_refused_by_its_address() -> None:
    cluster: Callable[..., folium.Element] = MarkerCluster
    chart = plain_map()
    chart.add_child(cluster([[30.6, 114.3]]))
    with pytest.raises(ExternalAddressError, match="markercluster"):
        render_offline(chart)


def test_icons_whose_fonts_are_not_shipped_are_refused() -> None:
    chart = plain_map()
    folium.Marker([30.6, 114.3], icon=folium.Icon(icon="fire")).add_to(chart)
    with pytest.raises(ExternalAddressError, match="bootstrap"):
        render_offline(chart)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://example.org/a.png">',
        '<img src="beside.png">',
        '<p style="background:url(//example.org/a.png)"></p>',
        "<style>@import 'https://example.org/a.css';</style>",
        '<style>p { background: url("https://example.org/a.png") }</style>',
    ],
)
def test_an_address_in_added_markup_is_refused(markup: str) -> None:
    chart = plain_map()
    page_of(chart).html.add_child(folium.Element(markup))
    with pytest.raises(ExternalAddressError):
        render_offline(chart)


def test_a_saved_page_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "incident.html"
    path.write_text("the page of yesterday")
    save_offline(incident_map(town_scene()), path)
    assert "<title>Chemical leak, severity 2</title>" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_refused_map_leaves_the_old_page_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "incident.html"
    path.write_text("the page of yesterday")
    with pytest.raises(ExternalAddressError):
        save_offline(folium.Map([30.6, 114.3]), path)
    assert path.read_text() == "the page of yesterday"


def test_every_shipped_file_is_the_one_the_manifest_records(capsys: pytest.CaptureFixture[str]) -> None:
    verify_assets()
    main(["--check"])
    assert "matches" in capsys.readouterr().out
    for asset in manifest():
        assert hashlib.sha256(asset_bytes(asset.path)).hexdigest() == asset.sha256


def test_the_manifest_records_the_pinned_versions_and_each_licence_text() -> None:
    shipped = {(asset.package, asset.version, asset.licence) for asset in manifest()}
    assert shipped == {(package.name, package.version, package.licence) for package in PACKAGES}
    licensed = {asset.package for asset in manifest() if "LICENSE" in asset.path}
    assert licensed == {package.name for package in PACKAGES}
    assert json.dumps([asset.path for asset in manifest()]).count("http") == 0
