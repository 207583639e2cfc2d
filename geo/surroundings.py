"""What lies around or within shapes in metres: people, the nearest of some things, lines that cross."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import to_metres
from geo.places import WGS84

M2_PER_KM2 = 1e6
FULL_TURN_DEG = 360.0
CIRCLE_SEGMENTS = 64
ALONG_OUTLINE_M = 50.0
"""A line that follows an outline no farther off does not cross the area."""


def in_metres(shape: BaseGeometry, metric_system: str) -> BaseGeometry:
    """Return a shape in WGS84 degrees in a metric system."""
    moved: BaseGeometry = shapely.transform(
        shape, lambda xy: np.column_stack(to_metres(metric_system, xy[:, 0], xy[:, 1]))
    )
    return moved


def area_km2(area: BaseGeometry) -> float:
    """Return the geodesic area of a shape in WGS84 degrees."""
    return abs(float(WGS84.geometry_area_perimeter(area)[0])) / M2_PER_KM2


class PeopleAround:
    """Finds how many people live in and around shapes in metres. Build it once for a layer."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64], people: NDArray[np.float64]) -> None:
        self._tree = shapely.STRtree(shapely.points(x, y))
        self._people = people

    def within(self, shape: BaseGeometry, m: float) -> float:
        """Return how many people live inside a shape or within some metres of it."""
        return float(self._people[self._tree.query(shape, predicate="dwithin", distance=m)].sum())

    def per_km2(self, shape: BaseGeometry, m: float) -> float:
        """Return how densely people live inside a shape and within some metres of it."""
        around = shapely.buffer(shape, m, quad_segs=CIRCLE_SEGMENTS)
        return self.within(shape, m) / (float(around.area) / M2_PER_KM2)


def degrees_off_upwind(
    from_place: tuple[float, float], to_place: tuple[float, float], wind_from_deg: float
) -> float:
    """
    Return how far one place lies off the upwind direction of another: 0 upwind, 90 crosswind, 180 downwind.

    Parameters
    ----------
    from_place, to_place : (lon, lat)
        The other place, and the place that is judged, WGS84 degrees.
    wind_from_deg : float
        Where the wind comes from, clockwise from north.
    """
    bearing_deg, _, _ = WGS84.inv(*from_place, *to_place)
    apart = (float(bearing_deg) - wind_from_deg) % FULL_TURN_DEG
    return min(apart, FULL_TURN_DEG - apart)


def crossing_m(area: BaseGeometry, lines: NDArray[np.object_]) -> float:
    """
    Return how many metres of lines run through an area; all in metres.

    What follows its outline within 50 m borders it and does not count.
    """
    inside = shapely.buffer(area, -ALONG_OUTLINE_M)
    if inside.is_empty or not len(lines):
        return 0.0
    near = shapely.STRtree(lines).query(inside, predicate="intersects")
    return math.fsum(shapely.length(shapely.intersection(lines[near], inside)))
