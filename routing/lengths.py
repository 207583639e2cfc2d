"""Times with the metres driven in them: a table of origins by destinations, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.dijkstra import DijkstraEngine
from routing.ends import Ends
from routing.network import MS_PER_S
from routing.router import Router
from routing.snapping import Snapped


@dataclass(frozen=True)
class TimesFrom:
    """
    From one origin to every destination.

    Attributes
    ----------
    origin : int
        Its position.
    seconds, metres : float64, shape (destinations,)
        Of the fastest way; ``inf`` where no road leads.
    """

    origin: int
    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]


def times_and_metres(router: Router, origins: Snapped, destinations: Snapped) -> Iterator[TimesFrom]:
    """
    Yield the times and metres from one origin after another: one search each, and memory for one row.

    Of ways equally fast, the metres are those of the one that was found.
    """
    plain = DijkstraEngine(router.graph, router.graph.weights_ms(router.metric))
    leaving, arriving = router.leaving(origins), router.arriving(destinations)
    own_m = router.network.length_m[destinations.segment]
    arc_m = router.network.length_m[router.graph.segment]
    for i in range(len(origins)):
        origin = leaving.of(i)
        start_m = np.abs(origin.share - origins.along[i]) * router.network.length_m[origins.segment[i]]
        tree = plain.tree_from(origin)
        node_m = tree.sums(arc_m, start_m)
        ms, metres = _arrive(arriving, tree.ms, node_m, destinations, own_m)
        here = origins[np.full(len(destinations), i)]
        direct_ms = router.direct_ms(here, destinations)
        direct = direct_ms < ms
        direct_m = np.abs(destinations.along - origins.along[i]) * own_m
        yield TimesFrom(i, np.where(direct, direct_ms, ms) / MS_PER_S, np.where(direct, direct_m, metres))


def _arrive(
    arriving: Ends,
    node_ms: NDArray[np.float64],
    node_m: NDArray[np.float64],
    places: Snapped,
    own_m: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each destination's least time by any of its ways, and the metres of that way."""
    place = np.repeat(np.arange(len(arriving)), np.diff(arriving.first))
    way_ms = node_ms[arriving.node] + arriving.ms
    way_m = node_m[arriving.node] + np.abs(arriving.share - places.along[place]) * own_m[place]
    order = np.lexsort((way_m, way_ms, place))
    best = order[np.unique(place[order], return_index=True)[1]]
    ms, metres = np.full(len(arriving), np.inf), np.full(len(arriving), np.inf)
    ms[place[best]], metres[place[best]] = way_ms[best], way_m[best]
    return ms, metres
