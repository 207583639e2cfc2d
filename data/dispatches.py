"""Who units are, who has them, what they may do next, and what was reserved. Nothing here commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from data.models import Assignment, AssignmentState, AssignmentTransition, Event, How, Team, Unit
from data.models.assignments import ACTIVE

DISPATCHED = "dispatch.confirmed"


@dataclass(frozen=True)
class UnitCard:
    """A unit by its name, and how it is reached and sent."""

    id: int
    name: str
    call_sign: str
    phone: str
    tier: str
    how: How
    in_service: bool


@dataclass(frozen=True)
class Holder:
    """The incident that has a unit, how far that has come, and who claimed it."""

    incident_id: int
    state: str
    who: str


def cards_of(session: Session, unit_ids: Collection[int]) -> dict[int, UnitCard]:
    """Return the cards of units by id, in ascending order; whom nobody knows is left out."""
    rows = session.execute(
        select(Unit.id, Unit.name, Team.call_sign, Team.phone, Team.tier, Team.authority_id, Unit.in_service)
        .join(Team, Unit.team_id == Team.id)
        .where(Unit.id.in_(unit_ids))
        .order_by(Unit.id)
    )
    return {row[0]: UnitCard(*row[:5], How.ORDER if row[5] is None else How.REQUEST, row[6]) for row in rows}


def holders_of(session: Session, unit_ids: Collection[int]) -> dict[int, Holder]:
    """Return who has each of some units; whoever is free is left out."""
    first = (
        select(Event.who)
        .where(Event.assignment_id == Assignment.id)
        .order_by(Event.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Assignment.unit_id, Assignment.incident_id, Assignment.state, first).where(
            Assignment.unit_id.in_(unit_ids), text(ACTIVE)
        )
    )
    return {unit_id: Holder(*found) for unit_id, *found in rows}


def reserved_under(session: Session, incident_id: int, number: int) -> set[tuple[int, str]]:
    """Return the depots and items that were reserved as an answer of the incident proposed."""
    noted = select(Event.detail["reserved"]).where(
        Event.incident_id == incident_id,
        Event.kind == DISPATCHED,
        Event.detail["number"].as_integer() == number,
    )
    return {(one["depot"], one["item"]) for reserved in session.scalars(noted) for one in reserved or ()}


def take_over_roles(session: Session, assignment_id: int, roles: Mapping[str, float]) -> bool:
    """Let a unit that is out already do what an answer now sends it for; whether that is something else."""
    changed = session.execute(
        update(Assignment)
        .where(Assignment.id == assignment_id, Assignment.roles != dict(roles))
        .values(roles=dict(roles))
        .returning(Assignment.id)
    )
    return changed.first() is not None


def next_states(session: Session, state: str) -> tuple[str, ...]:
    """Return the states an assignment may reach from one, in the order they are come by."""
    allowed = set(
        session.scalars(select(AssignmentTransition.to_state).where(AssignmentTransition.from_state == state))
    )
    return tuple(one.value for one in AssignmentState if one in allowed)


def told_kinds(session: Session, assignment_id: int) -> set[str]:
    """Return the kinds of what is on record of an assignment."""
    return set(session.scalars(select(Event.kind).where(Event.assignment_id == assignment_id)))


def hold_unit_of(session: Session, assignment_id: int) -> None:
    """Keep others from claiming the unit of an assignment until the end; it comes before the assignment."""
    unit = select(Assignment.unit_id).where(Assignment.id == assignment_id).scalar_subquery()
    session.execute(select(Unit.id).where(Unit.id == unit).with_for_update(key_share=True))


def hold_assignment(session: Session, assignment_id: int) -> None:
    """Keep others from changing an assignment until the end; a proposal is held with its incident."""
    begun = Assignment.state != AssignmentState.PROPOSED
    session.execute(
        select(Assignment.id).where(Assignment.id == assignment_id, begun).with_for_update(key_share=True)
    )
