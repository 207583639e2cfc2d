"""After a few arcs have changed only the arcs of the chordal graph that may have changed are weighed again."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.cch.customise import DOWN, UP, Weights, weigh
from routing.cch.elimination import enter
from routing.cch.jit import inlined, kernel
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
    changed_node : bool, shape (nodes,)
    changed : bool, shape (arcs,)
    place : int32, shape (height,)
        Which arc leads from the node in hand to the ancestor at a depth.
    """

    concerned: NDArray[np.bool_]
    changed_node: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    place: NDArray[np.int32]


@kernel
def revise(hierarchy: Hierarchy, revision: Revision, changed_at: NDArray[np.int32]) -> None:
    """Bring ``after`` up to date; ``changed_at`` are the lower ends of the changed arcs of the input."""
    tree = hierarchy.tree
    nodes = len(tree.parent)
    marks = Marks(
        np.zeros(nodes, dtype=np.bool_),
        np.zeros(nodes, dtype=np.bool_),
        np.zeros(len(tree.above), dtype=np.bool_),
        np.empty(tree.height, dtype=np.int32),
    )
    marks.concerned[changed_at] = True
    ancestor = np.full(tree.height, -1, dtype=np.int32)
    least = np.empty((tree.height, 2), dtype=np.int32)
    for x in revision.nodes:
        if not marks.concerned[x]:
            continue
        doubted = lower_by_input(hierarchy, revision, x)
        for k in range(tree.first[x], tree.first[x + 1]):
            marks.place[tree.above[k]] = k
        if lower_by_detours(hierarchy, revision, x, marks) or doubted:
            weigh(hierarchy, revision.ms_after, revision.after, (x, x + 1), least)
        if mark_changed(hierarchy, revision, x, marks.changed):
            marks.changed_node[x] = True
            enter(x, tree, ancestor)
            for k in range(tree.first[x], tree.first[x + 1]):
                marks.concerned[ancestor[tree.above[k]]] = True


@inlined
def lower(now: NDArray[np.int32], was: NDArray[np.int32], k: int, before: int, after: int) -> bool:
    """Lower an arc if a way has become shorter; return whether it may have rested on a way that became longer."""
    if after < now[k]:
        now[k] = after
    return before == was[k] and after > before


@kernel
def lower_by_input(hierarchy: Hierarchy, revision: Revision, x: int) -> bool:
    """Lower a node's arcs by what has become faster in the input; return whether any is in doubt."""
    own, doubted = hierarchy.own, False
    for e in range(own.first[x], own.first[x + 1]):
        a, k = own.arc[e], own.chord[e]
        before, after = revision.ms_before[a], revision.ms_after[a]
        now = revision.after.up if own.upward[e] else revision.after.down
        was = revision.before.up if own.upward[e] else revision.before.down
        doubted |= lower(now, was, k, before, after)
    return doubted


@kernel
def lower_by_detours(hierarchy: Hierarchy, revision: Revision, x: int, marks: Marks) -> bool:
    """Lower a node's arcs by what has become faster below it; return whether any is in doubt."""
    tree, below, _ = hierarchy
    before, after = revision.before, revision.after
    doubted = False
    for e in range(below.first[x], below.first[x + 1]):
        if not marks.changed_node[below.node[e]]:
            continue
        p = below.arc[e]
        for k in range(tree.first[below.node[e]], p):
            if marks.changed[p] or marks.changed[k]:
                j = marks.place[tree.above[k]]
                doubted |= lower(
                    after.up, before.up, j, before.down[p] + before.up[k], after.down[p] + after.up[k]
                )
                doubted |= lower(
                    after.down, before.down, j, before.up[p] + before.down[k], after.up[p] + after.down[k]
                )
    return doubted


@kernel
def mark_changed(hierarchy: Hierarchy, revision: Revision, x: int, changed: NDArray[np.bool_]) -> bool:
    """Mark the arcs of a node that weigh something else than before; return whether there are any."""
    some = False
    before, after = revision.before, revision.after
    for k in range(hierarchy.tree.first[x], hierarchy.tree.first[x + 1]):
        changed[k] = before.up[k] != after.up[k] or before.down[k] != after.down[k]
        some |= changed[k]
    return some
