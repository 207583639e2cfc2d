"""What becomes of incidents: doubled calls, merging, closing, opening again, and who still waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api.waiting import offer_again
from data.database import transaction
from data.models import Incident
from data.registry import NewStock
from tests.api.life import Desk
from tests.api.test_incidents import Json
from tests.decision_town import Crew, over_the_bridge, up_mill_road
from tests.river_town import WEST_STATION
from tests.towns import spot


@pytest.fixture
def room(desk: Desk) -> Desk:
    """Write two engines, and a depot with sorbent."""
    desk.town.write(
        Crew("near", up_mill_road(1200), {"hazmat": 2}), Crew("middle", up_mill_road(2000), {"hazmat": 2})
    )
    desk.town.store("west depot", WEST_STATION, NewStock(item="sorbent", unit_of_measure="kg", quantity=300))
    return desk


def at(metres: float) -> dict[str, float]:
    lon, lat = spot(-metres, 0)
    return {"lon": lon, "lat": lat}


@pytest.mark.parametrize(
    ("changes", "is_possible"),
    [
        ({}, True),
        (at(400), True),
        (at(600), False),
        ({"kind": "fire"}, True),
        ({"kind": "flood"}, False),
        ({"reported_at": (datetime.now(UTC) - timedelta(minutes=20)).isoformat()}, True),
        ({"reported_at": (datetime.now(UTC) - timedelta(hours=2)).isoformat()}, False),
    ],
)
def test_a_call_near_in_place_time_and_kind_may_be_the_same_and_is_only_named(
    room: Desk, changes: Json, is_possible: bool
) -> None:
    first = room.report("hazmat=2")
    said = room.post("/incidents", room.call("hazmat=2", **changes))
    assert [one["incident"] for one in said["possible_duplicates"]] == ([first] if is_possible else [])
    assert room.get(f"/incidents/{said['id']}")["status"] == "open"
    found = room.each(f"/incidents/{said['id']}/duplicates")
    assert [one["incident"] for one in found] == ([first] if is_possible else [])


def test_a_merged_incident_hands_over_its_units_and_supplies_as_far_as_they_have_come(room: Desk) -> None:
    one = room.report("hazmat=2", "sorbent=200kg")
    other = room.report("hazmat=2")
    done = room.dispatch(one)
    (near,) = done["claimed"]
    (reserved,) = done["reservations"]
    room.step(near["id"], "on-scene")
    room.post(f"/reservations/{reserved}/steps", {"who": "Li", "to": "issued"})
    merged = room.post(f"/incidents/{one}/merge", {"who": "Li", "into": other, "note": "same plume"})
    assert (merged["status"], merged["merged_into"]) == ("merged", other)
    (moved,) = room.each(f"/incidents/{other}/assignments")
    assert (moved["unit_name"], moved["state"], moved["roles"]) == ("near", "on-scene", {"hazmat": 1.0})
    assert moved["predicted_travel_s"] == near["predicted_travel_s"]
    (supplies,) = room.each(f"/incidents/{other}/reservations")
    assert (supplies["quantity"], supplies["state"]) == (200, "issued")
    assert [one["state"] for one in room.each(f"/incidents/{one}/assignments")] == ["released"]
    assert [one["state"] for one in room.each(f"/incidents/{one}/reservations")] == ["returned"]
    assert room.kinds(one)[-1] == "incident.merged"
    assert "assignment.on-scene" in room.kinds(other)


def test_merged_again_into_the_same_is_as_if_once_and_into_another_is_refused(room: Desk) -> None:
    one, other, third = (room.report("hazmat=2") for _ in range(3))
    room.post(f"/incidents/{one}/merge", {"who": "Li", "into": other})
    again = room.post(f"/incidents/{one}/merge", {"who": "Li", "into": other})
    assert again["merged_into"] == other
    assert room.kinds(one).count("incident.merged") == 1
    status, said = room.refused(f"/incidents/{one}/merge", {"into": third})
    assert (status, said) == (
        409,
        f"incident {one} was merged into {other} for good: go on with that one",
    )
    for path in ("reopen", "close", "under-control"):
        assert room.refused(f"/incidents/{one}/{path}", {})[0] == 409
    status, said = room.refused(f"/incidents/{third}/merge", {"into": one})
    assert status == 409
    assert f"incident {one} is merged" in said


@pytest.mark.parametrize(("into", "status"), [("itself", 422), ("nowhere", 404), ("closed", 409)])
def test_an_incident_cannot_be_merged_into_itself_nothing_or_a_closed_one(
    room: Desk, into: str, status: int
) -> None:
    one, closed = room.report("hazmat=2"), room.report("hazmat=2")
    room.post(f"/incidents/{closed}/close", {"who": "Li"})
    target = {"itself": one, "nowhere": 999999, "closed": closed}[into]
    assert room.refused(f"/incidents/{one}/merge", {"into": target})[0] == status
    assert room.get(f"/incidents/{one}")["status"] == "open"


def test_closing_needs_every_unit_released_and_every_supply_settled(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    done = room.dispatch(incident)
    (near,), (sorbent,) = done["claimed"], done["reservations"]
    status, said = room.refused(f"/incidents/{incident}/close", {})
    assert (status, said) == (
        409,
        f"incident {incident} cannot end yet: release or cancel assignments {near['id']} "
        f"and settle reservations {sorbent}",
    )
    room.step(near["id"], "on-scene")
    room.step(near["id"], "returning")
    assert room.refused(f"/incidents/{incident}/close", {})[0] == 409, "a returning unit is not home"
    room.step(near["id"], "released")
    used = room.post(f"/reservations/{sorbent}/steps", {"who": "Li", "to": "used", "used": 150})
    assert (used["state"], used["used"]) == ("used", 150)
    closed = room.post(f"/incidents/{incident}/close", {"who": "Li"})
    assert closed["status"] == "closed"
    assert room.post(f"/incidents/{incident}/close", {"who": "Wang"}) == closed, "twice is once"
    stock = room.get("/stock")["features"][0]["properties"]
    assert stock["quantity"] == 150


def test_a_closed_incident_is_opened_again_and_its_units_may_be_sent(room: Desk) -> None:
    incident = room.report("hazmat=2")
    room.post(f"/incidents/{incident}/under-control", {"who": "Li"})
    room.post(f"/incidents/{incident}/close", {"who": "Li"})
    assert room.refused(f"/incidents/{incident}/under-control", {})[0] == 409
    assert room.refused(f"/incidents/{incident}/merge", {"into": room.report("hazmat=2")})[0] == 409
    reopened = room.post(f"/incidents/{incident}/reopen", {"who": "Li", "note": "burns again"})
    assert (reopened["status"], reopened["closed_at"]) == ("open", None)
    assert len(room.dispatch(incident)["claimed"]) == 1
    assert room.kinds(incident)[2:5] == ["incident.under-control", "incident.closed", "incident.open"]


@pytest.mark.parametrize("path", ["close", "reopen", "under-control"])
def test_nobody_changes_an_incident_without_a_name_and_no_unknown_one(room: Desk, path: str) -> None:
    incident = room.report("hazmat=2")
    assert room.refused(f"/incidents/{incident}/{path}", {"who": "API"})[0] == 422
    assert room.refused(f"/incidents/999999/{path}", {})[0] == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [({"to": "used"}, 422), ({"to": "issued", "used": 3}, 422), ({"to": "used", "used": 201}, 422)],
)
def test_supplies_are_settled_by_how_much_was_used_or_not_at_all(
    room: Desk, body: dict[str, object], status: int
) -> None:
    (sorbent,) = room.dispatch(room.report("hazmat=2", "sorbent=200kg"))["reservations"]
    assert room.refused(f"/reservations/{sorbent}/steps", body)[0] == status
    assert room.refused("/reservations/999999/steps", {"to": "issued"})[0] == 404
    room.post(f"/reservations/{sorbent}/steps", {"who": "Li", "to": "cancelled"})
    assert room.refused(f"/reservations/{sorbent}/steps", {"to": "issued"})[0] == 409


@pytest.mark.parametrize("what", ["under-control", "close"])
def test_nothing_becomes_of_an_incident_before_it_was_reported(room: Desk, what: str) -> None:
    incident = room.report("hazmat=2")
    long_ago = {"happened_at": "1990-01-01T00:00:00Z"}
    status, reason = room.refused(f"/incidents/{incident}/{what}", long_ago)
    assert (status, "was reported at" in reason) == (422, True)
    other = room.report("hazmat=2")
    assert room.refused(f"/incidents/{other}/merge", {"into": incident, **long_ago})[0] == 422
    assert room.get(f"/incidents/{incident}")["status"] == "open"


def test_who_is_not_sent_all_it_needs_waits_until_it_is(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    (waits,) = room.each("/waiting")
    assert (waits["incident"], waits["recommendation"], waits["why_unknown"]) == (incident, 1, None)
    assert [(one["name"], one["missing"]) for one in waits["unmet"]] == [("hazmat", 1.0), ("sorbent", 200.0)]
    (near,) = room.dispatch(incident, supplies=False)["claimed"]
    (waits,) = room.each("/waiting")
    assert [one["name"] for one in waits["unmet"]] == ["sorbent"]
    room.dispatch(incident, supplies=True)
    assert room.each("/waiting") == []
    room.step(near["id"], "refused")
    (waits,) = room.each("/waiting")
    assert datetime.fromisoformat(waits["since"]) > datetime.fromisoformat(near["opened_at"])


def test_what_has_no_answer_waits_all_the_same(room: Desk) -> None:
    far_off = room.post("/incidents", room.call("hazmat=2", lon=100.0, lat=20.0))["id"]
    (waits,) = room.each("/waiting")
    assert (waits["incident"], waits["recommendation"]) == (far_off, None)
    assert room.client.post("/waiting/offers").json() == []


def test_what_came_in_before_there_was_a_plan_for_it_waits_for_what_the_plan_says_now(room: Desk) -> None:
    room.report("hazmat=2")
    with transaction(room.town.centre.sessions) as session:
        session.execute(update(Incident).values(plan=None))
    (waits,) = room.each("/waiting")
    assert waits["why_unknown"] is None
    assert waits["unmet"] != []


def test_the_gravest_waits_first_and_what_is_over_waits_for_nothing(room: Desk) -> None:
    lesser, graver = room.report("hazmat=2", severity=3), room.report("hazmat=2", severity=1)
    closed = room.report("hazmat=2")
    room.post(f"/incidents/{closed}/close", {"who": "Li"})
    assert [one["incident"] for one in room.each("/waiting")] == [graver, lesser]


def test_who_waits_is_offered_a_unit_when_it_frees_and_is_not_told_the_same_twice(room: Desk) -> None:
    held = [room.dispatch(room.report("hazmat=2"))["claimed"][0] for _ in range(2)]
    waiting = room.report("hazmat=2")
    assert room.get(f"/incidents/{waiting}/recommendation")["units"] == []
    assert offer_again(room.town.centre) == ()
    room.step(held[1]["id"], "released" if held[1]["state"] == "on-scene" else "cancelled")
    offered = {one.incident_id: one for one in offer_again(room.town.centre)}
    assert (offered[waiting].number, offered[waiting].units) == (2, (room.unit("middle"),))
    assert room.kinds(waiting)[-1] == "incident.offered-again"
    assert room.each(f"/incidents/{waiting}/assignments") == [], "an offer claims nothing"
    assert offer_again(room.town.centre) == ()


def test_who_waits_is_offered_more_when_a_road_opens(room: Desk) -> None:
    room.town.write(Crew("far", over_the_bridge(9600), {"rescue": 6}))
    closed = room.town.close_bridge("flood")
    incident = room.report("rescue=6")
    assert offer_again(room.town.centre) == ()
    room.town.reopen(closed)
    (offered,) = offer_again(room.town.centre)
    assert (offered.incident_id, offered.units, offered.shortfall) == (incident, (room.unit("far"),), {})


def test_an_offer_whose_unit_went_elsewhere_is_made_anew(room: Desk) -> None:
    first, second = room.report("hazmat=2"), room.report("hazmat=2")
    room.dispatch(first)
    (offered,) = offer_again(room.town.centre)
    assert (offered.incident_id, offered.units) == (second, (room.unit("middle"),))


def test_an_offer_whose_unit_went_elsewhere_and_came_back_is_made_anew_once(room: Desk) -> None:
    waiting, other = room.report("hazmat=2"), room.report("hazmat=2")
    (near,) = room.dispatch(other)["claimed"]
    room.step(near["id"], "cancelled")
    offered = {one.incident_id: one for one in offer_again(room.town.centre)}
    assert offered[waiting].units == (near["unit"],)
    assert offer_again(room.town.centre) == ()


def test_an_offer_that_a_closed_road_made_void_is_made_anew_when_it_opens(room: Desk) -> None:
    room.town.write(Crew("far", over_the_bridge(9600), {"rescue": 6}))
    incident = room.report("rescue=6")
    closed = room.town.close_bridge("flood")
    assert offer_again(room.town.centre) == ()
    assert room.get(f"/incidents/{incident}/recommendation")["choice"]["units"] == []
    assert offer_again(room.town.centre) == ()
    room.town.reopen(closed)
    (offered,) = offer_again(room.town.centre)
    assert (offered.incident_id, offered.units) == (incident, (room.unit("far"),))
