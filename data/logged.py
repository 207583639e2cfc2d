"""The log of real incidents: when each was reported, and when its units were ordered, left and arrived."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Assignment, Event, HazardSource, Incident, Unit
from data.record import ASSIGNMENT, Progress

FACTS = "incident.facts"
OCCURRED = "occurred_at"


@dataclass(frozen=True)
class LoggedDrive:
    """A unit that was sent: what it drives, how many it brought, and when it reached its states."""

    profile: str
    crew: int
    progress: Progress


@dataclass(frozen=True)
class LoggedIncident:
    """
    A real incident; ``occurred_at`` is None where nobody entered it.

    ``enterprise`` is whose hazard source it happened at, None where at none that is known; ``drives`` are
    those who were ordered there, in the order in which they were assigned.
    """

    id: int
    reported_at: datetime
    occurred_at: datetime | None
    lon: float
    lat: float
    enterprise: str | None
    drives: tuple[LoggedDrive, ...]

    @property
    def ordered_at(self) -> datetime | None:
        """When the first unit was ordered."""
        return min((one.progress.ordered_at for one in self.drives if one.progress.ordered_at), default=None)


def logged_incidents(session: Session) -> tuple[LoggedIncident, ...]:
    """Read every incident that was no exercise and did not turn out to be another one."""
    drives, occurred = _drives(session), _occurred(session)
    rows = session.execute(
        select(
            Incident.id,
            Incident.reported_at,
            func.ST_X(Incident.place),
            func.ST_Y(Incident.place),
            HazardSource.enterprise,
        )
        .outerjoin(HazardSource, Incident.hazard_source_id == HazardSource.id)
        .where(~Incident.synthetic, Incident.merged_into_id.is_(None))
        .order_by(Incident.id)
    )
    return tuple(
        LoggedIncident(number, reported_at, occurred.get(number), lon, lat, whose, tuple(drives[number]))
        for number, reported_at, lon, lat, whose in rows
    )


def _drives(session: Session) -> defaultdict[int, list[LoggedDrive]]:
    steps: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    told = select(Event.assignment_id, Event.kind, Event.happened_at).where(
        Event.assignment_id.is_not(None), Event.kind.startswith(ASSIGNMENT)
    )
    for assignment, kind, happened_at in session.execute(told):
        steps[assignment or 0].append((kind, happened_at))
    found: defaultdict[int, list[LoggedDrive]] = defaultdict(list)
    sent = (
        select(Assignment.id, Assignment.incident_id, Unit.vehicle_profile, Unit.crew)
        .join(Unit, Assignment.unit_id == Unit.id)
        .order_by(Assignment.id)
    )
    for assignment, incident, profile, crew in session.execute(sent):
        progress = Progress.of(steps[assignment])
        if progress.ordered_at is not None:
            found[incident].append(LoggedDrive(profile, crew, progress))
    return found


def _occurred(session: Session) -> dict[int, datetime]:
    """Return when the accident of each incident happened, as was last said."""
    said = session.execute(
        select(Event.incident_id, Event.detail[OCCURRED].astext)
        .where(Event.kind == FACTS, Event.detail.has_key(OCCURRED))
        .order_by(Event.happened_at, Event.id)
    )
    return {incident: datetime.fromisoformat(text) for incident, text in said if incident is not None}
