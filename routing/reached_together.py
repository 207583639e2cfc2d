"""What several posts reach together, and how much of it lies in an area."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import to_metres
from routing.isochrones import Reached, lines_of
from routing.network import RoadNetwork
from routing.snapping import RoadIndex

CIRCLE_SEGMENTS = 64


def together(parts: Sequence[Reached]) -> Reached:
    """Return what somebody reaches: every stretch once, those that overlap or touch joined."""
    segment = np.concatenate([np.zeros(0, dtype=np.int64), *(part.segment for part in parts)])
    start = np.concatenate([np.zeros(0), *(part.start for part in parts)])
    end = np.concatenate([np.zeros(0), *(part.end for part in parts)])
    order = np.lexsort((start, segment))
    segment, start, end = segment[order], start[order], end[order]
    apart = 2.0 * segment  # a stretch lies within one unit, so no two segments can touch
    so_far = np.maximum.accumulate(end + apart) if len(end) else end
    fresh = np.ones(len(segment), dtype=np.bool_)
    fresh[1:] = start[1:] + apart[1:] > so_far[:-1]
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(segment)) - 1
    ends = so_far[last] - apart[last] if len(first) else end
    return Reached(segment[first], start[first], np.minimum(ends, 1.0))


def segment_metres(network: RoadNetwork, reached: Reached) -> NDArray[np.float64]:
    """Return the metres reached of every segment, shape (segments,)."""
    metres = (reached.end - reached.start) * network.length_m[reached.segment]
    return np.bincount(reached.segment, metres, network.segments).astype(np.float64)


def circles(
    network: RoadNetwork, lon: NDArray[np.float64], lat: NDArray[np.float64], radius_m: float
) -> BaseGeometry:
    """Return the area within a radius of any of some places, in the network's metres."""
    x, y = to_metres(network.metric_system, lon, lat)
    discs = shapely.buffer(shapely.points(x, y), radius_m, quad_segs=CIRCLE_SEGMENTS)
    return shapely.union_all(discs)


def road_inside_m(network: RoadNetwork, index: RoadIndex, area: BaseGeometry) -> float:
    """Return the metres of road in an area in the network's metres."""
    near = np.sort(index.tree.query(area))
    share = _share_inside(index.lines[near], area)
    return float(share @ network.length_m[near])


def reached_inside_m(network: RoadNetwork, reached: Reached, area: BaseGeometry) -> float:
    """Return the metres of reached road in an area in the network's metres."""
    share = _share_inside(lines_of(network, reached), area)
    return float(share @ ((reached.end - reached.start) * network.length_m[reached.segment]))


def _share_inside(lines: NDArray[np.object_], area: BaseGeometry) -> NDArray[np.float64]:
    """Return which share of each line lies in an area; only those that cross its border are cut."""
    shapely.prepare(area)
    share = np.asarray(shapely.covers(area, lines), dtype=np.float64)
    crossing = np.flatnonzero((share == 0.0) & shapely.intersects(area, lines))
    length = shapely.length(lines[crossing])
    inside = shapely.length(shapely.intersection(lines[crossing], area))
    share[crossing] = np.divide(inside, length, out=np.zeros_like(length), where=length > 0)
    return share
