"""What a shift hands over: open incidents, units that are out, silent ones, and stock that is short."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from data.assignment_facts import AssignmentFacts, read_assignments
from data.incident_states import STANDING
from data.models import (
    ACTIVE_STATES,
    Assignment,
    AssignmentState,
    Depot,
    Event,
    HazardSource,
    Incident,
    IncidentKind,
    Stock,
    Unit,
)
from data.record import Progress

OUT = (
    AssignmentState.MOBILISING,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.RETURNING,
)
UNANSWERED = (AssignmentState.ORDERED, AssignmentState.REQUESTED, AssignmentState.NOTIFIED)


@dataclass(frozen=True)
class UnitOut:
    """
    A unit that is out: since when its crew works, on this and on assignments it was diverted from.

    ``since`` is None where nobody told when it mobilised.
    """

    assignment: AssignmentFacts
    crew: int
    since: datetime | None

    def crew_hours(self, now: datetime) -> float | None:
        """Return how many hours its people have worked together."""
        return None if self.since is None else self.crew * (now - self.since) / timedelta(hours=1)


@dataclass(frozen=True)
class Unanswered:
    """A unit that was ordered or requested, and has not acknowledged since."""

    assignment: AssignmentFacts
    since: datetime


@dataclass(frozen=True)
class ShortStock:
    """
    An item of a depot that is below its minimum, or would not be but for what is set aside.

    ``on_hand`` is what is within its date, ``reserved`` what of it is spoken for.
    """

    depot: str
    phone: str
    item: str
    unit_of_measure: str
    on_hand: float
    reserved: float
    minimum: float

    @property
    def free(self) -> float:
        """What nobody has spoken for."""
        return self.on_hand - self.reserved

    @property
    def reserved_away(self) -> bool:
        """Whether it is short only because of what is set aside."""
        return self.on_hand >= self.minimum


@dataclass(frozen=True)
class OpenIncident:
    """An incident that is not over, and how many of its assignments are in which state."""

    id: int
    kind_zh: str
    kind_en: str
    severity: int
    status: str
    substance: str | None
    site: str | None
    lon: float
    lat: float
    reported_at: datetime
    reported_by: str
    synthetic: bool
    states: Mapping[str, int]

    @property
    def waiting(self) -> bool:
        """Whether no unit is bound to it."""
        return not any(state in ACTIVE_STATES for state in self.states)


def open_incidents(session: Session) -> tuple[OpenIncident, ...]:
    """Return the incidents that are not over, the gravest first, then as they came in."""
    states: dict[int, dict[str, int]] = defaultdict(dict)
    counted = (
        select(Assignment.incident_id, Assignment.state, func.count())
        .join(Incident, Assignment.incident_id == Incident.id)
        .where(Incident.status.in_(STANDING))
        .group_by(Assignment.incident_id, Assignment.state)
        .order_by(Assignment.incident_id, Assignment.state)
    )
    for incident_id, state, count in session.execute(counted):
        states[incident_id][state] = count
    rows = session.execute(
        select(
            Incident,
            IncidentKind.name_zh,
            IncidentKind.name_en,
            HazardSource.name,
            func.ST_X(Incident.place),
            func.ST_Y(Incident.place),
        )
        .join(IncidentKind, Incident.kind == IncidentKind.code)
        .outerjoin(HazardSource, Incident.hazard_source_id == HazardSource.id)
        .where(Incident.status.in_(STANDING))
        .order_by(Incident.severity, Incident.reported_at, Incident.id)
    )
    return tuple(
        OpenIncident(
            id=row.id,
            kind_zh=kind_zh,
            kind_en=kind_en,
            severity=row.severity,
            status=row.status,
            substance=row.substance,
            site=site,
            lon=lon,
            lat=lat,
            reported_at=row.reported_at,
            reported_by=row.reported_by,
            synthetic=row.synthetic,
            states=states.get(row.id, {}),
        )
        for row, kind_zh, kind_en, site, lon, lat in rows
    )


def units_out(session: Session) -> tuple[UnitOut, ...]:
    """Return the units that are out, the one longest at work first."""
    out = read_assignments(session, Assignment.state.in_(OUT))
    history = _history(session, {one.unit_id for one in out})
    asked = select(Unit.id, Unit.crew).where(Unit.id.in_([one.unit_id for one in out]))
    crews = dict(session.execute(asked).all())
    found = [UnitOut(one, crews[one.unit_id], _since(one.id, history)) for one in out]
    return tuple(
        sorted(found, key=lambda unit: (unit.since or unit.assignment.opened_at, unit.assignment.id))
    )


def unanswered(session: Session) -> tuple[Unanswered, ...]:
    """
    Return the units that have not acknowledged yet, the one silent longest first.

    One that is let go while this is read is silent no more.
    """
    silent = read_assignments(session, Assignment.state.in_(UNANSWERED))
    history = _history(session, {one.unit_id for one in silent})
    found = [
        Unanswered(one, history[one.id].progress.ordered_at or one.state_at)
        for one in silent
        if one.id in history
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.assignment.id)))


def short_stock(session: Session, day: date) -> tuple[ShortStock, ...]:
    """Return what is short at once, by depot and item; batches past their date do not count."""
    at_once = and_(Stock.available_after_s == 0, or_(Stock.expires_on.is_(None), Stock.expires_on >= day))
    on_hand = func.coalesce(func.sum(Stock.quantity).filter(at_once), 0.0)
    reserved = func.coalesce(func.sum(Stock.reserved).filter(at_once), 0.0)
    minimum = func.sum(Stock.minimum)
    rows = session.execute(
        select(Depot.name, Depot.phone, Stock.item, Stock.unit_of_measure, on_hand, reserved, minimum)
        .join(Stock, Stock.depot_id == Depot.id)
        .group_by(Depot.id, Stock.item, Stock.unit_of_measure)
        .having(on_hand - reserved < minimum)
        .order_by(Depot.name, Stock.item)
    )
    return tuple(ShortStock(*row) for row in rows)


@dataclass(frozen=True)
class _Past:
    """An assignment of a unit: how far it came, and which one it was diverted to."""

    progress: Progress
    diverted_to_id: int | None


def _history(session: Session, unit_ids: Iterable[int]) -> dict[int, _Past]:
    """Return every assignment of some units that may still matter, by its number."""
    of_units = Assignment.unit_id.in_(list(unit_ids))
    matters = or_(Assignment.closed_at.is_(None), Assignment.diverted_to_id.is_not(None))
    told: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    diverted: dict[int, int | None] = {}
    rows = session.execute(
        select(Assignment.id, Assignment.diverted_to_id, Event.kind, Event.happened_at)
        .join(Event, Event.assignment_id == Assignment.id)
        .where(of_units, matters)
    )
    for assignment_id, diverted_to_id, kind, happened_at in rows:
        told[assignment_id].append((kind, happened_at))
        diverted[assignment_id] = diverted_to_id
    return {key: _Past(Progress.of(events), diverted[key]) for key, events in told.items()}


def _since(assignment_id: int, history: Mapping[int, _Past]) -> datetime | None:
    """Return when the crew began to work: on this assignment, or on one it was diverted from."""
    before = {past.diverted_to_id: key for key, past in history.items() if past.diverted_to_id is not None}
    since: datetime | None = None
    current = assignment_id
    while current in history:
        since = history[current].progress.mobilised_at or since
        if current not in before:
            break
        current = before[current]
    return since
