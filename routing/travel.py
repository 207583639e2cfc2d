"""Road times from many places to one, by a single search backwards, and the routes behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.graph import SearchGraph
from routing.network import MS_PER_S, RoadNetwork
from routing.snapping import Snapped
from routing.stretches import Route, Stretch, route_along

BY_NODE, BY_HEAD, BY_TAIL, DIRECT = range(4)


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
    _leaving: NDArray[np.int64]
    _next_node: NDArray[np.int32]

    def route(self, origin: int) -> Route | None:
        """Return the fastest way from one origin to the target, or None where there is none."""
        if not np.isfinite(self.time_s[origin]):
            return None
        segment, along = int(self.origins.segment[origin]), float(self.origins.along[origin])
        how = self._leaving[origin]
        if how == DIRECT:
            return route_along(self.network, [Stretch(segment, along, float(self.target.along[0]))])
        stretches: list[Stretch] = []
        if how == BY_NODE:
            start = int(self.origins.node[origin])
        elif how == BY_HEAD:
            start = int(self.network.head[segment])
            stretches.append(Stretch(segment, along, 1.0))
        else:
            start = int(self.network.tail[segment])
            stretches.append(Stretch(segment, along, 0.0))
        last, driven = self._driven_from(start)
        return route_along(self.network, [*stretches, *driven, self._arrival_from(last)])

    def _driven_from(self, start: int) -> tuple[int, list[Stretch]]:
        chain = [start]
        while (following := int(self._next_node[chain[-1]])) != self.graph.nodes:
            chain.append(following)
        nodes = np.array(chain, dtype=np.int64)
        edges = self.graph.edges_between(nodes[:-1], nodes[1:])
        return chain[-1], [
            Stretch(int(segment), 0.0, 1.0) if forward else Stretch(int(segment), 1.0, 0.0)
            for segment, forward in zip(self.graph.segment[edges], self.graph.forward[edges], strict=True)
        ]

    def _arrival_from(self, node: int) -> Stretch:
        segment, along = int(self.target.segment[0]), float(self.target.along[0])
        if self.target.at_node[0]:
            return Stretch(segment, along, along)
        entries = _entries(self.network, self.target)
        fastest = min((e for e in entries if e.node == node), key=lambda e: e.time_ms)
        return Stretch(segment, fastest.share, along)


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
    ways = np.stack(
        (
            np.where(origins.at_node, time_ms[origins.node], np.inf),
            _leaving_ms(network, origins, network.forward, 1.0 - origins.along)
            + time_ms[network.head[origins.segment]],
            _leaving_ms(network, origins, network.backward, origins.along)
            + time_ms[network.tail[origins.segment]],
            _direct_ms(network, origins, target),
        )
    )
    leaving = ways.argmin(axis=0)
    fastest_ms = ways[leaving, np.arange(len(origins))]
    return Travel(network, graph, origins, target, fastest_ms / MS_PER_S, leaving, next_node)


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
    return time_ms[0, :-1], next_node[0]


def _leaving_ms(
    network: RoadNetwork, origins: Snapped, permitted: NDArray[np.bool_], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    whole_ms = network.forward_ms if permitted is network.forward else network.backward_ms
    may = permitted[origins.segment] & ~origins.at_node
    return np.where(may, np.rint(share * whole_ms[origins.segment]), np.inf)


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
