"""Where places meet the search graph: how one leaves a place, and how one arrives at it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.graph import SearchGraph
from routing.metric import Metric
from routing.network import RoadNetwork
from routing.snapping import Snapped


@dataclass(frozen=True)
class Ends:
    """
    For each place its ways onto the graph, or off it: none, one or several.

    Attributes
    ----------
    first : int64, shape (places + 1,)
        Where the ways of each place begin.
    node : int32, shape (ways,)
        The graph node.
    ms : int32, shape (ways,)
        The time between it and the place.
    share : float64, shape (ways,)
        The share of the place's own segment at which the node is met: 0 its tail, 1 its head.
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    ms: NDArray[np.int32]
    share: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first) - 1

    def of(self, place: int) -> "Ends":
        """Return the ways of one place alone."""
        ways = slice(self.first[place], self.first[place + 1])
        return Ends(np.array([0, ways.stop - ways.start]), self.node[ways], self.ms[ways], self.share[ways])

    def some(self, places: NDArray[np.int64]) -> "Ends":
        """Return the ways of some of the places, in their order."""
        counts = np.diff(self.first)[places]
        first = np.concatenate(([0], np.cumsum(counts)))
        ways = np.arange(first[-1]) + np.repeat(self.first[:-1][places] - first[:-1], counts)
        return Ends(first, self.node[ways], self.ms[ways], self.share[ways])

    def least_ms(self, node_ms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each place's least time by any of its ways, given a time for each node; ``inf`` for none."""
        return self._least(node_ms[self.node] + self.ms)

    def best_way(self, place: int, node_ms: NDArray[np.float64]) -> int:
        """Return the way by which a place has its least time."""
        ways = slice(self.first[place], self.first[place + 1])
        return int(ways.start + np.argmin(node_ms[self.node[ways]] + self.ms[ways]))

    def _least(self, way_ms: NDArray[np.float64]) -> NDArray[np.float64]:
        least = np.full(len(self), np.inf)
        some = np.diff(self.first) > 0
        if some.any():
            least[some] = np.minimum.reduceat(way_ms, self.first[:-1][some])
        return least


def departures(graph: SearchGraph, metric: Metric, places: Snapped) -> Ends:
    """Return how one leaves places: from a node at once, else along the segment to an end that is open."""
    segment, along, stands = places.segment, places.along, places.at_node
    node = np.stack(
        (
            places.node,
            graph.target[graph.first_arc(segment, True)],
            graph.target[graph.first_arc(segment, False)],
        ),
        axis=1,
    )
    ms = np.stack(
        (
            np.zeros(len(places)),
            np.rint((1.0 - along) * metric.forward_ms[segment]),
            np.rint(along * metric.backward_ms[segment]),
        ),
        axis=1,
    )
    share = np.stack((along, np.ones(len(places)), np.zeros(len(places))), axis=1)
    there = np.stack((stands, ~stands & metric.forward[segment], ~stands & metric.backward[segment]), axis=1)
    return _ends(node, ms, share, there)


def arrivals(network: RoadNetwork, graph: SearchGraph, metric: Metric, places: Snapped) -> Ends:
    """Return how one arrives at places: at a node however one came, else along the segment from an end."""
    segment, along, stands = places.segment, places.along, places.at_node
    node = np.stack((places.node, network.tail[segment], network.head[segment]), axis=1)
    ms = np.stack(
        (
            np.zeros(len(places)),
            np.rint(along * metric.forward_ms[segment]),
            np.rint((1.0 - along) * metric.backward_ms[segment]),
        ),
        axis=1,
    )
    share = np.stack((along, np.zeros(len(places)), np.ones(len(places))), axis=1)
    there = np.stack((stands, ~stands & metric.forward[segment], ~stands & metric.backward[segment]), axis=1)
    plain = _ends(node, ms, share, there)
    return _with_histories(plain, graph, metric, places)


def _ends(
    node: NDArray[Any], ms: NDArray[np.float64], share: NDArray[np.float64], there: NDArray[np.bool_]
) -> Ends:
    first = np.concatenate(([0], np.cumsum(there.sum(axis=1))))
    return Ends(first, node[there].astype(np.int32), ms[there].astype(np.int32), share[there])


def _with_histories(plain: Ends, graph: SearchGraph, metric: Metric, places: Snapped) -> Ends:
    """Add the arrivals of those who come with a history."""
    onward = graph.segment[2 * graph.segments :]
    if not len(onward):
        return plain
    met = np.where(
        places.at_node,
        np.isin(places.node, graph.place[graph.network_nodes :]),
        np.isin(places.segment, onward),
    )
    if not met.any():
        return plain
    more = [_history_ways(graph, metric, places, int(i)) for i in np.flatnonzero(met)]
    place = np.concatenate(
        (
            np.repeat(np.arange(len(plain)), np.diff(plain.first)),
            *(np.full(len(m.node), i) for i, m in zip(np.flatnonzero(met), more, strict=True)),
        )
    )
    order = np.argsort(place, kind="stable")
    return Ends(
        np.concatenate(([0], np.cumsum(np.bincount(place, minlength=len(plain))))),
        np.concatenate((plain.node, *(m.node for m in more)))[order],
        np.concatenate((plain.ms, *(m.ms for m in more)))[order],
        np.concatenate((plain.share, *(m.share for m in more)))[order],
    )


def _history_ways(graph: SearchGraph, metric: Metric, places: Snapped, i: int) -> Ends:
    """Return the ways onto one place from the histories around it."""
    along = float(places.along[i])
    if places.at_node[i]:
        node = graph.standing_at(int(places.node[i]))[1:]
        return Ends(
            np.array([0, len(node)]),
            node.astype(np.int32),
            np.zeros(len(node), dtype=np.int32),
            np.full(len(node), along),
        )
    segment = int(places.segment[i])
    nodes: list[int] = []
    ms: list[int] = []
    share: list[float] = []
    for forward in (True, False):
        may = metric.forward[segment] if forward else metric.backward[segment]
        whole_ms = metric.forward_ms[segment] if forward else metric.backward_ms[segment]
        part = along if forward else 1.0 - along
        for arc in graph.other_arcs(segment, forward=forward) if may else ():
            if not (metric.obeys_turns and graph.forbidden[arc]):
                nodes.append(int(graph.source[arc]))
                ms.append(int(np.rint(part * whole_ms)))
                share.append(0.0 if forward else 1.0)
    return Ends(
        np.array([0, len(nodes)]),
        np.array(nodes, dtype=np.int32),
        np.array(ms, dtype=np.int32),
        np.array(share, dtype=np.float64),
    )
