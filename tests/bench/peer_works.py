"""The same questions put to our engine and to each peer, every one asked in the way it answers soonest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.cch.order import neighbours, rank_by_dissection
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.times import all_from, matrix, times_to
from routing.cch.topology import Topology
from routing.graph import BLOCKED_MS
from routing.hierarchy_engine import HierarchyEngine
from tests.bench.cch import Standing
from tests.bench.peer_graphs import Asked

NEAREST = 5
FIRST_LIMIT_MS = 60_000
ROWS = 5
"""How many rows of a matrix are asked of a peer that answers row by row; its time is projected from them."""
UNREACHED_S = 4_294_967.295
MS_PER_S = 1000
PANDANA_WITHIN = 0.01
"""Pandana keeps thousandths and cuts off the rest at every arc: its times are compared within one percent."""

Times = NDArray[np.float64]


class Operation(StrEnum):
    """What is asked."""

    SAME = "500 teams to 1"
    MOVED = "the same, teams moved"
    NEAREST = "5 nearest with routes"
    MATRIX = "500 x 5000, one thread"
    ALL = "1 to all nodes"
    CLOSED = "100 closures to first answer"


@dataclass(frozen=True)
class Work:
    """
    One question as one engine is asked it.

    Attributes
    ----------
    run
        Returns milliseconds.
    before
        What puts things back before each round; not timed.
    part
        Which part of the question ``run`` asks.
    """

    run: Callable[[], Times]
    before: Callable[[], None] = lambda: None
    part: float = 1.0


Works = Mapping[Operation, Work]


def ours(asked: Asked) -> Works:
    """Ask our engine."""
    graph = asked.graph
    topology = Topology.build(graph.nodes, graph.tail, graph.head)
    engine = HierarchyEngine.of(topology, graph.weight_ms)
    teams, incident, places = (
        Standing.at(node) for node in (asked.teams, np.array([asked.incident]), asked.places)
    )
    pinned, pinned_places = Pins.of(topology, teams), Pins.of(topology, places)
    after_ms = asked.after_ms

    def to_incident(of: HierarchyEngine) -> Times:
        return times_to(of.metric, pinned, Pins.of(topology, incident))

    def nearest() -> Times:
        there = Pins.of(topology, incident)
        soonest = np.argpartition(times_to(engine.metric, pinned, there), NEAREST)[:NEAREST]
        paths = paths_to(engine.metric, pinned.some(topology, soonest), there)
        return driven(graph.weight_ms[path.arcs] for path in paths if path is not None)

    return {
        Operation.SAME: Work(lambda: to_incident(engine)),
        Operation.MOVED: Work(
            lambda: times_to(engine.metric, Pins.of(topology, teams), Pins.of(topology, incident))
        ),
        Operation.NEAREST: Work(nearest),
        Operation.MATRIX: Work(lambda: matrix(engine.metric, pinned, pinned_places, threads=1)),
        Operation.ALL: Work(lambda: all_from(engine.metric, Pins.of(topology, incident))),
        Operation.CLOSED: Work(lambda: to_incident(engine.reweighted(after_ms))),
    }


def driven(arcs_ms: Iterable[NDArray[Any]]) -> Times:
    """Return what routes take when their arcs are added up, soonest first."""
    return np.sort(np.array([ms.sum() for ms in arcs_ms], dtype=np.float64))


def scipy(asked: Asked) -> Works:
    """Ask SciPy; a route needs only as much of the graph as a growing limit uncovers."""
    ahead, back = _Rows.of(asked, back=False), _Rows.of(asked, back=True)
    weight_ms = asked.graph.weight_ms
    after_ms = np.where(asked.after_ms < BLOCKED_MS, asked.after_ms, np.inf)
    roads, roads_back = ahead.weighed(weight_ms), back.weighed(weight_ms)

    def to_incident(by: csr_array) -> Times:
        return np.asarray(dijkstra(by, indices=[asked.incident])[0, asked.teams])

    def nearest() -> Times:
        limit_ms, reached = FIRST_LIMIT_MS, 0
        while reached < NEAREST:
            all_ms, before = dijkstra(
                roads_back, indices=[asked.incident], limit=limit_ms, return_predecessors=True
            )
            ms, following = all_ms[0], before[0]
            reached = int(np.count_nonzero(np.isfinite(ms[asked.teams])))
            limit_ms *= 2
        soonest = asked.teams[np.argpartition(ms[asked.teams], NEAREST)[:NEAREST]]
        return driven(-np.diff(ms[chain(int(node), asked.incident, following)]) for node in soonest)

    return {
        Operation.SAME: Work(lambda: to_incident(roads_back)),
        Operation.MOVED: Work(lambda: to_incident(roads_back)),
        Operation.NEAREST: Work(nearest),
        Operation.MATRIX: Work(
            lambda: np.asarray(dijkstra(roads, indices=asked.teams[:ROWS])[:, asked.places]),
            part=ROWS / len(asked.teams),
        ),
        Operation.ALL: Work(lambda: np.asarray(dijkstra(roads, indices=[asked.incident])[0])),
        Operation.CLOSED: Work(lambda: to_incident(back.weighed(after_ms))),
    }


def chain(node: int, end: int, following: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the nodes from one to the end."""
    nodes = [node]
    while nodes[-1] != end:
        nodes.append(int(following[nodes[-1]]))
    return np.array(nodes)


@dataclass(frozen=True)
class _Rows:
    """A graph as SciPy reads it, and which arc stands at each entry."""

    shape: csr_array
    arc: NDArray[np.int64]

    @classmethod
    def of(cls, asked: Asked, *, back: bool) -> "_Rows":
        graph = asked.graph
        ends = (graph.head, graph.tail) if back else (graph.tail, graph.head)
        numbered = csr_array((np.arange(graph.arcs), ends), shape=(graph.nodes, graph.nodes))
        return cls(numbered, numbered.data)

    def weighed(self, ms: NDArray[Any]) -> csr_array:
        by_entry = ms[self.arc].astype(np.float64)
        return csr_array((by_entry, self.shape.indices, self.shape.indptr), shape=self.shape.shape)


def networkx(asked: Asked) -> Works:
    """Ask NetworkX."""
    graph = asked.graph
    roads = nx.DiGraph()
    roads.add_nodes_from(range(graph.nodes))
    ends = list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    roads.add_weighted_edges_from(
        ((u, v, ms) for (u, v), ms in zip(ends, graph.weight_ms.tolist(), strict=True)), weight="ms"
    )
    back = roads.reverse(copy=False)
    closed = [(roads.edges[ends[arc]], int(graph.weight_ms[arc])) for arc in asked.closed]

    def all_ms(by: nx.DiGraph, start: int) -> Times:
        found = nx.single_source_dijkstra_path_length(by, start, weight="ms")
        ms = np.full(graph.nodes, np.inf)
        ms[np.fromiter(found.keys(), dtype=np.int64)] = np.fromiter(found.values(), dtype=np.float64)
        return ms

    def nearest() -> Times:
        ms, _ = nx.single_source_dijkstra(back, asked.incident, weight="ms")
        return np.array(sorted(ms[team] for team in asked.teams.tolist() if team in ms)[:NEAREST])

    def put_back() -> None:
        for edge, ms in closed:
            edge["ms"] = ms

    def close_and_ask() -> Times:
        for edge, _ in closed:
            edge["ms"] = np.inf
        return all_ms(back, asked.incident)[asked.teams]

    return {
        Operation.SAME: Work(lambda: all_ms(back, asked.incident)[asked.teams]),
        Operation.MOVED: Work(lambda: all_ms(back, asked.incident)[asked.teams]),
        Operation.NEAREST: Work(nearest),
        Operation.MATRIX: Work(
            lambda: all_ms(roads, int(asked.teams[0]))[None, asked.places], part=1 / len(asked.teams)
        ),
        Operation.ALL: Work(lambda: all_ms(roads, asked.incident)),
        Operation.CLOSED: Work(close_and_ask, before=put_back),
    }


def routingkit(asked: Asked) -> Works:
    """Ask routingkit-cch, with the order our own engine has."""
    kit = import_module("routingkit_cch")
    graph = asked.graph
    order = np.argsort(rank_by_dissection(neighbours(graph.nodes, graph.tail, graph.head))).tolist()
    cch = kit.CCH(order, graph.tail.tolist(), graph.head.tolist(), False)
    metric, changing = (kit.CCHMetric(cch, graph.weight_ms.tolist()) for _ in range(2))
    updater = kit.CCHMetricPartialUpdater(cch)
    teams, places = asked.teams.tolist(), asked.places.tolist()
    from_teams, to_places = kit.CCHManyToOne(metric, teams), kit.CCHOneToMany(metric, places)
    to_all = kit.CCHOneToMany(metric, list(range(graph.nodes)))
    query = kit.CCHQuery(metric)
    closing = dict.fromkeys(asked.closed.tolist(), int(asked.after_ms[asked.closed[0]]))
    opening = {arc: int(graph.weight_ms[arc]) for arc in closing}

    def nearest() -> Times:
        ms = _ms(from_teams.distances_to(asked.incident))
        soonest = np.argpartition(ms, NEAREST)[:NEAREST]
        ways = [query.run(teams[i], asked.incident).arc_path for i in soonest]
        return driven(graph.weight_ms[np.array(way, dtype=np.int64)] for way in ways)

    def close_and_ask() -> Times:
        updater.apply(changing, closing)
        ms = _ms(kit.CCHManyToOne(changing, teams).distances_to(asked.incident))
        return np.where(ms < asked.after_ms.max(), ms, np.inf)

    return {
        Operation.SAME: Work(lambda: _ms(from_teams.distances_to(asked.incident))),
        Operation.MOVED: Work(lambda: _ms(kit.CCHManyToOne(metric, teams).distances_to(asked.incident))),
        Operation.NEAREST: Work(nearest),
        Operation.MATRIX: Work(lambda: np.stack([_ms(to_places.distances_from(team)) for team in teams])),
        Operation.ALL: Work(lambda: _ms(to_all.distances_from(asked.incident))),
        Operation.CLOSED: Work(close_and_ask, before=lambda: updater.apply(changing, opening)),
    }


def _ms(found: list[int | None]) -> Times:
    return np.array(found, dtype=np.float64) if None not in found else _with_unreached(found)


def _with_unreached(found: list[int | None]) -> Times:
    return np.array([np.inf if ms is None else ms for ms in found], dtype=np.float64)


def igraph(asked: Asked) -> Works:
    """Ask igraph."""
    graph, teams = asked.graph, asked.teams.tolist()
    ends = np.column_stack((graph.tail, graph.head))
    roads = import_module("igraph").Graph(n=graph.nodes, edges=ends, directed=True)
    open_ms = graph.weight_ms.astype(np.float64).tolist()

    def to_incident(ms: list[float]) -> Times:
        return np.array(roads.distances(asked.incident, sorted(set(teams)), weights=ms, mode="in")[0])[
            team_at
        ]

    _, team_at = np.unique(asked.teams, return_inverse=True)

    def nearest() -> Times:
        ms = to_incident(open_ms)
        soonest = asked.teams[np.argpartition(ms, NEAREST)[:NEAREST]].tolist()
        ways = roads.get_shortest_paths(
            asked.incident, to=soonest, weights=open_ms, mode="in", output="epath"
        )
        return driven(graph.weight_ms[np.array(way, dtype=np.int64)] for way in ways)

    def close_and_ask() -> Times:
        after_ms = open_ms.copy()
        for arc in asked.closed:
            after_ms[arc] = np.inf
        return to_incident(after_ms)

    distinct, place_at = np.unique(asked.places, return_inverse=True)
    return {
        Operation.SAME: Work(lambda: to_incident(open_ms)),
        Operation.MOVED: Work(lambda: to_incident(open_ms)),
        Operation.NEAREST: Work(nearest),
        Operation.MATRIX: Work(
            lambda: np.stack(
                [np.array(roads.distances(t, distinct.tolist(), weights=open_ms)[0]) for t in teams[:ROWS]]
            )[:, place_at],
            part=ROWS / len(teams),
        ),
        Operation.ALL: Work(lambda: np.array(roads.distances(asked.incident, weights=open_ms)[0])),
        Operation.CLOSED: Work(close_and_ask),
    }


def pandana(asked: Asked) -> Works:
    """Ask Pandana, which counts in thousandths of a unit: it is given seconds. It times no routes."""
    graph = asked.graph
    roads = _pandana_roads(asked, np.ones(graph.arcs, dtype=np.bool_))
    incident = np.array([asked.incident])
    is_open = np.ones(graph.arcs, dtype=np.bool_)
    is_open[asked.closed] = False

    def pairs_ms(by: _Pandana, origins: NDArray[np.int64], targets: NDArray[np.int64]) -> Times:
        every = (np.repeat(origins, len(targets)), np.tile(targets, len(origins)))
        seconds = np.array(by.shortest_path_lengths(*every))
        ms = np.where(seconds < UNREACHED_S, seconds * MS_PER_S, np.inf)
        return ms.reshape(len(origins), len(targets))

    return {
        Operation.SAME: Work(lambda: pairs_ms(roads, asked.teams, incident)[:, 0]),
        Operation.MOVED: Work(lambda: pairs_ms(roads, asked.teams, incident)[:, 0]),
        Operation.MATRIX: Work(
            lambda: pairs_ms(roads, asked.teams[:ROWS], asked.places), part=ROWS / len(asked.teams)
        ),
        Operation.ALL: Work(lambda: pairs_ms(roads, incident, np.arange(graph.nodes))[0]),
        Operation.CLOSED: Work(lambda: pairs_ms(_pandana_roads(asked, is_open), asked.teams, incident)[:, 0]),
    }


class _Pandana(Protocol):
    def shortest_path_lengths(
        self, origins: NDArray[np.int64], targets: NDArray[np.int64]
    ) -> list[float]: ...


def _pandana_roads(asked: Asked, kept: NDArray[np.bool_]) -> _Pandana:
    graph = asked.graph
    roads: _Pandana = import_module("pandana").Network(
        pd.Series(graph.lon),
        pd.Series(graph.lat),
        pd.Series(graph.tail[kept]),
        pd.Series(graph.head[kept]),
        pd.DataFrame({"s": graph.weight_ms[kept] / MS_PER_S}),
        twoway=False,
    )
    return roads
