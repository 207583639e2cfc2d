"""Road-like graphs of any size: a bent grid of streets with gaps, crossed by faster roads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

BLOCK_M = 120.0
BEND = 0.35
"""How far a crossing may stand from its place in the grid, in blocks."""
METRES_A_DEGREE = 111_320.0
GAPS = 0.38
"""The share of street segments that are not there."""
ONE_WAY = 0.1
ARTERIAL_EVERY, MOTORWAY_EVERY = 12, 96
STREET_KMH, ARTERIAL_KMH, MOTORWAY_KMH = 30.0, 60.0, 110.0
MS_AND_KMH = 3600.0


@dataclass(frozen=True)
class RoadGraph:
    """Arcs with travel times; every node can be reached from every other when directions are forgotten."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    weight_ms: NDArray[np.int32]

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.lon)

    @property
    def arcs(self) -> int:
        """The number of arcs."""
        return len(self.tail)


def road_graph(about_nodes: int, seed: int) -> RoadGraph:
    """Return the largest connected part of a random street grid; it has nearly as many nodes as asked for."""
    random = np.random.default_rng(seed)
    side = int(np.sqrt(about_nodes * 1.03))
    at = np.arange(side * side).reshape(side, side)
    x_m, y_m = ((np.indices((side, side)) + random.uniform(-BEND, BEND, (2, side, side))) * BLOCK_M).reshape(
        2, -1
    )
    line = np.broadcast_to(np.arange(side), (side, side))
    one = np.concatenate((at[1:].ravel(), at[:, 1:].ravel()))
    other = np.concatenate((at[:-1].ravel(), at[:, :-1].ravel()))
    along = np.concatenate((line[1:].ravel(), line.T[:, 1:].ravel()))
    kmh = np.where(along % ARTERIAL_EVERY, STREET_KMH, ARTERIAL_KMH)
    kmh[along % MOTORWAY_EVERY == 0] = MOTORWAY_KMH
    built = (random.random(len(one)) >= GAPS) | (kmh > STREET_KMH)
    one, other, kmh = one[built], other[built], kmh[built]
    ms = np.rint(np.hypot(x_m[one] - x_m[other], y_m[one] - y_m[other]) / kmh * MS_AND_KMH)
    back = random.random(len(one)) >= ONE_WAY
    tail, head = np.concatenate((one, other[back])), np.concatenate((other, one[back]))
    kept = _largest_part(side * side, tail, head)
    number = np.cumsum(kept) - 1
    inside = kept[tail]
    return RoadGraph(
        x_m[kept] / METRES_A_DEGREE,
        y_m[kept] / METRES_A_DEGREE,
        number[tail[inside]].astype(np.int32),
        number[head[inside]].astype(np.int32),
        np.concatenate((ms, ms[back]))[inside].astype(np.int32),
    )


def _largest_part(nodes: int, tail: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.bool_]:
    joined = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(joined, directed=False)
    largest: NDArray[np.bool_] = part == np.bincount(part).argmax()
    return largest
