"""What every part of an answer is made of."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Said(BaseModel):
    """A part of the answer; once given it does not change."""

    model_config = ConfigDict(frozen=True)


class LonLat(Said):
    """A point in WGS84 degrees."""

    lon: float
    lat: float


class LineString(Said):
    """A GeoJSON LineString, positions as lon, lat."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[tuple[float, float]]


class Words(Said):
    """One thing said in English and in Chinese."""

    en: str
    zh: str
