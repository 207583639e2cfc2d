"""Stretches of segments, and the line, length and streets of a route made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork
from routing.snapping import cumulative_share


@dataclass(frozen=True)
class Stretch:
    """A part of a segment, driven from one share of its length to another: 0 is the tail, 1 the head."""

    segment: int
    start: float
    end: float


@dataclass(frozen=True)
class Route:
    """
    The line of a route in WGS84 degrees and its length.

    Attributes
    ----------
    lon, lat : float64, shape (points,)
        At least two points, from the origin to the target.
    length_m : float
        Geodesic length along the road.
    stretches : tuple of Stretch
        What is driven, in order.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    length_m: float
    stretches: tuple[Stretch, ...]


def route_along(network: RoadNetwork, stretches: Sequence[Stretch]) -> Route:
    """Join stretches that follow each other into one route."""
    lines = [_line(network, stretch) for stretch in stretches]
    lon = np.concatenate([lines[0][0][:1], *(line[0][1:] for line in lines)])
    lat = np.concatenate([lines[0][1][:1], *(line[1][1:] for line in lines)])
    length_m = sum(abs(s.end - s.start) * float(network.length_m[s.segment]) for s in stretches)
    moved = np.append(True, (np.diff(lon) != 0) | (np.diff(lat) != 0))
    if np.count_nonzero(moved) == 1:
        moved = np.repeat(True, 2)
        lon, lat = lon[[0, 0]], lat[[0, 0]]
    return Route(lon[moved], lat[moved], length_m, tuple(stretches))


def _line(network: RoadNetwork, stretch: Stretch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = slice(network.point_first[stretch.segment], network.point_first[stretch.segment + 1])
    lon, lat = network.point_lon[points], network.point_lat[points]
    low, high = sorted((stretch.start, stretch.end))
    if (low, high) != (0.0, 1.0):
        reached = cumulative_share(network.point_x[points], network.point_y[points])
        inside = reached[(reached > low) & (reached < high)]
        cut = np.concatenate(((low,), inside, (high,)))
        lon, lat = np.interp(cut, reached, lon), np.interp(cut, reached, lat)
    return (lon, lat) if stretch.start <= stretch.end else (lon[::-1], lat[::-1])
