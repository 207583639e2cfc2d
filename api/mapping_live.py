"""What happens now at an incident, for its map: from the database, at the moment it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import geopandas as gpd
from shapely import LineString
from sqlalchemy.orm import Session

from data.assignment_facts import AssignmentFacts
from data.assignments import of_incident
from data.positions import last_seen
from data.trails import AssignedTrail, incident_trails
from geo.maps.live import LiveUnit, UnitTrail
from geo.places import Place

MOST_POINTS = 500
"""So many fixes of one trail are drawn, the newest."""
LINE_FROM = 2


@dataclass(frozen=True)
class Live:
    """How far units have come, and where they went; empty before anybody is assigned."""

    units: tuple[LiveUnit, ...] = ()
    trails: tuple[UnitTrail, ...] = ()


def live_of(session: Session, incident_id: int | None, units: gpd.GeoDataFrame, zone: ZoneInfo) -> Live:
    """Return what happens now at an incident; ``units`` is the registry's frame, each where it is now."""
    if incident_id is None:
        return Live()
    assigned = {one.unit_id: one for one in of_incident(session, incident_id)}
    if not assigned:
        return Live()
    seen = last_seen(session, assigned)
    standing = units[units["id"].isin(assigned)]
    live = tuple(
        _live_unit(assigned[unit_id], Place(spot.x, spot.y), seen.get(unit_id), zone, synthetic=bool(made_up))
        for unit_id, spot, made_up in zip(
            standing["id"].tolist(), standing.geometry, standing["synthetic"], strict=True
        )
    )
    return Live(live, _trails(incident_trails(session, incident_id, MOST_POINTS), zone))


def _live_unit(
    one: AssignmentFacts, place: Place, seen_at: datetime | None, zone: ZoneInfo, *, synthetic: bool
) -> LiveUnit:
    return LiveUnit(
        id=one.unit_id,
        name=one.unit,
        team=one.team,
        call_sign=one.call_sign,
        state=one.state,
        since=one.state_at.astimezone(zone),
        place=place,
        seen_at=None if seen_at is None else seen_at.astimezone(zone),
        synthetic=synthetic,
    )


def _trails(found: Sequence[AssignedTrail], zone: ZoneInfo) -> tuple[UnitTrail, ...]:
    return tuple(
        UnitTrail(
            name=one.assignment.unit,
            line=LineString([(point.lon, point.lat) for point in one.trail.points]),
            times=tuple(point.at.astimezone(zone) for point in one.trail.points),
        )
        for one in found
        if len(one.trail.points) >= LINE_FROM
    )
