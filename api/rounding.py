"""How exactly an answer says numbers: degrees to a decimetre, metres to ten centimetres, seconds to a ms."""

import math

import numpy as np
from numpy.typing import NDArray

from api.answer_base import LonLat

DEGREE_DECIMALS = 6
METRE_DECIMALS = 1
SECOND_DECIMALS = 3
AMOUNT_DECIMALS = 6


def lon_lat(lon: float, lat: float) -> LonLat:
    """Return a point."""
    return LonLat(lon=round(float(lon), DEGREE_DECIMALS), lat=round(float(lat), DEGREE_DECIMALS))


def positions(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the points of a line."""
    return list(zip(lon.round(DEGREE_DECIMALS).tolist(), lat.round(DEGREE_DECIMALS).tolist(), strict=True))


def metres(value: float) -> float:
    """Return a length."""
    return round(float(value), METRE_DECIMALS)


def seconds(value: float) -> float:
    """Return a time that there is."""
    return round(float(value), SECOND_DECIMALS)


def seconds_if_ever(value: float) -> float | None:
    """Return a time, or None where it never comes."""
    return seconds(value) if math.isfinite(value) else None


def amount(value: float) -> float:
    """Return how much of something."""
    return round(float(value), AMOUNT_DECIMALS)
