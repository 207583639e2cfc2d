"""What is found out once, with every road open, so that closing one can be answered at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.cch.jit import frozen
from routing.detours import Asked, Back, Doors, soonest_ms
from routing.dijkstra import DijkstraEngine
from routing.ends import Ends
from routing.forest import NEVER_MS, NO_ROAD, Forest, Starts, forest_of, roads_to, starts_of
from routing.graph import BLOCKED_MS
from routing.links import Fleet, Links
from routing.network import MS_PER_S

BYTES_A_NODE = 40
BYTES_AN_ARC = 12


@dataclass(frozen=True)
class Stand:
    """
    Posts that drive alike and go to the same spots, with their fastest ways.

    Attributes
    ----------
    serves : bool, shape (spots,)
    """

    back: Back
    forest: Forest
    starts: Starts
    doors: Doors
    serves: NDArray[np.bool_]

    def soonest_ms(self, asked: Asked, known_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return when somebody is first at the spot of every question, these posts or whoever is known."""
        own = np.flatnonzero(self.serves[asked.spot])
        found = known_ms.copy()
        questions = Asked(
            frozen(asked.closed_first, np.int64),
            frozen(asked.closed, np.int32),
            frozen(asked.closure[own], np.int64),
            frozen(asked.spot[own], np.int64),
        )
        found[own] = soonest_ms(
            Back(*(frozen(column, np.int32) for column in self.back)),
            (_forest(self.forest), _starts(self.starts)),
            Doors(
                frozen(self.doors.first, np.int64),
                frozen(self.doors.node, np.int32),
                frozen(self.doors.ms, np.int32),
            ),
            questions,
            frozen(known_ms[own], np.int64),
        )
        return found


@dataclass(frozen=True)
class OpenRoads:
    """
    The posts with every road open.

    Attributes
    ----------
    stands : tuple of Stand
    direct_ms, first_ms : int64, shape (spots,)
        When somebody is at each spot who need not leave the segment it is on, and whoever it is.
    roads : tuple of int32 arrays
        The segments on the way of whoever is first at each spot, without the one the spot stands on.
    """

    stands: tuple[Stand, ...]
    direct_ms: NDArray[np.int64]
    first_ms: NDArray[np.int64]
    roads: tuple[NDArray[np.int32], ...]

    def soonest_ms(self, asked: Asked) -> NDArray[np.int64]:
        """Return when somebody is first at the spot of every question."""
        found = self.direct_ms[asked.spot]
        for stand in self.stands:
            found = stand.soonest_ms(asked, found)
        return found


def bytes_to_close(links: Links) -> int:
    """Return about how much memory it takes to answer closings."""
    ways = 0
    for fleet in links.fleets:
        graph = fleet.router.graph
        ways += len(_patterns(links, fleet)[0]) * BYTES_A_NODE * graph.nodes + BYTES_AN_ARC * graph.arcs
    return links.needs_bytes + ways


def with_all_open(links: Links) -> OpenRoads:
    """Return the fastest ways of all posts."""
    spots = len(links.spots)
    direct_ms = np.full(spots, NEVER_MS, dtype=np.int64)
    stands: list[Stand] = []
    for fleet in links.fleets:
        direct_ms = np.minimum(direct_ms, _direct_ms(links, fleet))
        stands += _stands(links, fleet)
    way_ms = np.full((len(stands) + 1, spots), NEVER_MS, dtype=np.int64)
    end = np.full((len(stands) + 1, spots), -1, dtype=np.int64)
    way_ms[0] = direct_ms
    for i, stand in enumerate(stands, start=1):
        way_ms[i], end[i] = _soonest_ends(stand)
    first = np.argmin(way_ms, axis=0)
    roads = tuple(
        _roads(links, stands[i - 1], spot, int(end[i, spot])) if i else np.zeros(0, dtype=np.int32)
        for spot, i in enumerate(first.tolist())
    )
    return OpenRoads(tuple(stands), direct_ms, way_ms.min(axis=0), roads)


def in_seconds(ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return times in seconds, ``inf`` where nobody comes."""
    return np.where(ms >= NEVER_MS, np.inf, ms / MS_PER_S)


def _roads(links: Links, stand: Stand, spot: int, end: int) -> NDArray[np.int32]:
    found = np.unique(roads_to(stand.forest, end))
    return found if links.spots.at_node[spot] else found[found != links.spots.segment[spot]]


def _patterns(links: Links, fleet: Fleet) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which posts come to a spot, each pattern once with some post in it, and that of every spot."""
    comes, pattern = np.unique(~links.barred[fleet.post].T, axis=0, return_inverse=True)
    some = comes.any(axis=1)
    number = np.where(some, np.cumsum(some) - 1, -1)
    return comes[some], number[pattern.reshape(-1)]


def _stands(links: Links, fleet: Fleet) -> list[Stand]:
    router = fleet.router
    weight_ms = router.graph.weights_ms(router.metric)
    engine = DijkstraEngine(router.graph, weight_ms)
    leaving, arriving = router.leaving(fleet.place), router.arriving(links.spots)
    doors = Doors(
        frozen(arriving.first, np.int64), frozen(arriving.node, np.int32), frozen(arriving.ms, np.int32)
    )
    comes, pattern = _patterns(links, fleet)
    back, stands = _back(engine), []
    for i, row in enumerate(comes):
        ways, road = _ways(fleet, leaving, np.flatnonzero(row))
        stand = Stand(
            back,
            forest_of(engine, ways, road),
            starts_of(ways, road, router.graph.nodes),
            doors,
            pattern == i,
        )
        stands.append(stand)
    return stands


def _ways(fleet: Fleet, leaving: Ends, posts: NDArray[np.int64]) -> tuple[Ends, NDArray[np.int64]]:
    """Return the ways of some posts onto the graph as those of one place, and the segment each drives."""
    some = leaving.some(posts)
    post = np.repeat(posts, np.diff(some.first))
    start_ms = np.rint(fleet.start_s * MS_PER_S)[post]
    road = np.where(fleet.place.at_node[post], NO_ROAD, fleet.place.segment[post])
    one = Ends(np.array([0, len(post)]), some.node, (some.ms + start_ms).astype(np.int32), some.share)
    return one, road


def _back(engine: DijkstraEngine) -> Back:
    graph, weight_ms = engine.graph, engine.weight_ms
    arcs = np.flatnonzero((weight_ms < BLOCKED_MS) & (graph.source != graph.target))
    arcs = arcs[np.argsort(graph.target[arcs], kind="stable")]
    first = np.concatenate(([0], np.cumsum(np.bincount(graph.target[arcs], minlength=graph.nodes))))
    return Back(
        frozen(first, np.int32),
        frozen(graph.source[arcs], np.int32),
        frozen(weight_ms[arcs], np.int32),
        frozen(graph.segment[arcs], np.int32),
    )


def _direct_ms(links: Links, fleet: Fleet) -> NDArray[np.int64]:
    """Return when somebody of a fleet is at each spot along the one segment both are on."""
    i, j = np.nonzero(
        (fleet.place.segment[:, None] == links.spots.segment[None, :]) & ~links.barred[fleet.post]
    )
    soonest = np.full(len(links.spots), float(NEVER_MS))
    arrival_ms = fleet.router.direct_ms(fleet.place[i], links.spots[j]) + np.rint(fleet.start_s[i] * MS_PER_S)
    np.minimum.at(soonest, j, arrival_ms)
    return soonest.astype(np.int64)


def _soonest_ends(stand: Stand) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when somebody is first at each spot, and the node at which the way to it leaves the graph."""
    spots = len(stand.serves)
    owner = np.repeat(np.arange(spots), np.diff(stand.doors.first))
    way_ms = np.minimum(stand.forest.ms[stand.doors.node] + stand.doors.ms, NEVER_MS)
    order = np.lexsort((way_ms, owner))
    _, best = np.unique(owner[order], return_index=True)
    ms, end = np.full(spots, NEVER_MS, dtype=np.int64), np.full(spots, -1, dtype=np.int64)
    ways = order[best]
    ms[owner[ways]], end[owner[ways]] = way_ms[ways], stand.doors.node[ways]
    return np.where(stand.serves, ms, NEVER_MS), end


def _forest(forest: Forest) -> Forest:
    ms, *rest = forest
    return Forest(frozen(ms, np.int64), *(frozen(column, np.int32) for column in rest))


def _starts(starts: Starts) -> Starts:
    return Starts(frozen(starts.first, np.int32), frozen(starts.ms, np.int64), frozen(starts.road, np.int32))
