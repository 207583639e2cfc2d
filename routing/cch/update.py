"""After a few arcs have changed, only those of the chordal graph that may have changed are weighed again."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.customise import DOWN, UP, Weights, least_of_input
from routing.cch.elimination import Tree, enter
from routing.cch.jit import BLOCKED, inlined, kernel
from routing.cch.topology import Hierarchy


class Revision(NamedTuple):
    """
    Weights before and after a change.

    Attributes
    ----------
    before, after : Weights
        Of the chordal graph; ``after`` begins as a copy.
    ms_before, ms_after : int32, shape (input arcs,)
    nodes : int32, shape (nodes to visit,)
        The lower ends of the arcs of the input that have changed, and their ancestors; ascending.
    """

    before: Weights
    after: Weights
    ms_before: NDArray[np.int32]
    ms_after: NDArray[np.int32]
    nodes: NDArray[np.int32]


class Marks(NamedTuple):
    """
    What is known of a change while it rises.

    Attributes
    ----------
    concerned : bool, shape (nodes,)
        Whether an arc up from the node may have changed.
    changed : bool, shape (arcs,)
    listed : int32, shape (arcs,)
        The changed arcs of one node after another.
    listed_from, listed_to : int32, shape (nodes,)
        Which of them are a node's own.
    place : int32, shape (height,)
        Which arc leads from the node in hand to the ancestor at a depth.
    doubted : bool, shape (height,)
        Whether that arc, or the one back, may have rested on a way that became longer.
    """

    concerned: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    listed: NDArray[np.int32]
    listed_from: NDArray[np.int32]
    listed_to: NDArray[np.int32]
    place: NDArray[np.int32]
    doubted: NDArray[np.bool_]


@kernel
def nothing_marked(tree: Tree) -> Marks:
    """Return marks without any."""
    nodes, arcs = len(tree.parent), len(tree.above)
    return Marks(
        np.zeros(nodes, dtype=np.bool_),
        np.zeros(arcs, dtype=np.bool_),
        np.empty(arcs, dtype=np.int32),
        np.zeros(nodes, dtype=np.int32),
        np.zeros(nodes, dtype=np.int32),
        np.empty(tree.height, dtype=np.int32),
        np.zeros(tree.height, dtype=np.bool_),
    )


@kernel
def revise(hierarchy: Hierarchy, revision: Revision, changed_at: NDArray[np.int32]) -> None:
    """Bring ``after`` up to date; ``changed_at`` are the lower ends of the changed arcs of the input."""
    tree = hierarchy.tree
    marks = nothing_marked(tree)
    marks.concerned[changed_at] = True
    ancestor = np.full(tree.height, -1, dtype=np.int32)
    least = np.empty((tree.height, 2), dtype=np.int32)
    listed = 0
    for x in revision.nodes:
        if marks.concerned[x]:
            note_places(tree, x, marks)
            doubted = lower_by_input(hierarchy, revision, x, marks.doubted)
            if lower_by_detours(hierarchy, revision, x, marks) or doubted:
                weigh_doubted(hierarchy, revision, x, marks.doubted, least)
            marks.listed_from[x] = listed
            listed = list_changed(tree, revision, x, marks, listed)
            marks.listed_to[x] = listed
            if listed > marks.listed_from[x]:
                enter(x, tree, ancestor)
                mark_concerned(tree, x, ancestor, marks.concerned)


@kernel
def note_places(tree: Tree, x: int, marks: Marks) -> None:
    """Note by depth which arc leads up from a node; none of them is doubted yet."""
    above, place, doubted = tree.above, marks.place, marks.doubted
    for k in range(np.uint64(tree.first[x]), np.uint64(tree.first[x + 1])):
        place[above[k]] = k
        doubted[above[k]] = False


@kernel
def mark_concerned(tree: Tree, x: int, ancestor: NDArray[np.int32], concerned: NDArray[np.bool_]) -> None:
    """Mark the upper ends of a node's arcs."""
    above = tree.above
    for k in range(np.uint64(tree.first[x]), np.uint64(tree.first[x + 1])):
        concerned[ancestor[above[k]]] = True


@inlined
def lower(now: NDArray[np.int32], was: NDArray[np.int32], k: int, before: np.int32, after: np.int32) -> bool:
    """Lower an arc to a way that has become shorter; return whether it may rest on one that became longer."""
    now[k] = min(now[k], after)
    return bool((before == was[k]) & (after > before))


@kernel
def lower_by_input(hierarchy: Hierarchy, revision: Revision, x: int, doubted: NDArray[np.bool_]) -> bool:
    """Lower a node's arcs by what has become faster in the input; return whether any is in doubt."""
    own, above, ms_was, ms = hierarchy.own, hierarchy.tree.above, revision.ms_before, revision.ms_after
    up_was, down_was, up, down = (
        revision.before.up,
        revision.before.down,
        revision.after.up,
        revision.after.down,
    )
    some = False
    for e in range(own.first[x], own.first[x + 1]):
        a, k = own.arc[e], own.chord[e]
        if own.upward[e]:
            doubt = lower(up, up_was, k, ms_was[a], ms[a])
        else:
            doubt = lower(down, down_was, k, ms_was[a], ms[a])
        doubted[above[k]] |= doubt
        some |= doubt
    return some


@kernel
def lower_by_detours(hierarchy: Hierarchy, revision: Revision, x: int, marks: Marks) -> bool:
    """
    Lower a node's arcs by what has become faster below it; return whether any is in doubt.

    A way down one arc and up another has changed if either has.
    """
    first, above, below = hierarchy.tree.first, hierarchy.tree.above, hierarchy.below
    up_was, down_was, up, down = (
        revision.before.up,
        revision.before.down,
        revision.after.up,
        revision.after.down,
    )
    changed, listed, listed_from, listed_to = marks.changed, marks.listed, marks.listed_from, marks.listed_to
    place, doubted, some = marks.place, marks.doubted, False
    for e in range(np.uint64(below.first[x]), np.uint64(below.first[x + 1])):
        z, p = below.node[e], np.uint64(below.arc[e])
        begin, end = np.uint64(listed_from[z]), np.uint64(listed_to[z])
        if begin == end:
            continue
        to_was, to_below, from_was, from_below = down_was[p], down[p], up_was[p], up[p]
        every = changed[p]
        if every:
            begin, end = np.uint64(first[z]), p
        for i in range(begin, end):
            k = i if every else np.uint64(listed[i])
            if k >= p:
                break
            j = place[above[k]]
            doubt = lower(up, up_was, j, np.int32(to_was + up_was[k]), np.int32(to_below + up[k]))
            doubt |= lower(
                down, down_was, j, np.int32(from_was + down_was[k]), np.int32(from_below + down[k])
            )
            doubted[above[k]] |= doubt
            some |= doubt
    return some


@kernel
def weigh_doubted(
    hierarchy: Hierarchy, revision: Revision, x: int, doubted: NDArray[np.bool_], least: NDArray[np.int32]
) -> None:
    """Weigh the doubted arcs of a node anew."""
    tree, below, own = hierarchy
    first, above, up, down = tree.first, tree.above, revision.after.up, revision.after.down
    for k in range(np.uint64(first[x]), np.uint64(first[x + 1])):
        least[above[k]] = BLOCKED
    least_of_input(own, above, revision.ms_after, x, least)
    for e in range(np.uint64(below.first[x]), np.uint64(below.first[x + 1])):
        last = np.uint64(below.arc[e])
        to_below, from_below = down[last], up[last]
        for k in range(np.uint64(first[below.node[e]]), last):
            depth = above[k]
            if doubted[depth]:
                least[depth, UP] = min(least[depth, UP], np.int32(to_below + up[k]))
                least[depth, DOWN] = min(least[depth, DOWN], np.int32(from_below + down[k]))
    for k in range(np.uint64(first[x]), np.uint64(first[x + 1])):
        if doubted[above[k]]:
            up[k], down[k] = least[above[k], UP], least[above[k], DOWN]


@kernel
def list_changed(tree: Tree, revision: Revision, x: int, marks: Marks, listed: int) -> int:
    """Mark and list the arcs of a node that have changed; return how many are listed by now."""
    up_was, down_was, up, down = (
        revision.before.up,
        revision.before.down,
        revision.after.up,
        revision.after.down,
    )
    changed, arcs = marks.changed, marks.listed
    for k in range(np.uint64(tree.first[x]), np.uint64(tree.first[x + 1])):
        if (up_was[k] != up[k]) | (down_was[k] != down[k]):
            changed[k] = True
            arcs[listed] = k
            listed += 1
    return listed
