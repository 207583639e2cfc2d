"""Random small graphs with islands, loops, parallel, blocked and timeless arcs; and SciPy as their judge."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.cch.jit import BLOCKED

TIMES_MS = (0, 0, 1, 2, 3, 1000, 60_000, int(BLOCKED), 2**31 - 1)


@dataclass(frozen=True)
class Standing:
    """Places with their ways onto the graph."""

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    ms: NDArray[np.int32]

    @classmethod
    def by(cls, places: list[list[tuple[int, int]]]) -> "Standing":
        ways = np.array([way for ways in places for way in ways], dtype=np.int32).reshape(-1, 2)
        first = np.cumsum([0, *(len(ways) for ways in places)])
        return cls(first, ways[:, 0].copy(), ways[:, 1].copy())

    @classmethod
    def at(cls, *nodes: int) -> "Standing":
        return cls.by([[(node, 0)] for node in nodes])

    def of(self, place: int) -> "Standing":
        ways = slice(self.first[place], self.first[place + 1])
        return Standing(np.array([0, ways.stop - ways.start]), self.node[ways], self.ms[ways])

    def __len__(self) -> int:
        return len(self.first) - 1


@dataclass(frozen=True)
class Graph:
    nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    weight_ms: NDArray[np.int32]

    @classmethod
    def of(cls, nodes: int, arcs: list[tuple[int, int, int]]) -> "Graph":
        tail, head, ms = np.array(arcs, dtype=np.int32).reshape(-1, 3).T.copy()
        return cls(nodes, tail, head, ms)

    def reversed(self) -> "Graph":
        return Graph(self.nodes, self.head, self.tail, self.weight_ms)

    def times_from(self, origin: Standing) -> NDArray[np.float64]:
        """Return what SciPy finds from a place to every node."""
        tail = np.append(self.tail, np.full(len(origin.node), self.nodes))
        head = np.append(self.head, origin.node)
        ms = np.append(self.weight_ms, origin.ms).astype(np.float64)
        order = np.lexsort((ms, head, tail))
        order = order[ms[order] < BLOCKED]
        least = np.ones(len(order), dtype=np.bool_)
        least[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        order = order[least]
        first = np.concatenate(([0], np.cumsum(np.bincount(tail[order], minlength=self.nodes + 1))))
        roads = csr_array((ms[order], head[order], first), shape=(self.nodes + 1, self.nodes + 1))
        found: NDArray[np.float64] = dijkstra(roads, indices=[self.nodes])[0, :-1]
        return found

    def times(self, origin: Standing, targets: Standing) -> NDArray[np.float64]:
        """Return what SciPy finds from a place to places."""
        node_ms = self.times_from(origin)
        found = np.full(len(targets), np.inf)
        for place in range(len(targets)):
            target = targets.of(place)
            found[place] = (node_ms[target.node] + target.ms).min(initial=np.inf)
        return found


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = draw(st.integers(1, 12))
    node = st.integers(0, nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.sampled_from(TIMES_MS)), max_size=40))
    return Graph.of(nodes, arcs)


def standings(graph: Graph, *, least: int = 0, most: int = 6) -> st.SearchStrategy[Standing]:
    way = st.tuples(st.integers(0, graph.nodes - 1), st.sampled_from((0, 0, 1, 5, 700)))
    return st.lists(st.lists(way, max_size=3), min_size=least, max_size=most).map(Standing.by)
