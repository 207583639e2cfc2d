"""Positions of units over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import CentreDep
from api.positions import take_position
from data.registry.rows import Moment
from geo.places import Place

LARGEST_ID = 2**63 - 1
router = APIRouter(prefix="/units", tags=["units"])


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


@router.post("/{unit_id}/positions")
def post_position(
    unit_id: Annotated[int, Path(ge=1, le=LARGEST_ID)], position: PositionIn, centre: CentreDep
) -> PositionOut:
    """Take a position. One from the future is refused; a late one never replaces a newer."""
    place = Place(position.lon, position.lat)
    return PositionOut(newest=take_position(unit_id, place, position.at, centre))
