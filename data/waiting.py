"""Open incidents, since when they wait, and the newest answer each was given. Nothing here commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from data.models import Assignment, Incident, IncidentStatus, Recommendation


@dataclass(frozen=True)
class OpenIncident:
    """
    An open incident.

    ``changed_at`` is when a unit of it was last let go, else when the call was entered; ``number`` is its
    newest answer, None where it has none.
    """

    id: int
    changed_at: datetime
    number: int | None


def open_incidents(session: Session) -> Sequence[OpenIncident]:
    """Return the open incidents, the gravest first, then in the order they came in."""
    let_go = (
        select(func.max(Assignment.closed_at)).where(Assignment.incident_id == Incident.id).scalar_subquery()
    )
    newest = (
        select(func.max(Recommendation.number))
        .where(Recommendation.incident_id == Incident.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Incident.id, func.coalesce(let_go, Incident.entered_at), newest)
        .where(Incident.status == IncidentStatus.OPEN)
        .order_by(Incident.severity, Incident.id)
    )
    return [OpenIncident(*row) for row in rows]


def went_elsewhere(session: Session, incident_id: int, unit_ids: Collection[int], since: datetime) -> bool:
    """Whether any of some units was sent to another incident since a moment, for however short a time."""
    sent = exists().where(
        Assignment.unit_id.in_(unit_ids), Assignment.incident_id != incident_id, Assignment.opened_at > since
    )
    return bool(session.scalar(select(sent)))
