"""The elimination tree of a graph under an order, and the chordal graph that the order leads to."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.jit import kernel


class Tree(NamedTuple):
    """
    The elimination tree, and the chordal graph hung on it: all neighbours above a node are its ancestors.

    Nodes are numbered in postorder: children before parents, every subtree in one stretch. A node's ancestors
    differ in depth, so that a depth is all that is kept of the far end of an arc.

    Attributes
    ----------
    parent : int32, shape (nodes,)
        The node above; the number of nodes, which is none of them, above a root.
    depth : int32, shape (nodes,)
        0 at a root.
    first : int64, shape (nodes + 1,)
        Where the arcs from each node up to its ancestors begin.
    above : uint16, shape (arcs,)
        The depth of each arc's upper end; ascending at each node, so that the parent is last.
    height : int
        How many nodes the longest way up to a root has.
    """

    parent: NDArray[np.int32]
    depth: NDArray[np.int32]
    first: NDArray[np.int64]
    above: NDArray[np.uint16]
    height: int


class Below(NamedTuple):
    """
    The arcs of the chordal graph by their upper ends.

    Attributes
    ----------
    first : int64, shape (nodes + 1,)
        Where the arcs from below begin at each node.
    node : int32, shape (arcs,)
        The lower end, ascending at each node.
    arc : int32, shape (arcs,)
        The arc's position in the tree.
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    arc: NDArray[np.int32]


@kernel
def elimination_parents(first: NDArray[np.int32], neighbour: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the elimination tree of a graph whose nodes are numbered by rank (Liu's algorithm)."""
    nodes = len(first) - 1
    parent = np.full(nodes, nodes, dtype=np.int32)
    shortcut = np.full(nodes, nodes, dtype=np.int32)
    for x in range(nodes):
        for k in range(first[x], first[x + 1]):
            v = neighbour[k]
            if v > x:
                continue
            while shortcut[v] < x:
                onward = shortcut[v]
                shortcut[v] = x
                v = onward
            if shortcut[v] == nodes and v != x:
                shortcut[v] = x
                parent[v] = x
    return parent


@kernel
def postorder(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return a number for every node so that children precede parents and each subtree is one stretch."""
    nodes = len(parent)
    size = np.ones(nodes + 1, dtype=np.int32)
    for x in range(nodes):
        size[parent[x]] += size[x]
    begin = np.zeros(nodes + 1, dtype=np.int32)
    number = np.empty(nodes, dtype=np.int32)
    for x in range(nodes - 1, -1, -1):
        begin[x] = begin[parent[x]]
        begin[parent[x]] += size[x]
        number[x] = begin[x] + size[x] - 1
    return number


@kernel
def depths(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return how far each node is below its root."""
    nodes = len(parent)
    depth = np.full(nodes + 1, -1, dtype=np.int32)
    for x in range(nodes - 1, -1, -1):
        depth[x] = depth[parent[x]] + 1
    return depth[:nodes]


@kernel
def join(one: NDArray[np.uint16], other: NDArray[np.uint16], out: NDArray[np.uint16]) -> int:
    """Merge two ascending runs without repetition; return how many there are."""
    i, j, count = 0, 0, 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        out[count] = min(a, b)
        count += 1
        i += a <= b
        j += b <= a
    for k in range(i, len(one)):
        out[count] = one[k]
        count += 1
    for k in range(j, len(other)):
        out[count] = other[k]
        count += 1
    return count


@kernel
def own_depths(x: int, near: NDArray[np.int32], depth: NDArray[np.int32], out: NDArray[np.uint16]) -> int:
    """List the depths of the neighbours above a node, ascending without repetition; return how many."""
    count = 0
    for v in near:
        if v <= x:
            continue
        d = np.uint16(depth[v])
        at = count
        while at > 0 and out[at - 1] > d:
            at -= 1
        if at > 0 and out[at - 1] == d:
            continue
        for k in range(count, at, -1):
            out[k] = out[k - 1]
        out[at] = d
        count += 1
    return count


@kernel
def fill(
    parent: NDArray[np.int32],
    depth: NDArray[np.int32],
    near_first: NDArray[np.int32],
    neighbour: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """
    Return ``first`` and ``above`` of the tree.

    The neighbours above a node are its own and those of its children: it is passed over, they are joined.
    """
    nodes = len(parent)
    height = depth.max() + 1
    done, spare = np.empty(height, dtype=np.uint16), np.empty(height, dtype=np.uint16)
    first = np.zeros(nodes + 1, dtype=np.int64)
    above = np.empty(4 * (nodes + len(neighbour)) + height, dtype=np.uint16)
    last_child = np.full(nodes + 1, -1, dtype=np.int32)
    sibling = np.empty(nodes, dtype=np.int32)
    for x in range(nodes):
        count = own_depths(x, neighbour[near_first[x] : near_first[x + 1]], depth, done)
        child = last_child[x]
        while child >= 0:
            count = join(done[:count], above[first[child] : first[child + 1] - 1], spare)
            done, spare = spare, done
            child = sibling[child]
        end = first[x] + count
        if end > len(above):
            above = np.concatenate((above, np.empty(len(above) // 2 + height, dtype=np.uint16)))
        above[first[x] : end] = done[:count]
        first[x + 1] = end
        sibling[x] = last_child[parent[x]]
        last_child[parent[x]] = x
    return first, above[: first[nodes]].copy()


@kernel
def enter(x: int, tree: Tree, ancestor: NDArray[np.int32]) -> None:
    """Note by depth the node and its ancestors; nodes must be entered in ascending order."""
    v = np.int32(x)
    while v < len(tree.parent) and ancestor[tree.depth[v]] != v:
        ancestor[tree.depth[v]] = v
        v = tree.parent[v]


@kernel
def turned_over(tree: Tree) -> Below:
    """Return the arcs of the chordal graph by their upper ends."""
    nodes = len(tree.parent)
    ancestor = np.full(tree.height, -1, dtype=np.int32)
    first = np.zeros(nodes + 2, dtype=np.int64)
    for x in range(nodes):
        enter(x, tree, ancestor)
        for k in range(tree.first[x], tree.first[x + 1]):
            first[ancestor[tree.above[k]] + 2] += 1
    first = np.cumsum(first)
    node = np.empty(len(tree.above), dtype=np.int32)
    arc = np.empty(len(tree.above), dtype=np.int32)
    ancestor[:] = -1
    for x in range(nodes):
        enter(x, tree, ancestor)
        for k in range(tree.first[x], tree.first[x + 1]):
            y = ancestor[tree.above[k]] + 1
            node[first[y]] = x
            arc[first[y]] = k
            first[y] += 1
    return Below(first[: nodes + 1], node, arc)
