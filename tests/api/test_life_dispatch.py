"""
Who is sent: what was recommended is claimed once, what others took is named, and the next best is proposed.

The near engine is 180 s from the quay, the middle one 280 s, the far one 1,020 s over the bridge.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from data.database import transaction
from data.models import Assignment, Recommendation, Stock
from data.registry import NewStock
from tests.api.life import Desk
from tests.api.test_incidents import Json
from tests.decision_town import Crew, over_the_bridge, up_mill_road
from tests.river_town import EAST_STATION, WEST_STATION


@pytest.fixture
def room(desk: Desk) -> Desk:
    """Write three engines that bring hazmat 2, and two depots with sorbent."""
    desk.town.write(
        Crew("near", up_mill_road(1200), {"hazmat": 2}),
        Crew("middle", up_mill_road(2000), {"hazmat": 2}),
        Crew("far", over_the_bridge(9600), {"hazmat": 2}),
    )
    desk.town.store("west depot", WEST_STATION, NewStock(item="sorbent", unit_of_measure="kg", quantity=300))
    desk.town.store("east depot", EAST_STATION, NewStock(item="sorbent", unit_of_measure="kg", quantity=900))
    return desk


def test_what_was_recommended_is_claimed_and_its_supplies_reserved(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    done = room.dispatch(incident)
    (claimed,) = done["claimed"]
    assert (claimed["unit_name"], claimed["state"], claimed["call_sign"]) == ("near", "reserved", "near")
    assert claimed["roles"] == {"hazmat": 1.0}
    assert claimed["recommendation"] == 1
    assert claimed["predicted_travel_s"] == pytest.approx(120, abs=1)
    assert (done["taken"], done["short"], done["proposed"]) == ([], [], None)
    (reserved,) = room.each(f"/incidents/{incident}/reservations")
    assert (reserved["quantity"], reserved["state"]) == (200, "reserved")
    assert "on-scene" in claimed["next_states"]


def test_with_the_word_given_ours_are_ordered_and_others_requested(room: Desk) -> None:
    room.town.authority("county", 60.0)
    room.town.write(Crew("guests", up_mill_road(1500), {"medical": 4}, authority="county"))
    incident = room.report("hazmat=2,medical=4")
    claimed = room.dispatch(incident, order=True)["claimed"]
    assert {one["unit_name"]: one["state"] for one in claimed} == {"near": "ordered", "guests": "requested"}
    kinds = room.kinds(incident)
    assert kinds.count("assignment.reserved") == 2
    assert "assignment.ordered" in kinds
    assert "assignment.requested" in kinds


def test_a_dispatch_sent_again_finds_what_it_claimed_and_takes_nothing_more(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    first, second = room.dispatch(incident), room.dispatch(incident)
    assert [one["id"] for one in second["claimed"]] == [one["id"] for one in first["claimed"]]
    assert (len(first["reservations"]), second["reservations"], second["taken"]) == (1, [], [])
    with transaction(room.town.centre.sessions) as session:
        assert session.scalar(select(func.sum(Stock.reserved))) == 200


def test_what_was_taken_meanwhile_is_named_with_by_whom_and_the_next_best_is_proposed(room: Desk) -> None:
    first, second = room.report("hazmat=2"), room.report("hazmat=2")
    room.dispatch(first, who="Wang", order=True)
    done = room.dispatch(second, who="Li")
    assert done["claimed"] == []
    (taken,) = done["taken"]
    assert (taken["name"], taken["incident"], taken["state"], taken["by"]) == (
        "near",
        first,
        "ordered",
        "Wang",
    )
    assert done["proposed"]["recommendation"] == 2
    assert [one["name"] for one in done["proposed"]["units"]] == ["middle"]
    assert room.each(f"/incidents/{second}/assignments") == [], "nothing is claimed that nobody confirmed"
    (confirmed,) = room.dispatch(second, who="Li", number=2)["claimed"]
    assert confirmed["unit_name"] == "middle"


def test_a_busy_unit_is_passed_over_and_its_release_would_list_it_first(room: Desk) -> None:
    first = room.report("hazmat=2")
    room.dispatch(first)
    second = room.report("hazmat=2")
    answer = room.get(f"/incidents/{second}/recommendation")
    assert [unit["name"] for unit in answer["units"]] == ["middle", "far"]
    (busy,) = [one for one in answer["passed_over"] + answer["farther"] if one["name"] == "near"]
    assert busy["reasons"] == [f"busy with incident {first} (reserved)"]
    assert busy["reasons_zh"] == [f"正在处置第{first}号事件（已预留）"]
    assert busy["would"]["words"]["en"] == "first if it is released"
    (near,) = room.each(f"/incidents/{first}/assignments")
    room.step(near["id"], "cancelled")
    again = room.post(f"/incidents/{second}/recommendation", {})
    assert again["units"][0]["name"] == "near"


def test_a_unit_that_is_sent_already_counts_and_nobody_goes_in_its_place(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    room.dispatch(incident)
    again = room.post(f"/incidents/{incident}/recommendation", {})
    assert [(one["name"], one["assigned"]) for one in again["choice"]["units"]] == [("near", "reserved")]
    assert again["choice"]["shortfall"] == {}
    assert again["supply_choice"]["reserved"] == {"sorbent": 200}
    assert again["supply_choice"]["deliveries"] == []


def test_who_is_on_scene_is_there_whether_or_not_a_device_says_so(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    room.step(near["id"], "on-scene")
    again = room.post(f"/incidents/{incident}/recommendation", {})
    assert again["choice"]["units"][0]["arrival_s"] == 0
    assert again["choice"]["met_at_s"]["hazmat"] == 0


def test_a_person_may_name_a_unit_that_was_not_recommended_and_says_why(room: Desk) -> None:
    incident = room.report("hazmat=2")
    far = room.unit("far")
    (claimed,) = room.dispatch(incident, units=[far], note="they know the plant")["claimed"]
    assert (claimed["unit_name"], claimed["recommendation"]) == ("far", None)
    assert claimed["roles"] == {"hazmat": 1.0}
    (confirmed,) = [e for e in room.events(incident) if e["kind"] == "dispatch.confirmed"]
    assert (confirmed["detail"]["reason"], confirmed["detail"]["named"]) == ("they know the plant", [far])


def test_units_may_be_named_where_there_is_no_recommendation(room: Desk) -> None:
    incident = room.post("/incidents", room.call("hazmat=2", lon=100.0, lat=20.0))["id"]
    refused = room.client.post(f"/incidents/{incident}/dispatch", json={"who": "Li"})
    assert refused.status_code == 404
    assert "no recommendation yet" in refused.json()["detail"][0]["reason"]
    (claimed,) = room.dispatch(incident, units=[room.unit("near")])["claimed"]
    assert claimed["predicted_travel_s"] is None


def test_a_person_names_units_where_the_newest_answer_is_of_an_older_form(room: Desk) -> None:
    incident = room.report("hazmat=2")
    older = Recommendation(
        incident_id=incident, number=2, made_at=datetime.now(UTC), roads_hash="of old", answer="{}"
    )
    with transaction(room.town.centre.sessions) as session:
        session.add(older)
    status, reason = room.refused(f"/incidents/{incident}/dispatch", {})
    assert (status, "older form" in reason) == (409, True)
    (claimed,) = room.dispatch(incident, units=[room.unit("near")])["claimed"]
    assert (claimed["unit_name"], claimed["recommendation"]) == ("near", None)


def test_stock_that_others_took_is_named_and_what_is_left_is_proposed_with_another_depot(
    room: Desk,
) -> None:
    first, second = room.report("hazmat=2", "sorbent=250kg"), room.report("hazmat=2", "sorbent=250kg")
    room.dispatch(first)
    done = room.dispatch(second)
    assert "no longer has" in done["short"][0]["why"]
    number = done["proposed"]["recommendation"]
    answer = room.get(f"/incidents/{second}/recommendation?number={number}")
    given = {one["name"]: one["items"] for one in answer["supply_choice"]["deliveries"]}
    assert given == {"west depot": {"sorbent": 50}, "east depot": {"sorbent": 200}}


def test_what_a_request_takes_to_approve_is_part_of_the_turnout_that_was_promised(room: Desk) -> None:
    room.town.authority("county", 400.0)
    room.town.write(Crew("guests", up_mill_road(1500), {"medical": 4}, authority="county"))
    incident = room.report("medical=4")
    (listed,) = room.get(f"/incidents/{incident}/recommendation")["choice"]["units"]
    (claimed,) = room.dispatch(incident, order=True)["claimed"]
    assert claimed["predicted_turnout_s"] >= 400
    promised_s = claimed["predicted_turnout_s"] + claimed["predicted_travel_s"]
    assert promised_s == pytest.approx(listed["arrival_s"], abs=0.01)


def test_whoever_refused_since_the_newest_recommendation_is_not_sent_by_it(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    room.post(f"/incidents/{incident}/recommendation", {})
    room.step(near["id"], "refused", note="flat tyre")
    done = room.dispatch(incident)
    assert (done["recommendation"], done["claimed"]) == (2, [])
    assert "near was sent and is refused" in done["taken"][0]["why"]
    assert [one["name"] for one in done["proposed"]["units"]] == ["middle"]


def test_whoever_was_called_off_since_the_newest_recommendation_is_not_sent_by_it(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    room.post(f"/incidents/{incident}/recommendation", {})
    room.step(near["id"], "cancelled", happened_at="2020-01-01T00:00:00Z")
    assert room.dispatch(incident, number=2)["claimed"] == []
    (again,) = room.dispatch(incident, units=[near["unit"]])["claimed"]
    assert again["unit_name"] == "near"


def test_whom_one_recommendation_sent_and_who_refused_is_not_sent_by_it_again(room: Desk) -> None:
    incident = room.report("hazmat=2")
    (near,) = room.dispatch(incident)["claimed"]
    room.step(near["id"], "refused", note="flat tyre")
    done = room.dispatch(incident, number=1)
    assert done["claimed"] == []
    assert "near was sent and is refused" in done["taken"][0]["why"]
    assert [one["name"] for one in done["proposed"]["units"]] == ["middle"]
    answer = room.get(f"/incidents/{incident}/recommendation")
    (told,) = [one for one in answer["passed_over"] + answer["farther"] if one["name"] == "near"]
    assert told["reasons"] == ["refused this incident: flat tyre"]
    assert told["would"]["words"]["en"] == "first if it agrees to come"
    other = room.report("hazmat=2")
    assert room.get(f"/incidents/{other}/recommendation")["units"][0]["name"] == "near"
    (claimed,) = room.dispatch(incident, units=[near["unit"]], note="tyre changed")["claimed"]
    assert claimed["unit_name"] == "near"


def test_of_sixteen_rooms_that_press_at_once_one_has_the_engine_and_all_others_know_who(room: Desk) -> None:
    incidents = [room.report("hazmat=2") for _ in range(16)]
    near = room.unit("near")
    with ThreadPoolExecutor(16) as rooms:
        done = list(rooms.map(lambda one: room.dispatch(one, units=[near], who=f"room {one}"), incidents))
    won = [one for one in done if one["claimed"]]
    assert len(won) == 1
    winner = won[0]["incident"]
    for lost in done:
        if lost is not won[0]:
            assert [(t["incident"], t["by"]) for t in lost["taken"]] == [(winner, f"room {winner}")]
    with transaction(room.town.centre.sessions) as session:
        assert session.scalar(select(func.count()).where(Assignment.unit_id == near)) == 1


@pytest.mark.parametrize(
    ("body", "status", "field", "reason"),
    [
        ({}, 422, "who", "Field required"),
        ({"who": "api"}, 422, "who", "names nobody"),
        ({"who": " "}, 422, "who", "at least 1"),
        ({"who": "Li", "number": 0}, 422, "number", "greater than or equal to 1"),
        ({"who": "Li", "number": 7}, 404, None, "no recommendation number 7"),
        ({"who": "Li", "units": [10**9]}, 422, "units", "there is no unit 1000000000"),
        ({"who": "Li", "units": "near"}, 422, "units", "valid list"),
        ({"who": "Li", "colour": "red"}, 422, "colour", "not permitted"),
        ({"who": "Li", "happened_at": "2026-01-01T00:00:00"}, 422, "happened_at", "timezone"),
        ({"who": "Li", "happened_at": "2126-01-01T00:00:00Z"}, 422, "happened_at", "has not come yet"),
    ],
)
def test_a_dispatch_that_cannot_be_is_refused_by_field_and_reason_and_claims_nothing(
    room: Desk, body: Json, status: int, field: str | None, reason: str
) -> None:
    incident = room.report("hazmat=2")
    refused = room.client.post(f"/incidents/{incident}/dispatch", json=body)
    assert refused.status_code == status, refused.text
    problem = refused.json()["detail"][0]
    assert problem["field"] == field
    assert reason in problem["reason"]
    assert room.each(f"/incidents/{incident}/assignments") == []


def test_a_closed_incident_is_sent_nobody(room: Desk) -> None:
    incident = room.report("hazmat=2")
    room.post(f"/incidents/{incident}/close", {"who": "Li"})
    refused = room.client.post(f"/incidents/{incident}/dispatch", json={"who": "Li"})
    assert refused.status_code == 409
    assert "closed" in refused.json()["detail"][0]["reason"]


def test_of_several_incidents_each_keeps_whom_it_has_and_what_taking_them_would_gain_is_said(
    room: Desk,
) -> None:
    first, second = room.report("hazmat=2"), room.report("hazmat=2")
    room.dispatch(first)
    said = room.post("/joint-recommendation", {"incidents": [first, second]})["incidents"]
    chosen = {one["incident"]: [unit["name"] for unit in one["choice"]["units"]] for one in said}
    assert chosen == {first: ["near"], second: ["middle"]}
    (gain,) = next(one["preempting"] for one in said if one["incident"] == second)
    assert (gain["name"], gain["bound_to"]) == ("near", first)
    assert gain["gains"][0]["en"] == "hazmat: 80 s sooner"


def test_a_dispatch_sent_again_is_one_event(room: Desk) -> None:
    incident = room.report("hazmat=2", "sorbent=200kg")
    room.dispatch(incident, order=True)
    room.dispatch(incident, order=True)
    assert room.kinds(incident).count("dispatch.confirmed") == 1
