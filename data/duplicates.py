"""Incidents that may be one and the same: near in space and time, of one kind or a related one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from geoalchemy2 import Geography
from sqlalchemy import Double, cast, func, select
from sqlalchemy.orm import Session, aliased

from data.incident_states import STANDING
from data.models import Incident
from data.vocabulary.shipped import shipped_rows


@dataclass(frozen=True)
class Near:
    """How near two calls must be to be told apart by a person: in metres and in seconds."""

    within_m: float
    within_s: float


@dataclass(frozen=True)
class Duplicate:
    """An incident that stands and may be the same as another, how far off, and how much later it came in."""

    incident_id: int
    kind: str
    severity: int
    reported_at: datetime
    reported_by: str
    distance_m: float
    later_s: float


def possible_duplicates(session: Session, incident_id: int, near: Near) -> Sequence[Duplicate]:
    """Return the incidents that stand and may be the same as one, the nearest first."""
    this, other = aliased(Incident), aliased(Incident)
    kind = session.scalar(select(Incident.kind).where(Incident.id == incident_id))
    distance_m = func.ST_Distance(cast(this.place, Geography), cast(other.place, Geography))
    apart = timedelta(seconds=near.within_s)
    rows = session.execute(
        select(
            other.id,
            other.kind,
            other.severity,
            other.reported_at,
            other.reported_by,
            distance_m,
            cast(func.extract("epoch", other.reported_at - this.reported_at), Double),
        )
        .where(
            this.id == incident_id,
            other.id != this.id,
            other.status.in_(STANDING),
            other.kind.in_(related_kinds(kind or "")),
            other.reported_at.between(this.reported_at - apart, this.reported_at + apart),
            func.ST_DWithin(cast(this.place, Geography), cast(other.place, Geography), near.within_m),
        )
        .order_by(distance_m, other.id)
    )
    return [Duplicate(*row) for row in rows]


@cache
def related_kinds(kind: str) -> tuple[str, ...]:
    """Return a kind and those that callers take it for."""
    pairs = [(row["kind"], row["related"]) for row in shipped_rows("related_kinds.csv")]
    related = {one for pair in pairs if kind in pair for one in pair}
    return tuple(sorted({kind, *related}))
