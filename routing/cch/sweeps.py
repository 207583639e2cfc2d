"""
Searches by two sweeps: up from where they start to all ancestors, then down to where they go.

All ancestors of a node differ in depth, so that a sweep keeps one value a depth: those of the node in hand
and its ancestors. Going backwards is the same with the two directions of the weights exchanged.
"""

import numpy as np
from numpy.typing import NDArray

from routing.cch.elimination import Tree
from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.pins import Pins


@kernel
def climb(tree: Tree, weight: NDArray[np.int32], start: Pins) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """
    Search upwards from a place.

    Returns
    -------
    ms : int32, shape (start.nodes,)
    before : int32, shape (start.nodes,)
        The position of the node before; -1 where a way begins.
    """
    least = np.full(tree.height, BLOCKED, dtype=np.int32)
    came_from = np.full(tree.height, -1, dtype=np.int32)
    ms, before = np.empty(len(start.nodes), dtype=np.int32), np.empty(len(start.nodes), dtype=np.int32)
    seeds = np.full(len(start.at), BLOCKED, dtype=np.int32)
    for w in range(len(start.ms)):
        seeds[start.way[w]] = min(seeds[start.way[w]], start.ms[w])
    seed = 0
    for i in range(len(start.nodes)):
        x = start.nodes[i]
        depth = tree.depth[x]
        ms[i], before[i] = least[depth], came_from[depth]
        if seed < len(seeds) and start.at[seed] == i:
            if seeds[seed] <= ms[i]:
                ms[i], before[i] = seeds[seed], -1
            seed += 1
        least[depth] = BLOCKED
        came_from[depth] = -1
        for k in range(np.uint64(tree.first[x]), np.uint64(tree.first[x + 1])):
            by_x = np.int32(ms[i] + weight[k])
            if by_x < least[tree.above[k]]:
                least[tree.above[k]] = by_x
                came_from[tree.above[k]] = i
    return ms, before


@inlined
def least_from_above(
    weight: NDArray[np.int32], above: NDArray[np.uint16], least: NDArray[np.int32], so_far: np.int32
) -> np.int32:
    """Return the least over a node's ancestors."""
    for k in range(len(weight)):
        so_far = min(so_far, np.int32(weight[k] + least[above[k]]))
    return so_far


@kernel
def fall(
    tree: Tree, weight: NDArray[np.int32], reached: tuple[NDArray[np.int32], NDArray[np.int32]], pins: Pins
) -> NDArray[np.float64]:
    """Search downwards from nodes that have been reached, ascending, and their times; return each place's."""
    least = np.empty(tree.height, dtype=np.int32)
    found = np.empty(len(pins.at), dtype=np.int32)
    nodes, ms = reached
    r, wanted = len(nodes) - 1, len(pins.at) - 1
    for i in range(len(pins.nodes) - 1, -1, -1):
        x = pins.nodes[i]
        while r >= 0 and nodes[r] > x:
            r -= 1
        at_x = ms[r] if r >= 0 and nodes[r] == x else BLOCKED
        begin, end = tree.first[x], tree.first[x + 1]
        at_x = least_from_above(weight[begin:end], tree.above[begin:end], least, at_x)
        least[tree.depth[x]] = at_x
        if wanted >= 0 and pins.at[wanted] == i:
            found[wanted] = at_x
            wanted -= 1
    return by_place(pins, found)


@kernel
def by_place(pins: Pins, found: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return each place's time by the best of its ways."""
    time_ms = np.empty(len(pins.first) - 1, dtype=np.float64)
    for place in range(len(time_ms)):
        best = BLOCKED
        for w in range(pins.first[place], pins.first[place + 1]):
            best = min(best, np.int32(found[pins.way[w]] + pins.ms[w]))
        time_ms[place] = best if best < BLOCKED else np.inf
    return time_ms


@kernel
def fall_everywhere(
    tree: Tree,
    weight: NDArray[np.int32],
    reached: tuple[NDArray[np.int32], NDArray[np.int32]],
    number: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Search downwards from nodes that have been reached; return all times by the nodes' outer numbers."""
    least = np.empty(tree.height, dtype=np.int32)
    found = np.empty(len(number), dtype=np.int32)
    nodes, ms = reached
    r = len(nodes) - 1
    for x in range(len(number) - 1, -1, -1):
        at_x = BLOCKED
        if r >= 0 and nodes[r] == x:
            at_x = ms[r]
            r -= 1
        begin, end = tree.first[x], tree.first[x + 1]
        at_x = least_from_above(weight[begin:end], tree.above[begin:end], least, at_x)
        least[tree.depth[x]] = at_x
        found[x] = at_x
    time_ms = np.empty(len(number), dtype=np.float64)
    for node in range(len(number)):
        at_node = found[number[node]]
        time_ms[node] = at_node if at_node < BLOCKED else np.inf
    return time_ms
