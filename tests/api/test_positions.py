"""Positions of units over HTTP, one by one and in bulk, and the trails they leave."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update

from api.dispatching import Centre
from data.assignments import Claim, claim, step
from data.database import transaction
from data.models import Unit, UnitPosition
from data.steps import Step
from geo.places import Place
from tests.api.test_incidents import call
from tests.river_town import EAST_STATION, NORTH_STREET, QUAY, WEST_STATION, now

UNIT, OTHER = 5, 6
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
    """Forget afterwards where the units were seen."""
    yield
    with transaction(centre.sessions) as session:
        session.execute(delete(UnitPosition))
        moved = Unit.id.in_((UNIT, OTHER))
        session.execute(update(Unit).where(moved).values(position=None, position_at=None))


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


def row(place: Place, at: datetime, unit: int = UNIT) -> dict[str, object]:
    return {"unit_id": unit} | fix(place, at)


def send_many(client: TestClient, rows: list[object]) -> dict[str, Any]:
    response = client.post("/positions", json=rows)
    assert response.status_code == 200, response.text
    said: dict[str, Any] = response.json()
    return said


def trail(client: TestClient, **query: object) -> dict[str, Any]:
    """Return the trail of the unit as GeoJSON."""
    response = client.get(f"/units/{UNIT}/trail", params={name: str(value) for name, value in query.items()})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    feature: dict[str, Any] = response.json()
    return feature


def times(feature: dict[str, Any]) -> list[datetime]:
    return [datetime.fromisoformat(said) for said in feature["properties"]["times"]]


def test_of_many_the_good_ones_are_taken_and_each_bad_one_is_named(client: TestClient) -> None:
    start = now() - 10 * MINUTE
    good = row(QUAY, start + MINUTE)
    said = send_many(
        client,
        [
            good,
            row(WEST_STATION, start),
            good,
            row(QUAY, start, unit=999_999),
            row(QUAY, now() + 60 * MINUTE),
            row(QUAY, start) | {"lon": 181},
            row(QUAY, start) | {"lon": QUAY.lat, "lat": QUAY.lon},
            {"unit_id": UNIT, "lon": 1, "lat": 2},
            "over there",
            row(QUAY, start) | {"at": "2026-01-01T08:00:00"},
            row(EAST_STATION, start, unit=OTHER),
        ],
    )
    refused = said.pop("refused")
    assert said == {"received": 11, "taken": 3, "doubled": 1, "moved": 2}
    assert [(one["row"], one["field"]) for one in refused] == [
        (4, "unit_id"),
        (5, "at"),
        (6, "lon"),
        (7, "lat"),
        (8, "at"),
        (9, "row"),
        (10, "at"),
    ]
    reasons = [one["reason"] for one in refused]
    assert reasons[0] == "there is no unit 999999"
    for reason, words in zip(
        reasons[1:],
        ("in the future", "-180..180", "swapped", "required", "dictionary", "timezone"),
        strict=True,
    ):
        assert words in reason
    assert seen(client) == (at(QUAY), start + MINUTE)
    assert seen(client, OTHER) == (at(EAST_STATION), start)


def test_many_sent_again_are_all_doubled(client: TestClient) -> None:
    rows: list[object] = [row(QUAY, now() - i * MINUTE) for i in range(50)]
    assert send_many(client, rows)["taken"] == 50
    again = send_many(client, rows)
    assert (again["taken"], again["doubled"], again["moved"]) == (0, 50, 0)


def test_ten_thousand_fit_in_one_request_and_one_more_is_refused_whole(client: TestClient) -> None:
    start = now() - 10_000 * MINUTE / 60
    rows: list[object] = [row(QUAY, start + i * MINUTE / 60) for i in range(10_000)]
    assert send_many(client, rows)["taken"] == 10_000
    response = client.post("/positions", json=[*rows, row(QUAY, now(), unit=OTHER)])
    assert response.status_code == 422
    assert "10,001 fixes are too many" in response.json()["detail"][0]["reason"]
    assert len(trail(client, limit=10_000)["properties"]["times"]) == 10_000


def test_only_positions_in_bulk_may_be_large_and_they_too_have_a_bound(client: TestClient) -> None:
    padded = b"[" + b" " * 3_000_000 + b"]"
    assert client.post("/positions", content=padded).json()["received"] == 0
    assert client.post(f"/units/{UNIT}/positions", content=padded).status_code == 413
    assert client.post("/positions", content=padded + b" " * 1_000_000).status_code == 413


def test_lines_of_json_and_csv_say_the_same(client: TestClient) -> None:
    moment = now() - 3 * MINUTE
    line = json.dumps(row(QUAY, moment))
    said = post_as(client, "application/x-ndjson", f"{line}\n\n{{oops\n{line}\n")
    assert (said["received"], said["taken"], said["doubled"]) == (3, 1, 1)
    assert [(one["row"], one["field"]) for one in said["refused"]] == [(2, "row")]
    csv = f"at,unit_id,lat,lon\n{(moment + MINUTE).isoformat()},{UNIT},{QUAY.lat},{QUAY.lon}\n\n1,2\n"
    said = post_as(client, "text/csv; charset=utf-8", csv)
    assert (said["received"], said["taken"]) == (2, 1)
    assert said["refused"] == [{"row": 2, "field": "row", "reason": "it has 2 columns, not 4"}]
    assert seen(client) == (at(QUAY), moment + MINUTE)


def post_as(client: TestClient, media_type: str, content: str) -> dict[str, Any]:
    said: dict[str, Any] = client.post(
        "/positions", content=content, headers={"content-type": media_type}
    ).json()
    return said


@pytest.mark.parametrize(
    ("media_type", "content", "field", "reason"),
    [
        ("application/json", b"[{", "body", "it is not JSON"),
        ("application/json", b"[" * 100_000, "body", "it is not JSON"),
        ("application/json", b"{}", "body", "not a JSON list"),
        ("text/csv", b"unit,lon,lat\n", "body", "unit_id,lon,lat,at"),
        ("text/csv", b"\xff\xfe", "body", "not UTF-8"),
        ("text/plain", b"[]", "content-type", "'text/plain' is not one of"),
    ],
)
def test_what_holds_no_rows_is_refused_whole(
    client: TestClient, media_type: str, content: bytes, field: str, reason: str
) -> None:
    response = client.post("/positions", content=content, headers={"content-type": media_type})
    assert response.status_code == 422
    [problem] = response.json()["detail"]
    assert problem["field"] == field
    assert reason in problem["reason"]


def test_the_examples_of_many_positions_are_taken(client: TestClient) -> None:
    content = client.get("/openapi.json").json()["paths"]["/positions"]["post"]["requestBody"]["content"]
    examples = {kind: said["example"] for kind, said in content.items()}
    assert post_as(client, "application/json", json.dumps(examples["application/json"]))["taken"] == 1
    for kind in ("application/x-ndjson", "text/csv"):
        assert post_as(client, kind, examples[kind])["doubled"] == 1


def test_a_trail_is_a_line_with_the_time_of_each_position_oldest_first(client: TestClient) -> None:
    start = now() - 10 * MINUTE
    send_many(
        client, [row(QUAY, start + MINUTE), row(WEST_STATION, start), row(NORTH_STREET, start + 2 * MINUTE)]
    )
    feature = trail(client)
    assert feature["geometry"] == {
        "type": "LineString",
        "coordinates": [list(at(place)) for place in (WEST_STATION, QUAY, NORTH_STREET)],
    }
    assert times(feature) == [start, start + MINUTE, start + 2 * MINUTE]
    assert feature["properties"]["more"] is False


def test_a_trail_is_turned_back_page_by_page_by_its_first_time(client: TestClient) -> None:
    start = now() - 10 * MINUTE
    send_many(client, [row(QUAY, start + i * MINUTE) for i in range(5)])
    newest = trail(client, limit=2)
    assert (times(newest), newest["properties"]["more"]) == ([start + 3 * MINUTE, start + 4 * MINUTE], True)
    before = trail(client, limit=2, until=times(newest)[0].isoformat())
    assert times(before) == [start + MINUTE, start + 2 * MINUTE]
    one = trail(client, since=start.isoformat(), until=(start + MINUTE).isoformat())
    assert (one["geometry"]["type"], times(one)) == ("Point", [start])
    assert trail(client, until=start.isoformat())["geometry"] is None


def test_a_trail_of_nobody_or_of_a_span_that_ends_before_it_begins_is_refused(client: TestClient) -> None:
    assert client.get("/units/999999/trail").status_code == 404
    assert client.get("/incidents/999999/trails").status_code == 404
    late, early = now().isoformat(), (now() - MINUTE).isoformat()
    response = client.get(f"/units/{UNIT}/trail", params={"since": late, "until": early})
    assert (response.status_code, response.json()["detail"][0]["field"]) == (422, "since")


def test_an_incident_shows_where_its_units_went_while_they_were_assigned(
    client: TestClient, centre: Centre
) -> None:
    incident = client.post("/incidents", json=call(need="pumping=40")).json()["id"]
    send(client, NORTH_STREET, now())
    with transaction(centre.sessions) as session:
        assignment = claim(session, Claim(incident, UNIT), "desk")
        assert assignment is not None
    bound = [now(), now()]
    send(client, NORTH_STREET, bound[0])
    send(client, QUAY, bound[1])
    for state in ("en-route", "on-scene", "returning", "released"):
        with transaction(centre.sessions) as session:
            step(session, assignment, state, Step("desk"))
    send(client, NORTH_STREET, now())
    response = client.get(f"/incidents/{incident}/trails")
    assert response.headers["content-type"] == "application/geo+json"
    [feature] = response.json()["features"]
    said = feature["properties"]
    assert feature["geometry"]["coordinates"] == [list(at(NORTH_STREET)), list(at(QUAY))]
    assert times(feature) == bound
    assert (said["unit"], said["state"], said["assignment_id"]) == ("pump", "released", assignment)
    assert said["since"] < said["until"]
