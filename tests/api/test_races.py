"""Two who want the same at the same moment: neither waits for ever, and neither is told nonsense."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from api.dispatching import Centre
from api.incident_life import merge
from api.stepping import divert, moved
from data import assignments
from data.database import transaction
from data.dispatches import hold_assignment, hold_unit_of
from data.incident_states import hold
from data.steps import Step
from tests.db.duty import DESK, call, claim, claimed, walk

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
LOOK_EVERY_S = 0.01


def until_it_waits(centre: Centre, other: "Future[Any]") -> None:
    """Return once the other waits for a lock."""
    while not other.done():
        with centre.sessions() as session:
            if session.scalar(WAITING):
                return
        time.sleep(LOOK_EVERY_S)


def test_one_who_diverts_a_returning_crew_and_one_who_claims_it_do_not_wait_for_each_other(
    centre: Centre,
) -> None:
    fire, flood, leak = (call(centre.sessions) for _ in range(3))
    old = claimed(centre.sessions, fire, 1)
    walk(centre.sessions, old, "on-scene", "returning")
    with ThreadPoolExecutor(1) as other, transaction(centre.sessions) as session:
        hold(session, [fire, flood])
        hold_unit_of(session, old)
        hold_assignment(session, old)
        late = other.submit(claim, centre.sessions, leak, 1)
        until_it_waits(centre, late)
        diverted = moved(session, old, flood, DESK, as_it_is=False)
        session.commit()
        assert late.result() is None
    with transaction(centre.sessions) as session:
        assert assignments.busy_units(session)[1] == (flood, "reserved")
    walk(centre.sessions, diverted.id, "cancelled")


def test_a_crew_that_is_held_to_be_moved_is_not_half_claimed_by_another_meanwhile(centre: Centre) -> None:
    fire, flood, leak = (call(centre.sessions) for _ in range(3))
    old = claimed(centre.sessions, fire, 1)
    walk(centre.sessions, old, "on-scene", "returning")
    with ThreadPoolExecutor(1) as other, transaction(centre.sessions) as session:
        made = assignments.claim(session, assignments.Claim(leak, 1), DESK.who)
        assert made is not None
        late = other.submit(divert, old, flood, Step("Li"), centre)
        until_it_waits(centre, late)
        session.rollback()
        assert late.result().facts.state == "reserved"
    walk(centre.sessions, late.result().facts.id, "cancelled")


def test_a_crew_that_starts_home_while_its_incident_is_merged_is_let_go_and_not_moved(centre: Centre) -> None:
    fire, flood = call(centre.sessions), call(centre.sessions)
    old = claimed(centre.sessions, fire, 2)
    walk(centre.sessions, old, "on-scene")
    with ThreadPoolExecutor(1) as other, centre.sessions() as session:
        assignments.step(session, old, "returning", DESK)
        merging = other.submit(merge, fire, flood, Step("Li"), centre)
        until_it_waits(centre, merging)
        session.commit()
        assert merging.result().merged_into_id == flood
    with transaction(centre.sessions) as session:
        assert assignments.facts(session, old).state == "released"
        assert assignments.of_incident(session, flood) == ()
