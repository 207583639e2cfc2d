"""Units claimed and released: one incident at a time, step by step, whoever races whom."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from data import assignments
from data.assignment_facts import Predicted
from data.assignments import Claim, UnitTakenError
from data.cluster import Cluster
from data.database import Sessions, transaction
from data.incident_states import IncidentOverError, UnfinishedError, close
from data.incidents import NotFoundError
from data.models import (
    ACTIVE_STATES,
    CLOSED_STATES,
    AssignmentState,
    AssignmentTransition,
    Event,
    How,
)
from data.steps import Step, TransitionError
from data.vocabulary import shipped_rows
from geo.errors import InvalidInputError
from tests.db.duty import DESK, NOON, call, claim, claimed, duty_room, run, said_of, walk

RACERS = 8
STEP = "UPDATE assignment SET state = '{to}' WHERE id = {made}"
INSERT = (
    "INSERT INTO assignment (incident_id, unit_id, state, how, state_by) "
    "VALUES ({incident}, {unit}, '{state}', 'order', 'somebody')"
)


@pytest.fixture(scope="module")
def room(migrated: Cluster) -> Iterator[Sessions]:
    with duty_room(migrated) as sessions:
        yield sessions


@pytest.fixture
def scratch(migrated: Cluster) -> Iterator[Sessions]:
    """Lend a duty room of the test's own, whose constraints it may drop."""
    with duty_room(migrated) as sessions:
        yield sessions


def test_the_first_who_claims_a_unit_has_it_and_the_second_is_told_it_is_taken(room: Sessions) -> None:
    fire, flood = call(room), call(room)
    first = claimed(room, fire, 1)
    assert claim(room, flood, 1) is None
    with transaction(room) as session:
        assert assignments.busy_units(session)[1] == (fire, "reserved")
        assert [one.id for one in assignments.active_of(session, fire)] == [first]
        assert assignments.active_of(session, flood) == ()
    walk(room, first, "cancelled")
    claimed(room, flood, 1)


def test_a_unit_out_of_service_cannot_be_claimed(room: Sessions) -> None:
    assert claim(room, call(room), 8) is None


def test_a_claim_says_what_was_promised_and_who_can_be_called(room: Sessions) -> None:
    incident = call(room)
    promised = Predicted(60.0, 240.0, 400.0, 3100.0, "primary", "night")
    wanted = Claim(incident, 2, How.REQUEST, {"rescue": 6.0}, 3, "fire-brigade", promised)
    with transaction(room) as session:
        made = assignments.claim(session, wanted, "Li", "phone", NOON)
        assert made is not None
        found = assignments.facts(session, made)
    assert (found.predicted, found.roles, found.how) == (promised, {"rescue": 6.0}, "request")
    assert (found.recommendation_number, found.tier, found.state) == (3, "fire-brigade", "reserved")
    assert (found.state_by, found.state_source, found.state_at) == ("Li", "phone", NOON)
    assert (found.unit, found.team, found.call_sign, found.active) == ("Engine 2", "First", "E1", True)


def test_each_step_is_one_event_that_says_who_when_and_from_where(room: Sessions) -> None:
    incident = call(room)
    with transaction(room) as session:
        made = assignments.claim(session, Claim(incident, 3), "Li", "desk")
        assert made is not None
    with transaction(room) as session:
        assignments.step(session, made, "acknowledged", Step("Li", "radio", NOON, "two of the crew are out"))
    with transaction(room) as session:
        told = session.scalars(select(Event).where(Event.assignment_id == made).order_by(Event.id)).all()
        begun, heard = told
    assert [one.kind for one in told] == ["assignment.reserved", "assignment.acknowledged"]
    assert (heard.incident_id, heard.unit_id, heard.who, heard.source) == (incident, 3, "Li", "radio")
    assert heard.detail == {"from": "reserved", "note": "two of the crew are out"}
    assert (heard.happened_at, heard.at > NOON) == (NOON, True)
    assert begun.happened_at == begun.at


def test_an_engine_already_rolling_before_it_was_told_is_a_normal_entry(room: Sessions) -> None:
    incident = call(room)
    made = claimed(room, incident, 4)
    walk(room, made, "en-route", "on-scene", "returning", "released")
    assert said_of(room, incident) == [
        "incident.reported",
        "assignment.reserved",
        "assignment.en-route",
        "assignment.on-scene",
        "assignment.returning",
        "assignment.released",
    ]


@pytest.mark.parametrize(
    ("walked", "to"),
    [
        ((), "returning"),
        (("ordered",), "requested"),
        (("en-route",), "acknowledged"),
        (("on-scene",), "on-scene"),
        (("on-scene",), "cancelled"),
        (("cancelled",), "reserved"),
        (("ordered", "refused"), "ordered"),
    ],
)
def test_nobody_goes_back_and_nobody_goes_on_after_the_end(
    room: Sessions, walked: tuple[str, ...], to: str
) -> None:
    made = claimed(room, call(room), 5)
    walk(room, made, *walked)
    before = walked[-1] if walked else "reserved"
    with pytest.raises(TransitionError, match=f"is {before} and cannot become {to}"):
        walk(room, made, to)
    if to != before:
        with pytest.raises(DBAPIError, match=f"{made} cannot go from {before} to {to}"):
            run(room, STEP.format(to=to, made=made))
    walk_home(room, made, before)


def walk_home(sessions: Sessions, assignment_id: int, state: str) -> None:
    """Free the unit for the next test."""
    if state not in CLOSED_STATES:
        walk(sessions, assignment_id, "released" if state == "on-scene" else "cancelled")


def test_a_returning_engine_is_diverted_and_its_old_assignment_released_with_the_claim(
    room: Sessions,
) -> None:
    fire, flood = call(room), call(room)
    old = claimed(room, fire, 6)
    walk(room, old, "on-scene", "returning")
    with transaction(room) as session:
        assert 6 not in assignments.busy_units(session)
    new = claimed(room, flood, 6)
    with transaction(room) as session:
        left, taken = assignments.of_unit(session, 6)
    assert (left.state, left.diverted_to_id, left.closed_at) == ("released", new, taken.state_at)
    assert (taken.id, taken.incident_id, taken.state) == (new, flood, "reserved")
    assert said_of(room, fire)[-1] == "assignment.released"
    walk(room, new, "cancelled")


def test_a_claim_that_is_undone_leaves_the_returning_engine_returning(room: Sessions) -> None:
    old = claimed(room, call(room), 6)
    walk(room, old, "on-scene", "returning")
    with room() as session:
        assert assignments.claim(session, Claim(call(room), 6), "Li") is not None
        session.rollback()
        assert assignments.facts(session, old).state == "returning"
    walk(room, old, "released")


def test_a_proposal_binds_nobody_until_it_is_confirmed_and_loses_to_a_claim(room: Sessions) -> None:
    fire, flood = call(room), call(room)
    with transaction(room) as session:
        proposed = assignments.claim(session, Claim(fire, 7), "Li", state=AssignmentState.PROPOSED)
        assert proposed is not None
    taken = claimed(room, flood, 7)
    with pytest.raises(UnitTakenError, match="unit 7 is taken"):
        walk(room, proposed, "reserved")
    walk(room, taken, "on-scene", "returning")
    walk(room, proposed, "reserved")
    with transaction(room) as session:
        assert [one.state for one in assignments.of_unit(session, 7)] == ["reserved", "released"]
    walk(room, proposed, "cancelled")


def test_a_proposal_of_an_engine_that_broke_down_is_not_confirmed(room: Sessions) -> None:
    with transaction(room) as session:
        proposed = assignments.claim(session, Claim(call(room), 7), "Li", state=AssignmentState.PROPOSED)
        assert proposed is not None
    run(room, "UPDATE unit SET in_service = false WHERE id = 7")
    with pytest.raises(UnitTakenError, match="out of service"):
        walk(room, proposed, "ordered")
    run(room, "UPDATE unit SET in_service = true WHERE id = 7")


def test_nothing_is_sent_to_an_incident_that_is_over_or_to_none_at_all(room: Sessions) -> None:
    over = call(room)
    with transaction(room) as session:
        close(session, over, DESK)
    with pytest.raises(IncidentOverError, match=f"incident {over} is closed"):
        claim(room, over, 7)
    with pytest.raises(DBAPIError, match="is over"):
        run(room, INSERT.format(incident=over, unit=7, state="reserved"))
    with pytest.raises(NotFoundError, match="no incident 999"):
        claim(room, 999, 7)
    with pytest.raises(NotFoundError, match="no unit 999"):
        claim(room, call(room), 999)
    with pytest.raises(NotFoundError, match="no assignment 999"):
        walk(room, 999, "ordered")


def test_a_clock_a_minute_ahead_is_now_and_one_an_hour_ahead_is_refused(room: Sessions) -> None:
    made = claimed(room, call(room), 7)
    now = datetime.now(UTC)
    with transaction(room) as session:
        found = assignments.step(session, made, "ordered", Step("Li", happened_at=now + timedelta(minutes=1)))
    assert found.state_at < now + timedelta(minutes=1)
    with pytest.raises(InvalidInputError, match="has not come yet"), transaction(room) as session:
        assignments.step(session, made, "notified", Step("Li", happened_at=now + timedelta(hours=1)))
    with pytest.raises(InvalidInputError, match="no time zone"), transaction(room) as session:
        assignments.step(session, made, "notified", Step("Li", happened_at=now.replace(tzinfo=None)))
    with pytest.raises(InvalidInputError, match="known are proposed"):
        walk(room, made, "asleep")
    walk(room, made, "cancelled")


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE assignment SET unit_id = 1 WHERE id = {made}", "keeps its incident and its unit"),
        ("UPDATE assignment SET incident_id = incident_id + 1 WHERE id = {made}", "keeps its incident"),
        ("DELETE FROM assignment WHERE id = {made}", "never changed or removed"),
        ("UPDATE assignment SET state_by = ' ' WHERE id = {made}", "state_by_not_blank"),
        (INSERT.format(incident="{incident}", unit=7, state="reserved"), "one_active_assignment_a_unit"),
        (INSERT.format(incident="{incident}", unit=6, state="released"), "does not begin as released"),
        (INSERT.format(incident="{incident}", unit=6, state="asleep"), "state_known"),
    ],
)
def test_whoever_writes_past_the_program_is_refused_by_the_database(
    room: Sessions, statement: str, refusal: str
) -> None:
    incident = call(room)
    made = claimed(room, incident, 7)
    with pytest.raises(DBAPIError, match=refusal):
        run(room, statement.format(made=made, incident=incident))
    walk(room, made, "cancelled")


def test_the_code_and_the_database_read_one_table_of_steps(room: Sessions) -> None:
    shipped = {(row["from_state"], row["to_state"]) for row in shipped_rows("assignment_transitions.csv")}
    with transaction(room) as session:
        kept = select(AssignmentTransition.from_state, AssignmentTransition.to_state)
        assert {tuple(row) for row in session.execute(kept)} == shipped
    assert not {state for state, _ in shipped} & set(CLOSED_STATES)
    assert {state for state, to in shipped if to == "on-scene"} >= set(ACTIVE_STATES) - {"on-scene"}
    assert {state for _, state in shipped} == set(AssignmentState) - {"proposed"}


def race(sessions: Sessions, unit_id: int) -> list[int | None]:
    """Claim one unit for as many incidents as there are racers, all at once, with real commits."""
    incidents = [call(sessions) for _ in range(RACERS)]
    start = Barrier(RACERS)

    def run_for(incident_id: int) -> int | None:
        start.wait()
        return claim(sessions, incident_id, unit_id)

    with ThreadPoolExecutor(RACERS) as racers:
        return list(racers.map(run_for, incidents))


def test_of_eight_who_claim_one_engine_at_once_exactly_one_has_it(scratch: Sessions) -> None:
    for unit_id in range(1, 8):
        won = [made for made in race(scratch, unit_id) if made is not None]
        assert len(won) == 1
        with transaction(scratch) as session:
            assert [one.id for one in assignments.of_unit(session, unit_id)] == won


def test_of_eight_who_divert_one_returning_engine_at_once_exactly_one_has_it(scratch: Sessions) -> None:
    old = claimed(scratch, call(scratch), 1)
    walk(scratch, old, "on-scene", "returning")
    won = [made for made in race(scratch, 1) if made is not None]
    with transaction(scratch) as session:
        assert assignments.facts(session, old).diverted_to_id == won[0]
        assert (len(won), len(assignments.of_unit(session, 1))) == (1, 2)


def test_eight_who_claim_the_same_seven_engines_each_in_another_order_never_wait_for_each_other(
    scratch: Sessions,
) -> None:
    incidents = [call(scratch) for _ in range(RACERS)]
    start = Barrier(RACERS)

    def claim_the_station(racer: int) -> dict[int, int | None]:
        wanted = [Claim(incidents[racer], 1 + (racer + i) % 7) for i in range(7)]
        start.wait()
        with transaction(scratch) as session:
            return assignments.claim_all(session, wanted, f"desk {racer}")

    with ThreadPoolExecutor(RACERS) as racers:
        answers = list(racers.map(claim_the_station, range(RACERS)))
    won = sorted(unit for answer in answers for unit, made in answer.items() if made is not None)
    assert won == [1, 2, 3, 4, 5, 6, 7]


def test_without_the_index_one_engine_is_sent_twice(scratch: Sessions) -> None:
    run(scratch, "DROP INDEX one_active_assignment_a_unit")
    fire, flood = call(scratch), call(scratch)
    for incident in (fire, flood):
        run(scratch, INSERT.format(incident=incident, unit=1, state="reserved"))
    with transaction(scratch) as session:
        sent = session.scalars(text("SELECT incident_id FROM assignment WHERE unit_id = 1 ORDER BY id")).all()
    assert sent == [fire, flood]


def test_without_its_guard_an_assignment_is_reached_by_a_step_that_is_none(scratch: Sessions) -> None:
    made = claimed(scratch, call(scratch), 1)
    run(scratch, "DROP TRIGGER assignment_takes_known_steps ON assignment")
    run(scratch, STEP.format(to="on-scene", made=made))
    run(scratch, STEP.format(to="proposed", made=made))
    with transaction(scratch) as session:
        assert assignments.facts(session, made).state == "proposed"


def test_closing_and_claiming_at_once_never_leaves_an_engine_on_a_closed_incident(scratch: Sessions) -> None:
    for _ in range(10):
        incident, start = call(scratch), Barrier(2)

        def end(incident: int = incident, start: Barrier = start) -> bool:
            start.wait()
            with scratch() as session, session.begin():
                try:
                    close(session, incident, DESK)
                except UnfinishedError:
                    return False
            return True

        def send(incident: int = incident, start: Barrier = start) -> bool:
            start.wait()
            try:
                return claim(scratch, incident, 1) is not None
            except IncidentOverError:
                return False

        with ThreadPoolExecutor(2) as two:
            ended, sent = two.submit(end), two.submit(send)
            assert ended.result() != sent.result()
        with transaction(scratch) as session:
            for one in assignments.active_of(session, incident):
                assignments.step(session, one.id, "cancelled", DESK)
