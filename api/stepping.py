"""
The steps of a unit that was sent: one call a message, however late it is entered, by whatever it was told.

A unit that rolled before it was told goes straight to where it is: steps may be left out, none taken back.
What was left out may be heard of later, with its own time: it is logged, and the unit stays where it is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from api.assigned import AssignmentTold, told_of
from api.dispatching import Centre
from api.saying_so import checked_speaker
from data import assignments, incidents
from data.assignment_facts import AssignmentFacts
from data.assignments import Claim
from data.audit import speaking_as
from data.database import transaction
from data.dispatches import hold_assignment, hold_unit_of, next_states, told_kinds
from data.incident_states import hold, refuse_over
from data.incidents import Told
from data.models import AssignmentState, How
from data.steps import Step, TransitionError, checked_moment
from geo.errors import InvalidInputError, RescueError

TOLD_BY_THE_UNIT = (
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.MOBILISING,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.RETURNING,
)
"""The states whose times a unit reports, and which follow each other in time."""
OVER = "it is over"


class ImpossibleStepError(RescueError):
    """A step that cannot follow on the state a unit is in; the message names those that can."""


def step(assignment_id: int, to: str, told: Step, centre: Centre) -> AssignmentTold:
    """
    Take an assignment to a state; said twice, it is as if it were said once.

    Raises
    ------
    NotFoundError
        When there is no such assignment.
    ImpossibleStepError
        When it cannot follow on the state the assignment is in: the states that can are named.
    InvalidInputError
        When nobody says it, the state is none, it lies ahead of the clock, or before the last report.
    """
    checked_speaker(told)
    with transaction(centre.sessions) as session:
        speaking_as(session, told.who, told.source)
        return told_of(session, [stepped(session, assignment_id, to, told)])[0]


def stepped(session: Session, assignment_id: int, to: str, told: Step) -> AssignmentFacts:
    """Take an assignment to a state within a transaction."""
    hold_assignment(session, assignment_id)
    before = assignments.facts(session, assignment_id)
    if before.state == to:
        return before
    if _is_heard_of_late(before, to, told.happened_at):
        _log_late(session, before, to, told)
        return before
    _check_word(before, to)
    _check_order_in_time(before, to, told.happened_at)
    try:
        return assignments.step(session, assignment_id, to, told)
    except TransitionError as error:
        allowed = ", ".join(next_states(session, before.state)) or OVER
        raise ImpossibleStepError(
            f"{before.unit} is {before.state} and cannot become {to}; what can follow: {allowed}"
        ) from error


def divert(assignment_id: int, to_incident_id: int, told: Step, centre: Centre) -> AssignmentTold:
    """
    Send a unit that one incident has to another: it is let go and claimed anew in one transaction.

    Raises
    ------
    NotFoundError
        When there is no such assignment or incident.
    IncidentOverError
        When the other incident is closed or merged.
    ImpossibleStepError
        When the assignment is over: the unit is free, and is dispatched.
    """
    checked_speaker(told)
    with transaction(centre.sessions) as session:
        before = assignments.facts(session, assignment_id)
        statuses = hold(session, {before.incident_id, to_incident_id})
        refuse_over(to_incident_id, statuses[to_incident_id])
        if before.incident_id == to_incident_id:
            raise InvalidInputError("incident", f"{before.unit} is sent to incident {to_incident_id} already")
        speaking_as(session, told.who, told.source)
        return told_of(session, [moved(session, assignment_id, to_incident_id, told, as_it_is=False)])[0]


def moved(
    session: Session, assignment_id: int, to_incident_id: int, told: Step, *, as_it_is: bool
) -> AssignmentFacts:
    """Let a unit go and claim it for another incident: reserved there, or as far as it has come already."""
    hold_unit_of(session, assignment_id)
    hold_assignment(session, assignment_id)
    before = assignments.facts(session, assignment_id)
    if before.closed_at is not None:
        raise ImpossibleStepError(f"{before.unit} is {before.state}: dispatch it, there is nothing to divert")
    stepped(session, before.id, let_go(before.state), told)
    state, at = (before.state, before.state_at) if as_it_is else (AssignmentState.RESERVED, told.happened_at)
    claimed = assignments.claim(
        session, _same_unit(before, to_incident_id), told.who, told.source, at, AssignmentState(state)
    )
    if claimed is None:
        raise ImpossibleStepError(f"{before.unit} is out of service: put it in service, or release it")
    return assignments.facts(session, claimed)


def _is_heard_of_late(before: AssignmentFacts, to: str, happened_at: datetime | None) -> bool:
    """Whether a message tells of a step before the one a unit has come to, by its place and by its time."""
    reported = [state.value for state in TOLD_BY_THE_UNIT]
    if happened_at is None or not {to, before.state} <= set(reported):
        return False
    return reported.index(to) < reported.index(before.state) and happened_at <= before.state_at


def _log_late(session: Session, before: AssignmentFacts, to: str, told: Step) -> None:
    """Write down what is heard of late, once; the unit stays as far as it has come."""
    kind = f"assignment.{to}"
    if kind in told_kinds(session, before.id):
        return
    heard = Told(checked_moment(session, told.happened_at), told.source, before.id, before.unit_id)
    incidents.note(session, before.incident_id, kind, told.who, {"late": True, "note": told.note}, heard)


def _same_unit(before: AssignmentFacts, to_incident_id: int) -> Claim:
    return Claim(
        incident_id=to_incident_id,
        unit_id=before.unit_id,
        how=How(before.how),
        roles=before.roles,
        tier=before.tier,
        predicted=before.predicted,
    )


def let_go(state: str) -> AssignmentState:
    """Return how the desk ends an assignment: whoever has arrived is released, others are called off."""
    arrived = state in (AssignmentState.ON_SCENE, AssignmentState.RETURNING)
    return AssignmentState.RELEASED if arrived else AssignmentState.CANCELLED


def _check_word(before: AssignmentFacts, to: str) -> None:
    """Refuse to order whom another authority sends, and to request whom we order."""
    asked = before.how == How.REQUEST
    if to == (AssignmentState.ORDERED if asked else AssignmentState.REQUESTED):
        whose = "another authority's and is requested" if asked else "ours and is ordered"
        raise InvalidInputError("to", f"{before.unit} is {whose}")


def _check_order_in_time(before: AssignmentFacts, to: str, happened_at: datetime | None) -> None:
    """Refuse a report, or a release, that is said to be older than the report before it."""
    follows = to in (*TOLD_BY_THE_UNIT, AssignmentState.RELEASED) and before.state in TOLD_BY_THE_UNIT
    if follows and happened_at is not None and happened_at < before.state_at:
        raise InvalidInputError(
            "happened_at", f"{before.unit} became {before.state} at {before.state_at}: that was later"
        )
