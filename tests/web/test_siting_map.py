"""The siting map in a browser: one plan at a time, switched by its card."""

from pathlib import Path

from playwright.sync_api import Page, expect

from geo.maps.offline import save_offline
from geo.maps.siting_map import siting_map
from tests.unit.maps.test_siting_map import two_plans
from tests.web.conftest import PHONE, Watched


def opened(watched: Watched, folder: Path) -> Page:
    path = folder / "siting.html"
    save_offline(siting_map(two_plans()), path)
    return watched.open_file(path)


def shown(page: Page) -> list[str]:
    return page.locator(".leaflet-marker-pane .rg-mark.site.new").all_inner_texts()


def test_one_plan_is_shown_and_its_card_switches_to_it(watched: Watched, tmp_path: Path) -> None:
    page = opened(watched, tmp_path)
    assert shown(page) == ["A"]
    expect(page.locator(".leaflet-marker-pane .rg-mark.hazard.missed")).to_have_count(0)
    page.get_by_role("radio").nth(1).check()
    assert shown(page) == ["B"]
    expect(page.locator(".leaflet-marker-pane .rg-mark.hazard.missed")).to_have_count(1)


def test_the_latest_arrival_of_another_plan_is_shown_with_that_plan(watched: Watched, tmp_path: Path) -> None:
    page = opened(watched, tmp_path)
    page.locator('[data-go="latest-B"]').click()
    expect(page.locator(".rg-popup h2")).to_have_text("quay")
    assert shown(page) == ["B"]
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_the_legend_hides_whichever_plan_is_shown(watched: Watched, tmp_path: Path) -> None:
    page = opened(watched, tmp_path)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("checkbox", name="Plan shown").uncheck()
    assert shown(page) == []


def test_the_chart_names_the_plans_and_nothing_sticks_out_on_a_phone(
    watched: Watched, tmp_path: Path
) -> None:
    watched.page.set_viewport_size(PHONE)
    page = opened(watched, tmp_path)
    expect(page.locator(".rg-front g.named")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
