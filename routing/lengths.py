"""Times with the metres driven in them: a table of origins by destinations, a part at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.dijkstra import DijkstraEngine, Tree
from routing.ends import Ends
from routing.network import MS_PER_S
from routing.router import Router
from routing.snapping import Snapped


@dataclass(frozen=True)
class TablePart:
    """
    Some rows of a table: one origin to every destination, or every origin to one destination.

    Attributes
    ----------
    origin, destination : int64, shape (rows,)
        Their positions.
    seconds, metres : float64, shape (rows,)
        Of the fastest way; ``inf`` where no road leads. Of ways equally fast, the metres are those of the one
        that was found.
    """

    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]


def times_and_metres(router: Router, origins: Snapped, destinations: Snapped) -> Iterator[TablePart]:
    """Yield the table part by part: one search for each of the fewer, origins or destinations."""
    plain = DijkstraEngine(router.graph, router.graph.weights_ms(router.metric))
    leaving, arriving = router.leaving(origins), router.arriving(destinations)
    if len(origins) <= len(destinations):
        to = np.arange(len(destinations))
        for i in range(len(origins)):
            one = leaving.of(i)
            met = _meet(router, plain.tree_from(one), one, origins[i : i + 1], arriving, destinations)
            yield _part(router, origins, destinations, np.full(len(to), i), to, met)
    else:
        start = np.arange(len(origins))
        for j in range(len(destinations)):
            one = arriving.of(j)
            met = _meet(router, plain.tree_to(one), one, destinations[j : j + 1], leaving, origins)
            yield _part(router, origins, destinations, start, np.full(len(start), j), met)


@dataclass(frozen=True)
class _Met:
    ms: NDArray[np.float64]
    metres: NDArray[np.float64]


def _meet(router: Router, tree: Tree, ways: Ends, place: Snapped, far_ways: Ends, far: Snapped) -> _Met:
    """Return the least time between one place and each far one by any way, and the metres of that way."""
    length_m = router.network.length_m
    node_m = tree.sums(
        length_m[router.graph.segment], np.abs(ways.share - place.along[0]) * length_m[place.segment[0]]
    )
    owner = np.repeat(np.arange(len(far)), np.diff(far_ways.first))
    way_ms = tree.ms[far_ways.node] + far_ways.ms
    way_m = node_m[far_ways.node] + np.abs(far_ways.share - far.along[owner]) * length_m[far.segment[owner]]
    order = np.lexsort((way_m, way_ms, owner))
    best = order[np.unique(owner[order], return_index=True)[1]]
    ms, metres = np.full(len(far), np.inf), np.full(len(far), np.inf)
    ms[owner[best]], metres[owner[best]] = way_ms[best], way_m[best]
    return _Met(ms, metres)


def _part(
    router: Router,
    origins: Snapped,
    destinations: Snapped,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    met: _Met,
) -> TablePart:
    """Take the way along one segment where origin and destination share it and it is faster."""
    start, end = origins[i], destinations[j]
    direct_ms = router.direct_ms(start, end)
    direct = direct_ms < met.ms
    direct_m = np.abs(end.along - start.along) * router.network.length_m[end.segment]
    seconds = np.where(direct, direct_ms, met.ms) / MS_PER_S
    return TablePart(i, j, seconds, np.where(direct, direct_m, met.metres))
