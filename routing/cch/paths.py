"""Fastest ways, as the arcs of the input that are driven."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.customise import Weights
from routing.cch.elimination import Below, Tree
from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.metric import Metric
from routing.cch.pins import Pins
from routing.cch.sweeps import climb
from routing.cch.topology import Hierarchy, Own, arc_to


@dataclass(frozen=True)
class Path:
    """
    A fastest way. It passes no node twice.

    Attributes
    ----------
    ms : float
        Its time, from place to place.
    leaving, arriving : int
        Which of all the origins' ways onto the graph it takes, and which of the target's off it.
    arcs : int64, shape (arcs,)
        In driving order; none where both ways meet at one node.
    """

    ms: float
    leaving: int
    arcs: NDArray[np.int64]
    arriving: int


class Weighed(NamedTuple):
    """What the kernels read to unpack a shortcut."""

    hierarchy: Hierarchy
    weights: Weights
    weight_ms: NDArray[np.int32]


def paths_to(metric: Metric, origins: Pins, target: Pins) -> list[Path | None]:
    """Return a fastest way from each origin to the one place ``target`` holds, None where there is none."""
    tree = metric.topology.hierarchy.tree
    weighed = Weighed(metric.topology.hierarchy, metric.weights, metric.weight_ms)
    from_target = climb(tree, metric.weights.down, target)
    found: list[Path | None] = []
    for place in range(origins.places):
        origin = origins.some(metric.topology, np.array([place]))
        from_origin = climb(tree, metric.weights.up, origin)
        ms, one, other = meet((origin.nodes, from_origin[0]), (target.nodes, from_target[0]))
        if ms >= BLOCKED:
            found.append(None)
            continue
        ahead = chain(origin.nodes, from_origin[1], one)[::-1]
        back = chain(target.nodes, from_target[1], other)
        nodes, arcs = unpacked(weighed, np.concatenate((ahead, back[1:])))
        leaving = _least_way(origin, ahead[0]) + int(origins.first[place])
        found.append(Path(float(ms), leaving, _without_circles(nodes, arcs), _least_way(target, back[-1])))
    return found


def _least_way(pins: Pins, node: np.int32) -> int:
    ways = np.flatnonzero(pins.way_node == node)
    return int(ways[np.argmin(pins.ms[ways])])


def _without_circles(nodes: NDArray[np.int32], arcs: NDArray[np.int32]) -> NDArray[np.int64]:
    """Leave out what leads back to a node, which takes no time."""
    if len(np.unique(nodes)) == len(nodes):
        return arcs.astype(np.int64)
    last = {int(node): i for i, node in enumerate(nodes)}
    kept = []
    i = last[int(nodes[0])]
    while i < len(arcs):
        kept.append(int(arcs[i]))
        i = last[int(nodes[i + 1])]
    return np.array(kept, dtype=np.int64)


Reached = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Nodes, ascending, with their times."""


@kernel
def meet(one: Reached, other: Reached) -> tuple[np.int32, int, int]:
    """Return the least time of two searches together, and the positions of the node where they meet."""
    best, at_one, at_other = BLOCKED, 0, 0
    i, j = 0, 0
    while i < len(one[0]) and j < len(other[0]):
        x, y = one[0][i], other[0][j]
        if x == y and one[1][i] + other[1][j] < best:
            best, at_one, at_other = np.int32(one[1][i] + other[1][j]), i, j
        i += x <= y
        j += y <= x
    return best, at_one, at_other


@kernel
def chain(nodes: NDArray[np.int32], before: NDArray[np.int32], at: int) -> NDArray[np.int32]:
    """Return the node at a position and all before it, down to where a way begins."""
    found = np.empty(len(nodes), dtype=np.int32)
    count = 0
    while at >= 0:
        found[count] = nodes[at]
        count += 1
        at = before[at]
    return found[:count]


@inlined
def own_arc(own: Own, weight_ms: NDArray[np.int32], x: int, chord: tuple[int, bool, int]) -> int:
    """Return the arc of the input that an arc of the chordal graph, one way, stands for, or -1."""
    k, upward, ms = chord
    for e in range(np.uint64(own.first[x]), np.uint64(own.first[x + 1])):
        if own.chord[e] == k and own.upward[e] == upward and weight_ms[own.arc[e]] == ms:
            return int(own.arc[e])
    return -1


@kernel
def node_between(tree: Tree, below: Below, sweep: Weights, x: int, further: tuple[int, int]) -> int:
    """Return the node below by which an arc from ``x`` up to a depth takes its time, given both."""
    depth, ms = further
    first, above, node, arc, down, up = tree.first, tree.above, below.node, below.arc, sweep.down, sweep.up
    for e in range(np.uint64(below.first[x]), np.uint64(below.first[x + 1])):
        p = arc[e]
        if down[p] <= ms:
            k = arc_to(depth, above, first[node[e]], p)
            if k >= 0 and down[p] + up[k] == ms:
                return int(node[e])
    return -1


@kernel
def unpacked(weighed: Weighed, stops: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return all nodes passed and all arcs of the input driven along arcs of the chordal graph."""
    tree, below, own = weighed.hierarchy
    ahead, weight_ms = weighed.weights, weighed.weight_ms
    back = Weights(ahead.down, ahead.up)
    nodes, arcs = [stops[0]], [np.int32(0) for _ in range(0)]
    to_do = [(stops[i], stops[i + 1]) for i in range(len(stops) - 1)][::-1]
    while to_do:
        source, target = to_do.pop()
        x, y = min(source, target), max(source, target)
        upward = source == x
        k = arc_to(tree.depth[y], tree.above, tree.first[x], tree.first[x + 1])
        ms = ahead.up[k] if upward else ahead.down[k]
        arc = own_arc(own, weight_ms, x, (k, upward, ms))
        if arc >= 0:
            arcs.append(np.int32(arc))
            nodes.append(target)
        else:
            between = np.int32(node_between(tree, below, ahead if upward else back, x, (tree.depth[y], ms)))
            to_do.append((between, target))
            to_do.append((source, between))
    return np.array(nodes), np.array(arcs)
