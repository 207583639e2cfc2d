"""Stretches of segments, and the line and length of a route made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork
from routing.segment_lines import SegmentLines, ranges


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
    return routes_along(network, stretches, np.array([0, len(stretches)]))[0]


def routes_along(network: RoadNetwork, stretches: Stretches, begin: NDArray[np.int64]) -> list[Route]:
    """
    Join the stretches of several routes, as ``route_along`` joins those of one.

    Parameters
    ----------
    begin : int64, shape (routes + 1,)
        Where the stretches of each route begin, two or more each.
    """
    if len(begin) == 1:
        return []
    length_m = np.abs(stretches.end - stretches.start) * network.length_m[stretches.segment]
    lines = _joined(network, stretches, begin)
    ends = zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True)
    points = zip(lines.begin[:-1].tolist(), lines.begin[1:].tolist(), strict=True)
    return [
        Route(lines.lon[p:q], lines.lat[p:q], metres, _some(stretches, slice(first, after)))
        for (first, after), (p, q), metres in zip(
            ends, points, np.add.reduceat(length_m, begin[:-1]).tolist(), strict=True
        )
    ]


def _some(stretches: Stretches, chosen: slice | NDArray[np.int64]) -> Stretches:
    return Stretches(stretches.segment[chosen], stretches.start[chosen], stretches.end[chosen])


@dataclass(frozen=True)
class _Lines:
    """Points of lines in a row, and where those of each line begin."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    begin: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        return np.diff(self.begin)

    def of(self, kept: NDArray[np.bool_]) -> "_Lines":
        """Return the lines with some of their points, shape (points,), left out."""
        before = np.concatenate(([0], np.cumsum(kept)))
        return _Lines(self.lon[kept], self.lat[kept], before[self.begin])


def _joined(network: RoadNetwork, stretches: Stretches, begin: NDArray[np.int64]) -> _Lines:
    """Return the line of each route, without points at which it stands still."""
    first, last = begin[:-1], begin[1:] - 1
    between = np.ones(len(stretches), dtype=np.bool_)
    between[first] = between[last] = False
    whole = _whole_lines(network, stretches.segment[between], stretches.end[between] == 1.0)
    route_begin = np.concatenate(([0], np.cumsum(between)))[begin]
    on_whole = _Lines(whole.lon, whole.lat, whole.begin[route_begin])
    pieces = (
        _lines_of_parts(network, _some(stretches, first)),
        on_whole,
        _lines_of_parts(network, _some(stretches, last)),
    )
    joined = _end_to_end(pieces)
    moved = np.ones(len(joined.lon), dtype=np.bool_)
    moved[1:] = (np.diff(joined.lon) != 0) | (np.diff(joined.lat) != 0)
    moved[joined.begin[:-1]] = True
    moved[joined.begin[1:] - 1] |= np.add.reduceat(moved, joined.begin[:-1], dtype=np.int64) == 1
    return joined.of(moved)


def _end_to_end(pieces: tuple[_Lines, ...]) -> _Lines:
    """Return lines that are made of a line of each of the pieces."""
    begin = np.concatenate(([0], np.cumsum(sum(piece.counts for piece in pieces))))
    lon, lat = np.empty(begin[-1]), np.empty(begin[-1])
    at = begin[:-1]
    for piece in pieces:
        place = ranges(at, piece.counts)
        lon[place], lat[place] = piece.lon, piece.lat
        at = at + piece.counts
    return _Lines(lon, lat, begin)


def _whole_lines(network: RoadNetwork, segment: NDArray[np.int64], forward: NDArray[np.bool_]) -> _Lines:
    """Return whole segments as they are driven."""
    first, after = network.point_first[segment], network.point_first[segment + 1]
    counts = after - first
    step = ranges(np.zeros(len(segment), dtype=np.int64), counts)
    points = (
        np.repeat(np.where(forward, first, after - 1), counts)
        + np.repeat(np.where(forward, 1, -1), counts) * step
    )
    begin = np.concatenate(([0], np.cumsum(counts)))
    return _Lines(network.point_lon[points], network.point_lat[points], begin)


def _lines_of_parts(network: RoadNetwork, parts: Stretches) -> _Lines:
    """Return stretches, each driven from its start to its end."""
    lines = SegmentLines.of(network, parts.segment)
    low, high = np.minimum(parts.start, parts.end), np.maximum(parts.start, parts.end)
    inside = (lines.reached > low[:, None]) & (lines.reached < high[:, None])
    kept = np.pad(inside, ((0, 0), (1, 1)), constant_values=True)
    (low_lon, low_lat), (high_lon, high_lat) = lines.at(low), lines.at(high)
    lon = np.column_stack((low_lon, lines.lon, high_lon))
    lat = np.column_stack((low_lat, lines.lat, high_lat))
    back = parts.start > parts.end
    for table in (lon, lat, kept):
        table[back] = table[back, ::-1]
    begin = np.concatenate(([0], np.cumsum(np.count_nonzero(kept, axis=1))))
    return _Lines(lon[kept], lat[kept], begin)
