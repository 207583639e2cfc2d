from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.maps.incident_map import IncidentScene, incident_map
from geo.maps.offline import save_offline
from tests.unit.maps.decided_town import decided_town, decision_named
from tests.unit.maps.town_scene import town_scene
from tests.web.conftest import PHONE, Watched


def opened(scene: IncidentScene, watched: Watched, folder: Path) -> Page:
    path = folder / "incident.html"
    save_offline(incident_map(scene), path)
    return watched.open_file(path)


def test_the_decided_map_opens_from_its_file_and_asks_for_nothing_else(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(decided_town(), watched, tmp_path)
    expect(page.locator(".rg-going")).to_contain_text("Hazmat 1")
    assert [url for url in watched.requests if not url.startswith("data:")] == [
        (tmp_path / "incident.html").as_uri()
    ]


def test_ordered_requested_and_unneeded_units_look_apart_on_the_map(watched: Watched, tmp_path: Path) -> None:
    page = opened(decided_town(), watched, tmp_path)
    marks = page.locator(".leaflet-marker-pane")
    expect(marks.locator("[aria-label^='First due, Hazmat 1'] .rg-mark.first-due")).to_have_text("1")
    expect(marks.locator("[aria-label^='Unit sent, requested, Pump 2'] .rg-mark.requested")).to_have_text("2")
    spare = marks.locator("[aria-label^='Unit that could go, not needed now, Ladder 4'] .rg-mark")
    expect(spare).to_have_text("")
    sent, unneeded = marks.locator(".unit.sent").bounding_box(), spare.bounding_box()
    assert sent is not None
    assert unneeded is not None
    assert sent["width"] > unneeded["width"]


def test_routes_of_those_sent_stand_out_and_the_others_step_back(watched: Watched, tmp_path: Path) -> None:
    town = decided_town()
    routes = town.routes.assign(name=["Hazmat 1", "Pump 2", "Pump 3"], kind="unit", rank=[1.0, 2.0, 3.0])
    units = town.units.assign(status=["first_due", "sent", "listed", "other", "other"], rank=[1, 2, 3, 4, 5])
    page = opened(replace(town, units=units, routes=routes), watched, tmp_path)
    widths = [
        page.locator(f"path.rg-line{css}").evaluate("line => parseFloat(getComputedStyle(line).strokeWidth)")
        for css in (".first-due", ".unit.sent", ".unit.later")
    ]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 3


def test_a_line_of_the_decision_shows_its_mark(watched: Watched, tmp_path: Path) -> None:
    page = opened(decided_town(), watched, tmp_path)
    page.locator(".rg-going [data-go='unit-12']").click()
    popup = page.locator(".rg-popup")
    expect(popup).to_contain_text("Pump 2")
    expect(popup).to_contain_text("Requested · Works A")
    expect(popup).to_contain_text("027-8366 1234")
    page.locator(".rg-uncovered [data-go='hazard-31']").click()
    expect(popup.filter(has_text="Loses its standard of cover")).to_be_visible()


def test_the_source_left_bare_is_ringed_and_only_that_one(watched: Watched, tmp_path: Path) -> None:
    page = opened(decided_town(), watched, tmp_path)
    rings = page.locator(".leaflet-marker-pane .rg-mark.uncovered")
    expect(rings).to_have_count(1)
    ring = rings.evaluate("mark => getComputedStyle(mark, '::after').borderTopWidth")
    assert float(ring.removesuffix("px")) >= 2
    assert opened(town_scene(), watched, tmp_path).locator(".rg-mark.uncovered").count() == 0


def test_the_move_up_is_an_arrow_with_its_time_that_is_hidden_with_the_routes(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(decided_town(), watched, tmp_path)
    expect(page.locator(".rg-label.move-up")).to_have_text("移防 11:30")
    expect(page.locator(".rg-label.move-up")).to_be_visible()
    for part in ("path.rg-line.move-up", ".rg-arrow-head"):
        expect(page.locator(part)).to_have_count(1)
    page.locator(".rg-legend label", has_text="Routes and times").locator("input").uncheck()
    for part in ("path.rg-line.move-up", ".rg-arrow-head", ".rg-label.move-up"):
        expect(page.locator(part)).to_have_count(0)


def test_the_plan_unfolds_to_numbers_a_phone_can_dial_and_its_card(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(decided_town(), watched, tmp_path)
    card = page.locator(".rg-card")
    expect(card).to_be_hidden()
    page.locator(".rg-plan > summary").click()
    expect(card).to_contain_text("Detect first")
    works = page.locator(".rg-contacts a", has_text="+86 138 7100 0000")
    expect(works).to_have_attribute("href", "tel:+8613871000000")
    size = works.evaluate("number => parseFloat(getComputedStyle(number).fontSize)")
    assert size >= 18


def test_on_a_phone_the_answer_scrolls_while_the_map_stays(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(decided_town(), watched, tmp_path)
    before = page.locator(".folium-map").bounding_box()
    page.locator(".rg-notes").scroll_into_view_if_needed()
    expect(page.locator(".rg-notes")).to_be_in_viewport()
    expect(page.locator(".rg-due")).to_be_in_viewport()
    assert page.locator(".folium-map").bounding_box() == before
    assert before is not None
    assert before["height"] >= PHONE["height"] / 3
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_on_paper_everything_is_unfolded_and_folded_again_afterwards(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(decided_town(), watched, tmp_path)
    card, reasons = page.locator(".rg-card"), page.locator(".rg-aside").first.locator("li").first
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(card).to_be_visible()
    expect(reasons).to_be_visible()
    expect(page.locator(".rg-legend")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(card).to_be_hidden()
    expect(reasons).to_be_hidden()


@pytest.mark.parametrize(
    "name",
    [
        "<script>window.broken = 1</script>",
        "</script><script>window.broken = 1</script>",
        "' onclick=\"window.broken = 1\" x='",
        "<img src=x onerror='window.broken = 1'><i class=injected>",
        "javascript:window.broken=1",
        "{{ 7 * 191 }}${window.broken = 1}`",
    ],
)
def test_hostile_words_of_a_decision_are_only_ever_shown(watched: Watched, tmp_path: Path, name: str) -> None:
    page = opened(decision_named(name), watched, tmp_path)
    page.locator(".rg-plan > summary").click()
    for place in (".rg-plan > summary .rg-name", ".rg-card", ".rg-how.request", ".rg-move-up", ".rg-weigh"):
        expect(page.locator(place).first).to_contain_text(name)
    page.locator(".rg-going [data-go]").nth(1).click()
    expect(page.locator(".rg-popup h2")).to_have_text(name)
    page.locator(".rg-uncovered [data-go]").click()
    expect(page.locator(".rg-popup", has_text="Loses its standard of cover")).to_be_visible()
    page.locator(".rg-phone").first.click()
    assert page.evaluate("window.broken") is None
    assert page.locator(".injected, img, [onclick], [onload], .rg-panel a").count() == 0
