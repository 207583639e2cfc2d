"""Positions of units over HTTP, one at a time and many at once, and the trails they leave."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.fix_rows import CSV, JSON, NDJSON, rows_of
from api.http.dependencies import CentreDep
from api.http.registry import GeoJsonResponse
from api.positions import LARGEST_ID, MOST_FIXES, Taken, take_position, take_positions
from api.trails import IncidentTrailsOut, UnitTrailOut, trail_of_unit, trails_of_incident
from data.positions import Fix
from data.registry.rows import Moment
from data.trails import Span
from geo.places import Place

MOST_POINTS = 10_000
router = APIRouter(tags=["units"])

FIX = {"unit_id": 1, "lon": 114.295, "lat": 30.595, "at": "2026-01-01T08:00:00+08:00"}
FIX_LINE = '{"unit_id": 1, "lon": 114.295, "lat": 30.595, "at": "2026-01-01T08:00:00+08:00"}\n'
FIX_CSV = "unit_id,lon,lat,at\n1,114.295,30.595,2026-01-01T08:00:00+08:00\n"
LINES = {"schema": {"type": "string"}}
MANY_FIXES = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "array",
                    "maxItems": MOST_FIXES,
                    "items": {
                        "type": "object",
                        "required": list(FIX),
                        "properties": {
                            "unit_id": {"type": "integer", "minimum": 1},
                            "lon": {"type": "number"},
                            "lat": {"type": "number"},
                            "at": {"type": "string", "format": "date-time"},
                        },
                    },
                },
                "example": [FIX],
            },
            NDJSON: LINES | {"example": FIX_LINE},
            CSV: LINES | {"example": FIX_CSV},
        },
    }
}


class PositionIn(BaseModel):
    """Where a unit was, and when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"lon": 114.295, "lat": 30.595, "at": "2026-01-01T08:00:00+08:00"}]},
    )

    lon: float = Field(description="WGS84 longitude")
    lat: float = Field(description="WGS84 latitude")
    at: Moment = Field(description="when it was there, with time zone; not in the future")


class PositionOut(BaseModel):
    """Whether the position is now the unit's newest."""

    newest: bool = Field(description="false where a later one is known: the newest by its own time stays")


async def _body(request: Request) -> bytes:
    return await request.body()


UnitId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
IncidentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Limit = Annotated[
    int, Query(ge=1, le=MOST_POINTS, description="how many fixes of a unit at most, the newest")
]


@router.post("/units/{unit_id}/positions")
def post_position(unit_id: UnitId, position: PositionIn, centre: CentreDep) -> PositionOut:
    """Take a position. One from the future is refused; a late one joins the trail and replaces no newer."""
    fix = Fix(unit_id, Place(position.lon, position.lat), position.at)
    return PositionOut(newest=take_position(fix, centre))


@router.post("/positions", openapi_extra=MANY_FIXES)
def post_positions(
    body: Annotated[bytes, Depends(_body)],
    centre: CentreDep,
    content_type: Annotated[str, Header(include_in_schema=False)] = JSON,
) -> Taken:
    """
    Take up to 10,000 positions of any units, in any order, as JSON, JSON lines or CSV.

    The good ones are taken; the others are named by row (counted from 1), field and reason. Of two of one
    unit and time the first stays, so that what was sent twice does no harm.
    """
    return take_positions(rows_of(body, content_type), centre)


@router.get("/units/{unit_id}/trail", response_class=GeoJsonResponse)
def read_unit_trail(
    unit_id: UnitId,
    centre: CentreDep,
    since: Annotated[Moment | None, Query(description="from this time on, with time zone")] = None,
    until: Annotated[Moment | None, Query(description="before this time, with time zone")] = None,
    limit: Limit = 1000,
) -> UnitTrailOut:
    """Return where a unit went, as a GeoJSON LineString with the time of each position."""
    return trail_of_unit(unit_id, Span(since, until, limit), centre)


@router.get("/incidents/{incident_id}/trails", response_class=GeoJsonResponse)
def read_incident_trails(
    incident_id: IncidentId, centre: CentreDep, limit: Limit = 1000
) -> IncidentTrailsOut:
    """Return where the units of an incident went while they were assigned to it."""
    return trails_of_incident(incident_id, limit, centre)
