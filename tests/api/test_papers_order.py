"""The order of a unit: what it says, and what it never says."""

import re
from collections.abc import Iterator

import pytest
import segno
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.papers.qr import geo_address, qr_svg
from data import assignments
from data.database import Sessions, transaction
from data.steps import Step
from geo.places import Place
from tests.decision_town import Town
from tests.paper_life import Life, at, live
from tests.river_town import river_centre

STROKE = re.compile(r"([Mhm])(-?[\d.]+)(?: (-?[\d.]+))?")
QUIET_ZONE = 4


@pytest.fixture(scope="module")
def life(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Life:
    return live(Town(river_centre(sessions, tmp_path_factory.mktemp("var"))))


@pytest.fixture(scope="module")
def client(life: Life) -> Iterator[TestClient]:
    with TestClient(create_app(life.centre)) as talking:
        yield talking


def test_the_order_says_by_the_clock_when_the_unit_should_be_there(client: TestClient, life: Life) -> None:
    order = client.get(f"/assignments/{life.assignment['first']}/order.json").json()
    arrival = order["arrival"]
    moments = {name: arrival[name].replace("Z", "+00:00") for name in ("from_at", "p50_at", "p90_at")}
    assert moments == {
        "from_at": at(0).isoformat(),
        "p50_at": at(180).isoformat(),
        "p90_at": at(240).isoformat(),
    }
    assert (arrival["turnout_s"], arrival["travel_s"], arrival["distance_m"]) == (60, 120, 1200)


def test_the_way_is_a_list_of_turns_from_the_unit_to_the_quay(client: TestClient, life: Life) -> None:
    order = client.get(f"/assignments/{life.assignment['first']}/order.json").json()
    assert [(step["turn"], step["street"]) for step in order["steps"]] == [("depart", "Mill Road")]
    assert order["steps"][0]["length_m"] == pytest.approx(1200, abs=1)
    assert order["why_no_route"] is None


def test_a_unit_of_another_authority_is_requested(client: TestClient, life: Life) -> None:
    order = client.get(f"/assignments/{life.assignment['third']}/order.json").json()
    assert order["how"]["en"] == "request to harbour harbour duty office"
    assert order["crew"]["authority_phone"] == "110"


def test_what_the_caller_said_is_never_filled_in(client: TestClient, life: Life) -> None:
    text = client.get(f"/assignments/{life.assignment['first']}/order.json").json()["text"]
    assert any("chlorine {arrival}" in paragraph for paragraph in text)


def test_a_refused_order_says_that_it_is_not_to_be_followed(client: TestClient, life: Life) -> None:
    refused = client.get(f"/assignments/{life.assignment['second']}/order.json").json()
    assert refused["warning"]["en"] == "refused: do not follow this order"
    assert "不得执行" in client.get(f"/assignments/{life.assignment['second']}/order").text
    all_orders = client.get(f"/incidents/{life.incident}/orders.json").json()
    assert [order["crew"]["unit"] for order in all_orders] == ["first", "third", "fourth"]


def test_the_page_runs_no_script_and_names_no_address(client: TestClient, life: Life) -> None:
    page = client.get(f"/incidents/{life.incident}/orders").text
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count('class="sheet order') == 3


def test_an_assignment_that_is_not_there_is_404(client: TestClient) -> None:
    assert client.get("/assignments/999/order").status_code == 404
    assert client.get("/incidents/999/orders.json").status_code == 404


def test_the_code_holds_the_place_and_a_line_of_text() -> None:
    address = geo_address(Place(114.3, 30.6), "事故7 (quay) & more")
    assert address == "geo:30.600000,114.300000?q=30.600000,114.300000(事故7 quay more)"
    assert _modules(qr_svg(address)) == [
        [bool(module) for module in row] for row in segno.make(address, error="m", micro=False).matrix
    ]


def test_a_cancelled_order_says_so_the_next_time_it_is_printed(client: TestClient, life: Life) -> None:
    with transaction(life.centre.sessions) as session:
        assignments.step(session, life.assignment["fourth"], "cancelled", Step("desk", "desk"))
    assert "取消：不得执行" in client.get(f"/assignments/{life.assignment['fourth']}/order").text


def _modules(svg: str) -> list[list[bool]]:
    """Read the dark modules back from the strokes of the drawing."""
    size = int(svg.split('viewBox="0 0 ')[1].split(" ", maxsplit=1)[0])
    dark = [[False] * size for _ in range(size)]
    x, y = 0, 0.0
    for command, first, second in STROKE.findall(svg.split(' d="')[1].split('"', maxsplit=1)[0]):
        if command == "h":
            for column in range(x, x + int(first)):
                dark[int(y)][column] = True
            x += int(first)
        else:
            x = int(first) + (x if command == "m" else 0)
            y = float(second) + (y if command == "m" else 0.0)
    return [row[QUIET_ZONE:-QUIET_ZONE] for row in dark[QUIET_ZONE:-QUIET_ZONE]]
