"""The graphs on which peers are measured, and what they are asked; everybody is given the same arcs."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.demo import Town, ready_roads, settings_for
from api.live_roads import open_live_roads
from routing.graph import BLOCKED_MS
from routing.profiles import CAR
from tests.bench.graphs import RoadGraph

MANHATTAN = Path(__file__).parents[3] / "shared" / "data" / "roads" / "manhattan" / "roads.zip"
MS_A_DAY = 86_400_000
LEAST_MS = 1
LINES_BEFORE_NODES, LINES_BEFORE_ARCS = 1, 5
TEAMS, PLACES, CLOSURES = 500, 5000, 100


@dataclass(frozen=True)
class Asked:
    """
    A graph and what is asked on it.

    Attributes
    ----------
    teams, places : int64
        Nodes.
    incident : int
        A node.
    closed : int64
        Arcs that are closed on the way.
    """

    graph: RoadGraph
    teams: NDArray[np.int64]
    places: NDArray[np.int64]
    incident: int
    closed: NDArray[np.int64]

    @classmethod
    def on(cls, graph: RoadGraph) -> "Asked":
        """Choose at random who stands where and what is closed."""
        random = np.random.default_rng(8)
        return cls(
            graph,
            random.integers(0, graph.nodes, TEAMS),
            random.integers(0, graph.nodes, PLACES),
            int(random.integers(0, graph.nodes)),
            random.choice(graph.arcs, CLOSURES, replace=False),
        )

    @property
    def after_ms(self) -> NDArray[np.int32]:
        """The weights once the arcs are closed."""
        after_ms = self.graph.weight_ms.copy()
        after_ms[self.closed] = BLOCKED_MS
        return after_ms


def wuhan(var: Path) -> RoadGraph:
    """Return the arcs a car may drive on the demo's network."""
    settings = settings_for(Town.WUHAN, var, "127.0.0.1", 8000)
    ready_roads(Town.WUHAN, settings, lambda _: None)
    roads = open_live_roads(settings.roads_root, settings.roads)
    router = roads.routers.get(CAR)
    place = router.graph.place
    weight_ms = router.graph.weights_ms(router.metric)
    return simple(
        RoadGraph(
            roads.network.node_lon[place],
            roads.network.node_lat[place],
            router.graph.source,
            router.graph.target,
            weight_ms,
        )
    )


def manhattan() -> RoadGraph:
    """Return the directed graph of Manhattan, driven with lights and sirens; its file gives times in days."""
    with ZipFile(MANHATTAN) as archive:
        with archive.open("nodes.csv") as file:
            nodes = pd.read_csv(file, skiprows=LINES_BEFORE_NODES, usecols=["x", "y"]).dropna()
        with archive.open("arcs.csv") as file:
            arcs = pd.read_csv(
                file, skiprows=LINES_BEFORE_ARCS, usecols=["fromNode", "toNode", "mode_1"]
            ).dropna()
    ms = np.maximum(np.rint(arcs["mode_1"].to_numpy() * MS_A_DAY), LEAST_MS)
    tail, head = (arcs[end].to_numpy().astype(np.int32) - 1 for end in ("fromNode", "toNode"))
    return simple(RoadGraph(nodes["x"].to_numpy(), nodes["y"].to_numpy(), tail, head, ms.astype(np.int32)))


def simple(graph: RoadGraph) -> RoadGraph:
    """Leave out what some peers add up or refuse: closed arcs, loops, and slower parallel ones."""
    order = np.lexsort((graph.weight_ms, graph.head, graph.tail))
    tail, head, ms = graph.tail[order], graph.head[order], graph.weight_ms[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    kept = first & (tail != head) & (ms < BLOCKED_MS)
    return RoadGraph(graph.lon, graph.lat, tail[kept], head[kept], ms[kept])
