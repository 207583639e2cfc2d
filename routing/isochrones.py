"""How far one gets in a time: the stretches of road reached, and the area around them."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import to_degrees
from routing.graph import BLOCKED_MS
from routing.network import MS_PER_S, RoadNetwork
from routing.router import Router
from routing.segment_lines import cumulative_share
from routing.snapping import Snapped

BESIDE_ROAD_M = 50.0
"""How far beside a reached road the area goes."""
CLOSES_GAPS_M = 200.0
"""Blocks between reached roads narrower than twice this plus the strips beside them count as reached."""


@dataclass(frozen=True)
class Reached:
    """
    Stretches of road that are reached within a time.

    Attributes
    ----------
    segment : int64, shape (stretches,)
    start, end : float64, shape (stretches,)
        From which share of the segment's length to which, start below end; 0 is the tail, 1 the head.
    """

    segment: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    def kilometres(self, network: RoadNetwork) -> float:
        """Return the length of road reached."""
        return float((self.end - self.start) @ network.length_m[self.segment]) / 1000


def reached_from(router: Router, origin: Snapped, within_s: float) -> Reached:
    """Return the roads reached from one place within a time."""
    leaving, graph = router.leaving(origin), router.graph
    at_start_ms = router.engine.all_from(leaving)[graph.source]
    return _reached(router, origin, at_start_ms, within_s * MS_PER_S, outward=True)


def reaching(router: Router, target: Snapped, within_s: float) -> Reached:
    """Return the roads from which one place is reached within a time."""
    arriving, graph = router.arriving(target), router.graph
    at_end_ms = router.engine.all_to(arriving)[graph.target]
    return _reached(router, target, at_end_ms, within_s * MS_PER_S, outward=False)


def area_around(network: RoadNetwork, reached: Reached) -> shapely.Geometry:
    """
    Return the area around reached roads, WGS84: a strip beside each, and the small blocks between them.

    It is drawn from the roads alone, so it has a hole wherever a large block, a lake or a hill has none.
    """
    strips = shapely.buffer(lines_of(network, reached), BESIDE_ROAD_M + CLOSES_GAPS_M, quad_segs=2)
    area = shapely.buffer(shapely.union_all(strips), -CLOSES_GAPS_M, quad_segs=2)
    return shapely.transform(
        area, lambda xy: np.column_stack(to_degrees(network.metric_system, xy[:, 0], xy[:, 1]))
    )


def lines_of(network: RoadNetwork, reached: Reached) -> NDArray[np.object_]:
    """Return each stretch as a line in metres."""
    whole = (reached.start == 0.0) & (reached.end == 1.0)
    lines = np.empty(len(reached.segment), dtype=np.object_)
    lines[whole] = _whole_lines(network, reached.segment[whole])
    for i in np.flatnonzero(~whole):
        lines[i] = _part_line(
            network, int(reached.segment[i]), float(reached.start[i]), float(reached.end[i])
        )
    return lines


def _reached(
    router: Router, place: Snapped, arc_ms: NDArray[np.float64], within_ms: float, *, outward: bool
) -> Reached:
    """Return what is reached of each segment: from its tail up, from its head down, and around the place."""
    graph, segments = router.graph, router.network.segments
    weight_ms = graph.weights_ms(router.metric)
    arcs = np.flatnonzero((weight_ms < BLOCKED_MS) & (arc_ms <= within_ms))
    share = np.minimum((within_ms - arc_ms[arcs]) / np.maximum(weight_ms[arcs], 1), 1.0)
    from_tail = graph.forward[arcs] == outward
    up_to, down_to = np.zeros(segments), np.ones(segments)
    np.maximum.at(up_to, graph.segment[arcs[from_tail]], share[from_tail])
    np.minimum.at(down_to, graph.segment[arcs[~from_tail]], 1.0 - share[~from_tail])
    around = _around(router, place, within_ms, outward=outward)
    own = around.segment
    up_to[own] = np.where(around.start <= up_to[own], np.maximum(up_to[own], around.end), up_to[own])
    down_to[own] = np.where(around.end >= down_to[own], np.minimum(down_to[own], around.start), down_to[own])
    apart = (around.start > up_to[own]) & (around.end < down_to[own])
    met = up_to >= down_to
    whole, low, high = (
        np.flatnonzero(met),
        np.flatnonzero(~met & (up_to > 0)),
        np.flatnonzero(~met & (down_to < 1)),
    )
    return Reached(
        np.concatenate((whole, low, high, own[apart])),
        np.concatenate((np.zeros(len(whole) + len(low)), down_to[high], around.start[apart])),
        np.concatenate((np.ones(len(whole)), up_to[low], np.ones(len(high)), around.end[apart])),
    )


def _around(router: Router, place: Snapped, within_ms: float, *, outward: bool) -> Reached:
    """Return what is reached of the place's own segment without leaving it; nothing where it is a node."""
    metric, segment, along = router.metric, place.segment, place.along
    if place.at_node[0]:
        nothing = np.zeros(0)
        return Reached(segment[:0], nothing, nothing)
    ahead = np.where(metric.forward[segment], within_ms / np.maximum(metric.forward_ms[segment], 1), 0.0)
    back = np.where(metric.backward[segment], within_ms / np.maximum(metric.backward_ms[segment], 1), 0.0)
    toward_head, toward_tail = (ahead, back) if outward else (back, ahead)
    return Reached(segment, np.maximum(along - toward_tail, 0.0), np.minimum(along + toward_head, 1.0))


def _whole_lines(network: RoadNetwork, segment: NDArray[np.int64]) -> NDArray[np.object_]:
    first, after = network.point_first[segment], network.point_first[segment + 1]
    counts = after - first
    points = np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts)
    owner = np.repeat(np.arange(len(segment)), counts)
    return np.asarray(
        shapely.linestrings(network.point_x[points], network.point_y[points], indices=owner), dtype=np.object_
    )


def _part_line(network: RoadNetwork, segment: int, start: float, end: float) -> shapely.LineString:
    points = slice(network.point_first[segment], network.point_first[segment + 1])
    x, y = network.point_x[points], network.point_y[points]
    reached = cumulative_share(x, y)
    cut = np.concatenate(((start,), reached[(reached > start) & (reached < end)], (end,)))
    return shapely.LineString(np.column_stack((np.interp(cut, reached, x), np.interp(cut, reached, y))))
