"""Incidents and the answers they were given, as the database keeps them. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.decisions import Basis
from data.models import Event, HazardSource, Incident, IncidentKind, Recommendation
from data.models.base import WGS84_SRID
from data.registry import NewIncident
from data.registry.rows import point
from geo.errors import InvalidInputError, RescueError
from geo.places import Place


class NotFoundError(RescueError):
    """There is no such row."""


@dataclass(frozen=True)
class IncidentFacts:
    """
    An incident as recorded; ``id`` is None for one that is asked about and not recorded.

    ``plan`` is the response plan it follows, as it was when it was copied.
    """

    id: int | None
    kind: str
    severity: int
    place: Place
    substance: str | None
    reported_at: datetime
    reported_by: str
    status: str
    synthetic: bool
    hazard_source_id: int | None = None
    plan: Mapping[str, Any] | None = None
    merged_into_id: int | None = None
    under_control_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as it was given, and what it rests on."""

    incident_id: int
    number: int
    made_at: datetime
    answer: str
    basis: Basis


def record(session: Session, call: NewIncident) -> int:
    """Record a call and return the incident's number."""
    check_kind(session, call.kind)
    _check_hazard_source(session, call.hazard_source_id)
    incident = Incident(**call.model_dump(exclude={"place"}), place=from_shape(point(call.place), WGS84_SRID))
    session.add(incident)
    session.flush()
    note(session, incident.id, "incident.reported", call.reported_by, told=Told(call.reported_at))
    return incident.id


@dataclass(frozen=True)
class Told:
    """
    How an event came to be known.

    Attributes
    ----------
    happened_at : datetime or None
        When it happened; None where it is told at once.
    source : str
        By what: desk, radio, phone, api, device.
    assignment_id, unit_id : int or None
        Whom of the incident it is about.
    """

    happened_at: datetime | None = None
    source: str = "api"
    assignment_id: int | None = None
    unit_id: int | None = None


TOLD_AT_ONCE = Told()


def note(
    session: Session,
    incident_id: int,
    kind: str,
    who: str,
    detail: dict[str, object] | None = None,
    told: Told = TOLD_AT_ONCE,
) -> None:
    """Write an event of an incident."""
    session.add(
        Event(
            incident_id=incident_id,
            kind=kind,
            who=who,
            detail=detail or {},
            happened_at=told.happened_at or func.now(),
            source=told.source,
            assignment_id=told.assignment_id,
            unit_id=told.unit_id,
            synthetic=select(Incident.synthetic).where(Incident.id == incident_id).scalar_subquery(),
        )
    )


def check_kind(session: Session, kind: str) -> None:
    """Raise ``InvalidInputError`` naming the known kinds unless this is one of them."""
    known = sorted(session.scalars(select(IncidentKind.code)))
    if kind not in known:
        raise InvalidInputError("kind", f"{kind!r} is not a kind of incident; known are {', '.join(known)}")


def _check_hazard_source(session: Session, hazard_source_id: int | None) -> None:
    if hazard_source_id is not None and session.get(HazardSource, hazard_source_id) is None:
        raise InvalidInputError("hazard_source_id", f"there is no hazard source {hazard_source_id}")


def facts(session: Session, incident_id: int) -> IncidentFacts:
    """Return an incident as recorded."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFoundError(f"there is no incident {incident_id}")
    spot = to_shape(incident.place)
    return IncidentFacts(
        id=incident.id,
        kind=incident.kind,
        severity=incident.severity,
        place=Place(spot.x, spot.y),
        substance=incident.substance,
        reported_at=incident.reported_at,
        reported_by=incident.reported_by,
        status=incident.status,
        synthetic=incident.synthetic,
        hazard_source_id=incident.hazard_source_id,
        plan=incident.plan,
        merged_into_id=incident.merged_into_id,
        under_control_at=incident.under_control_at,
        closed_at=incident.closed_at,
    )


def next_number(session: Session, incident_id: int) -> int:
    """Return the number of the incident's next answer, keeping others from taking it until the end."""
    held = select(Incident.id).where(Incident.id == incident_id).with_for_update(key_share=True)
    if session.scalar(held) is None:
        raise NotFoundError(f"there is no incident {incident_id}")
    last = session.scalar(
        select(func.max(Recommendation.number)).where(Recommendation.incident_id == incident_id)
    )
    return (last or 0) + 1


def keep_answer(session: Session, kept: KeptAnswer) -> None:
    """Keep an answer and note it among the incident's events."""
    session.add(
        Recommendation(
            incident_id=kept.incident_id,
            number=kept.number,
            made_at=kept.made_at,
            roads_hash=kept.basis.roads_hash,
            answer=kept.answer,
            decision_version=kept.basis.decision_version,
            inputs=kept.basis.inputs,
        )
    )
    note(session, kept.incident_id, "recommendation.made", "rescuegrid", {"number": kept.number})


def kept_answer(session: Session, incident_id: int, number: int | None) -> KeptAnswer:
    """Return an incident's answer byte for byte as it was given: one by its number, or the newest."""
    facts(session, incident_id)
    wanted = select(Recommendation).where(Recommendation.incident_id == incident_id)
    if number is not None:
        wanted = wanted.where(Recommendation.number == number)
    row = session.scalar(wanted.order_by(Recommendation.number.desc()).limit(1))
    if row is None:
        which = "no recommendation yet" if number is None else f"no recommendation number {number}"
        raise NotFoundError(f"incident {incident_id} has {which}")
    basis = Basis(row.roads_hash, row.decision_version, row.inputs)
    return KeptAnswer(incident_id, row.number, row.made_at, row.answer, basis)


def newest_answered(session: Session) -> int | None:
    """Return the incident entered last among those with an answer, or None where there is none."""
    return session.scalar(select(func.max(Recommendation.incident_id)))
