"""Generated graphs as whole road networks: with geometry, as an import would have built them."""

import numpy as np
from numpy.typing import NDArray

from geo.crs import metric_system, to_metres
from geo.places import geodesic_m
from routing.network import Access, Barrier, RoadNetwork
from tests.bench.graphs import RoadGraph

POINTS_OF_A_SEGMENT = 3
BOW_DEG = 5e-5
"""How far the middle of a segment may stand beside the straight line, in degrees: some 5 m."""


def network_of(graph: RoadGraph) -> RoadNetwork:
    """Return the road network whose directed edges are the arcs of a graph; its streets have no names."""
    pair = np.minimum(graph.tail, graph.head) * np.int64(graph.nodes) + np.maximum(graph.tail, graph.head)
    _, arc, directions = np.unique(pair, return_index=True, return_counts=True)
    tail, head, ms = graph.tail[arc], graph.head[arc], graph.weight_ms[arc]
    segments = len(arc)
    lon, lat = _bowed(graph.lon, tail, head, 1), _bowed(graph.lat, tail, head, 2)
    system = metric_system(lon, lat)
    x, y = to_metres(system, lon, lat)
    none_posted = np.full(segments, np.nan, dtype=np.float32)
    return RoadNetwork(
        node_lon=graph.lon,
        node_lat=graph.lat,
        tail=tail,
        head=head,
        forward=np.ones(segments, dtype=np.bool_),
        backward=directions > 1,
        forward_ms=ms,
        backward_ms=ms,
        length_m=geodesic_m(graph.lon[tail], graph.lat[tail], graph.lon[head], graph.lat[head]),
        road_class=np.zeros(segments, dtype=np.int16),
        street=np.zeros(segments, dtype=np.int32),
        access=np.full(segments, Access.EVERYBODY, dtype=np.int8),
        barrier=np.full(segments, Barrier.NONE, dtype=np.int8),
        max_height_m=none_posted,
        max_weight_t=none_posted,
        max_width_m=none_posted,
        rise_m=none_posted,
        turn_first=np.zeros(1, dtype=np.int64),
        turn_segment=np.zeros(0, dtype=np.int32),
        turn_forward=np.zeros(0, dtype=np.bool_),
        point_first=np.arange(segments + 1) * POINTS_OF_A_SEGMENT,
        point_lon=lon,
        point_lat=lat,
        point_x=x,
        point_y=y,
        class_names=np.array([""]),
        street_names=np.array([""]),
        metric_system=system,
    )


def _bowed(
    degrees: NDArray[np.float64],
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    seed: int,
) -> NDArray[np.float64]:
    """Return one coordinate of the points of all segments: tail, middle, head."""
    bow = np.random.default_rng(seed).uniform(-BOW_DEG, BOW_DEG, len(tail))
    middle = (degrees[tail] + degrees[head]) / 2 + bow
    return np.stack((degrees[tail], middle, degrees[head]), axis=1).ravel()
