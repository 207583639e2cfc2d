"""
Where units were, fix by fix, and where each was last seen. Nothing here commits.

A fix is known by its unit and its own time: of two the first stays. The newest by its own time is the unit's
position, in whatever order they arrive; a late one only joins the trail, whatever became of the unit since.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.orm import Session

from data.incidents import NotFoundError
from data.models import Event, Unit, UnitPosition
from data.trails import spans
from geo.places import Place

KEEP = text("""
    WITH given AS (
        SELECT * FROM unnest(
            CAST(:unit_id AS bigint[]), CAST(:at AS timestamptz[]),
            CAST(:lon AS double precision[]), CAST(:lat AS double precision[])
        ) WITH ORDINALITY AS fix (unit_id, at, lon, lat, number)
    ), kept AS (
        INSERT INTO unit_position (unit_id, at, place)
        SELECT DISTINCT ON (unit_id, at) unit_id, at, ST_SetSRID(ST_MakePoint(lon, lat), 4326)
        FROM given ORDER BY unit_id, at, number
        ON CONFLICT DO NOTHING
        RETURNING unit_id, at, place
    ), newest AS (
        SELECT DISTINCT ON (unit_id) unit_id, at, place FROM kept ORDER BY unit_id, at DESC
    ), moved AS (
        UPDATE unit SET position = newest.place, position_at = newest.at
        FROM newest WHERE unit.id = newest.unit_id AND (position_at IS NULL OR position_at < newest.at)
        RETURNING unit.id
    )
    SELECT (SELECT count(*) FROM kept), (SELECT coalesce(array_agg(id), '{}') FROM moved)
""")


@dataclass(frozen=True)
class Fix:
    """Where a unit was, and when by its own clock."""

    unit_id: int
    place: Place
    at: datetime


@dataclass(frozen=True)
class Kept:
    """
    What became of fixes.

    Attributes
    ----------
    known : frozenset of int
        The units that there are: fixes of others are not kept.
    fixes : int
        How many were not known before.
    moved : frozenset of int
        The units that now stand at one of them, because nothing newer is known.
    """

    known: frozenset[int]
    fixes: int
    moved: frozenset[int]


def keep_fixes(session: Session, fixes: Sequence[Fix]) -> Kept:
    """Keep the fixes of units that there are; the units are locked by id, so that writers never deadlock."""
    ids = {fix.unit_id for fix in fixes}
    held = select(Unit.id).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update(key_share=True)
    known = frozenset(session.scalars(held))
    good = [fix for fix in fixes if fix.unit_id in known]
    if not good:
        return Kept(known, 0, frozenset())
    columns = {
        "unit_id": [fix.unit_id for fix in good],
        "at": [fix.at for fix in good],
        "lon": [fix.place.lon for fix in good],
        "lat": [fix.place.lat for fix in good],
    }
    kept, moved = session.execute(KEEP, columns).one()
    return Kept(known, kept, frozenset(moved))


def place_unit(session: Session, fix: Fix) -> bool:
    """Keep one fix; whether it is now the newest there is."""
    kept = keep_fixes(session, [fix])
    if not kept.known:
        raise NotFoundError(f"there is no unit {fix.unit_id}")
    return fix.unit_id in kept.moved


def last_seen(session: Session, unit_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return when units were last seen, by their ids; those never seen are left out."""
    rows = session.execute(select(Unit.id, Unit.position_at).where(Unit.id.in_(unit_ids)))
    return {unit_id: at for unit_id, at in rows if at is not None}


def prune(session: Session, before: datetime) -> int:
    """
    Remove the fixes before a time and return how many; an event tells of it.

    Those of a unit while it was assigned to an incident belong to that incident's record and stay.
    """
    assigned = spans().cte("assigned").prefix_with("MATERIALIZED", dialect="postgresql")
    of_an_incident = exists().where(
        assigned.c.unit_id == UnitPosition.unit_id,
        UnitPosition.at.between(assigned.c.begun, assigned.c.ended),
    )
    old = delete(UnitPosition).where(UnitPosition.at < before, ~of_an_incident)
    gone = old.returning(UnitPosition.unit_id).cte("gone")
    removed = session.scalars(select(func.count()).select_from(gone)).one()
    detail = {"before": before.isoformat(), "removed": removed}
    session.add(Event(kind="positions.pruned", who="rescuegrid", detail=detail))
    return removed
