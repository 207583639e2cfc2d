"""The order in which nodes are contracted: nested dissection, since what parts a road network ranks high."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

HAS_METIS = find_spec("pymetis") is not None
SMALL_PART = 8
"""Parts of at most so many nodes are not dissected further."""


def neighbours(nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]) -> csr_array:
    """Return the graph without directions, loops and repetitions."""
    apart = tail != head
    one, other = tail[apart], head[apart]
    ends = (np.concatenate((one, other)), np.concatenate((other, one)))
    return coo_array((np.ones(len(ends[0]), dtype=np.bool_), ends), shape=(nodes, nodes)).tocsr()


def rank_by_dissection(
    near: csr_array, lon: NDArray[np.float64] | None = None, lat: NDArray[np.float64] | None = None
) -> NDArray[np.int32]:
    """
    Return the rank of every node: by METIS where it is installed, else by halving the map.

    Where METIS is missing and the places of the nodes are not known, the steps from two far ends stand in.
    """
    if near.nnz == 0:
        return np.arange(near.shape[0], dtype=np.int32)
    if HAS_METIS:
        return _rank_by_metis(near)
    return rank_by_halving(
        near, *((lon, lat) if lon is not None and lat is not None else _steps_as_places(near))
    )


def _rank_by_metis(near: csr_array) -> NDArray[np.int32]:
    metis = import_module("pymetis")
    found = metis.nested_dissection(adjacency=metis.CSRAdjacency(near.indptr, near.indices))
    return np.asarray(found[1], dtype=np.int32)


def rank_by_halving(near: csr_array, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
    """
    Halve the map again and again across its longer side; who has a neighbour on the other half parts it.

    All parts of one size are halved together. What parts larger areas ranks above what parts smaller ones.
    """
    nodes = near.shape[0]
    tail = np.repeat(np.arange(nodes), np.diff(near.indptr))
    head = near.indices
    part = np.zeros(nodes, dtype=np.int64)
    parted_at = np.zeros(nodes, dtype=np.int64)
    undecided = np.arange(nodes)
    level = 0
    while len(undecided):
        level += 1
        upper = np.zeros(nodes, dtype=np.bool_)
        upper[undecided] = _upper_half(part[undecided], x[undecided], y[undecided])
        tail_open = parted_at[tail] == 0
        tail, head = tail[tail_open], head[tail_open]
        across = (parted_at[head] == 0) & (part[tail] == part[head]) & upper[tail] & ~upper[head]
        parted_at[tail[across]] = level
        part = 2 * part + upper
        undecided = undecided[parted_at[undecided] == 0]
        _, which, size = np.unique(part[undecided], return_inverse=True, return_counts=True)
        small = size[which] <= SMALL_PART
        parted_at[undecided[small]] = level + 1
        undecided = undecided[~small]
    rank = np.empty(nodes, dtype=np.int32)
    rank[np.lexsort((part, -parted_at))] = np.arange(nodes, dtype=np.int32)
    return rank


def _upper_half(part: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return who is in the upper half of each part, along the side in which the part is longer."""
    _, which, size = np.unique(part, return_inverse=True, return_counts=True)
    wider = _extent(which, x) >= _extent(which, y)
    order = np.lexsort((np.where(wider[which], x, y), which))
    place = np.arange(len(part)) - np.repeat(np.cumsum(size) - size, size)
    upper = np.empty(len(part), dtype=np.bool_)
    upper[order] = place >= np.repeat(size // 2, size)
    return upper


def _extent(which: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    first = np.flatnonzero(np.diff(np.sort(which), prepend=-1))
    sorted_value = value[np.argsort(which, kind="stable")]
    extent: NDArray[np.float64] = np.maximum.reduceat(sorted_value, first) - np.minimum.reduceat(
        sorted_value, first
    )
    return extent


def _steps_as_places(near: csr_array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return how much nearer each node is to one far end than to another, and its steps from one far from both.

    Nodes that cannot be reached are put aside.
    """
    west = _steps_from(near, int(np.argmax(_steps_from(near, 0))))
    east = _steps_from(near, int(np.argmax(west)))
    north = _steps_from(near, int(np.argmax(np.minimum(west, east))))
    return west - east, north


def _steps_from(near: csr_array, node: int) -> NDArray[np.float64]:
    steps = dijkstra(near, unweighted=True, indices=[node])[0]
    reached: NDArray[np.float64] = np.where(np.isfinite(steps), steps, -1.0)
    return reached
