"""The part of a hierarchy that depends on the ends of the arcs alone: made once, kept on disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.errors import InvalidInputError
from routing.cch.elimination import Below, Tree, depths, elimination_parents, fill, postorder, turned_over
from routing.cch.jit import frozen, kernel
from routing.cch.order import neighbours, rank_by_dissection

TALLEST = 2**16 - 1
MOST_ARCS = 2**31 - 1


class Own(NamedTuple):
    """
    The arcs of the input by the lower of their ends; loops are left out.

    Attributes
    ----------
    first : int64, shape (nodes + 1,)
        Where those of each node begin.
    arc : int32, shape (kept,)
        Which arc of the input.
    chord : int32, shape (kept,)
        The arc of the chordal graph that joins the same two nodes.
    upward : bool, shape (kept,)
        Whether it leads from the lower end to the upper.
    """

    first: NDArray[np.int64]
    arc: NDArray[np.int32]
    chord: NDArray[np.int32]
    upward: NDArray[np.bool_]


class Hierarchy(NamedTuple):
    """What the kernels read."""

    tree: Tree
    below: Below
    own: Own


@dataclass(frozen=True)
class Topology:
    """
    Order and chordal graph.

    Attributes
    ----------
    hierarchy : Hierarchy
        Over nodes as they are numbered inside.
    number : int32, shape (nodes,)
        The number inside of every node.
    lower : int32, shape (arcs,)
        The number inside of the lower end of every arc of the input.
    """

    hierarchy: Hierarchy
    number: NDArray[np.int32]
    lower: NDArray[np.int32]

    @classmethod
    def build(
        cls,
        nodes: int,
        tail: NDArray[np.int32],
        head: NDArray[np.int32],
        *,
        rank: NDArray[np.int32] | None = None,
        places: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    ) -> "Topology":
        """
        Build from the ends of the arcs; parallel arcs and loops are welcome.

        Parameters
        ----------
        nodes : int
        tail, head : int32, shape (arcs,)
        rank : int32, shape (nodes,), optional
            The order of contraction where it is known; a good one is found otherwise.
        places : pair of float64, shape (nodes,), optional
            Longitudes and latitudes, a help where METIS is not installed.
        """
        if rank is None:
            rank = rank_by_dissection(neighbours(nodes, tail, head), *(places or (None, None)))
        if not np.array_equal(np.sort(rank), np.arange(nodes)):
            raise InvalidInputError("rank", f"give each of the {nodes} nodes a rank of its own, from 0 up")
        by_rank = neighbours(nodes, rank[tail], rank[head])
        parent = elimination_parents(*_rows(by_rank))
        renumbered = postorder(parent)
        number = renumbered[rank]
        tree = _tree(nodes, parent, renumbered, neighbours(nodes, number[tail], number[head]))
        own = group_by_lower_end(tree, frozen(number[tail], np.int32), frozen(number[head], np.int32))
        lower = np.minimum(number[tail], number[head])
        return cls.from_arrays(_arrays(Hierarchy(tree, turned_over(tree), own), number, lower))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Topology":
        """Return the topology that gave these ``arrays``; memory-mapped ones are read where they are."""
        kept = {name: frozen(arrays[name], dtype) for name, dtype in _DTYPES.items()}
        own = {field: kept[f"own_{field}"] for field in Own._fields}
        below = {field: kept[f"below_{field}"] for field in Below._fields}
        tree = {field: kept[field] for field in ("parent", "depth", "first", "above")}
        height = int(kept["height"][0])
        hierarchy = Hierarchy(Tree(**tree, height=height), Below(**below), Own(**own))
        return cls(hierarchy, kept["number"], kept["lower"])

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as arrays: at the other end they are made as the kernels were compiled for."""
        return Topology.from_arrays, (self.arrays,)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by name, as it can be stored."""
        return _arrays(self.hierarchy, self.number, self.lower)

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.number)

    @property
    def arcs(self) -> int:
        """The number of arcs of the input."""
        return len(self.lower)


_DTYPES: dict[str, type[np.generic]] = {
    "number": np.int32,
    "lower": np.int32,
    "height": np.int64,
    "parent": np.int32,
    "depth": np.int32,
    "first": np.int64,
    "above": np.uint16,
    "below_first": np.int64,
    "below_node": np.int32,
    "below_arc": np.int32,
    "own_first": np.int64,
    "own_arc": np.int32,
    "own_chord": np.int32,
    "own_upward": np.bool_,
}


def _arrays(
    hierarchy: Hierarchy, number: NDArray[np.int32], lower: NDArray[np.int32]
) -> dict[str, NDArray[Any]]:
    tree = hierarchy.tree._asdict() | {"height": np.array([hierarchy.tree.height])}
    below = {f"below_{field}": array for field, array in hierarchy.below._asdict().items()}
    own = {f"own_{field}": array for field, array in hierarchy.own._asdict().items()}
    return {"number": number, "lower": lower, **tree, **below, **own}


def _rows(near: csr_array) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return frozen(near.indptr, np.int32), frozen(near.indices, np.int32)


def _tree(
    nodes: int, parent_by_rank: NDArray[np.int32], renumbered: NDArray[np.int32], near: csr_array
) -> Tree:
    parent = np.empty(nodes, dtype=np.int32)
    parent[renumbered] = np.append(renumbered, np.int32(nodes))[parent_by_rank]
    depth = depths(parent)
    height = int(depth.max(initial=-1)) + 1
    if height > TALLEST:
        raise InvalidInputError(
            "order", f"nodes hang {height} deep, at most {TALLEST} can be: dissect the graph"
        )
    first, above = fill(parent, depth, *_rows(near))
    if len(above) > MOST_ARCS:
        raise InvalidInputError(
            "arcs", f"{len(above)} shortcuts are needed, at most {MOST_ARCS} can be: split the graph"
        )
    return Tree(
        frozen(parent, np.int32),
        frozen(depth, np.int32),
        frozen(first, np.int64),
        frozen(above, np.uint16),
        height,
    )


@kernel
def arc_to(depth: int, above: NDArray[np.uint16], begin: int, end: int) -> int:
    """Return which of a node's arcs, from ``begin`` to before ``end``, leads up to a depth, or -1."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if above[middle] < depth:
            low = middle + 1
        else:
            high = middle
    return low if low < end and above[low] == depth else -1


@kernel
def group_by_lower_end(tree: Tree, tail: NDArray[np.int32], head: NDArray[np.int32]) -> Own:
    """Match every arc of the input with the arc of the chordal graph between the same nodes."""
    nodes = len(tree.parent)
    first = np.zeros(nodes + 2, dtype=np.int64)
    for a in range(len(tail)):
        if tail[a] != head[a]:
            first[min(tail[a], head[a]) + 2] += 1
    first = np.cumsum(first)
    kept = first[nodes + 1]
    arc, chord = np.empty(kept, dtype=np.int32), np.empty(kept, dtype=np.int32)
    upward = np.empty(kept, dtype=np.bool_)
    for a in range(len(tail)):
        if tail[a] != head[a]:
            x, y = min(tail[a], head[a]), max(tail[a], head[a])
            at = first[x + 1]
            first[x + 1] += 1
            arc[at], upward[at] = a, tail[a] == x
            chord[at] = arc_to(tree.depth[y], tree.above, tree.first[x], tree.first[x + 1])
    return Own(first[: nodes + 1], arc, chord, upward)
