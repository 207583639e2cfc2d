"""The papers in a browser: each order on one A4 page however long its texts, and no request to anywhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.answer import StepSaid
from api.answer_choice import ContactSaid
from api.papers.after_action import after_action, after_action_html
from api.papers.handover import handover, handover_html
from api.papers.order import order_of, orders_of
from api.papers.order_page import orders_html
from api.papers.order_said import OrderSaid
from api.papers.report_drafts import report_draft, report_html
from api.papers.sites import HeldSaid, SiteSaid
from data.database import Sessions
from tests.decision_town import Town
from tests.paper_life import Life, live
from tests.river_town import river_centre
from tests.web.conftest import Watched

A_PAGE = re.compile(rb"/Type\s*/Page\b")
ZONE = "Asia/Shanghai"
SHEET_MM, MM_PER_PX = 279, 25.4 / 96


@pytest.fixture(scope="module")
def life(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Life:
    return live(Town(river_centre(sessions, tmp_path_factory.mktemp("var"))))


def test_an_order_is_one_page_and_three_orders_are_three(
    life: Life, watched: Watched, tmp_path: Path
) -> None:
    one, three = order_of(life.assignment["first"], life.centre), orders_of(life.incident, life.centre)
    assert _pages(watched, tmp_path, _page(life, one)) == 1
    assert _pages(watched, tmp_path, _page(life, *three)) == 3


@pytest.mark.parametrize("characters", [60, 120, 180, 240, 320, 420, 520, 700, 4900])
def test_an_order_is_one_page_however_long_its_texts_are(
    characters: int, life: Life, watched: Watched, tmp_path: Path
) -> None:
    longest = _with_long_texts(order_of(life.assignment["third"], life.centre), characters)
    page = watched.open_file(_written(tmp_path, _page(life, longest)))
    page.emulate_media(media="print")
    assert _printed(page) == 1
    lowest_px = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.order *')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert lowest_px * MM_PER_PX <= SHEET_MM


def test_the_report_after_the_action_shows_its_map_in_one_file(
    life: Life, watched: Watched, tmp_path: Path
) -> None:
    said = after_action(life.incident, life.centre)
    page = watched.open_file(_written(tmp_path, after_action_html(said, life.centre)))
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator(".leaflet-container").wait_for()
    assert page.locator("h2").first.inner_text().startswith("需求逐项")


def test_the_sheet_and_the_drafts_open_without_a_word_of_complaint(
    life: Life, watched: Watched, tmp_path: Path
) -> None:
    watched.open_file(_written(tmp_path, handover_html(handover(life.centre), ZONE)))
    draft = report_draft(life.incident, "first", life.centre)
    page = watched.open_file(_written(tmp_path, report_html(draft, ZONE)))
    assert page.locator("h1").inner_text().startswith("事故快报")


def _with_long_texts(order: OrderSaid, characters: int) -> OrderSaid:
    """Fill every list of an order far beyond what people write, and its texts with so many characters."""
    line, prose = "很长的名字" * 12, "很长的一段话，" * (characters // 7)
    site = SiteSaid(
        id=1,
        name=line,
        enterprise=line,
        kind=order.kind,
        grade=1,
        contact=line,
        phone="027-0000-0000",
        substances=[HeldSaid(name=line, cas="7782-50-5", gb_unit=line, design_max_t=9.5)] * 40,
        synthetic=True,
    )
    return order.model_copy(
        update={
            "text": [prose, prose],
            "action_card": [prose, prose],
            "site": site,
            "steps": [StepSaid(turn="left", street=line[:20], length_m=77.0)] * 90,
            "contacts": [ContactSaid(role=line, name=line, phone="027-0000-0000")] * 40,
            "roads_minded": [order.kind] * 50,
            "substance": line,
            "reported_by": line,
        }
    )


def _page(life: Life, *orders: OrderSaid) -> str:
    return orders_html(orders, life.centre.roads.network, ZONE)


def _written(folder: Path, page: str) -> Path:
    file = folder / "paper.html"
    file.write_text(page, encoding="utf-8")
    return file


def _pages(watched: Watched, folder: Path, page: str) -> int:
    return _printed(watched.open_file(_written(folder, page)))


def _printed(page: Page) -> int:
    return len(A_PAGE.findall(page.pdf(prefer_css_page_size=True, print_background=True)))
