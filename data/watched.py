"""
What is watched of units that were sent, and what was said of it. Nothing here commits.

Each thing is said once, whoever watches: whoever writes holds the assignment, and looks again before writing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from data.assignment_facts import AssignmentFacts, read_assignments
from data.incident_states import STANDING
from data.incidents import Told, note
from data.models import ACTIVE_STATES, Assignment, AssignmentState, Event, Incident, RescueBase, Team, Unit
from data.on_duty import UNANSWERED
from data.record import Progress
from geo.places import Place

WATCHER = "rescuegrid"
OVERDUE = "assignment.overdue"
WORSENED = "assignment.worsened"
EASED = "assignment.eased"
SUCCESSOR = "assignment.successor-proposed"
REFUSED, CANCELLED = "assignment.refused", "assignment.cancelled"
ARRIVAL_TOLD = (WORSENED, EASED)
ON_ITS_WAY = (
    AssignmentState.ORDERED,
    AssignmentState.REQUESTED,
    AssignmentState.NOTIFIED,
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.MOBILISING,
    AssignmentState.EN_ROUTE,
)
"""The states in which a unit is still to arrive, from the word on."""
WATCH = 7_307_202
"""The advisory lock of whoever watches; any number that nothing else locks."""


@dataclass(frozen=True)
class Arrival:
    """When a unit is there; never where ``at`` is None, because no road leads there."""

    at: datetime | None


@dataclass(frozen=True)
class ToldArrival:
    """The arrival of a unit that was told last, the event that told it, and whether it told a worse one."""

    event_id: int
    arrival: Arrival
    worse: bool


@dataclass(frozen=True)
class OnItsWay:
    """
    A unit that was sent and is still to arrive.

    Attributes
    ----------
    incident : Place
        Where it goes.
    base : Place
        Where it started unless it was seen elsewhere.
    seen, seen_at : Place and datetime, or None
        Where it was last seen, and when by its own clock.
    progress : Progress
        When it was ordered, and when it rolled.
    told : ToldArrival or None
        What was said of its arrival since it was ordered, if anything.
    """

    assignment: AssignmentFacts
    vehicle_profile: str
    incident: Place
    base: Place
    seen: Place | None
    seen_at: datetime | None
    progress: Progress
    told: ToldArrival | None


@dataclass(frozen=True)
class Loss:
    """
    An event that takes a unit from an incident, or may: refused, cancelled, silent, late or cut off.

    ``arrival`` is when one that is late or cut off would be there; None for all others.
    """

    event_id: int
    kind: str
    assignment_id: int
    arrival: Arrival | None


def watches(session: Session) -> bool:
    """Whether it is for this process to watch: one does at a time, until its transaction ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(WATCH))))


def clock(session: Session) -> datetime:
    """Return the time by the clock that dates the events."""
    moment: datetime = session.scalars(select(func.clock_timestamp())).one()
    return moment


def on_their_way(session: Session, incident_id: int | None = None) -> tuple[OnItsWay, ...]:
    """Return the units that are still to arrive, of one incident or of all, in the order they were sent."""
    of_incident = true() if incident_id is None else Assignment.incident_id == incident_id
    sent = read_assignments(session, and_(Assignment.state.in_(ON_ITS_WAY), of_incident))
    ids = [one.id for one in sent]
    history = _history(session, ids)
    rows = session.execute(
        select(
            Assignment.id,
            Unit.vehicle_profile,
            Unit.position_at,
            *(
                coordinate(place)
                for place in (Incident.place, RescueBase.place, Unit.position)
                for coordinate in (func.ST_X, func.ST_Y)
            ),
        )
        .join(Unit, Assignment.unit_id == Unit.id)
        .join(Team, Unit.team_id == Team.id)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .join(Incident, Assignment.incident_id == Incident.id)
        .where(Assignment.id.in_(ids))
    )
    places = {
        row[0]: (
            row[1],
            Place(*row[3:5]),
            Place(*row[5:7]),
            None if row[7] is None else Place(*row[7:9]),
            row[2],
        )
        for row in rows
    }
    return tuple(OnItsWay(one, *places[one.id], *history[one.id]) for one in sent if one.id in places)


def progress_of(session: Session, assignment_id: int) -> Progress:
    """Return when an assignment reached its states."""
    progress, _ = _history(session, [assignment_id])[assignment_id]
    return progress


def losses(session: Session) -> tuple[Loss, ...]:
    """Return what incidents lost, or may have, that nobody has been proposed instead of yet, oldest first."""
    proposed = aliased(Event)
    answered = exists().where(
        proposed.assignment_id == Event.assignment_id,
        proposed.kind == SUCCESSOR,
        proposed.detail["of_event"].as_string() == cast(Event.id, String),
    )
    newer = aliased(Event)
    told_since = exists().where(
        newer.assignment_id == Event.assignment_id, newer.kind.in_(ARRIVAL_TOLD), newer.id > Event.id
    )
    was_bound = func.coalesce(Event.detail["from"].as_string(), "") != AssignmentState.PROPOSED
    rows = session.execute(
        select(Event.id, Event.kind, Assignment.id, Event.detail)
        .join(Assignment, Event.assignment_id == Assignment.id)
        .join(Incident, Assignment.incident_id == Incident.id)
        .where(
            Incident.status.in_(STANDING),
            ~answered,
            or_(
                and_(Event.kind.in_((REFUSED, CANCELLED)), was_bound),
                and_(Event.kind == OVERDUE, Assignment.state.in_(UNANSWERED)),
                and_(Event.kind == WORSENED, Assignment.state.in_(ON_ITS_WAY), ~told_since),
            ),
        )
        .order_by(Event.id)
    )
    return tuple(
        Loss(event_id, kind, one, arrival_said(detail["arrival_at"]) if kind == WORSENED else None)
        for event_id, kind, one, detail in rows
    )


def overdue_units(session: Session, incident_id: int) -> frozenset[int]:
    """Return the assignments of an incident that were said to be overdue and are silent still."""
    return frozenset(
        session.scalars(
            select(Assignment.id)
            .join(Event, Event.assignment_id == Assignment.id)
            .where(
                Assignment.incident_id == incident_id,
                Assignment.state.in_(UNANSWERED),
                Event.kind == OVERDUE,
            )
        )
    )


def free_units(session: Session) -> frozenset[int]:
    """Return the units in service that no assignment binds."""
    bound = exists().where(Assignment.unit_id == Unit.id, Assignment.state.in_(ACTIVE_STATES))
    return frozenset(session.scalars(select(Unit.id).where(Unit.in_service, ~bound)))


def note_overdue(session: Session, one: AssignmentFacts, detail: Mapping[str, object]) -> bool:
    """Say that a unit has not acknowledged in time, unless it did, or that was said before."""
    unanswered = _held_in(session, one.id, UNANSWERED)
    said = exists().where(Event.assignment_id == one.id, Event.kind == OVERDUE)
    if not unanswered or session.scalar(select(said)):
        return False
    _note(session, one, OVERDUE, detail)
    return True


def note_arrival(session: Session, one: OnItsWay, kind: str, detail: Mapping[str, object]) -> bool:
    """Say when a unit now arrives, unless it is there, or another has said something since it was read."""
    if not _held_in(session, one.assignment.id, ON_ITS_WAY):
        return False
    last = _last_told(session, one.assignment.id)
    if last != (one.told.event_id if one.told else None):
        return False
    _note(session, one.assignment, kind, detail)
    return True


def note_successor(session: Session, loss: Loss, one: AssignmentFacts, detail: Mapping[str, object]) -> bool:
    """Say who could go instead of a lost unit, unless that was said before."""
    _hold(session, one.id)
    said = exists().where(
        Event.assignment_id == one.id,
        Event.kind == SUCCESSOR,
        Event.detail["of_event"].as_string() == str(loss.event_id),
    )
    if session.scalar(select(said)):
        return False
    _note(session, one, SUCCESSOR, {"of_event": loss.event_id, "why": loss.kind, **detail})
    return True


def _note(session: Session, one: AssignmentFacts, kind: str, detail: Mapping[str, object]) -> None:
    told = Told(source=WATCHER, assignment_id=one.id, unit_id=one.unit_id)
    note(session, one.incident_id, kind, WATCHER, dict(detail), told)
    session.flush()


def _held_in(session: Session, assignment_id: int, states: tuple[AssignmentState, ...]) -> bool:
    """Hold an assignment, and say whether it is in one of some states."""
    return _hold(session, assignment_id) in states


def _hold(session: Session, assignment_id: int) -> str | None:
    held = select(Assignment.state).where(Assignment.id == assignment_id)
    return session.scalar(held.with_for_update(key_share=True))


def _last_told(session: Session, assignment_id: int) -> int | None:
    return session.scalar(
        select(func.max(Event.id)).where(Event.assignment_id == assignment_id, Event.kind.in_(ARRIVAL_TOLD))
    )


def _history(session: Session, ids: list[int]) -> Mapping[int, tuple[Progress, ToldArrival | None]]:
    """Return how far assignments have come, and what was told last of their arrival."""
    steps: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    told: dict[int, ToldArrival] = {}
    rows = session.execute(
        select(Event.assignment_id, Event.id, Event.kind, Event.happened_at, Event.detail)
        .where(Event.assignment_id.in_(ids))
        .order_by(Event.id)
    )
    for assignment_id, event_id, kind, happened_at, detail in rows:
        if assignment_id is None:
            continue
        steps[assignment_id].append((kind, happened_at))
        if kind in ARRIVAL_TOLD:
            told[assignment_id] = ToldArrival(
                event_id, arrival_said(detail["arrival_at"]), worse=kind == WORSENED
            )
    return {one: (Progress.of(steps[one]), told.get(one)) for one in ids}


def arrival_said(said: str | None) -> Arrival:
    """Read an arrival as it was told."""
    return Arrival(None if said is None else datetime.fromisoformat(said))
