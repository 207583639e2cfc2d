"""
The record of an incident: the call, everything that happened, who was sent, what was set aside, each answer.

Reports and papers are written from it. What it does not hold is not known, and nothing here guesses it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import incidents
from data.assignment_facts import AssignmentFacts
from data.assignments import of_incident
from data.incidents import IncidentFacts
from data.models import AssignmentState, Depot, Event, Incident, Recommendation, Reservation, Stock

LATE = timedelta(minutes=1)
"""An entry made later than this after what it tells was not made at once."""
ASSIGNMENT = "assignment."
ORDERED = (AssignmentState.ORDERED, AssignmentState.REQUESTED, AssignmentState.NOTIFIED)
ROLLING = AssignmentState.EN_ROUTE
THERE = AssignmentState.ON_SCENE


@dataclass(frozen=True)
class EventFacts:
    """Something that happened: when, when it was entered, who told it by what, and whom it is about."""

    id: int
    kind: str
    who: str
    source: str
    happened_at: datetime
    entered_at: datetime
    detail: Mapping[str, Any]
    assignment_id: int | None
    unit_id: int | None

    @property
    def late(self) -> bool:
        """Whether it was entered after the fact."""
        return self.entered_at - self.happened_at > LATE


@dataclass(frozen=True)
class SupplyFacts:
    """Supplies set aside for an incident and what became of them, in the depot's unit of measure."""

    reservation_id: int
    depot: str
    phone: str
    item: str
    batch: str
    unit_of_measure: str
    quantity: float
    used_quantity: float | None
    state: str
    assignment_id: int | None
    approved_by: str | None
    state_at: datetime


@dataclass(frozen=True)
class GivenAnswer:
    """That an answer was given, by which rule, and the hash of each thing it rests on."""

    number: int
    made_at: datetime
    roads_hash: str
    decision_version: str | None
    inputs: Mapping[str, str] | None


@dataclass(frozen=True)
class Record:
    """All that is known of an incident; events in the order in which they happened."""

    incident: IncidentFacts
    entered_at: datetime
    read_at: datetime
    events: tuple[EventFacts, ...]
    assignments: tuple[AssignmentFacts, ...]
    supplies: tuple[SupplyFacts, ...]
    answers: tuple[GivenAnswer, ...]

    def progress(self, assignment_id: int) -> "Progress":
        """Return when an assignment reached its states."""
        return Progress.of(
            (event.kind, event.happened_at) for event in self.events if event.assignment_id == assignment_id
        )

    def told(self, kind: str) -> tuple[EventFacts, ...]:
        """Return the events of a kind, in the order in which they happened."""
        return tuple(event for event in self.events if event.kind == kind)

    @property
    def ordered_at(self) -> datetime | None:
        """When the first unit was ordered or requested; None where none was."""
        ordered = [self.progress(one.id).ordered_at for one in self.assignments]
        return min((at for at in ordered if at is not None), default=None)


@dataclass(frozen=True)
class Progress:
    """
    When an assignment reached its states, by their names.

    A time between two of them is None where one was not told, or where they were told in an order that
    cannot be: a unit that was rolling before it was ordered has no turnout.
    """

    reached: Mapping[str, datetime]

    @classmethod
    def of(cls, events: Iterable[tuple[str, datetime]]) -> "Progress":
        """Read the steps among the events of an assignment, each its kind and when it happened."""
        reached: dict[str, datetime] = {}
        for kind, happened_at in events:
            if kind.startswith(ASSIGNMENT):
                state = kind.removeprefix(ASSIGNMENT)
                reached[state] = min(happened_at, reached.get(state, happened_at))
        return cls(reached)

    @property
    def ordered_at(self) -> datetime | None:
        """When its clock began: it was ordered, requested, or notified where nobody told of that."""
        return self._first(ORDERED)

    @property
    def mobilised_at(self) -> datetime | None:
        """When its crew began to work."""
        return self._first((AssignmentState.MOBILISING, ROLLING, THERE))

    @property
    def turnout_s(self) -> float | None:
        """From the order to the start."""
        return _between_s(self.ordered_at, self.started_at)

    @property
    def travel_s(self) -> float | None:
        """From the start to the place."""
        return _between_s(self.started_at, self.there_at)

    @property
    def arrival_s(self) -> float | None:
        """From the order to the place."""
        return _between_s(self.ordered_at, self.there_at)

    @property
    def started_at(self) -> datetime | None:
        """When it rolled."""
        return self.reached.get(ROLLING)

    @property
    def there_at(self) -> datetime | None:
        """When it was on the scene."""
        return self.reached.get(THERE)

    def _first(self, states: tuple[AssignmentState, ...]) -> datetime | None:
        return min((self.reached[state] for state in states if state in self.reached), default=None)


def read_record(session: Session, incident_id: int) -> Record:
    """Return all that is known of an incident."""
    facts = incidents.facts(session, incident_id)
    entered_at, read_at = session.execute(
        select(Incident.entered_at, func.now()).where(Incident.id == incident_id)
    ).one()
    return Record(
        incident=facts,
        entered_at=entered_at,
        read_at=read_at,
        events=_events(session, incident_id),
        assignments=of_incident(session, incident_id),
        supplies=_supplies(session, incident_id),
        answers=_answers(session, incident_id),
    )


def _between_s(begin: datetime | None, end: datetime | None) -> float | None:
    if begin is None or end is None or end < begin:
        return None
    return (end - begin).total_seconds()


def _events(session: Session, incident_id: int) -> tuple[EventFacts, ...]:
    rows = session.scalars(
        select(Event).where(Event.incident_id == incident_id).order_by(Event.happened_at, Event.id)
    )
    return tuple(
        EventFacts(
            id=row.id,
            kind=row.kind,
            who=row.who,
            source=row.source,
            happened_at=row.happened_at,
            entered_at=row.at,
            detail=row.detail,
            assignment_id=row.assignment_id,
            unit_id=row.unit_id,
        )
        for row in rows
    )


def _supplies(session: Session, incident_id: int) -> tuple[SupplyFacts, ...]:
    rows = session.execute(
        select(Reservation, Depot.name, Depot.phone, Stock.item, Stock.batch, Stock.unit_of_measure)
        .join(Stock, Reservation.stock_id == Stock.id)
        .join(Depot, Stock.depot_id == Depot.id)
        .where(Reservation.incident_id == incident_id)
        .order_by(Reservation.id)
    )
    return tuple(
        SupplyFacts(
            reservation_id=row.id,
            depot=depot,
            phone=phone,
            item=item,
            batch=batch,
            unit_of_measure=unit_of_measure,
            quantity=row.quantity,
            used_quantity=row.used_quantity,
            state=row.state,
            assignment_id=row.assignment_id,
            approved_by=row.approved_by,
            state_at=row.state_at,
        )
        for row, depot, phone, item, batch, unit_of_measure in rows
    )


def _answers(session: Session, incident_id: int) -> tuple[GivenAnswer, ...]:
    columns = (
        Recommendation.number,
        Recommendation.made_at,
        Recommendation.roads_hash,
        Recommendation.decision_version,
        Recommendation.inputs,
    )
    rows = session.execute(
        select(*columns).where(Recommendation.incident_id == incident_id).order_by(Recommendation.number)
    )
    return tuple(GivenAnswer(*row) for row in rows)
