"""Incidents under control, closed, opened again and merged: when they may, and what forbids it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data import assignments, incidents, reservations
from data.assignments import Claim
from data.cluster import Cluster
from data.database import Sessions, transaction
from data.incident_states import (
    IncidentOverError,
    UnfinishedError,
    bring_under_control,
    close,
    hold,
    merge,
    open_again,
)
from data.incidents import IncidentFacts, NotFoundError
from data.models import AssignmentState, Event
from data.reservations import SupplyClaim
from data.steps import Step, TransitionError
from geo.errors import InvalidInputError
from tests.db.duty import DESK, NOON, TODAY, call, claimed, duty_room, run, said_of, walk

Change = Callable[[Session, int, Step], IncidentFacts]


@pytest.fixture(scope="module")
def room(migrated: Cluster) -> Iterator[Sessions]:
    with duty_room(migrated) as sessions:
        yield sessions


def change(sessions: Sessions, incident_id: int, *steps: Change) -> IncidentFacts:
    for step in steps:
        with transaction(sessions) as session:
            found = step(session, incident_id, DESK)
    return found


def merged(sessions: Sessions, incident_id: int, into_id: int) -> IncidentFacts:
    with transaction(sessions) as session:
        return merge(session, incident_id, into_id, DESK)


def test_an_incident_comes_under_control_is_closed_and_opened_again(room: Sessions) -> None:
    fire = call(room)
    with transaction(room) as session:
        calm = bring_under_control(session, fire, Step("Li", "radio", NOON, "flames are out"))
    assert (calm.status, calm.under_control_at, calm.closed_at) == ("under-control", NOON, None)
    over = change(room, fire, close)
    assert (over.status, over.under_control_at) == ("closed", NOON)
    assert over.closed_at is not None
    again = change(room, fire, open_again)
    assert (again.status, again.under_control_at, again.closed_at) == ("open", None, None)
    assert said_of(room, fire) == [
        "incident.reported",
        "incident.under-control",
        "incident.closed",
        "incident.open",
    ]
    with transaction(room) as session:
        told = session.scalars(select(Event).where(Event.kind == "incident.under-control")).one()
    assert (told.who, told.source, told.happened_at) == ("Li", "radio", NOON)
    assert told.detail == {"from": "open", "note": "flames are out"}


@pytest.mark.parametrize(
    ("walked", "step"),
    [
        ((bring_under_control,), bring_under_control),
        ((close,), close),
        ((close,), bring_under_control),
        ((), open_again),
    ],
)
def test_a_step_the_table_does_not_have_is_refused(
    room: Sessions, walked: tuple[Change, ...], step: Change
) -> None:
    fire = call(room)
    for one in walked:
        change(room, fire, one)
    with pytest.raises(TransitionError, match=f"incident {fire} is"):
        change(room, fire, step)


def test_an_incident_is_not_closed_while_an_engine_is_out_or_foam_is_not_settled(room: Sessions) -> None:
    fire = call(room)
    engine = claimed(room, fire, 1)
    with transaction(room) as session:
        wanted = SupplyClaim(fire, 1, "foam", 10, "L", TODAY, assignment_id=engine)
        set_aside = reservations.reserve(session, wanted, "Li")
        assert set_aside is not None
    with pytest.raises(UnfinishedError, match=f"cancel assignments {engine} and settle reservations") as told:
        change(room, fire, close)
    assert (told.value.assignment_ids, told.value.reservation_ids) == ([engine], list(set_aside))
    walk(room, engine, "on-scene", "returning")
    with pytest.raises(DBAPIError, match="units that are not released"):
        run(room, "UPDATE incident SET status = 'closed' WHERE id = :id", id=fire)
    walk(room, engine, "released")
    with pytest.raises(DBAPIError, match="supplies that are not settled"):
        run(room, "UPDATE incident SET status = 'closed' WHERE id = :id", id=fire)
    with transaction(room) as session:
        reservations.settle(session, set_aside[0], 10, DESK)
    assert change(room, fire, close).status == "closed"


def test_what_is_only_proposed_ends_with_the_incident(room: Sessions) -> None:
    fire = call(room)
    with transaction(room) as session:
        proposed = assignments.claim(session, Claim(fire, 2), "Li", state=AssignmentState.PROPOSED)
        assert proposed is not None
    change(room, fire, close)
    with transaction(room) as session:
        assert assignments.facts(session, proposed).state == "cancelled"


def test_a_second_call_is_merged_into_the_first_for_good(room: Sessions) -> None:
    fire, again, third = call(room), call(room), call(room)
    found = merged(room, again, fire)
    assert (found.status, found.merged_into_id) == ("merged", fire)
    with pytest.raises(TransitionError, match="is merged and cannot become merged"):
        merged(room, again, third)
    for step in (open_again, close, bring_under_control):
        with pytest.raises(TransitionError, match="is merged"):
            change(room, again, step)
    with pytest.raises(DBAPIError, match=f"stays merged into {fire}"):
        run(room, "UPDATE incident SET merged_into_id = :into WHERE id = :id", into=third, id=again)
    with pytest.raises(DBAPIError, match="cannot go from merged to open"):
        run(room, "UPDATE incident SET status = 'open', merged_into_id = NULL WHERE id = :id", id=again)
    with pytest.raises(IncidentOverError, match=f"incident {again} is merged"):
        merged(room, third, again)


def test_an_incident_is_not_merged_into_itself_into_a_closed_one_or_into_none(room: Sessions) -> None:
    fire, over = call(room), call(room)
    change(room, over, close)
    with pytest.raises(InvalidInputError, match="into itself"):
        merged(room, fire, fire)
    with pytest.raises(IncidentOverError, match=f"incident {over} is closed"):
        merged(room, fire, over)
    with pytest.raises(NotFoundError, match="no incident 999"):
        merged(room, fire, 999)
    with pytest.raises(DBAPIError, match="merged_into_another"):
        run(room, "UPDATE incident SET status = 'merged' WHERE id = :id", id=fire)
    standing, engine = call(room), claimed(room, fire, 3)
    with pytest.raises(UnfinishedError):
        merged(room, fire, standing)
    walk(room, engine, "cancelled")


def test_two_calls_merged_into_each_other_at_once_leave_one_standing(room: Sessions) -> None:
    for _ in range(5):
        pair, start = (call(room), call(room)), Barrier(2)

        def into(other: tuple[int, int], start: Barrier = start) -> bool:
            start.wait()
            try:
                merged(room, *other)
            except (IncidentOverError, TransitionError):
                return False
            return True

        with ThreadPoolExecutor(2) as two:
            assert sorted(two.map(into, (pair, pair[::-1]))) == [False, True]
        with transaction(room) as session:
            assert sorted(hold(session, pair).values()) == ["merged", "open"]


def test_an_incident_is_never_without_a_trace(room: Sessions) -> None:
    fire = call(room)
    with pytest.raises(DBAPIError, match="fk_event_incident_id_incident"):
        run(room, "DELETE FROM incident WHERE id = :id", id=fire)
    with transaction(room) as session:
        assert incidents.facts(session, fire).status == "open"
