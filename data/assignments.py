"""
Assignments: claim a unit for an incident, step by step until it is released. Nothing here commits.

The database holds the rules, whoever writes: one active assignment a unit, only the steps of the table of
transitions, nothing for an incident that is over, an event for each state, and a returning unit released
where it is claimed for another incident.

Locks are taken in one order, so that two transactions never wait for each other: incidents by id, then units
by id, then stock by id. A unit is held before an assignment of it that may have to be released for another:
``claim`` does so, and whoever moves one calls ``hold_unit_of``. A step alone holds its assignment only.
``claim_all`` keeps the order of units. A transaction that claims for several
incidents holds them first, with ``data.incident_states.hold``; one that claims units and reserves supplies
claims first; one that writes positions of many units writes them by id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Update,
    and_,
    exists,
    func,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.assignment_facts import NOTHING_PREDICTED, AssignmentFacts, Predicted, read_assignments
from data.incident_states import STANDING, hold_standing
from data.incidents import NotFoundError
from data.models import (
    ACTIVE_STATES,
    Assignment,
    AssignmentState,
    AssignmentTransition,
    How,
    Incident,
    Unit,
)
from data.models.assignments import ACTIVE
from data.steps import Step, TransitionError, checked_moment
from geo.errors import InvalidInputError, RescueError

BINDS: ColumnElement[bool] = literal_column(f"assignment.{ACTIVE}", Boolean())


class UnitTakenError(RescueError):
    """A unit that is bound by another assignment, or out of service."""

    def __init__(self, unit_id: int) -> None:
        super().__init__(f"unit {unit_id} is taken or out of service: choose another one")
        self.unit_id = unit_id


@dataclass(frozen=True)
class Claim:
    """
    What a unit is claimed for.

    Attributes
    ----------
    incident_id, unit_id : int
    how : How
        Ordered where the unit is ours, requested where it is another authority's.
    roles : mapping of str to float
        How much of which need it is sent for.
    recommendation_number : int or None
        The incident's answer that chose it; None where somebody named it.
    tier : str
        The team's.
    predicted : Predicted
    """

    incident_id: int
    unit_id: int
    how: How = How.ORDER
    roles: Mapping[str, float] = field(default_factory=dict)
    recommendation_number: int | None = None
    tier: str = ""
    predicted: Predicted = NOTHING_PREDICTED


def claim(
    session: Session,
    wanted: Claim,
    who: str,
    source: str = "api",
    happened_at: datetime | None = None,
    state: AssignmentState = AssignmentState.RESERVED,
) -> int | None:
    """
    Claim a unit and return the assignment's number, or None where the unit is taken or out of service.

    One statement decides, whoever else tries at the same moment: it waits for a claim not yet committed, and
    is refused by the index where that stands. A returning unit is released by the same statement.

    Raises
    ------
    IncidentOverError
        Where the incident is closed or merged.
    NotFoundError
        Where there is no such incident or unit.
    """
    values = {
        **asdict(wanted.predicted),
        "unit_id": wanted.unit_id,
        "state": state,
        "how": wanted.how,
        "roles": dict(wanted.roles),
        "recommendation_number": wanted.recommendation_number,
        "tier": wanted.tier,
        "state_at": checked_moment(session, happened_at) or func.now(),
        "state_by": who,
        "state_source": source,
    }
    free = (
        select(Incident.id, Incident.synthetic, *(_literal(name, value) for name, value in values.items()))
        .join_from(Incident, Unit, Unit.id == wanted.unit_id)
        .where(Incident.id == wanted.incident_id, Incident.status.in_(STANDING), Unit.in_service)
        .with_for_update(key_share=True, of=(Incident, Unit))
    )
    claimed = session.scalar(
        insert(Assignment)
        .from_select(["incident_id", "synthetic", *values], free)
        .on_conflict_do_nothing(index_elements=[Assignment.unit_id], index_where=text(ACTIVE))
        .returning(Assignment.id)
    )
    if claimed is None:
        _say_what_is_wrong(session, wanted)
    return claimed


def claim_all(
    session: Session, wanted: Iterable[Claim], who: str, source: str = "api"
) -> dict[int, int | None]:
    """Claim units in the order of their ids and return each one's assignment, or None where it is taken."""
    ordered = sorted(wanted, key=lambda one: one.unit_id)
    return {one.unit_id: claim(session, one, who, source) for one in ordered}


def step(session: Session, assignment_id: int, to_state: str, told: Step) -> AssignmentFacts:
    """
    Take an assignment to its next state.

    Raises
    ------
    TransitionError
        Where the table of transitions does not have the step.
    UnitTakenError
        Where a proposal becomes active and its unit is taken meanwhile, or out of service.
    IncidentOverError
        Where a proposal becomes active and its incident is over.
    """
    if to_state not in tuple(AssignmentState):
        raise InvalidInputError("to", f"{to_state!r} is no state; known are {', '.join(AssignmentState)}")
    if to_state in ACTIVE_STATES:
        _hold_incident_of_proposal(session, assignment_id)
    allowed = exists().where(
        AssignmentTransition.from_state == Assignment.state, AssignmentTransition.to_state == to_state
    )
    found = session.execute(
        select(Assignment.state, Assignment.unit_id, allowed)
        .where(Assignment.id == assignment_id)
        .with_for_update(key_share=True, of=Assignment)
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no assignment {assignment_id}")
    state, unit_id, may = found
    if not may:
        raise TransitionError(f"assignment {assignment_id}", state, to_state)
    change = (
        update(Assignment)
        .where(Assignment.id == assignment_id)
        .values(
            state=to_state,
            state_at=checked_moment(session, told.happened_at) or func.now(),
            state_by=told.who,
            state_source=told.source,
            state_note=told.note,
        )
        .execution_options(synchronize_session=False)
    )
    if state == AssignmentState.PROPOSED and to_state in ACTIVE_STATES:
        _bind(session, unit_id, change)
    else:
        session.execute(change)
    return facts(session, assignment_id)


def facts(session: Session, assignment_id: int) -> AssignmentFacts:
    """Return an assignment as recorded."""
    found = read_assignments(session, Assignment.id == assignment_id)
    if not found:
        raise NotFoundError(f"there is no assignment {assignment_id}")
    return found[0]


def of_incident(session: Session, incident_id: int) -> tuple[AssignmentFacts, ...]:
    """Return every assignment an incident has or had, in the order they were made."""
    return read_assignments(session, Assignment.incident_id == incident_id)


def active_of(session: Session, incident_id: int) -> tuple[AssignmentFacts, ...]:
    """Return the assignments of an incident that bind their unit, in the order they were made."""
    return read_assignments(session, and_(Assignment.incident_id == incident_id, BINDS))


def of_unit(session: Session, unit_id: int) -> tuple[AssignmentFacts, ...]:
    """Return every assignment a unit has or had, in the order they were made."""
    return read_assignments(session, Assignment.unit_id == unit_id)


def all_active(session: Session) -> tuple[AssignmentFacts, ...]:
    """Return every assignment that binds its unit, in the order they were made."""
    return read_assignments(session, BINDS)


def busy_units(session: Session) -> dict[int, tuple[int, str]]:
    """Return the incident and the state that bind each unit, by the unit's id, in ascending order of it."""
    found = select(Assignment.unit_id, Assignment.incident_id, Assignment.state).where(BINDS)
    rows = session.execute(found.order_by(Assignment.unit_id))
    return {unit_id: (incident_id, state) for unit_id, incident_id, state in rows}


def _literal(column: str, value: object) -> ColumnElement[Any]:
    if isinstance(value, ColumnElement):
        return value
    return literal(value, Assignment.__table__.columns[column].type)


def _say_what_is_wrong(session: Session, wanted: Claim) -> None:
    """Raise where a claim failed for another reason than that its unit is taken or out of service."""
    hold_standing(session, wanted.incident_id)
    if session.scalar(select(Unit.id).where(Unit.id == wanted.unit_id)) is None:
        raise NotFoundError(f"there is no unit {wanted.unit_id}")


def _hold_incident_of_proposal(session: Session, assignment_id: int) -> None:
    """Hold the incident before the assignment, as the order of locks wants it."""
    proposed = Assignment.state == AssignmentState.PROPOSED
    incident = select(Assignment.incident_id).where(Assignment.id == assignment_id, proposed)
    incident_id = session.scalar(incident)
    if incident_id is not None:
        hold_standing(session, incident_id)


def _bind(session: Session, unit_id: int, change: Update) -> None:
    """Make a proposal active, which the index refuses where its unit is taken."""
    held = select(Unit.in_service).where(Unit.id == unit_id).with_for_update(key_share=True)
    if not session.scalar(held):
        raise UnitTakenError(unit_id)
    try:
        with session.begin_nested():
            session.execute(change)
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise UnitTakenError(unit_id) from error
        raise
