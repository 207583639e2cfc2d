from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.dispatching import Centre
from data.database import transaction
from data.models import Unit
from tests.river_town import EAST_S, NORTH_S, QUAY, WEST_S

Json = dict[str, Any]
TURNOUT_S = 60.0
LOADING_S = 300.0


def call(**changes: object) -> Json:
    return {
        "kind": "chemical-leak",
        "severity": 2,
        "lon": QUAY.lon,
        "lat": QUAY.lat,
        "substance": "chlorine",
        "reported_by": "duty desk",
        "need": "hazmat=2,rescue=20,medical=2",
        "supply": "sorbent=500kg",
    } | changes


@pytest.fixture(scope="module")
def answer(client: TestClient) -> Json:
    incident = client.post("/incidents", json=call()).json()
    said: Json = client.get(incident["links"]["recommendation"]).json()
    return said


def by_name(rows: list[Json]) -> dict[str, Json]:
    return {row["name"]: row for row in rows}


def test_the_unit_across_the_river_is_nearer_and_arrives_later(answer: Json) -> None:
    units = by_name(answer["units"])
    west, east = units["west engine"], units["east engine"]
    assert east["straight_m"] == pytest.approx(200, abs=1)
    assert west["straight_m"] == pytest.approx(2000, abs=1)
    assert west["arrival_s"] == pytest.approx(TURNOUT_S + WEST_S, abs=0.1)
    assert east["arrival_s"] == pytest.approx(TURNOUT_S + EAST_S, abs=0.1)
    names = [unit["name"] for unit in answer["units"]]
    assert names.index("west engine") < names.index("east engine")


def test_the_listed_are_sorted_by_turnout_plus_driving(answer: Json) -> None:
    arrivals = [unit["arrival_s"] for unit in answer["units"]]
    assert arrivals == sorted(arrivals)
    for unit in answer["units"]:
        assert unit["arrival_s"] == pytest.approx(unit["turnout_s"] + unit["travel_s"], abs=0.002)


def test_the_first_due_unit_is_the_patrol_up_the_street_with_an_old_position(answer: Json) -> None:
    first = answer["units"][0]
    assert answer["first_due"] == first["id"]
    assert first["name"] == "patrol"
    assert first["arrival_s"] == pytest.approx(TURNOUT_S + NORTH_S, abs=0.1)
    assert first["position"] == "fix"
    assert first["position_stale"]
    assert first["position_age_s"] == pytest.approx(40 * 60, abs=60)


def test_a_unit_without_a_position_starts_from_its_base(answer: Json) -> None:
    engine = by_name(answer["units"])["west engine"]
    assert (engine["position"], engine["position_age_s"], engine["position_stale"]) == ("base", None, False)


def test_everybody_nearer_and_not_listed_is_passed_over_with_every_reason(answer: Json) -> None:
    reasons = {said["name"]: said["reasons"] for said in answer["passed_over"] if said["kind"] == "unit"}
    assert reasons["broken engine"] == ["out of service"]
    assert reasons["pump"] == ["lacks capability: offers none of hazmat, rescue, medical"]
    assert reasons["time traveller"][0].startswith("position dated in the future by 3")
    assert reasons["field crew"] == ["off the network by 900 m"]
    assert "island crew" not in reasons, "it is farther in a straight line than the farthest one listed"


def test_depots_come_by_loading_plus_driving(answer: Json) -> None:
    assert [depot["name"] for depot in answer["depots"]] == ["west depot", "east depot"]
    west, east = answer["depots"]
    assert west["arrival_s"] == pytest.approx(LOADING_S + WEST_S, abs=0.1)
    assert east["arrival_s"] == pytest.approx(LOADING_S + EAST_S, abs=0.1)
    assert west["brings"] == {"sorbent": 400.0}


def test_a_depot_with_an_empty_shelf_is_passed_over(answer: Json) -> None:
    reasons = {said["name"]: said["reasons"] for said in answer["passed_over"] if said["kind"] == "depot"}
    assert reasons == {"empty depot": ["no stock of sorbent"]}


def test_each_requirement_says_when_it_is_met_or_what_is_missing(answer: Json) -> None:
    met = answer["met_at_s"]
    assert met["hazmat"] == pytest.approx(TURNOUT_S + WEST_S, abs=0.1)
    assert met["medical"] == pytest.approx(TURNOUT_S + WEST_S, abs=0.1)
    assert met["sorbent"] == pytest.approx(LOADING_S + EAST_S, abs=0.1)
    assert met["rescue"] is None
    assert answer["shortfall"] == {"rescue": 6.0}
    rescue = by_name(answer["requirements"])["rescue"]
    assert rescue["reason"] == "20 needed, 14 can come by road"


def test_the_route_runs_from_the_unit_to_the_incident_by_the_bridge(answer: Json) -> None:
    east = by_name(answer["units"])["east engine"]
    line = east["route"]["coordinates"]
    assert east["route"]["type"] == "LineString"
    assert line[0] == pytest.approx([east["place"]["lon"], east["place"]["lat"]], abs=1e-5)
    assert line[-1] == pytest.approx([QUAY.lon, QUAY.lat], abs=1e-5)
    assert east["distance_m"] == pytest.approx(10_200, rel=1e-3)
    assert max(lat for _, lat in line) > QUAY.lat + 0.04


def test_the_route_is_told_turn_by_turn(answer: Json) -> None:
    steps = by_name(answer["units"])["east engine"]["steps"]
    assert [(step["turn"], step["street"]) for step in steps] == [
        ("depart", "East Bank"),
        ("left", "Old Bridge"),
        ("left", "West Bank"),
    ]
    assert [step["length_m"] for step in steps] == pytest.approx([5000, 200, 5000], abs=5)


def test_the_answer_names_its_roads_with_hash_and_licence(answer: Json) -> None:
    roads = answer["roads"]
    assert (roads["name"], roads["source"], roads["licence"]) == ("river", "river.geojson", "made up")
    assert len(roads["hash"]) == 64


def test_the_kept_answer_is_repeated_byte_for_byte(client: TestClient) -> None:
    home = client.post("/incidents", json=call()).json()["links"]["recommendation"]
    assert client.get(home).content == client.get(home).content


def test_a_new_recommendation_gets_the_next_number_and_leaves_the_first_as_it_was(client: TestClient) -> None:
    home = client.post("/incidents", json=call()).json()["links"]["recommendation"]
    first = client.get(home)
    second = client.post(home, json={"need": "medical=1"})
    assert (first.json()["number"], second.status_code, second.json()["number"]) == (1, 201, 2)
    assert client.get(home).content == second.content
    assert client.get(home, params={"number": 1}).content == first.content


def test_without_needs_the_plan_that_fits_speaks_and_the_answer_names_it(client: TestClient) -> None:
    home = client.post("/incidents", json=call(need=None, supply=None)).json()["links"]["recommendation"]
    requirements = client.get(home).json()["requirements"]
    assert {said["asked_by"] for said in requirements} == {"response plan: chemical-leak chlorine (default)"}
    assert by_name(requirements)["hazmat"]["quantity"] == 2


def test_a_level_below_the_need_does_not_count_and_says_so(client: TestClient) -> None:
    home = client.post("/incidents", json=call(need="hazmat=3", supply=None)).json()["links"][
        "recommendation"
    ]
    said = client.get(home).json()
    assert [unit["name"] for unit in said["units"]] == ["east engine"]
    passed = client.post(home, json={"need": "hazmat=4", "supply": "sorbent=1kg"}).json()
    reasons = by_name(passed["passed_over"])["west engine"]["reasons"]
    assert reasons == ["lacks capability: hazmat 2 of 4 needed"]
    assert (passed["met_at_s"]["hazmat"], passed["shortfall"], passed["first_due"]) == (
        None,
        {"hazmat": 1.0},
        None,
    )


def test_with_nobody_listed_everybody_is_passed_over(client: TestClient) -> None:
    home = client.post("/incidents", json=call(need="hazmat=4")).json()["links"]["recommendation"]
    passed = [said["name"] for said in client.get(home).json()["passed_over"] if said["kind"] == "unit"]
    assert len(passed) == 9
    assert "island crew" in passed


def test_an_incident_far_off_the_road_is_answered_and_flagged(client: TestClient) -> None:
    report = client.post("/incidents", json=call(lon=QUAY.lon - 0.012, lat=QUAY.lat + 0.012)).json()
    incident = client.get(report["links"]["recommendation"]).json()["incident"]
    assert incident["off_road"]
    assert incident["snap_m"] > 500
    assert incident["road_place"] != incident["place"]


def test_a_call_that_cannot_be_answered_by_road_stays_recorded(client: TestClient) -> None:
    response = client.post("/incidents", json=call(lon=100.0, lat=20.0))
    report = response.json()
    assert (response.status_code, report["recommendation"]) == (201, None)
    assert "the nearest road in river is" in report["why_none"]
    listed = client.get("/incidents", params={"limit": 1000}).json()["features"]
    assert report["id"] in [feature["id"] for feature in listed]
    assert client.get(report["links"]["recommendation"]).status_code == 404


def test_the_steps_of_an_incident_are_events(client: TestClient) -> None:
    report = client.post("/incidents", json=call()).json()
    events = client.get("/events", params={"limit": 1000}).json()["features"]
    kinds = [e["properties"]["kind"] for e in events if e["properties"]["incident_id"] == report["id"]]
    assert kinds == ["incident.reported", "recommendation.made"]


def test_the_map_of_an_incident_is_one_page(client: TestClient) -> None:
    report = client.post("/incidents", json=call(substance="<script>alert(1)</script>")).json()
    page = client.get(report["links"]["map"])
    assert page.headers["content-type"].startswith("text/html")
    assert "west engine" in page.text
    assert "<script>alert(1)" not in page.text


def test_the_map_shows_the_answer_as_it_was_given(client: TestClient, centre: Centre) -> None:
    report = client.post("/incidents", json=call(need="hazmat=2")).json()
    broken = update(Unit).where(Unit.name == "west engine")
    with transaction(centre.sessions) as session:
        session.execute(broken.values(in_service=False))
    page = client.get(report["links"]["map"]).text
    with transaction(centre.sessions) as session:
        session.execute(broken.values(in_service=True))
    coming, passed_over = page[page.index("Who goes") :].split("Passed over, and why")
    assert "west engine" in coming
    assert "broken engine" in passed_over
    assert "out of service" in passed_over
