from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.maps.incident_map import IncidentScene, incident_map
from geo.maps.offline import save_offline
from tests.unit.maps.live_town import every_state, live_named, live_town
from tests.unit.maps.test_maps_incident import HOSTILE
from tests.web.conftest import PHONE, Watched


def opened(scene: IncidentScene, watched: Watched, folder: Path) -> Page:
    path = folder / "incident.html"
    save_offline(incident_map(scene), path)
    return watched.open_file(path)


def test_every_state_is_told_on_the_map_in_the_panel_and_in_the_legend(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(every_state(), watched, tmp_path)
    expect(page.locator(".leaflet-marker-pane .rg-mark.state")).to_have_count(13)
    expect(page.locator(".rg-live .rg-row")).to_have_count(13)
    expect(page.locator(".rg-legend .rg-mark.state")).to_have_count(13)


def test_a_row_of_a_unit_shows_its_mark_with_its_state_and_since_when(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(live_town(), watched, tmp_path)
    page.locator(".rg-live button", has_text="Pump 2").click()
    expect(page.locator(".leaflet-popup-content")).to_contain_text("途中 En route 14:19")


def test_who_works_on_scene_is_seen_beside_the_incident(watched: Watched, tmp_path: Path) -> None:
    page = opened(live_town(), watched, tmp_path)
    incident = page.locator(".leaflet-marker-pane .rg-mark.incident").bounding_box()
    working = page.locator(".leaflet-marker-pane .rg-mark.on-scene").bounding_box()
    assert incident is not None
    assert working is not None
    assert working["x"] >= incident["x"] + incident["width"]


def test_trails_are_thin_over_the_routes_with_a_strong_newest_end_and_can_be_hidden(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(live_town(), watched, tmp_path)
    trails = page.locator(".leaflet-rg-trails-pane path.rg-line")
    expect(trails).to_have_count(4)
    widths = [
        path.evaluate("path => parseFloat(getComputedStyle(path).strokeWidth)") for path in trails.all()
    ]
    assert sorted(widths) == [1.75, 1.75, 4.5, 4.5]
    route = page.locator(".leaflet-overlay-pane path.rg-line.sent").first
    assert route.evaluate("path => parseFloat(getComputedStyle(path).strokeWidth)") == 4.5
    shown = page.locator(".rg-label.trail").filter(visible=True)
    expect(shown.filter(has_text="14:11")).to_have_count(1)
    page.locator(".rg-legend label", has_text="轨迹").click()
    expect(trails).to_have_count(0)
    expect(page.locator(".rg-label.trail")).to_have_count(0)


def test_what_lies_under_the_trails_can_still_be_asked(watched: Watched, tmp_path: Path) -> None:
    page = opened(live_town(), watched, tmp_path)
    click(page, ".leaflet-overlay-pane path.rg-area >> nth=0", share=0.85)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Tank farm")
    page.locator(".leaflet-popup-close-button").click()
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)
    click(page, ".leaflet-rg-trails-pane path.rg-line.newest >> nth=0", share=0.3)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("14:10 → 14:20")


def click(page: Page, line: str, share: float) -> None:
    """Click so far down on what is drawn, as a person does: whatever lies over it gets the click."""
    box = page.locator(line).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * share)


def test_on_a_phone_the_states_are_listed_below_the_map(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(live_town(), watched, tmp_path)
    row = page.locator(".rg-live .rg-row").first
    row.scroll_into_view_if_needed()
    expect(row).to_contain_text("到场 On scene")
    box = row.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_of_what_happens_now_are_only_ever_shown(
    watched: Watched, tmp_path: Path, name: str
) -> None:
    page = opened(live_named(name), watched, tmp_path)
    expect(page.locator(".rg-live .rg-name")).to_have_text(name.replace("\u2028", " "), use_inner_text=False)
