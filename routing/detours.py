"""
When somebody is first at a place with some roads closed, found from the ways while they were open.

While everything is open, the fastest ways from the posts to all nodes are a forest. A closure lengthens only
the ways that lead over it. So one searches backwards from the place, guided by the times of the forest, which
a closure can only make longer: the first node met whose own way does not lead over what is closed ends the
search, and its time is exact.
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.jit import kernel
from routing.forest import NEVER_MS, NO_ROAD, Forest, Starts


class Back(NamedTuple):
    """
    The open arcs by the nodes they lead to; parallel ones are all there.

    Attributes
    ----------
    first : int32, shape (nodes + 1,)
    source, ms, segment : int32, shape (open arcs,)
    """

    first: NDArray[np.int32]
    source: NDArray[np.int32]
    ms: NDArray[np.int32]
    segment: NDArray[np.int32]


class Doors(NamedTuple):
    """
    How one arrives at spots.

    Attributes
    ----------
    first : int64, shape (spots + 1,)
    node, ms : int32, shape (ways,)
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    ms: NDArray[np.int32]


class Asked(NamedTuple):
    """
    Which spots are asked about under which closures.

    Attributes
    ----------
    closed_first : int64, shape (closures + 1,)
        Where the segments of each closure begin.
    closed : int32
        Those segments.
    closure, spot : int64, shape (questions,)
        One closure after another.
    """

    closed_first: NDArray[np.int64]
    closed: NDArray[np.int32]
    closure: NDArray[np.int64]
    spot: NDArray[np.int64]


class Search(NamedTuple):
    """
    What a search notes; kept from one to the next so that nothing is cleared.

    Attributes
    ----------
    ms : int64, shape (nodes,)
        From each node to the spot.
    seen : int32, shape (nodes,)
        The last search that met it.
    shut : bool, shape (segments,)
        What is closed.
    """

    ms: NDArray[np.int64]
    seen: NDArray[np.int32]
    shut: NDArray[np.bool_]


@kernel
def soonest_ms(
    back: Back, trees: tuple[Forest, Starts], doors: Doors, asked: Asked, known_ms: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Return when somebody is first at the spot of every question.

    Parameters
    ----------
    known_ms : int64, shape (questions,)
        When somebody else is there at any rate: a search that cannot be sooner ends.
    """
    forest, starts = trees
    nodes = len(forest.ms)
    search = Search(
        np.zeros(nodes, dtype=np.int64),
        np.full(nodes, -1, dtype=np.int32),
        np.zeros(len(forest.held_first) - 1, dtype=np.bool_),
    )
    found = known_ms.copy()
    for q in range(len(asked.spot)):
        begin, end = asked.closed_first[asked.closure[q]], asked.closed_first[asked.closure[q] + 1]
        for i in range(begin, end):
            search.shut[asked.closed[i]] = True
        spot = asked.spot[q]
        ways = slice(doors.first[spot], doors.first[spot + 1])
        door = (doors.node[ways], doors.ms[ways])
        found[q] = _one(back, (forest, starts), door, asked.closed[begin:end], search, (q, found[q]))
        for i in range(begin, end):
            search.shut[asked.closed[i]] = False
    return found


@kernel
def _one(
    back: Back,
    trees: tuple[Forest, Starts],
    door: tuple[NDArray[np.int32], NDArray[np.int32]],
    closed: NDArray[np.int32],
    search: Search,
    bound: tuple[int, np.int64],
) -> np.int64:
    """Return when somebody is first at one spot; ``bound`` is the search's number and what is known."""
    forest, starts = trees
    number, best = bound
    waiting = [(np.int64(0), np.int32(0)) for _ in range(0)]
    for w in range(len(door[0])):
        _note(forest, search, (waiting, number, best), door[0][w], np.int64(door[1][w]))
    while waiting:
        due, x = heappop(waiting)
        if due >= best or not _leads_over(forest, closed, x):
            return min(best, due)
        if due > search.ms[x] + forest.ms[x]:
            continue
        best = _started_at(starts, search, x, best)
        for k in range(back.first[x], back.first[x + 1]):
            if not search.shut[back.segment[k]]:
                ms = search.ms[x] + back.ms[k]
                _note(forest, search, (waiting, number, best), back.source[k], ms)
    return best


@kernel
def _started_at(starts: Starts, search: Search, x: np.int32, best: np.int64) -> np.int64:
    """Return when the spot is reached by whoever comes onto the graph at a node, if that is sooner."""
    for i in range(starts.first[x], starts.first[x + 1]):
        if starts.road[i] == NO_ROAD or not search.shut[starts.road[i]]:
            best = min(best, search.ms[x] + starts.ms[i])
    return best


@kernel
def _note(
    forest: Forest,
    search: Search,
    state: tuple[list[tuple[np.int64, np.int32]], int, np.int64],
    x: np.int32,
    ms: np.int64,
) -> None:
    """Note that a node is so far from the spot, if that is nearer than is known and can be of use."""
    waiting, number, best = state
    if forest.ms[x] >= NEVER_MS or ms + forest.ms[x] >= best:
        return
    if search.seen[x] != number or ms < search.ms[x]:
        search.seen[x] = number
        search.ms[x] = ms
        heappush(waiting, (ms + forest.ms[x], x))


@kernel
def _leads_over(forest: Forest, closed: NDArray[np.int32], x: np.int32) -> bool:
    """Return whether the way to a node leads over a closed segment."""
    at = forest.enter[x]
    for segment in closed:
        for i in range(forest.held_first[segment], forest.held_first[segment + 1]):
            over = forest.held[i]
            if forest.enter[over] <= at < forest.leave[over]:
                return True
    return False
