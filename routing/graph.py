"""The search graph of a road network: the fastest way between neighbouring nodes, read backwards."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork


@dataclass(frozen=True)
class SearchGraph:
    """
    Directed edges sorted by the node they lead **to**, then by the node they come from.

    Searching backwards from an incident then walks contiguous memory. Of parallel edges only the fastest is
    kept; loops are left out, since no fastest way uses one.

    Attributes
    ----------
    nodes : int
        The number of nodes.
    first : int64, shape (nodes + 1,)
        Where the edges into each node begin.
    source : int32, shape (edges,)
        The node each edge comes from.
    time_ms : float64, shape (edges,)
        Whole milliseconds.
    segment : int32, shape (edges,)
        The segment each edge drives.
    forward : bool, shape (edges,)
        Whether it drives the segment from tail to head.
    """

    nodes: int
    first: NDArray[np.int64]
    source: NDArray[np.int32]
    time_ms: NDArray[np.float64]
    segment: NDArray[np.int32]
    forward: NDArray[np.bool_]

    @classmethod
    def of(cls, network: RoadNetwork) -> "SearchGraph":
        """Build the graph of a network."""
        ahead, back = np.flatnonzero(network.forward), np.flatnonzero(network.backward)
        source = np.concatenate((network.tail[ahead], network.head[back]))
        target = np.concatenate((network.head[ahead], network.tail[back]))
        time_ms = np.concatenate((network.forward_ms[ahead], network.backward_ms[back])).astype(np.float64)
        segment = np.concatenate((ahead, back)).astype(np.int32)
        forward = np.repeat((True, False), (len(ahead), len(back)))

        order = np.lexsort((time_ms, source, target))
        source, target = source[order], target[order]
        fastest = source != target
        fastest[1:] &= (source[1:] != source[:-1]) | (target[1:] != target[:-1])
        kept = order[fastest]
        first = np.zeros(network.nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(target[fastest], minlength=network.nodes), out=first[1:])
        return cls(network.nodes, first, source[fastest], time_ms[kept], segment[kept], forward[kept])

    @cached_property
    def _key(self) -> NDArray[np.int64]:
        target = np.repeat(np.arange(self.nodes, dtype=np.int64), np.diff(self.first))
        return target * self.nodes + self.source

    def edges_between(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the edge that joins each source to its target; each pair must be neighbours."""
        return np.searchsorted(self._key, targets.astype(np.int64) * self.nodes + sources)
