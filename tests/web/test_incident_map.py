from dataclasses import replace
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Page, expect

from geo.maps.incident_map import IncidentScene, incident_map
from geo.maps.offline import save_offline
from tests.unit.maps.town_scene import scene_named, town_scene
from tests.web.conftest import PHONE, Watched


def opened(scene: IncidentScene, watched: Watched, folder: Path) -> Page:
    path = folder / "incident.html"
    save_offline(incident_map(scene), path)
    return watched.open_file(path)


def test_the_page_opens_from_a_file_and_asks_for_nothing_else(watched: Watched, tmp_path: Path) -> None:
    page = opened(town_scene(), watched, tmp_path)
    expect(page).to_have_title("Chemical leak, severity 2")
    expect(page.locator(".rg-due")).to_contain_text("04:20")
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    assert [url for url in watched.requests if not url.startswith("data:")] == [
        (tmp_path / "incident.html").as_uri()
    ]


def test_roads_are_painted(watched: Watched, tmp_path: Path) -> None:
    page = opened(town_scene(), watched, tmp_path)
    expect(page.locator("canvas.leaflet-tile-loaded").first).to_be_attached()
    painted = page.evaluate(
        """() => [...document.querySelectorAll('canvas.leaflet-tile')].some((tile) => {
            const { width, height } = tile;
            return tile.getContext('2d').getImageData(0, 0, width, height).data.some((value) => value > 0);
        })"""
    )
    assert painted


@pytest.mark.parametrize(
    ("layer", "drawn"),
    [
        ("Units", ".rg-mark.unit.first-due"),
        ("Depots", ".rg-mark.depot.synthetic"),
        ("Routes and times", "path.rg-line.first-due"),
        ("Hazards by grade", "path.rg-area"),
        ("Roads", "canvas.leaflet-tile"),
    ],
)
def test_each_layer_is_switched_by_its_box_in_the_legend(
    watched: Watched, tmp_path: Path, layer: str, drawn: str
) -> None:
    page = opened(town_scene(), watched, tmp_path)
    things = page.locator(f".folium-map .leaflet-map-pane {drawn}")
    expect(things.first).to_be_attached()
    box = page.locator(".rg-legend label", has_text=layer).locator("input")
    box.uncheck()
    expect(things).to_have_count(0)
    box.check()
    expect(things.first).to_be_attached()


def test_a_row_of_the_panel_shows_its_unit_even_when_its_layer_was_hidden(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(town_scene(), watched, tmp_path)
    units = page.locator(".rg-legend label", has_text="Units").locator("input")
    units.uncheck()
    page.locator("[data-go]", has_text="Pump 2").click()
    popup = page.locator(".rg-popup")
    expect(popup).to_contain_text("Pump 2")
    expect(popup).to_contain_text("05:45")
    expect(popup).to_contain_text("Synthetic")
    expect(units).to_be_checked()


def test_marks_have_names_and_open_by_keyboard(watched: Watched, tmp_path: Path) -> None:
    page = opened(town_scene(), watched, tmp_path)
    names = page.locator(".leaflet-marker-pane .rg-touch").evaluate_all(
        "marks => marks.map((mark) => mark.getAttribute('aria-label'))"
    )
    assert len(names) == 5 + 2 + 3 + 2
    assert all(names)
    mark = page.locator(".leaflet-marker-pane [aria-label^='First due, Hazmat 1']")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rg-popup h2")).to_have_text("Hazmat 1")


def test_labels_do_not_lie_on_each_other_and_the_first_due_time_is_always_seen(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(town_scene(), watched, tmp_path)
    expect(page.locator(".rg-label.first-due")).to_be_visible()
    boxes = page.locator(".rg-label").evaluate_all(
        """labels => labels.filter((label) => label.style.visibility === 'visible').map((label) => {
            const box = label.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        })"""
    )
    assert len(boxes) >= 2
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart


def test_the_panel_folds_to_its_answer(watched: Watched, tmp_path: Path) -> None:
    page = opened(town_scene(), watched, tmp_path)
    need = page.locator(".rg-need").first
    expect(need).to_be_visible()
    page.locator(".rg-panel > summary").click()
    expect(need).to_be_hidden()
    expect(page.locator(".rg-due")).to_be_visible()


def test_on_a_phone_the_map_stands_above_the_answer(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(town_scene(), watched, tmp_path)
    chart, panel = page.locator(".folium-map").bounding_box(), page.locator(".rg-panel").bounding_box()
    assert chart is not None
    assert panel is not None
    assert chart["y"] + chart["height"] <= panel["y"] + 1
    assert panel["width"] == PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(
    "name",
    [
        "<script>window.broken = 1</script>",
        "</script><script>window.broken = 1</script>",
        '"onload="window.broken = 1',
        "<img src=x onerror='window.broken = 1'><i class=injected>",
        "{{ 7 * 191 }}${window.broken = 1}`",
    ],
)
def test_a_hostile_name_is_only_ever_shown(watched: Watched, tmp_path: Path, name: str) -> None:
    page = opened(scene_named(name), watched, tmp_path)
    expect(page).to_have_title(name)
    expect(page.locator(".rg-panel h1")).to_have_text(name)
    page.locator("[data-go='unit-0']").click()
    expect(page.locator(".rg-popup h2")).to_have_text(name)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(name)
    page.locator("[data-go='depot-0']").hover()
    assert page.evaluate("window.broken") is None
    assert page.locator(".injected, img, [onload]").count() == 0


def test_a_scene_in_which_nobody_can_be_sent_opens_too(watched: Watched, tmp_path: Path) -> None:
    town = town_scene()
    frames = ("units", "depots", "hazard_sources", "routes", "roads")
    empty = replace(town, first_due=None, needs=(), **{name: getattr(town, name).iloc[:0] for name in frames})
    page = opened(empty, watched, tmp_path)
    expect(page.locator(".rg-due")).to_contain_text("No unit can be sent")


def test_a_plain_marker_of_folium_shows_its_shipped_image(watched: Watched, tmp_path: Path) -> None:
    chart = folium.Map([30.6, 114.3], tiles=None)
    folium.Marker([30.6, 114.3], popup="station").add_to(chart)
    path = tmp_path / "plain.html"
    save_offline(chart, path)
    page = watched.open_file(path)
    page.locator("img.leaflet-marker-icon").click()
    expect(page.locator(".leaflet-popup-content")).to_have_text("station")
    assert page.evaluate("document.querySelector('img.leaflet-marker-icon').naturalWidth") > 0
