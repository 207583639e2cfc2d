"""Fastest ways from whichever of several posts is first, to every node: which of them lead over a road."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.jit import frozen, kernel
from routing.dijkstra import DijkstraEngine, Tree
from routing.ends import Ends

NEVER_MS = np.int64(2**60)
"""What a node weighs that no post reaches: more than any way."""
NO_ROAD = -1


class Forest(NamedTuple):
    """
    A tree from every post, of the nodes it is first at.

    Attributes
    ----------
    ms : int64, shape (nodes,)
        When somebody is first there; ``NEVER_MS`` where nobody is.
    before : int32, shape (nodes,)
        The node before each on its way; -1 where a way begins, or none leads.
    road : int32, shape (nodes,)
        The segment driven to each node; ``NO_ROAD`` where a post stands at it, or no way leads.
    enter, leave : int32, shape (nodes,)
        The ways to the nodes from ``enter`` up to before ``leave`` lead over this one.
    held_first : int32, shape (segments + 1,)
        Where the nodes that each segment leads to begin.
    held : int32
        Those nodes.
    """

    ms: NDArray[np.int64]
    before: NDArray[np.int32]
    road: NDArray[np.int32]
    enter: NDArray[np.int32]
    leave: NDArray[np.int32]
    held_first: NDArray[np.int32]
    held: NDArray[np.int32]


class Starts(NamedTuple):
    """
    How posts come onto the graph.

    Attributes
    ----------
    first : int32, shape (nodes + 1,)
        Where the ways onto each node begin.
    ms : int64, shape (ways,)
        When somebody is at the node by each.
    road : int32, shape (ways,)
        The segment it is reached along; ``NO_ROAD`` where the post stands at the node.
    """

    first: NDArray[np.int32]
    ms: NDArray[np.int64]
    road: NDArray[np.int32]


def starts_of(ways: Ends, road: NDArray[np.int64], nodes: int) -> Starts:
    """Return ways onto the graph by the nodes they lead to."""
    order = np.argsort(ways.node, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(ways.node, minlength=nodes))))
    return Starts(frozen(first, np.int32), frozen(ways.ms[order], np.int64), frozen(road[order], np.int32))


def forest_of(engine: DijkstraEngine, ways: Ends, road: NDArray[np.int64]) -> Forest:
    """
    Return the fastest ways from all posts together.

    Parameters
    ----------
    ways : Ends
        Of one place: every way of every post, with when somebody is at its end.
    road : int64, shape (ways,)
        The segment each is driven along; ``NO_ROAD`` where the post stands at the node.
    """
    tree, graph = engine.tree_from(ways), engine.graph
    reached = np.isfinite(tree.ms)
    begins = tree.before == graph.nodes
    led = np.where(begins, road[tree.way] if len(road) else NO_ROAD, graph.segment[tree.arc])
    led = np.where(reached, led, NO_ROAD).astype(np.int32)
    before = frozen(np.where(begins, -1, tree.before), np.int32)
    ms = frozen(np.where(reached, tree.ms, float(NEVER_MS)), np.int64)
    enter, leave = _intervals(before, frozen(_outward(tree), np.int64))
    over = np.flatnonzero(led != NO_ROAD)
    order = over[np.argsort(led[over], kind="stable")]
    first = np.concatenate(([0], np.cumsum(np.bincount(led[order], minlength=graph.segments))))
    return Forest(
        ms,
        before,
        frozen(led, np.int32),
        frozen(enter, np.int32),
        frozen(leave, np.int32),
        frozen(first, np.int32),
        frozen(order, np.int32),
    )


def _outward(tree: Tree) -> NDArray[np.int64]:
    """Return the nodes that are reached, every one after the node before it: each arc takes some time."""
    reached = np.flatnonzero(np.isfinite(tree.ms))
    return reached[np.argsort(tree.ms[reached], kind="stable")]


@kernel
def _intervals(
    before: NDArray[np.int32], outward: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give every node a number, and the interval of those that are driven to over it."""
    size = np.zeros(len(before), dtype=np.int32)
    for i in range(len(outward) - 1, -1, -1):
        x = outward[i]
        size[x] += 1
        if before[x] >= 0:
            size[before[x]] += size[x]
    enter, free = np.zeros(len(before), dtype=np.int32), np.zeros(len(before), dtype=np.int32)
    roots = np.int32(0)
    for x in outward:
        if before[x] >= 0:
            enter[x] = free[before[x]]
            free[before[x]] += size[x]
        else:
            enter[x] = roots
            roots += size[x]
        free[x] = enter[x] + 1
    return enter, (enter + size).astype(np.int32)


@kernel
def roads_to(forest: Forest, node: int) -> NDArray[np.int32]:
    """Return the segments on the way to a node, the last first."""
    found = [np.int32(0) for _ in range(0)]
    while node >= 0:
        if forest.road[node] != NO_ROAD:
            found.append(forest.road[node])
        node = forest.before[node]
    return np.array(found, dtype=np.int32)
