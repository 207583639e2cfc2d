"""The trails of units: where each went, and where it went while it was assigned to an incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Select, cast, func, literal, select, true
from sqlalchemy.orm import Session

from data.assignment_facts import AssignmentFacts, read_assignments
from data.incidents import NotFoundError
from data.incidents import facts as incident_facts
from data.models import ACTIVE_STATES, Assignment, Event, Unit, UnitPosition

BEGINNINGS = tuple(f"assignment.{state}" for state in ACTIVE_STATES)
"""The events by which a unit is bound to an incident."""
NO_END = cast(literal("infinity"), DateTime(timezone=True))


@dataclass(frozen=True)
class TrailPoint:
    """One fix of a trail, in degrees of WGS84."""

    lon: float
    lat: float
    at: datetime


@dataclass(frozen=True)
class Trail:
    """The newest fixes that were asked for, oldest first; ``more`` tells that there are older ones."""

    points: tuple[TrailPoint, ...]
    more: bool


@dataclass(frozen=True)
class AssignedTrail:
    """Where a unit went from ``begun``, when it was bound to an incident, until its release."""

    assignment: AssignmentFacts
    begun: datetime
    trail: Trail


@dataclass(frozen=True)
class Span:
    """From when on (inclusive), until when (exclusive), and how many fixes at most; None is no bound."""

    since: datetime | None
    until: datetime | None
    limit: int


def spans() -> Select[*tuple[Any, ...]]:
    """Select assignment_id, unit_id, begun and ended of every assignment that has ever bound its unit."""
    return (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.incident_id,
            Assignment.unit_id,
            func.min(Event.happened_at).label("begun"),
            func.coalesce(Assignment.closed_at, NO_END).label("ended"),
        )
        .join(Event, Event.assignment_id == Assignment.id)
        .where(Event.kind.in_(BEGINNINGS))
        .group_by(Assignment.id)
    )


def unit_trail(session: Session, unit_id: int, wanted: Span) -> Trail:
    """Return where a unit was in a span of time."""
    if session.scalar(select(Unit.id).where(Unit.id == unit_id)) is None:
        raise NotFoundError(f"there is no unit {unit_id}")
    fixes = _points().where(UnitPosition.unit_id == unit_id).order_by(UnitPosition.at.desc())
    if wanted.since is not None:
        fixes = fixes.where(UnitPosition.at >= wanted.since)
    if wanted.until is not None:
        fixes = fixes.where(UnitPosition.at < wanted.until)
    rows = session.execute(fixes.limit(wanted.limit + 1))
    return _trail((TrailPoint(*row) for row in rows), wanted.limit)


def incident_trails(session: Session, incident_id: int, limit: int) -> tuple[AssignedTrail, ...]:
    """Return where units went while assigned to an incident, in the order they were, ``limit`` fixes each."""
    incident_facts(session, incident_id)
    of_incident = Assignment.incident_id == incident_id
    span = spans().where(of_incident).cte("span")
    fix = (
        _points()
        .where(UnitPosition.unit_id == span.c.unit_id, UnitPosition.at.between(span.c.begun, span.c.ended))
        .order_by(UnitPosition.at.desc())
        .limit(limit + 1)
        .lateral("fix")
    )
    begun = dict(session.execute(select(span.c.assignment_id, span.c.begun)).all())
    rows = session.execute(
        select(span.c.assignment_id, fix.c.lon, fix.c.lat, fix.c.at)
        .join_from(span, fix, true())
        .order_by(span.c.assignment_id, fix.c.at.desc())
    )
    found: dict[int, list[TrailPoint]] = {assignment_id: [] for assignment_id in begun}
    for assignment_id, *point in rows:
        found[assignment_id].append(TrailPoint(*point))
    return tuple(
        AssignedTrail(one, begun[one.id], _trail(found[one.id], limit))
        for one in read_assignments(session, of_incident)
        if one.id in begun
    )


def _points() -> Select[float, float, datetime]:
    return select(
        func.ST_X(UnitPosition.place).label("lon"),
        func.ST_Y(UnitPosition.place).label("lat"),
        UnitPosition.at,
    )


def _trail(newest_first: Iterable[TrailPoint], limit: int) -> Trail:
    points = tuple(newest_first)
    return Trail(points[:limit][::-1], more=len(points) > limit)
