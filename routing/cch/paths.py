"""Fastest ways, as the arcs of the input that are driven."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.customise import Weights
from routing.cch.elimination import Below, Tree
from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.metric import Metric
from routing.cch.pins import Pins, pin
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
    found = all_ways(weighed, origins, target, from_target)
    return [
        None if ms >= BLOCKED else Path(float(ms), leaving, _without_circles(nodes, arcs), arriving)
        for ms, leaving, arriving, nodes, arcs in found.each()
    ]


class Ways(NamedTuple):
    """
    Fastest ways, one an origin.

    Attributes
    ----------
    ms : int32, shape (origins,)
    leaving, arriving : int64, shape (origins,)
    begin : int64, shape (origins + 1,)
        Where each begins among all nodes that are passed; those without a way have none.
    nodes, arcs : int32, shape (nodes passed,)
        The nodes in driving order, and the arc by which each is reached; -1 for the first of a way.
    """

    ms: NDArray[np.int32]
    leaving: NDArray[np.int64]
    arriving: NDArray[np.int64]
    begin: NDArray[np.int64]
    nodes: NDArray[np.int32]
    arcs: NDArray[np.int32]

    def each(self) -> Iterator[tuple[int, int, int, NDArray[np.int32], NDArray[np.int32]]]:
        """Yield the time, both ends, the nodes and the arcs of each."""
        begin = self.begin.tolist()
        ends = zip(self.ms.tolist(), self.leaving.tolist(), self.arriving.tolist(), strict=True)
        for (ms, leaving, arriving), first, after in zip(ends, begin[:-1], begin[1:], strict=True):
            yield ms, leaving, arriving, self.nodes[first:after], self.arcs[first + 1 : after]


def _without_circles(nodes: NDArray[np.int32], arcs: NDArray[np.int32]) -> NDArray[np.int64]:
    """Leave out what leads back to a node, which takes no time."""
    if not passes_twice(nodes):
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
def passes_twice(nodes: NDArray[np.int32]) -> bool:
    """Return whether any node is passed more than once."""
    ordered = np.sort(nodes)
    return bool((ordered[1:] == ordered[:-1]).any())


@kernel
def least_way(way_node: NDArray[np.int32], ms: NDArray[np.int32], node: int) -> int:
    """Return the first of the quickest ways that meet the graph at a node."""
    best = -1
    for w in range(len(ms)):
        if way_node[w] == node and (best < 0 or ms[w] < ms[best]):
            best = w
    return best


@kernel
def all_ways(weighed: Weighed, origins: Pins, target: Pins, from_target: Reached) -> Ways:
    """Return a fastest way from every origin; what several have in common is unpacked once."""
    tree, places = weighed.hierarchy.tree, len(origins.first) - 1
    all_ms = np.full(places, BLOCKED, dtype=np.int32)
    leaving, arriving = np.zeros(places, dtype=np.int64), np.zeros(places, dtype=np.int64)
    begin = np.zeros(places + 1, dtype=np.int64)
    nodes, arcs = [np.int32(0) for _ in range(0)], [np.int32(0) for _ in range(0)]
    known = {np.int64(-1): (0, 0)}
    origin_nodes, target_nodes = origins.nodes[origins.at[origins.way]], target.nodes[target.at[target.way]]
    for place in range(places):
        first, after = origins.first[place], origins.first[place + 1]
        inside, start_ms = origin_nodes[first:after], origins.ms[first:after]
        way, at, above = pin(tree.parent, tree.depth, inside)
        origin = Pins(origins.first, start_ms, way, at, above)
        from_origin = climb(tree, weighed.weights.up, origin)
        ms, one, other = meet((above, from_origin[0]), (target.nodes, from_target[0]))
        if ms < BLOCKED:
            ahead = chain(above, from_origin[1], one)[::-1]
            back = chain(target.nodes, from_target[1], other)
            all_ms[place] = ms
            leaving[place] = first + least_way(inside, start_ms, ahead[0])
            arriving[place] = least_way(target_nodes, target.ms, back[-1])
            nodes.append(ahead[0])
            arcs.append(np.int32(-1))
            unpack(weighed, np.concatenate((ahead, back[1:])), (nodes, arcs), known)
        begin[place + 1] = len(nodes)
    return Ways(all_ms, leaving, arriving, begin, np.array(nodes), np.array(arcs))


@kernel
def unpack(
    weighed: Weighed,
    stops: NDArray[np.int32],
    driven: tuple[list[np.int32], list[np.int32]],
    known: dict[np.int64, tuple[int, int]],
) -> None:
    """
    Drive along arcs of the chordal graph, adding the nodes that are reached and the arcs of the input.

    ``known`` keeps where each of those arcs has been unpacked among all that is driven.
    """
    tree, below, own = weighed.hierarchy
    ahead, weight_ms = weighed.weights, weighed.weight_ms
    back = Weights(ahead.down, ahead.up)
    nodes, arcs = driven
    to_do = [(stops[i], stops[i + 1], np.int64(-1), 0) for i in range(len(stops) - 1)][::-1]
    while to_do:
        source, target, done, since = to_do.pop()
        if done >= 0:
            known[done] = (since, len(nodes))
            continue
        x, y = min(source, target), max(source, target)
        upward = source == x
        k = arc_to(tree.depth[y], tree.above, tree.first[x], tree.first[x + 1])
        key = np.int64(2 * k + upward)
        if key in known:
            begin, end = known[key]
            for i in range(begin, end):
                nodes.append(nodes[i])
                arcs.append(arcs[i])
            continue
        ms = ahead.up[k] if upward else ahead.down[k]
        arc = own_arc(own, weight_ms, x, (k, upward, ms))
        if arc >= 0:
            arcs.append(np.int32(arc))
            nodes.append(target)
        else:
            between = np.int32(node_between(tree, below, ahead if upward else back, x, (tree.depth[y], ms)))
            to_do.append((source, target, key, len(nodes)))
            to_do.append((between, target, np.int64(-1), 0))
            to_do.append((source, between, np.int64(-1), 0))
