"""Stretches of segments, and the line and length of a route made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork
from routing.snapping import cumulative_share


@dataclass(frozen=True)
class Stretches:
    """
    Parts of segments, driven one after another.

    Attributes
    ----------
    segment : int64, shape (stretches,)
        The segment driven.
    start, end : float64, shape (stretches,)
        From which share of its length to which: 0 is the tail, 1 the head.
    """

    segment: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True)
class Route:
    """
    The line of a route in WGS84 degrees and its length.

    Attributes
    ----------
    lon, lat : float64, shape (points,)
        At least two points, from where the origin meets the road to where the target does.
    length_m : float
        Geodesic length along the road.
    stretches : Stretches
        What is driven; the first leaves the origin and the last arrives, and either may have no length.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    length_m: float
    stretches: Stretches


def route_along(network: RoadNetwork, stretches: Stretches) -> Route:
    """Join two or more stretches that follow each other; all between first and last are whole segments."""
    between = _points_of_whole(network, stretches.segment[1:-1], stretches.end[1:-1] == 1.0)
    first_lon, first_lat = _line_of_part(network, stretches, 0)
    last_lon, last_lat = _line_of_part(network, stretches, len(stretches) - 1)
    lon = np.concatenate((first_lon, network.point_lon[between], last_lon))
    lat = np.concatenate((first_lat, network.point_lat[between], last_lat))
    moved = np.append(True, (np.diff(lon) != 0) | (np.diff(lat) != 0))
    moved[-1] |= np.count_nonzero(moved) == 1
    length_m = np.abs(stretches.end - stretches.start) @ network.length_m[stretches.segment]
    return Route(lon[moved], lat[moved], float(length_m), stretches)


def _points_of_whole(
    network: RoadNetwork, segment: NDArray[np.int64], forward: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the points of whole segments in the order they are driven."""
    first, after = network.point_first[segment], network.point_first[segment + 1]
    counts = after - first
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    begin, way = np.where(forward, first, after - 1), np.where(forward, 1, -1)
    points: NDArray[np.int64] = np.repeat(begin, counts) + np.repeat(way, counts) * step
    return points


def _line_of_part(
    network: RoadNetwork, stretches: Stretches, i: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    segment, start, end = stretches.segment[i], stretches.start[i], stretches.end[i]
    points = slice(network.point_first[segment], network.point_first[segment + 1])
    reached = cumulative_share(network.point_x[points], network.point_y[points])
    low, high = min(start, end), max(start, end)
    inside = reached[(reached > low) & (reached < high)]
    cut = np.concatenate(((low,), inside, (high,)))[:: 1 if start <= end else -1]
    lon, lat = network.point_lon[points], network.point_lat[points]
    return np.interp(cut, reached, lon), np.interp(cut, reached, lat)
