"""How fast the contraction hierarchy answers, beside SciPy on the same graph; every answer is compared."""

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.cch.jit import BLOCKED
from routing.cch.metric import Metric
from routing.cch.order import neighbours, rank_by_dissection
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.ready import compile_all
from routing.cch.times import all_to, matrix, times_to
from routing.cch.topology import Topology
from tests.bench.graphs import RoadGraph, road_graph

T = TypeVar("T")

SIZES = (83_000, 264_000, 1_000_000)
TEAMS, PLACES, NEAREST, CLOSURES, AREA = 500, 5000, 5, 100, 0.02
ROUNDS, FEW_ROUNDS = 21, 5
ROWS_COMPARED = 5
MS_PER_S = 1000


@dataclass(frozen=True)
class Row:
    """What was timed; the peer's time where it does the same."""

    what: str
    ms: float
    scipy_ms: float | None = None


@dataclass(frozen=True)
class Standing:
    """Places at nodes."""

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    ms: NDArray[np.int32]

    @classmethod
    def at(cls, node: NDArray[Any]) -> "Standing":
        """Stand at nodes."""
        return cls(np.arange(len(node) + 1), node.astype(np.int32), np.zeros(len(node), dtype=np.int32))


def timed(work: Callable[[], T], rounds: int = ROUNDS) -> tuple[float, T]:
    """Return the median milliseconds of the rounds, after one that is not counted, and the last result."""
    result = work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        taken.append((time.perf_counter() - start) * MS_PER_S)
    return statistics.median(taken), result


@dataclass(frozen=True)
class Bench:
    """A graph, who stands where, and the peer's form of the roads."""

    graph: RoadGraph
    topology: Topology
    teams: Standing
    incident: Standing
    places: Standing

    def roads(self, weight_ms: NDArray[np.int32], *, back: bool) -> csr_array:
        """Return the open roads as SciPy takes them; the generator makes no parallel ones."""
        is_open = weight_ms < BLOCKED
        ends = (self.graph.head, self.graph.tail) if back else (self.graph.tail, self.graph.head)
        by_ends = (ends[0][is_open], ends[1][is_open])
        return csr_array(
            (weight_ms[is_open].astype(np.float64), by_ends), shape=(self.graph.nodes, self.graph.nodes)
        )

    def scipy_to_incident(self, weight_ms: NDArray[np.int32]) -> tuple[float, NDArray[np.float64]]:
        """Time SciPy from the incident to all."""
        roads = self.roads(weight_ms, back=True)
        return timed(lambda: dijkstra(roads, indices=self.incident.node)[0], FEW_ROUNDS)


def build(graph: RoadGraph) -> tuple[Bench, list[Row]]:
    """Time what is done once for a graph."""
    random = np.random.default_rng(8)
    order_ms, rank = timed(lambda: rank_by_dissection(neighbours(graph.nodes, graph.tail, graph.head)), 1)
    topology_ms, topology = timed(lambda: Topology.build(graph.nodes, graph.tail, graph.head, rank=rank), 1)
    teams, incident, places = (
        Standing.at(random.integers(0, graph.nodes, count)) for count in (TEAMS, 1, PLACES)
    )
    rows = [Row("order", order_ms), Row("topology", topology_ms)]
    return Bench(graph, topology, teams, incident, places), rows


def to_one(bench: Bench, metric: Metric) -> Iterator[Row]:
    """Time the searches for one incident."""
    peer_ms, peer = bench.scipy_to_incident(bench.graph.weight_ms)
    teams = Pins.of(bench.topology, bench.teams)
    ms, found = timed(lambda: answer(bench, metric, teams))
    np.testing.assert_array_equal(found, peer[bench.teams.node])
    yield Row(f"{TEAMS} teams to 1", ms, peer_ms)
    moved_ms, _ = timed(
        lambda: times_to(
            metric, Pins.of(bench.topology, bench.teams), Pins.of(bench.topology, bench.incident)
        )
    )
    yield Row("the same, teams moved", moved_ms, peer_ms)
    ms, _ = timed(lambda: nearest_with_paths(bench, metric, teams))
    yield Row(f"{NEAREST} nearest with paths", ms, peer_ms)
    ms, everywhere = timed(lambda: all_to(metric, Pins.of(bench.topology, bench.incident)))
    np.testing.assert_array_equal(everywhere, peer)
    yield Row("all nodes to 1", ms, peer_ms)


def answer(bench: Bench, metric: Metric, teams: Pins) -> NDArray[np.float64]:
    """Ask how long each team takes to the incident."""
    return times_to(metric, teams, Pins.of(bench.topology, bench.incident))


def nearest_with_paths(bench: Bench, metric: Metric, teams: Pins) -> None:
    """Find the nearest teams and how they drive, and check that each path takes its time."""
    incident = Pins.of(bench.topology, bench.incident)
    times_ms = times_to(metric, teams, incident)
    nearest = np.argpartition(times_ms, NEAREST)[:NEAREST]
    for place, path in zip(
        nearest, paths_to(metric, teams.some(bench.topology, nearest), incident), strict=True
    ):
        assert path is not None
        assert path.ms == times_ms[place] == bench.graph.weight_ms[path.arcs].sum()


def all_pairs(bench: Bench, metric: Metric) -> Iterator[Row]:
    """Time a matrix; SciPy's is projected from a few rows."""
    teams, places = Pins.of(bench.topology, bench.teams), Pins.of(bench.topology, bench.places)
    roads = bench.roads(bench.graph.weight_ms, back=False)
    peer_ms, peer = timed(lambda: dijkstra(roads, indices=bench.teams.node[:ROWS_COMPARED]), 1)
    for threads in (1, 2):
        ms, found = timed(partial(matrix, metric, teams, places, threads=threads), FEW_ROUNDS)
        np.testing.assert_array_equal(found[:ROWS_COMPARED], peer[:, bench.places.node])
        yield Row(f"{TEAMS} x {PLACES}, threads: {threads}", ms, peer_ms * TEAMS / ROWS_COMPARED)


def changes(bench: Bench, metric: Metric) -> Iterator[Row]:
    """Time changes of the weights to the first right answer."""
    graph, random = bench.graph, np.random.default_rng(9)
    few = graph.weight_ms.copy()
    few[random.choice(graph.arcs, CLOSURES, replace=False)] = BLOCKED
    middle = np.hypot(graph.lon - graph.lon.mean() * 0.7, graph.lat - graph.lat.mean() * 0.7)
    inside = middle < np.quantile(middle, AREA)
    area = np.where(inside[graph.tail] | inside[graph.head], BLOCKED, graph.weight_ms).astype(np.int32)
    teams = Pins.of(bench.topology, bench.teams)
    for what, weight_ms in ((f"{CLOSURES} closures to answer", few), ("2 % area closed to answer", area)):
        ms, found = timed(partial(answer_after, bench, metric, weight_ms, teams), FEW_ROUNDS)
        peer_ms, peer = bench.scipy_to_incident(weight_ms)
        np.testing.assert_array_equal(found, peer[bench.teams.node])
        yield Row(what, ms, peer_ms)


def answer_after(
    bench: Bench, metric: Metric, weight_ms: NDArray[np.int32], teams: Pins
) -> NDArray[np.float64]:
    """Change the weights and answer."""
    return answer(bench, metric.updated(weight_ms), teams)


def rows(about_nodes: int) -> tuple[str, list[Row]]:
    """Measure one graph."""
    graph = road_graph(about_nodes, 1)
    bench, measured = build(graph)
    customise_ms, metric = timed(lambda: Metric.customise(bench.topology, graph.weight_ms), FEW_ROUNDS)
    measured.append(Row("weigh everything", customise_ms))
    measured += [*to_one(bench, metric), *all_pairs(bench, metric), *changes(bench, metric)]
    return f"{graph.nodes:,} nodes, {graph.arcs:,} arcs", measured


def table_of(title: str, measured: list[Row]) -> Table:
    """Lay out the medians."""
    table = Table("", "ms", "SciPy ms", "times faster", title=title, box=box.SIMPLE)
    for row in measured:
        peer = ("", "")
        if row.scipy_ms is not None:
            peer = (f"{row.scipy_ms:,.1f}", f"{row.scipy_ms / row.ms:,.0f}")
        table.add_row(row.what, f"{row.ms:,.2f}", *peer)
    return table


def main() -> None:
    """Measure the sizes asked for and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nodes", nargs="*", type=int, default=SIZES)
    compile_all()
    console = Console()
    for about_nodes in parser.parse_args().nodes:
        console.print(table_of(*rows(about_nodes)))
    console.print(f"Medians, warm, on {platform.machine()} with Python {platform.python_version()}.")


if __name__ == "__main__":
    main()
