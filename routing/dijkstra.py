"""The plain engine: Dijkstra's algorithm as SciPy has it. Slow, and the judge of every other engine."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.ends import Ends
from routing.engine import Way
from routing.graph import BLOCKED_MS, SearchGraph

NOBODY = -9999
"""SciPy's mark for a node without a predecessor."""


@dataclass(frozen=True)
class _Side:
    """The open arcs read in one direction: only the fastest of those that join the same two nodes."""

    first: NDArray[np.int32]
    other: NDArray[np.int32]
    ms: NDArray[np.float64]
    arc: NDArray[np.int64]

    @classmethod
    def of(
        cls, nodes: int, near: NDArray[np.int32], far: NDArray[np.int32], weight_ms: NDArray[np.int32]
    ) -> "_Side":
        order = np.lexsort((weight_ms, far, near))
        order = order[(weight_ms[order] < BLOCKED_MS) & (near[order] != far[order])]
        fastest = np.ones(len(order), dtype=np.bool_)
        fastest[1:] = (near[order][1:] != near[order][:-1]) | (far[order][1:] != far[order][:-1])
        arc = order[fastest]
        first = np.concatenate(([0], np.cumsum(np.bincount(near[arc], minlength=nodes))))
        return cls(first.astype(np.int32), far[arc], weight_ms[arc].astype(np.float64), arc)

    def search(self, nodes: int, start: Ends) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Search from a place as one more node; return the times, and the node before each."""
        first = np.append(self.first, self.first[-1] + len(start.node)).astype(np.int32)
        other = np.append(self.other, start.node).astype(np.int32)
        ms: NDArray[np.float64] = np.append(self.ms, start.ms.astype(np.float64))
        roads = csr_array((ms, other, first), shape=(nodes + 1, nodes + 1))
        time_ms, before = dijkstra(roads, indices=[nodes], return_predecessors=True)
        return time_ms[0, :-1], before[0, :-1]

    def arcs_between(self, near: NDArray[np.int64], far: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the arcs that join neighbours."""
        return self.arc[np.searchsorted(self._keys, near * (len(self.first) - 1) + far)]

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        nodes = len(self.first) - 1
        near = np.repeat(np.arange(nodes, dtype=np.int64), np.diff(self.first))
        return near * nodes + self.other


@dataclass(frozen=True)
class Tree:
    """
    The fastest ways from one place to every graph node.

    Attributes
    ----------
    ms : float64, shape (nodes,)
        The times; ``inf`` where no road leads.
    before : int64, shape (nodes,)
        The node before each on its way; the number of nodes, which is none of them, where a way begins.
    arc : int64, shape (nodes,)
        The arc that leads there; meaningless at the beginning of a way.
    way : int64, shape (nodes,)
        Which of the place's ways onto the graph a node is the end of; meaningless elsewhere.
    """

    ms: NDArray[np.float64]
    before: NDArray[np.int64]
    arc: NDArray[np.int64]
    way: NDArray[np.int64]

    def sums(self, arc_value: NDArray[np.float64], way_value: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Add up a value along the way to every node, by doubling the steps; ``inf`` where no road leads.

        Parameters
        ----------
        arc_value : float64, shape (arcs,)
        way_value : float64, shape (ways,)
            The value of each of the place's ways onto the graph.
        """
        none = len(self.before)
        begin_value = np.append(way_value, 0.0)[self.way]
        total = np.append(np.where(self.before == none, begin_value, arc_value[self.arc]), 0.0)
        before = np.append(self.before, none)
        while (before != none).any():
            total += total[before]
            before = before[before]
        return np.where(np.isfinite(self.ms), total[:-1], np.inf)


@dataclass(frozen=True)
class DijkstraEngine:
    """Answers by a search over the whole graph for each place."""

    graph: SearchGraph
    weight_ms: NDArray[np.int32]

    @cached_property
    def _ahead(self) -> _Side:
        return _Side.of(self.graph.nodes, self.graph.source, self.graph.target, self.weight_ms)

    @cached_property
    def _back(self) -> _Side:
        return _Side.of(self.graph.nodes, self.graph.target, self.graph.source, self.weight_ms)

    def times_to(self, origins: Ends, target: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to the one target."""
        return origins.least_ms(self.all_to(target))

    def times_from(self, origin: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every target."""
        return targets.least_ms(self.all_from(origin))

    def matrix(self, origins: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to every target: a search for each of the fewer."""
        if len(origins) <= len(targets):
            rows = [self.times_from(origins.of(i), targets) for i in range(len(origins))]
            return np.stack(rows) if rows else np.zeros((0, len(targets)))
        return np.stack([self.times_to(origins, targets.of(j)) for j in range(len(targets))], axis=1)

    def tree_from(self, origin: Ends) -> Tree:
        """Return the fastest ways from the one origin to every graph node."""
        return self._tree(self._ahead, origin)

    def tree_to(self, target: Ends) -> Tree:
        """Return the fastest ways from every graph node to the one target, read backwards from it."""
        return self._tree(self._back, target)

    def _tree(self, side: _Side, place: Ends) -> Tree:
        nodes = self.graph.nodes
        ms, found = side.search(nodes, place)
        before = np.where(found == NOBODY, nodes, found).astype(np.int64)
        reached_by_arc = np.flatnonzero(before != nodes)
        arc, way = np.zeros(nodes, dtype=np.int64), np.zeros(nodes, dtype=np.int64)
        arc[reached_by_arc] = side.arcs_between(before[reached_by_arc], reached_by_arc)
        slowest_first = np.argsort(-place.ms, kind="stable")
        way[place.node[slowest_first]] = slowest_first
        return Tree(ms, before, arc, way)

    def all_from(self, origin: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every graph node."""
        return self._ahead.search(self.graph.nodes, origin)[0]

    def all_to(self, target: Ends) -> NDArray[np.float64]:
        """Return the times from every graph node to the one target."""
        return self._back.search(self.graph.nodes, target)[0]

    def ways_to(self, origins: Ends, target: Ends) -> list[Way | None]:
        """Return a fastest way from each origin to the one target, all from one search."""
        time_ms, following = self._back.search(self.graph.nodes, target)
        least_ms = origins.least_ms(time_ms)
        return [
            self._way(float(ms), origins.best_way(i, time_ms), origins, following, target)
            if np.isfinite(ms)
            else None
            for i, ms in enumerate(least_ms)
        ]

    def reweighted(self, weight_ms: NDArray[np.int32]) -> "DijkstraEngine":
        """Return an engine on the same graph under other weights."""
        return DijkstraEngine(self.graph, weight_ms)

    def _way(self, ms: float, leaving: int, origins: Ends, following: NDArray[np.int32], target: Ends) -> Way:
        chain = [int(origins.node[leaving])]
        while following[chain[-1]] != self.graph.nodes:
            chain.append(int(following[chain[-1]]))
        nodes = np.array(chain, dtype=np.int64)
        at_the_end = np.flatnonzero(target.node == nodes[-1])
        arriving = int(at_the_end[np.argmin(target.ms[at_the_end])])
        return Way(ms, leaving, self._back.arcs_between(nodes[1:], nodes[:-1]), arriving)
