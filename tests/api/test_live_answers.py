"""Answers under road conditions: the very next one minds them and names its version."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import LineString, Point, shape

from api.dispatching import Centre
from api.warming import PROFILES, kept_warm
from data import conditions
from data.database import transaction
from tests.api.test_conditions import BRIDGE_AREA, area, closure
from tests.api.test_incidents import TURNOUT_S, Json, by_name, call
from tests.river_town import EAST_S, NORTH_S, QUAY, WEST_S

PATIENCE_S = 30
WEST_AREA = area((-1200, -100), (-800, -100), (-800, 100), (-1200, 100))
QUAY_AREA = area((-300, -300), (100, -300), (100, 300), (-300, 300))


@pytest.fixture(autouse=True)
def roads_are_free(centre: Centre) -> Iterator[None]:
    """Withdraw what a test leaves in force."""
    yield
    with transaction(centre.sessions) as session:
        for left in conditions.read(session).conditions:
            conditions.withdraw(session, left.id, "test", "over")


@pytest.fixture(scope="module")
def home(client: TestClient) -> str:
    """Report one incident and return where its recommendations are."""
    report: Json = client.post("/incidents", json=call(need="hazmat=2,rescue=2")).json()
    place: str = report["links"]["recommendation"]
    return place


def answer(client: TestClient, home: str, **what_if: object) -> Json:
    needs = {"need": "hazmat=2,rescue=2"}
    if not what_if:
        live: Json = client.post(home, json=needs).json()
        return live
    imagined: Json = client.post(imagining(home), json=needs | {"what_if": what_if}).json()
    return imagined


def imagining(home: str) -> str:
    return home.replace("/recommendation", "/what-if")


def test_a_closure_counts_in_the_very_next_answer_and_a_withdrawal_too(client: TestClient, home: str) -> None:
    before = answer(client, home)
    added = client.post("/road-conditions", json=closure(geometry=WEST_AREA, reason="fallen crane")).json()
    during = answer(client, home)
    client.delete(f"/road-conditions/{added['id']}", params={"who": "desk", "why": "cleared"})
    after = answer(client, home)
    assert by_name(before["units"])["west engine"]["travel_s"] == pytest.approx(WEST_S, abs=0.1)
    assert "west engine" not in by_name(during["units"])
    assert during["conditions"] == [
        {
            "id": added["id"],
            "kind": "closure",
            "reason": "fallen crane",
            "author": "duty desk",
            "preset": None,
        }
    ]
    assert during["conditions_version"] == added["conditions_version"]
    assert after["conditions_version"] == added["conditions_version"] + 1
    assert by_name(after["units"])["west engine"]["travel_s"] == pytest.approx(WEST_S, abs=0.1)


def test_who_is_cut_off_by_a_closure_is_told_so(client: TestClient, home: str) -> None:
    client.post("/road-conditions", json=closure(reason="smoke on the bridge"))
    said = client.post(home, json={"need": "hazmat=3"}).json()
    reasons = by_name(said["passed_over"])["east engine"]["reasons"]
    assert reasons == ["unreachable: road closed: smoke on the bridge"]


def test_a_slow_down_stretches_the_way_it_lies_on(client: TestClient, home: str) -> None:
    slow = {
        "kind": "slowdown",
        "geometry": WEST_AREA,
        "factor": 2.5,
        "reason": "one lane",
        "author": "police",
    }
    client.post("/road-conditions", json=slow)
    assert by_name(answer(client, home)["units"])["west engine"]["travel_s"] == pytest.approx(
        2.5 * WEST_S, abs=0.1
    )


def test_a_closure_that_has_not_begun_does_not_count_yet(client: TestClient, home: str) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    client.post("/road-conditions", json=closure(geometry=WEST_AREA, valid_from=later))
    assert "west engine" in by_name(answer(client, home)["units"])


def test_an_incident_inside_a_closed_area_is_answered_to_the_nearest_open_road_outside(
    client: TestClient, home: str
) -> None:
    client.post("/road-conditions", json=closure(geometry=QUAY_AREA, reason="gas"))
    said = answer(client, home)
    gas, reached = shape(QUAY_AREA), said["incident"]["road_place"]
    assert gas.contains(Point(QUAY.lon, QUAY.lat))
    assert not gas.contains(Point(reached["lon"], reached["lat"]))
    assert said["incident"]["snap_m"] > 150
    for unit in said["units"]:
        assert not gas.intersects(LineString(unit["route"]["coordinates"]))


def test_a_what_if_answers_at_once_and_leaves_the_live_roads_alone(client: TestClient, home: str) -> None:
    thought = answer(client, home, close=[WEST_AREA])
    live = answer(client, home)
    assert (thought["what_if"], live["what_if"]) == (True, False)
    assert thought["number"] is None, "it is no recommendation that anybody could take for one"
    assert "west engine" not in by_name(thought["units"])
    assert "west engine" in by_name(live["units"])
    assert thought["conditions_version"] == live["conditions_version"]


def test_a_what_if_opens_what_is_closed(client: TestClient, home: str) -> None:
    client.post("/road-conditions", json=closure())
    assert "east engine" not in by_name(answer(client, home)["units"])
    opened = by_name(answer(client, home, open=[BRIDGE_AREA])["units"])
    assert opened["east engine"]["travel_s"] == pytest.approx(EAST_S, abs=0.1)


def test_a_what_if_changes_weather_and_vehicles(client: TestClient, home: str) -> None:
    icy = by_name(answer(client, home, preset="ice")["units"])["west engine"]
    walking = by_name(answer(client, home, profile="on-foot")["units"])["patrol"]
    assert icy["travel_s"] == pytest.approx(1.7 * WEST_S, abs=0.1)
    assert walking["travel_s"] == pytest.approx(NORTH_S * 10 * 3.6 / 5, rel=1e-3)
    assert walking["arrival_s"] == pytest.approx(TURNOUT_S + walking["travel_s"], abs=0.01)


@pytest.mark.parametrize(
    ("what_if", "reason"),
    [
        ({"preset": "sandstorm"}, "is not a road preset"),
        ({"profile": "tank"}, "is not a vehicle profile"),
        (
            {"close": [{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}]},
            "Self-intersection",
        ),
        ({"close": "everything"}, "list"),
        ({"bomb": True}, "not permitted"),
    ],
)
def test_a_what_if_that_makes_no_sense_is_refused(
    client: TestClient, home: str, what_if: Json, reason: str
) -> None:
    response = client.post(imagining(home), json={"what_if": what_if})
    assert response.status_code == 422
    assert reason in response.json()["detail"][0]["reason"]


def test_with_every_road_closed_it_says_so(client: TestClient, home: str) -> None:
    everything = {"type": "Polygon", "coordinates": [[[114, 30], [115, 30], [115, 31], [114, 31], [114, 30]]]}
    response = client.post(imagining(home), json={"what_if": {"close": [everything]}})
    assert response.status_code == 409
    assert response.json()["detail"][0]["reason"] == "every road of river is closed"


def test_while_conditions_change_no_answer_mixes_two_versions(
    client: TestClient, home: str, centre: Centre
) -> None:
    """Each closing of the west road is one version: who names an odd one must know the road closed."""
    with transaction(centre.sessions) as session:
        first = conditions.current_version(session)
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            added = client.post("/road-conditions", json=closure(geometry=WEST_AREA)).json()
            client.delete(f"/road-conditions/{added['id']}", params={"who": "desk", "why": "over"})

    changing = threading.Thread(target=change)
    changing.start()
    try:
        said = [answer(client, home) for _ in range(40)]
    finally:
        done.set()
        changing.join()
    for one in said:
        is_closed = (one["conditions_version"] - first) % 2 == 1
        assert ("west engine" not in by_name(one["units"])) == is_closed
        assert bool(one["conditions"]) == is_closed
    assert len({one["conditions_version"] for one in said}) > 1


def test_a_new_situation_is_ready_before_anybody_asks(client: TestClient, centre: Centre) -> None:
    with kept_warm(centre):
        added = client.post("/road-conditions", json=closure()).json()
        give_up = time.monotonic() + PATIENCE_S
        while not (is_ready := warm(centre, added["conditions_version"])) and time.monotonic() < give_up:
            time.sleep(0.02)
    assert is_ready


def warm(centre: Centre, version: int) -> bool:
    newest = centre.situations.newest
    return newest is not None and newest.version == version and all(map(newest.is_ready, PROFILES))
