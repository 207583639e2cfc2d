"""Every arc of the chordal graph gets its weight: the least over the input and over detours below it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.topology import Hierarchy, Own

UP, DOWN = 0, 1
"""The columns of a table of values by depth: to the ancestor at that depth, and from it."""


class Weights(NamedTuple):
    """
    What the arcs of the chordal graph weigh.

    Attributes
    ----------
    up, down : int32, shape (arcs,)
        From the lower end to the upper, and back.
    """

    up: NDArray[np.int32]
    down: NDArray[np.int32]


@kernel
def customise(hierarchy: Hierarchy, weight_ms: NDArray[np.int32]) -> Weights:
    """Weigh all arcs of the chordal graph, from the lowest node to the highest."""
    arcs = len(hierarchy.tree.above)
    weights = Weights(np.empty(arcs, dtype=np.int32), np.empty(arcs, dtype=np.int32))
    least = np.empty((hierarchy.tree.height, 2), dtype=np.int32)
    weigh(hierarchy, weight_ms, weights, (0, len(hierarchy.tree.parent)), least)
    return weights


@kernel
def weigh(
    hierarchy: Hierarchy,
    weight_ms: NDArray[np.int32],
    weights: Weights,
    nodes: tuple[int, int],
    least: NDArray[np.int32],
) -> None:
    """
    Weigh the arcs up from every node of a range; those from all nodes below them are weighed already.

    ``least`` is room for two values at every depth.
    """
    tree, below, own = hierarchy
    first, above, up, down = tree.first, tree.above, weights.up, weights.down
    for x in range(nodes[0], nodes[1]):
        for k in range(np.uint64(first[x]), np.uint64(first[x + 1])):
            least[above[k]] = BLOCKED
        least_of_input(own, above, weight_ms, x, least)
        for e in range(np.uint64(below.first[x]), np.uint64(below.first[x + 1])):
            last = np.uint64(below.arc[e])
            to_below, from_below = down[last], up[last]
            for k in range(np.uint64(first[below.node[e]]), last):
                depth = above[k]
                least[depth, UP] = min(least[depth, UP], np.int32(to_below + up[k]))
                least[depth, DOWN] = min(least[depth, DOWN], np.int32(from_below + down[k]))
        for k in range(np.uint64(first[x]), np.uint64(first[x + 1])):
            up[k], down[k] = least[above[k], UP], least[above[k], DOWN]


@inlined
def least_of_input(
    own: Own, above: NDArray[np.uint16], weight_ms: NDArray[np.int32], x: int, least: NDArray[np.int32]
) -> None:
    """Lower the values of a node's arcs to the weights of the arcs of the input."""
    for e in range(np.uint64(own.first[x]), np.uint64(own.first[x + 1])):
        depth, way = above[np.uint64(own.chord[e])], DOWN - own.upward[e]
        least[depth, way] = min(least[depth, way], weight_ms[np.uint64(own.arc[e])])
