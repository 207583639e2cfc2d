"""Trails of units and of incidents as GeoJSON (RFC 7946), each fix with its time."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.dispatching import Centre
from data.database import transaction
from data.trails import AssignedTrail, Span, Trail, incident_trails, unit_trail
from geo.errors import InvalidInputError

DECIMALS = 6
LINE_FROM = 2


class TrailProperties(BaseModel):
    """What a trail says beside its line."""

    unit_id: int
    times: list[datetime] = Field(description="one a position of the geometry, oldest first")
    more: bool = Field(
        description="true where there are older fixes: ask again with `until` as the first time"
    )


class AssignedProperties(TrailProperties):
    """A trail while a unit was assigned to an incident."""

    assignment_id: int
    unit: str
    team: str
    call_sign: str
    state: str = Field(description="of the assignment, now")
    since: datetime = Field(description="when the unit was bound")
    until: datetime | None = Field(description="when it was released; null while it is not")


class UnitTrailOut(BaseModel):
    """Where a unit went."""

    type: Literal["Feature"] = "Feature"
    id: int = Field(description="of the unit")
    geometry: dict[str, Any] | None = Field(
        description="a LineString; a Point where there is one fix, null where there is none"
    )
    properties: TrailProperties


class AssignedTrailOut(BaseModel):
    """Where a unit went while it was assigned to an incident."""

    type: Literal["Feature"] = "Feature"
    id: int = Field(description="of the assignment")
    geometry: dict[str, Any] | None
    properties: AssignedProperties


class IncidentTrailsOut(BaseModel):
    """Where the units of an incident went."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[AssignedTrailOut]


def trail_of_unit(unit_id: int, wanted: Span, centre: Centre) -> UnitTrailOut:
    """Return where a unit was in a span of time, the newest fixes where there are more than the limit."""
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise InvalidInputError("since", f"{wanted.since} is not before {wanted.until}: exchange them")
    with transaction(centre.sessions) as session:
        trail = unit_trail(session, unit_id, wanted)
    properties = TrailProperties(unit_id=unit_id, times=_times(trail), more=trail.more)
    return UnitTrailOut(id=unit_id, geometry=_geometry(trail), properties=properties)


def trails_of_incident(incident_id: int, limit: int, centre: Centre) -> IncidentTrailsOut:
    """Return where each unit went while assigned to an incident, the newest ``limit`` fixes of each."""
    with transaction(centre.sessions) as session:
        found = incident_trails(session, incident_id, limit)
    return IncidentTrailsOut(features=[_feature(one) for one in found])


def _feature(found: AssignedTrail) -> AssignedTrailOut:
    assignment, trail = found.assignment, found.trail
    properties = AssignedProperties(
        unit_id=assignment.unit_id,
        times=_times(trail),
        more=trail.more,
        assignment_id=assignment.id,
        unit=assignment.unit,
        team=assignment.team,
        call_sign=assignment.call_sign,
        state=assignment.state,
        since=found.begun,
        until=assignment.closed_at,
    )
    return AssignedTrailOut(id=assignment.id, geometry=_geometry(trail), properties=properties)


def _times(trail: Trail) -> list[datetime]:
    return [point.at for point in trail.points]


def _geometry(trail: Trail) -> dict[str, Any] | None:
    spots = [[round(point.lon, DECIMALS), round(point.lat, DECIMALS)] for point in trail.points]
    if not spots:
        return None
    if len(spots) < LINE_FROM:
        return {"type": "Point", "coordinates": spots[0]}
    return {"type": "LineString", "coordinates": spots}
