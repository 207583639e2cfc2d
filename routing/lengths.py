"""Times with the metres driven in them: a table of origins by destinations, a part at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.chunks import HERE, Workers, runs
from routing.dijkstra import DijkstraEngine, Tree
from routing.ends import Ends
from routing.network import MS_PER_S
from routing.router import Router
from routing.snapping import Snapped

SEARCHES = 16
"""So many rows or columns are one piece."""
BYTES_A_NODE = 60
BYTES_AN_ARC = 60
BYTES_A_ROW = 64
"""What a search takes for each node and arc, and a part for each row of the table."""


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


@dataclass(frozen=True)
class Table:
    """A table of times to be found: from every origin to every destination."""

    router: Router
    origins: Snapped
    destinations: Snapped

    @property
    def searches(self) -> int:
        """How many searches it takes: one for each of the fewer, origins or destinations."""
        return min(len(self.origins), len(self.destinations))

    @property
    def needs_bytes(self) -> int:
        """The memory that the searches of one piece take, about."""
        graph = self.router.graph
        ways = BYTES_A_NODE * graph.nodes + BYTES_AN_ARC * graph.arcs
        return ways + SEARCHES * BYTES_A_ROW * max(len(self.origins), len(self.destinations))

    @cached_property
    def plain(self) -> DijkstraEngine:
        """What answers."""
        return DijkstraEngine(self.router.graph, self.router.graph.weights_ms(self.router.metric))

    @cached_property
    def leaving(self) -> Ends:
        """How one leaves the origins."""
        return self.router.leaving(self.origins)

    @cached_property
    def arriving(self) -> Ends:
        """How one arrives at the destinations."""
        return self.router.arriving(self.destinations)


def times_and_metres(
    router: Router, origins: Snapped, destinations: Snapped, workers: Workers = HERE
) -> Iterator[TablePart]:
    """Yield the table part by part: one search for each of the fewer, origins or destinations."""
    plain = Router.plain(router.network, router.graph, router.metric)
    table = Table(plain, origins, destinations)
    for parts in workers.each(parts_of, (table,), runs(table.searches, SEARCHES)):
        yield from parts


def parts_of(kept: tuple[Table], searches: NDArray[np.int64]) -> list[TablePart]:
    """Return some parts of a table: the rows of some origins, or the columns of some destinations."""
    (table,) = kept
    by_row = len(table.origins) <= len(table.destinations)
    return [_row(table, i) if by_row else _column(table, i) for i in searches.tolist()]


def _row(table: Table, i: int) -> TablePart:
    origins, destinations, one = table.origins, table.destinations, table.leaving.of(i)
    to, tree = np.arange(len(destinations)), table.plain.tree_from(one)
    met = _meet(table.router, tree, one, origins[i : i + 1], table.arriving, destinations)
    return _part(table, np.full(len(to), i), to, met)


def _column(table: Table, j: int) -> TablePart:
    origins, destinations, one = table.origins, table.destinations, table.arriving.of(j)
    start, tree = np.arange(len(origins)), table.plain.tree_to(one)
    met = _meet(table.router, tree, one, destinations[j : j + 1], table.leaving, origins)
    return _part(table, start, np.full(len(start), j), met)


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


def _part(table: Table, i: NDArray[np.int64], j: NDArray[np.int64], met: _Met) -> TablePart:
    """Take the way along one segment where origin and destination share it and it is faster."""
    router, start, end = table.router, table.origins[i], table.destinations[j]
    direct_ms = router.direct_ms(start, end)
    direct = direct_ms < met.ms
    direct_m = np.abs(end.along - start.along) * router.network.length_m[end.segment]
    seconds = np.where(direct, direct_ms, met.ms) / MS_PER_S
    return TablePart(i, j, seconds, np.where(direct, direct_m, met.metres))
