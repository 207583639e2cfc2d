"""Road times and routes between places: what everybody else asks, whatever engine answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.dijkstra import DijkstraEngine
from routing.ends import Ends, arrivals, departures
from routing.engine import Engine
from routing.graph import SearchGraph
from routing.metric import Metric
from routing.network import MS_PER_S, RoadNetwork
from routing.snapping import Snapped
from routing.stretches import Route, Stretches, routes_along

NO_ARCS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Router:
    """
    A network under one metric, ready to answer.

    Seconds are whole milliseconds over 1,000, ``inf`` where no road leads.
    """

    network: RoadNetwork
    graph: SearchGraph
    metric: Metric
    engine: Engine

    @classmethod
    def plain(cls, network: RoadNetwork, graph: SearchGraph, metric: Metric) -> "Router":
        """Return a router that answers by plain Dijkstra."""
        return cls(network, graph, metric, DijkstraEngine(graph, graph.weights_ms(metric)))

    def under(self, metric: Metric) -> "Router":
        """Return a router on the same roads under another metric; this one stays as it is."""
        return replace(self, metric=metric, engine=self.engine.reweighted(self.graph.weights_ms(metric)))

    def leaving(self, places: Snapped) -> Ends:
        """Return how one leaves places; keep it to ask again from the same places."""
        return departures(self.graph, self.metric, places)

    def arriving(self, places: Snapped) -> Ends:
        """Return how one arrives at places."""
        return arrivals(self.network, self.graph, self.metric, places)

    def times_to(self, origins: Snapped, target: Snapped) -> NDArray[np.float64]:
        """Return the seconds from every origin to one target, shape (origins,)."""
        way_ms = self.engine.times_to(self.leaving(origins), self.arriving(target))
        return np.minimum(way_ms, self.direct_ms(origins, target)) / MS_PER_S

    def times_from(self, origin: Snapped, targets: Snapped) -> NDArray[np.float64]:
        """Return the seconds from one origin to every target, shape (targets,)."""
        way_ms = self.engine.times_from(self.leaving(origin), self.arriving(targets))
        return np.minimum(way_ms, self.direct_ms(origin, targets)) / MS_PER_S

    def matrix(self, origins: Snapped, targets: Snapped) -> NDArray[np.float64]:
        """Return the seconds from every origin to every target, shape (origins, targets)."""
        ms = self.engine.matrix(self.leaving(origins), self.arriving(targets))
        i, j = _on_one_segment(origins, targets)
        ms[i, j] = np.minimum(ms[i, j], self.direct_ms(origins[i], targets[j]))
        return ms / MS_PER_S

    def routes_to(self, origins: Snapped, target: Snapped) -> list[Route | None]:
        """Return the fastest route from each origin to one target, None where no road leads."""
        leaving, arriving = self.leaving(origins), self.arriving(target)
        direct_ms, here = self.direct_ms(origins, target), float(target.along[0])
        trips: list[_Trip] = []
        for i, way in enumerate(self.engine.ways_to(leaving, arriving)):
            if direct_ms[i] < np.inf and (way is None or direct_ms[i] <= way.ms):
                trips.append(_Trip(i, NO_ARCS, here, here))
            elif way is not None:
                shares = leaving.share[way.leaving], arriving.share[way.arriving]
                trips.append(_Trip(i, way.arcs, *shares))
        stretches, begin = self._driven(origins, target, trips)
        routes: list[Route | None] = [None] * len(origins)
        for trip, route in zip(trips, routes_along(self.network, stretches, begin), strict=True):
            routes[trip.origin] = route
        return routes

    def nearest(self, origins: Snapped, target: Snapped, k: int) -> "Nearest":
        """Return the k origins that reach one target soonest, with their routes; fewer where fewer can."""
        time_s = self.times_to(origins, target)
        soonest = np.lexsort((np.arange(len(origins)), time_s))[:k]
        chosen = soonest[np.isfinite(time_s[soonest])]
        return Nearest(chosen, time_s[chosen], tuple(self.routes_to(origins[chosen], target)))

    def _driven(
        self, origins: Snapped, target: Snapped, trips: Sequence["_Trip"]
    ) -> tuple[Stretches, NDArray[np.int64]]:
        """Return the stretches of trips, and where those of each begin."""
        arcs = np.concatenate((NO_ARCS, *(trip.arcs for trip in trips)))
        origin = np.array([trip.origin for trip in trips], dtype=np.int64)
        begin = np.cumsum([0, *(len(trip.arcs) + 2 for trip in trips)])
        first, last = begin[:-1], begin[1:] - 1
        between = np.ones(begin[-1], dtype=np.bool_)
        between[first] = between[last] = False
        forward = self.graph.forward[arcs]
        segment = np.empty(begin[-1], dtype=np.int64)
        start, end = np.empty(begin[-1]), np.empty(begin[-1])
        segment[first], segment[between], segment[last] = (
            origins.segment[origin],
            self.graph.segment[arcs],
            target.segment[0],
        )
        start[first], start[between] = origins.along[origin], ~forward
        start[last] = [trip.arrives for trip in trips]
        end[first] = [trip.leaves for trip in trips]
        end[between], end[last] = forward, target.along[0]
        return Stretches(segment, start, end), begin

    def direct_ms(self, origins: Snapped, targets: Snapped) -> NDArray[np.float64]:
        """Return the times along a segment that origin and target share, pair by pair; else ``inf``."""
        metric, segment = self.metric, origins.segment
        ahead = targets.along - origins.along
        share = np.abs(ahead)
        together = (segment == targets.segment) & ~origins.at_node & ~targets.at_node
        onward_ms = np.where(
            metric.forward[segment] & (ahead >= 0), np.rint(share * metric.forward_ms[segment]), np.inf
        )
        back_ms = np.where(
            metric.backward[segment] & (ahead <= 0), np.rint(share * metric.backward_ms[segment]), np.inf
        )
        return np.where(together, np.minimum(onward_ms, back_ms), np.inf)


class _Trip(NamedTuple):
    """
    How one origin reaches the target.

    Attributes
    ----------
    origin : int
    arcs : int64, shape (arcs,)
        Those that are driven whole.
    leaves, arrives : float
        The share of the origin's segment at which it is left, of the target's at which it is entered.
    """

    origin: int
    arcs: NDArray[np.int64]
    leaves: float
    arrives: float


@dataclass(frozen=True)
class Nearest:
    """
    The origins that reach a target soonest.

    Attributes
    ----------
    origin : int64, shape (k,)
        Their positions, soonest first.
    time_s : float64, shape (k,)
    routes : tuple of Route
    """

    origin: NDArray[np.int64]
    time_s: NDArray[np.float64]
    routes: tuple[Route | None, ...]


def _on_one_segment(origins: Snapped, targets: Snapped) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of positions of origins and targets that lie on the same segment."""
    order = np.argsort(targets.segment, kind="stable")
    begins = np.searchsorted(targets.segment[order], origins.segment)
    counts = np.searchsorted(targets.segment[order], origins.segment, side="right") - begins
    first = np.cumsum(counts) - counts
    within = np.arange(counts.sum()) - np.repeat(first, counts)
    return np.repeat(np.arange(len(origins)), counts), order[np.repeat(begins, counts) + within]
