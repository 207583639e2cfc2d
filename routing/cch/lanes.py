"""Wide sweeps: many searches side by side, so that every arc is read once for all of them."""

import numpy as np
from numpy.typing import NDArray

from routing.cch.elimination import Tree
from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.pins import Pins

LANES = 64
"""How many searches go side by side; a number the compiler knows, as it lays them in registers."""
TOGETHER = 4
"""How many arcs are read at a time."""


@kernel
def climb_abreast(tree: Tree, weight: NDArray[np.int32], start: Pins) -> NDArray[np.int32]:
    """Search upwards from places, each in its lane; return times, shape (start.nodes, LANES)."""
    least = np.full((tree.height, LANES), BLOCKED, dtype=np.int32)
    ms = np.full((len(start.nodes), LANES), BLOCKED, dtype=np.int32)
    for lane in range(len(start.first) - 1):
        for w in range(start.first[lane], start.first[lane + 1]):
            at = start.at[start.way[w]]
            ms[at, lane] = min(ms[at, lane], start.ms[w])
    for i in range(len(start.nodes)):
        x = start.nodes[i]
        here, own = ms[i], least[tree.depth[x]]
        for lane in range(LANES):
            here[lane] = min(here[lane], own[lane])
            own[lane] = BLOCKED
        for k in range(tree.first[x], tree.first[x + 1]):
            lower_abreast(least[tree.above[k]], weight[k], here)
    return ms


@inlined
def lower_abreast(there: NDArray[np.int32], weight: np.int32, here: NDArray[np.int32]) -> None:
    """Lower the times at the one end of an arc to those at the other and its weight."""
    for lane in range(LANES):
        there[lane] = min(there[lane], np.int32(here[lane] + weight))


@kernel
def fall_abreast(
    tree: Tree,
    weight: NDArray[np.int32],
    reached: tuple[NDArray[np.int32], NDArray[np.int32]],
    pins: Pins,
    out: NDArray[np.float64],
) -> None:
    """Search downwards from nodes that have been reached; write a row a lane, a column a place."""
    least = np.empty((tree.height, LANES), dtype=np.int32)
    found = np.empty((len(pins.at), LANES), dtype=np.int32)
    here = np.empty(LANES, dtype=np.int32)
    nodes, ms = reached
    r, wanted = len(nodes) - 1, len(pins.at) - 1
    for i in range(len(pins.nodes) - 1, -1, -1):
        x = pins.nodes[i]
        while r >= 0 and nodes[r] > x:
            r -= 1
        here[:] = BLOCKED
        if r >= 0 and nodes[r] == x:
            here[:] = ms[r]
        begin, end = tree.first[x], tree.first[x + 1]
        least_from_above_abreast(weight[begin:end], tree.above[begin:end], least, here)
        least[tree.depth[x]] = here
        if wanted >= 0 and pins.at[wanted] == i:
            found[wanted] = here
            wanted -= 1
    by_place_abreast(pins, found, out)


@inlined
def least_from_above_abreast(
    weight: NDArray[np.int32], above: NDArray[np.uint16], least: NDArray[np.int32], here: NDArray[np.int32]
) -> None:
    """Lower a node's times to the least over its ancestors."""
    k = 0
    while k + TOGETHER <= len(weight):
        a, b, c, d = weight[k], weight[k + 1], weight[k + 2], weight[k + 3]
        at_a, at_b, at_c, at_d = (
            least[above[k]],
            least[above[k + 1]],
            least[above[k + 2]],
            least[above[k + 3]],
        )
        for lane in range(LANES):
            by_ab = min(np.int32(a + at_a[lane]), np.int32(b + at_b[lane]))
            by_cd = min(np.int32(c + at_c[lane]), np.int32(d + at_d[lane]))
            by_any = min(by_ab, by_cd)
            here[lane] = min(here[lane], by_any)
        k += TOGETHER
    while k < len(weight):
        lower_abreast(here, weight[k], least[above[k]])
        k += 1


@kernel
def by_place_abreast(pins: Pins, found: NDArray[np.int32], out: NDArray[np.float64]) -> None:
    """Write each place's times by the best of its ways."""
    for place in range(len(pins.first) - 1):
        for lane in range(len(out)):
            best = BLOCKED
            for w in range(pins.first[place], pins.first[place + 1]):
                best = min(best, np.int32(found[pins.way[w], lane] + pins.ms[w]))
            out[lane, place] = best if best < BLOCKED else np.inf
