"""A generated network of the size of a country: how soon it is there, how fast it answers, what it takes."""

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from api.live_roads import LiveRoads, open_live_roads
from data.roads import store
from data.roads.store import RoadFacts, RoadsToStore
from routing.cch.pins import Pins
from routing.cch.ready import compile_all
from routing.cch.times import times_to
from routing.dijkstra import DijkstraEngine
from routing.hierarchy_engine import HierarchyEngine
from routing.network import RoadNetwork
from routing.profiles import CAR
from tests.bench.cch import timed
from tests.bench.graphs import road_graph
from tests.bench.road_networks import network_of

T = TypeVar("T")

NAME = "generated"
JUNCTIONS = 1_000_000
TEAMS, CLOSURES = 500, 100
ROUNDS = 11
MIB_IN_KIB = 1024


@dataclass(frozen=True)
class Row:
    """What was measured, in the unit that ``what`` names."""

    what: str
    value: float


def once(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds of one run, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak_mib() -> float:
    """Return the most memory this process has held so far, shared pages of mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB_IN_KIB


def generate(root: Path, junctions: int) -> list[Row]:
    """Generate the network and store it."""
    made_s, network = once(lambda: network_of(road_graph(junctions, 1)))
    stored_s, _ = once(lambda: store.save(root, NAME, to_store(network)))
    return [
        Row("nodes", network.nodes),
        Row("segments", network.segments),
        Row("generate, s", made_s),
        Row("store, s", stored_s),
    ]


def to_store(network: RoadNetwork) -> RoadsToStore:
    """Return a generated network with what is known of it."""
    facts = RoadFacts(
        metric_system=network.metric_system,
        source="generated",
        source_sha256="",
        licence=None,
        nodes=network.nodes,
        junctions=network.junctions,
        directed_edges=network.directed_edges,
        components=network.components,
        kilometres=round(network.kilometres, 3),
        bounds=network.bounds,
        assumptions=(),
        warnings=(),
        forbidden_turns=0,
        barriers=0,
        height_limits=0,
        weight_limits=0,
        width_limits=0,
        names=0,
        near_miss_count=0,
        near_misses=(),
    )
    return RoadsToStore(network.arrays, facts, pd.DataFrame({"name": pd.Series([], dtype=str)}))


def open_cold(root: Path) -> list[Row]:
    """Open the network for the first time: its order and its topology are made and kept."""
    compile_all()
    opened_s, _ = once(lambda: open_live_roads(root, NAME))
    return [Row("first opening: order and topology made, s", opened_s), Row("its peak, MiB", peak_mib())]


def open_warm(root: Path) -> list[Row]:
    """Open the network again as a server does that starts, and ask it."""
    compile_all()
    opened_s, roads = once(lambda: open_live_roads(root, NAME))
    weighed_s, router = once(lambda: roads.routers.get(CAR))
    started = [Row("opening from its cache, s", opened_s), Row("weigh the first profile, s", weighed_s)]
    if not isinstance(router.engine, HierarchyEngine):
        raise TypeError("a router answers by the hierarchy")
    asked = questions(roads, router.engine)
    return [*started, *asked, Row("peak of serving, MiB", peak_mib())]


def questions(roads: LiveRoads, engine: HierarchyEngine) -> list[Row]:
    """Time what is asked at an incident; the first and the last answers are compared with plain Dijkstra."""
    random, network = np.random.default_rng(3), roads.network
    router = roads.routers.get(CAR)
    snap_s, teams = once(lambda: roads.index.snap(*some_places(network, TEAMS, random)))
    incident = roads.index.snap(*some_places(network, 1, random))
    leaving, arriving = router.leaving(teams), router.arriving(incident)
    pinned = Pins.of(engine.metric.topology, leaving)
    same_ms, _ = timed(
        lambda: times_to(engine.metric, pinned, Pins.of(engine.metric.topology, arriving)), ROUNDS
    )
    moved_ms, found = timed(lambda: engine.times_to(leaving, arriving), ROUNDS)
    judge = DijkstraEngine(router.graph, engine.metric.weight_ms)
    plain_ms, plain = timed(lambda: judge.times_to(leaving, arriving), 1)
    np.testing.assert_array_equal(found, plain)
    closed = np.zeros(network.segments, dtype=np.bool_)
    closed[random.choice(network.segments, CLOSURES, replace=False)] = True
    metric = router.metric.under(closed, np.ones(network.segments))
    weights_ms, after = timed(lambda: router.graph.weights_ms(metric), ROUNDS)
    closed_ms, found = timed(lambda: engine.reweighted(after).times_to(leaving, arriving), ROUNDS)
    np.testing.assert_array_equal(found, DijkstraEngine(router.graph, after).times_to(leaving, arriving))
    return [
        Row(f"snap {TEAMS} teams, ms", snap_s * 1000),
        Row(f"{TEAMS} teams to 1, ms", same_ms),
        Row("the same, teams moved, ms", moved_ms),
        Row("the same by plain Dijkstra, ms", plain_ms),
        Row(f"{CLOSURES} streets closed both ways, to weights, ms", weights_ms),
        Row("these weights to answer, ms", closed_ms),
    ]


def some_places(
    network: RoadNetwork, count: int, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes of places at the middle of segments."""
    middle = network.point_first[random.integers(0, network.segments, count)] + 1
    return network.point_lon[middle], network.point_lat[middle]


def alone(work: Callable[..., list[Row]], *given: object) -> tuple[float, list[Row]]:
    """Run one stage in a fresh process, so that its memory is its own; return its seconds with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return once(process.submit(work, *given).result)


def main() -> None:
    """Measure one size and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("junctions", nargs="?", type=int, default=JUNCTIONS)
    junctions = parser.parse_args().junctions
    console = Console()
    table = Table("", "", title=f"About {junctions:,} junctions", box=box.SIMPLE)
    compile_all()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _, made = alone(generate, root, junctions)
        _, cold = alone(open_cold, root)
        whole_s, warm = alone(open_warm, root)
    for row in (*made, *cold, *warm, Row("from a new process to all these answers, s", whole_s)):
        table.add_row(row.what, f"{row.value:,.2f}")
    console.print(table)
    console.print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
