"""How far a unit comes: one call a message, late or at once, none taken back, and each on the record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from data.database import transaction
from data.models import Audit, Unit
from tests.api.life import Desk
from tests.api.test_incidents import Json
from tests.decision_town import Crew, up_mill_road

MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(desk: Desk) -> Desk:
    """Write two engines."""
    desk.town.write(
        Crew("near", up_mill_road(1200), {"hazmat": 2}), Crew("middle", up_mill_road(2000), {"hazmat": 2})
    )
    return desk


@pytest.fixture
def sent(room: Desk) -> int:
    """Send the near engine to a leak, and return its assignment."""
    (claimed,) = room.dispatch(room.report("hazmat=2"), order=True)["claimed"]
    number: int = claimed["id"]
    return number


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - minutes * MINUTE).isoformat()


def test_each_message_is_one_step_and_one_event(room: Desk, sent: int) -> None:
    for to in ("notified", "acknowledged", "mobilising", "en-route", "on-scene", "returning", "released"):
        said = room.step(sent, to, source="radio", note=f"we are {to}")
        assert (said["state"], said["source"], said["note"]) == (to, "radio", f"we are {to}")
    assert said["next_states"] == []
    steps = [e for e in room.events(said["incident"]) if e["assignment"] == sent]
    assert [one["kind"].removeprefix("assignment.") for one in steps] == [
        "reserved",
        "ordered",
        "notified",
        "acknowledged",
        "mobilising",
        "en-route",
        "on-scene",
        "returning",
        "released",
    ]
    assert {(one["who"], one["source"]) for one in steps[2:]} == {("Li", "radio")}


def test_a_unit_that_rolled_before_it_was_told_goes_straight_to_where_it_is(room: Desk) -> None:
    (claimed,) = room.dispatch(room.report("hazmat=2"))["claimed"]
    said = room.step(claimed["id"], "en-route", happened_at=ago(3), note="saw the smoke")
    assert said["state"] == "en-route"
    assert datetime.fromisoformat(said["state_at"]) < datetime.fromisoformat(said["opened_at"])


def test_a_message_entered_late_keeps_both_times(room: Desk, sent: int) -> None:
    happened = ago(10)
    said = room.step(sent, "on-scene", happened_at=happened)
    event = room.events(said["incident"])[-1]
    assert event["happened_at"] == datetime.fromisoformat(happened)
    assert event["at"] - event["happened_at"] > 9 * MINUTE


def test_an_acknowledgement_heard_of_after_the_unit_rolled_is_logged_with_its_time_and_takes_nothing_back(
    room: Desk, sent: int
) -> None:
    room.step(sent, "en-route", source="radio", happened_at=ago(2))
    when = ago(4)
    for _ in range(2):
        said = room.step(sent, "acknowledged", source="phone", happened_at=when)
    assert said["state"] == "en-route"
    (late,) = [e for e in room.events(said["incident"]) if e["kind"] == "assignment.acknowledged"]
    assert (late["source"], late["assignment"], late["detail"]["late"]) == ("phone", sent, True)
    assert late["happened_at"] == datetime.fromisoformat(when)
    status, reason = room.refused(f"/assignments/{sent}/steps", {"to": "mobilising", "happened_at": ago(1)})
    assert (status, "cannot become mobilising" in reason) == (409, True)


def test_said_twice_a_step_is_said_once(room: Desk, sent: int) -> None:
    first, second = room.step(sent, "en-route"), room.step(sent, "en-route", who="Wang")
    assert second["state_by"] == first["state_by"] == "Li"
    assert room.kinds(first["incident"]).count("assignment.en-route") == 1


def test_a_refusal_frees_the_unit_and_keeps_the_reason(room: Desk, sent: int) -> None:
    said = room.step(sent, "refused", source="phone", note="pump broken")
    assert (said["active"], said["note"]) == (False, "pump broken")
    (claimed,) = room.dispatch(room.report("hazmat=2"))["claimed"]
    assert claimed["unit_name"] == "near"


@pytest.mark.parametrize(
    ("path", "to", "reason"),
    [
        (["on-scene"], "en-route", "near is on-scene and cannot become en-route; what can follow: returning"),
        (["on-scene"], "refused", "what can follow: returning, released"),
        (
            ["released"],
            "en-route",
            "near is released and cannot become en-route; what can follow: it is",
        ),
        (["cancelled"], "ordered", "near is cancelled and cannot become ordered"),
        (["returning"], "on-scene", "what can follow: released"),
        ([], "reserved", "near is ordered and cannot become reserved"),
        ([], "proposed", "cannot become proposed"),
    ],
)
def test_what_cannot_follow_is_refused_and_what_can_is_named(
    room: Desk, sent: int, path: list[str], to: str, reason: str
) -> None:
    for step in path:
        room.step(sent, step)
    status, said = room.refused(f"/assignments/{sent}/steps", {"to": to})
    assert status == 409
    assert reason in said


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"to": "flying"}, 422, "Input should be 'proposed'"),
        ({"to": "requested"}, 422, "near is ours and is ordered"),
        ({"to": "en-route", "who": "api"}, 422, "names nobody"),
        ({"to": "en-route", "happened_at": "2126-01-01T00:00:00Z"}, 422, "has not come yet"),
        ({"to": "en-route", "happened_at": "2026-01-01T08:00:00"}, 422, "timezone"),
        ({"to": "en-route", "note": "a\x00b"}, 422, "control characters"),
        ({}, 422, "Field required"),
    ],
)
def test_a_step_that_cannot_be_meant_is_refused(
    room: Desk, sent: int, body: Json, status: int, reason: str
) -> None:
    got, said = room.refused(f"/assignments/{sent}/steps", body)
    assert got == status
    assert reason in said
    assert room.get(f"/assignments/{sent}")["state"] == "ordered"


def test_a_clock_a_little_ahead_is_taken_as_now(room: Desk, sent: int) -> None:
    said = room.step(sent, "en-route", happened_at=ago(-0.5))
    assert datetime.fromisoformat(said["state_at"]) <= datetime.now(UTC)


def test_a_report_older_than_the_last_one_of_the_unit_is_refused(room: Desk, sent: int) -> None:
    room.step(sent, "en-route", happened_at=ago(5))
    status, said = room.refused(f"/assignments/{sent}/steps", {"to": "on-scene", "happened_at": ago(8)})
    assert status == 422
    assert "near became en-route at" in said
    assert room.step(sent, "on-scene", happened_at=ago(2))["state"] == "on-scene"


def test_an_unknown_assignment_is_not_found(room: Desk) -> None:
    assert room.refused("/assignments/999999/steps", {"to": "en-route"}) == (
        404,
        "there is no assignment 999999",
    )
    assert room.client.get("/assignments/999999").status_code == 404
    assert room.client.get("/units/999999/assignments").status_code == 404
    assert room.client.get("/incidents/999999/assignments").status_code == 404


def test_cancelled_while_it_is_being_ordered_one_of_the_two_stands_and_the_other_is_told(room: Desk) -> None:
    (claimed,) = room.dispatch(room.report("hazmat=2"))["claimed"]
    path = f"/assignments/{claimed['id']}/steps"

    def press(to: str) -> int:
        status: int = room.client.post(path, json={"who": to, "to": to}).status_code
        return status

    with ThreadPoolExecutor(2) as desks:
        ordered, cancelled = desks.map(press, ("ordered", "cancelled"))
    assert (ordered, cancelled) in ((200, 200), (409, 200))
    assert room.get(f"/assignments/{claimed['id']}")["state"] == "cancelled"


def test_a_unit_of_another_authority_is_requested_and_not_ordered(room: Desk) -> None:
    room.town.authority("county", 60.0)
    room.town.write(Crew("guests", up_mill_road(1500), {"medical": 4}, authority="county"))
    (claimed,) = room.dispatch(room.report("medical=4"))["claimed"]
    status, said = room.refused(f"/assignments/{claimed['id']}/steps", {"to": "ordered"})
    assert (status, said) == (422, "guests is another authority's and is requested")
    assert room.step(claimed["id"], "requested")["state"] == "requested"


def test_a_returning_unit_is_free_and_its_old_assignment_ends_where_the_new_one_begins(
    room: Desk, sent: int
) -> None:
    room.step(sent, "on-scene")
    room.step(sent, "returning")
    (claimed,) = room.dispatch(room.report("hazmat=2"))["claimed"]
    assert claimed["unit_name"] == "near"
    before = room.get(f"/assignments/{sent}")
    assert (before["state"], before["diverted_to"]) == ("released", claimed["id"])


def test_a_person_takes_a_unit_from_one_incident_to_another_in_one_go(room: Desk, sent: int) -> None:
    graver = room.report("hazmat=2", severity=1)
    room.step(sent, "en-route")
    diverted = room.post(f"/assignments/{sent}/divert", {"who": "Li", "incident": graver, "note": "graver"})
    assert (diverted["incident"], diverted["unit_name"], diverted["state"]) == (graver, "near", "reserved")
    before = room.get(f"/assignments/{sent}")
    assert (before["state"], before["note"]) == ("cancelled", "graver")
    assert [one["incident"] for one in room.each(f"/units/{diverted['unit']}/assignments")] == [
        before["incident"],
        graver,
    ]
    assert room.refused(f"/assignments/{diverted['id']}/divert", {"incident": graver})[0] == 422
    other = room.report("hazmat=2")
    assert room.refused(f"/assignments/{sent}/divert", {"incident": other})[0] == 409


def test_nobody_is_released_before_they_were_last_heard_of(room: Desk, sent: int) -> None:
    room.step(sent, "on-scene")
    status, reason = room.refused(
        f"/assignments/{sent}/steps", {"to": "released", "happened_at": "1990-01-01T00:00:00Z"}
    )
    assert (status, "that was later" in reason) == (422, True)
    assert room.step(sent, "released")["state"] == "released"


def test_a_unit_out_of_service_is_named_and_not_claimed(room: Desk) -> None:
    incident = room.report("hazmat=2")
    with transaction(room.town.centre.sessions) as session:
        session.execute(update(Unit).where(Unit.name == "near").values(in_service=False))
    done = room.dispatch(incident)
    assert [one["why"] for one in done["taken"]] == ["near is out of service"]
    assert [one["name"] for one in done["proposed"]["units"]] == ["middle"]


def test_the_audit_says_who_and_from_where(room: Desk, sent: int) -> None:
    room.step(sent, "en-route", who="Zhao", source="radio")
    with transaction(room.town.centre.sessions) as session:
        rows = session.scalars(
            select(Audit)
            .where(Audit.table_name == "assignment", Audit.row_key == str(sent))
            .order_by(Audit.id)
        ).all()
    assert [(row.action, row.who, row.source) for row in rows] == [
        ("insert", "Li", "desk"),
        ("update", "Li", "desk"),
        ("update", "Zhao", "radio"),
    ]
    told = room.each(f"/audit?table=assignment&row={sent}")
    assert [(one["action"], one["who"], one["source"]) for one in told] == [
        (row.action, row.who, row.source) for row in rows
    ]
    assert (told[2]["old"]["state"], told[2]["new"]["state"]) == ("ordered", "en-route")
    newest, before = room.each("/audit?limit=2")
    assert room.each(f"/audit?limit=1&before={newest['id']}") == [before]
    assert room.client.get("/audit?table=assignment").status_code == 422
