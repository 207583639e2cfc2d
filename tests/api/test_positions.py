"""Positions of units over HTTP: none from the future, and the newest by its own time stays."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from api.dispatching import Centre
from data.database import transaction
from data.models import Unit
from geo.places import Place
from tests.api.test_incidents import call
from tests.river_town import EAST_STATION, NORTH_STREET, QUAY, WEST_STATION, now

UNIT = 5
MINUTE = timedelta(minutes=1)


def fix(place: Place, at: datetime) -> dict[str, object]:
    return {"lon": place.lon, "lat": place.lat, "at": at.isoformat()}


def send(client: TestClient, place: Place, at: datetime, unit: int = UNIT) -> bool:
    """Send a position and return whether it is now the newest."""
    response = client.post(f"/units/{unit}/positions", json=fix(place, at))
    assert response.status_code == 200, response.text
    newest: bool = response.json()["newest"]
    return newest


def refused(client: TestClient, body: dict[str, object], unit: int = UNIT) -> tuple[str, str]:
    response = client.post(f"/units/{unit}/positions", json=body)
    assert response.status_code == 422
    problem = response.json()["detail"][0]
    return problem["field"], problem["reason"]


def seen(client: TestClient, unit: int = UNIT) -> tuple[tuple[float, float], datetime]:
    """Return where a unit was last seen, and when."""
    [found] = [f for f in client.get("/units").json()["features"] if f["id"] == unit]
    lon, lat = found["geometry"]["coordinates"]
    return (lon, lat), datetime.fromisoformat(found["properties"]["position_at"])


def at(place: Place) -> tuple[float, float]:
    return round(place.lon, 6), round(place.lat, 6)


@pytest.fixture(autouse=True)
def unknown_again(centre: Centre) -> Iterator[None]:
    """Forget afterwards where the unit was seen."""
    yield
    with transaction(centre.sessions) as session:
        unit = session.get_one(Unit, UNIT)
        unit.position, unit.position_at = None, None


def test_a_unit_starts_from_where_it_was_last_seen(client: TestClient) -> None:
    assert send(client, NORTH_STREET, now() - MINUTE)
    home = client.post("/incidents", json=call(need="pumping=40")).json()["links"]["recommendation"]
    [pump] = client.get(home).json()["units"]
    assert (pump["name"], pump["position"], pump["position_stale"]) == ("pump", "fix", False)


def test_a_fix_from_the_future_is_refused_and_the_last_good_one_stays(client: TestClient) -> None:
    good = now() - 5 * MINUTE
    assert send(client, WEST_STATION, good)
    field, reason = refused(client, fix(EAST_STATION, now() + 60 * MINUTE))
    assert field == "at"
    assert "s in the future; the last good position stays" in reason
    assert seen(client) == (at(WEST_STATION), good)
    assert send(client, QUAY, now()), "the refused one stands in nobody's way"


def test_a_clock_a_little_ahead_is_no_future(client: TestClient, centre: Centre) -> None:
    tolerance = timedelta(seconds=centre.settings.clock_tolerance_s)
    assert send(client, QUAY, now() + tolerance / 2)
    assert refused(client, fix(QUAY, now() + 2 * tolerance))[0] == "at"


def test_an_older_fix_that_arrives_late_does_not_replace_a_newer_one(client: TestClient) -> None:
    newer = now() - MINUTE
    assert send(client, QUAY, newer)
    assert not send(client, WEST_STATION, newer - MINUTE)
    assert not send(client, WEST_STATION, newer), "of two of one time the first stays"
    assert seen(client) == (at(QUAY), newer)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_arrive_the_newest_by_its_own_time_stays(
    client: TestClient, order: tuple[int, ...]
) -> None:
    start, places = now() - 10 * MINUTE, (WEST_STATION, EAST_STATION, QUAY)
    for i in order:
        send(client, places[i], start + i * MINUTE)
    assert seen(client) == (at(QUAY), start + 2 * MINUTE)


def test_of_two_that_race_the_newest_by_its_own_time_wins(client: TestClient) -> None:
    start = now() - 60 * MINUTE
    for race in range(20):
        older, newer = start + 2 * race * MINUTE / 2, start + (2 * race + 1) * MINUTE / 2
        together = Barrier(2)

        def arrive(place: Place, moment: datetime, together: Barrier = together) -> bool:
            together.wait()
            return send(client, place, moment)

        with ThreadPoolExecutor(2) as pool:
            late = pool.submit(arrive, WEST_STATION, older)
            new = pool.submit(arrive, QUAY, newer)
            assert new.result(), "nothing newer was ever sent"
            assert late.result() in (True, False), "whoever came first was the newest for a moment"
        assert seen(client) == (at(QUAY), newer)


def test_the_time_of_a_fix_is_compared_across_zones(client: TestClient) -> None:
    noon = now().replace(microsecond=0) - 60 * MINUTE
    in_china = noon.astimezone(tz=datetime.fromisoformat("2026-01-01T00:00+08:00").tzinfo)
    assert send(client, QUAY, in_china)
    assert not send(client, WEST_STATION, noon - MINUTE)
    assert seen(client) == (at(QUAY), noon)


def test_longitude_and_latitude_swapped_are_noticed_and_nothing_moves(client: TestClient) -> None:
    good = now() - MINUTE
    assert send(client, QUAY, good)
    beyond_the_pole = {"lon": QUAY.lat, "lat": QUAY.lon, "at": now().isoformat()}
    assert refused(client, beyond_the_pole) == ("lat", refused(client, beyond_the_pole)[1])
    assert "swapped?" in refused(client, beyond_the_pole)[1]
    assert seen(client) == (at(QUAY), good)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"lon": 181}, "lon", "outside -180..180"),
        ({"lat": -91}, "lat", "outside -90..90"),
        ({"at": "2026-01-01T08:00:00"}, "at", "timezone"),
        ({"at": "1800-01-01T08:00:00Z"}, "at", "not between 1900 and 2199"),
        ({"at": "yesterday"}, "at", "valid datetime"),
        ({"speed_kmh": 30}, "speed_kmh", "not permitted"),
    ],
)
def test_a_fix_that_cannot_be_is_refused_by_field_and_reason(
    client: TestClient, changes: dict[str, object], field: str, reason: str
) -> None:
    where, why = refused(client, fix(QUAY, now() - MINUTE) | changes)
    assert where == field
    assert reason in why


def test_a_unit_that_is_not_there_is_not_found(client: TestClient) -> None:
    response = client.post("/units/999999/positions", json=fix(QUAY, now() - MINUTE))
    assert response.status_code == 404
    assert response.json()["detail"][0]["reason"] == "there is no unit 999999"
    assert refused(client, fix(QUAY, now() - MINUTE), unit=0)[0] == "unit_id"


def test_the_example_of_the_documentation_is_taken(client: TestClient) -> None:
    [example] = client.get("/openapi.json").json()["components"]["schemas"]["PositionIn"]["examples"]
    response = client.post(f"/units/{UNIT}/positions", json=example)
    assert (response.status_code, response.json()) == (200, {"newest": True})
