"""The map of broken clauses in a browser: rows that point at marks, and a layer a clause."""

from pathlib import Path

from playwright.sync_api import Page, expect

from geo.maps.clauses_map import clauses_map
from geo.maps.offline import save_offline
from tests.unit.maps.test_clauses_map import HOSTILE, red, scene
from tests.web.conftest import PHONE, Watched


def opened(watched: Watched, folder: Path) -> Page:
    path = folder / "clauses.html"
    save_offline(
        clauses_map(scene(red("reach", HOSTILE), red("wind"), red("filed", "leak plan", None))), path
    )
    return watched.open_file(path)


def test_a_row_opens_the_popup_of_its_mark_with_value_threshold_and_source(
    watched: Watched, tmp_path: Path
) -> None:
    page = opened(watched, tmp_path)
    page.locator('[data-go="red-0"]').click()
    popup = page.locator(".rg-popup")
    expect(popup.locator("h2")).to_have_text(HOSTILE)
    expect(popup).to_contain_text("5:27 min")
    expect(popup).to_contain_text("JB 152")


def test_a_clause_is_hidden_by_itself(watched: Watched, tmp_path: Path) -> None:
    page = opened(watched, tmp_path)
    marks = page.locator(".leaflet-marker-pane .rg-mark")
    expect(marks).to_have_count(2)
    page.get_by_role("checkbox", name="Upwind").uncheck()
    expect(marks).to_have_count(1)


def test_nothing_sticks_out_on_a_phone(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(watched, tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
