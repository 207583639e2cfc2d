"""Road times from many places to one, by a single search backwards, and the routes behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.graph import SearchGraph
from routing.network import MS_PER_S, RoadNetwork
from routing.snapping import Snapped
from routing.stretches import Route, Stretches, route_along


@dataclass(frozen=True)
class Travel:
    """
    How every origin reaches one target.

    Attributes
    ----------
    time_s : float64, shape (origins,)
        Driving time; ``inf`` where no road leads there.
    """

    network: RoadNetwork
    graph: SearchGraph
    origins: Snapped
    target: Snapped
    time_s: NDArray[np.float64]
    _leaving: "_Leaving"
    _next_node: NDArray[np.int32]

    def route(self, origin: int) -> Route | None:
        """Return the fastest way from one origin to the target, or None where there is none."""
        if not np.isfinite(self.time_s[origin]):
            return None
        chain = self._chain_from(int(self._leaving.node[origin]))
        edges = self.graph.edges_between(chain[:-1], chain[1:])
        forward = self.graph.forward[edges]
        target_segment, target_along = self.target.segment[0], self.target.along[0]
        stretches = Stretches(
            np.concatenate(([self.origins.segment[origin]], self.graph.segment[edges], [target_segment])),
            np.concatenate(([self.origins.along[origin]], ~forward, [self._entry_share(chain)])),
            np.concatenate(([self._leaving.share[origin]], forward, [target_along])),
        )
        return route_along(self.network, stretches)

    def _chain_from(self, node: int) -> NDArray[np.int64]:
        """Return the nodes of the roads from one to the target; none where that node is the target."""
        chain = []
        while node != self.graph.nodes:
            chain.append(node)
            node = int(self._next_node[node])
        return np.array(chain, dtype=np.int64)

    def _entry_share(self, chain: NDArray[np.int64]) -> float:
        if not len(chain):
            return float(self.target.along[0])
        entries = _entries(self.network, self.target)
        return min((e for e in entries if e.node == chain[-1]), key=lambda e: e.time_ms).share


@dataclass(frozen=True)
class _Leaving:
    """How each origin leaves its segment: to which node, and at which share of the segment's length."""

    node: NDArray[np.int64]
    share: NDArray[np.float64]


@dataclass(frozen=True)
class _Entry:
    """A way onto the target: from a node, in a time, coming along its segment from share 0 or 1."""

    node: int
    time_ms: float
    share: float


def travel_to(network: RoadNetwork, graph: SearchGraph, origins: Snapped, target: Snapped) -> Travel:
    """
    Search once, backwards from the target, and answer for every origin.

    Parameters
    ----------
    network, graph : RoadNetwork, SearchGraph
        The roads, and ``SearchGraph.of`` them.
    origins : Snapped
        Any number of places.
    target : Snapped
        One place.
    """
    time_ms, next_node = _search_back(graph, _entries(network, target))
    segment, along, n = origins.segment, origins.along, len(origins)
    node = np.stack((origins.node, network.head[segment], network.tail[segment], np.full(n, graph.nodes)))
    share = np.stack((along, np.ones(n), np.zeros(n), np.full(n, target.along[0])))
    leaving_ms = np.stack(
        (
            np.where(origins.at_node, 0.0, np.inf),
            _leaving_ms(network.forward, network.forward_ms, origins, 1.0 - along),
            _leaving_ms(network.backward, network.backward_ms, origins, along),
            _direct_ms(network, origins, target),
        )
    )
    whole_ms = leaving_ms + time_ms[node]
    fastest = whole_ms.argmin(axis=0), np.arange(n)
    leaving = _Leaving(node[fastest], share[fastest])
    return Travel(network, graph, origins, target, whole_ms[fastest] / MS_PER_S, leaving, next_node)


def _entries(network: RoadNetwork, target: Snapped) -> list[_Entry]:
    if target.at_node[0]:
        return [_Entry(int(target.node[0]), 0.0, float(target.along[0]))]
    segment, along = target.segment[0], float(target.along[0])
    entries = []
    if network.forward[segment]:
        entries.append(
            _Entry(int(network.tail[segment]), float(np.rint(along * network.forward_ms[segment])), 0.0)
        )
    if network.backward[segment]:
        time_ms = float(np.rint((1.0 - along) * network.backward_ms[segment]))
        entries.append(_Entry(int(network.head[segment]), time_ms, 1.0))
    return entries


def _search_back(graph: SearchGraph, entries: list[_Entry]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Dijkstra from the target as one more node; ``next_node`` leads towards it, node by node."""
    size = graph.nodes + 1
    first = np.append(graph.first, graph.first[-1] + len(entries))
    source = np.append(graph.source, [entry.node for entry in entries]).astype(np.int32)
    weight = np.append(graph.time_ms, [entry.time_ms for entry in entries])
    reversed_roads = csr_array((weight, source, first.astype(np.int32)), shape=(size, size))
    time_ms, next_node = dijkstra(reversed_roads, indices=[graph.nodes], return_predecessors=True)
    return time_ms[0], next_node[0]


def _leaving_ms(
    permitted: NDArray[np.bool_], drive_ms: NDArray[np.int32], origins: Snapped, share: NDArray[np.float64]
) -> NDArray[np.float64]:
    may = permitted[origins.segment] & ~origins.at_node
    return np.where(may, np.rint(share * drive_ms[origins.segment]), np.inf)


def _direct_ms(network: RoadNetwork, origins: Snapped, target: Snapped) -> NDArray[np.float64]:
    """Return the times along the target's own segment, for origins that stand on it."""
    ahead = target.along[0] - origins.along
    segment = origins.segment
    on_it = (segment == target.segment[0]) & ~origins.at_node & ~target.at_node[0]
    onward = np.where(
        network.forward[segment] & (ahead >= 0), np.rint(ahead * network.forward_ms[segment]), np.inf
    )
    back = np.where(
        network.backward[segment] & (ahead <= 0), np.rint(-ahead * network.backward_ms[segment]), np.inf
    )
    return np.where(on_it, np.minimum(onward, back), np.inf)
