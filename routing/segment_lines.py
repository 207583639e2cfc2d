"""The lines of some segments side by side, and the places some share along them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork

AT_ONCE = 1024
"""So many lines side by side are quick, and little memory even where one is long."""


@dataclass(frozen=True)
class SegmentLines:
    """
    The lines of some segments; those of fewer points than the longest repeat their last one.

    Attributes
    ----------
    lon, lat : float64, shape (segments, points)
        WGS84 degrees.
    reached : float64, shape (segments, points)
        How much of the line's length lies before each point, from 0 to 1.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    reached: NDArray[np.float64]

    @classmethod
    def of(cls, network: RoadNetwork, segment: NDArray[np.int64]) -> "SegmentLines":
        """Return the lines of segments; one may be named twice."""
        first = network.point_first[segment]
        last = network.point_first[segment + 1] - 1
        most = int((last - first).max(initial=0)) + 1
        points = np.minimum(first[:, None] + np.arange(most), last[:, None])
        reached = cumulative_share(network.point_x[points], network.point_y[points])
        return cls(network.point_lon[points], network.point_lat[points], reached)

    def at(self, share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the place that lies a share, from 0 to 1, along each line, in degrees."""
        line = np.arange(len(share))
        before = np.count_nonzero(self.reached <= share[:, None], axis=1) - 1
        after = np.minimum(before + 1, self.reached.shape[1] - 1)
        reached = self.reached[line, before]
        ahead, step = share - reached, self.reached[line, after] - reached
        between = (ahead > 0) & (step > 0)
        places = []
        for axis in (self.lon, self.lat):
            here = axis[line, before]
            slope = np.divide(axis[line, after] - here, step, out=np.zeros(len(share)), where=between)
            places.append(slope * np.where(between, ahead, 0.0) + here)
        return places[0], places[1]


def places_along(
    network: RoadNetwork, segment: NDArray[np.int64], share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the place that lies a share along each segment, in degrees; any number of segments."""
    lon, lat = np.empty(len(segment)), np.empty(len(segment))
    for begin in range(0, len(segment), AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        lon[some], lat[some] = SegmentLines.of(network, segment[some]).at(share[some])
    return lon, lat


def cumulative_share(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of a line's length lies before each point on the last axis, from 0 to 1."""
    reached = np.zeros(x.shape)
    np.cumsum(np.hypot(np.diff(x), np.diff(y)), axis=-1, out=reached[..., 1:])
    whole = reached[..., -1:]
    return np.divide(reached, whole, out=reached, where=whole > 0)


def ranges(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each of some on, as many as its count, one range after the other."""
    begin = np.cumsum(counts) - counts
    numbers: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(first - begin, counts)
    return numbers
