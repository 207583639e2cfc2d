"""Our engine beside every peer that can be imported here, on the same arcs; each answer is compared."""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from routing.cch.ready import compile_all
from tests.bench import peer_works
from tests.bench.graphs import RoadGraph, road_graph
from tests.bench.peer_graphs import MANHATTAN, Asked, manhattan, simple, wuhan
from tests.bench.peer_works import PANDANA_WITHIN, Operation, Times, Work, Works

NODES = 264_000
ROUNDS, LONG_MS, FEW_ROUNDS = 11, 300, 3
MOST_FOR_NETWORKX = 100_000
MS_PER_S = 1000
VAR = Path(os.environ.get("RESCUEGRID_VAR", "var"))
PEERS: dict[str, Callable[[Asked], Works]] = {
    "scipy": peer_works.scipy,
    "networkx": peer_works.networkx,
    "routingkit_cch": peer_works.routingkit,
    "igraph": peer_works.igraph,
    "pandana": peer_works.pandana,
}
NOT_MEASURED = "not measured"


def timed(work: Work) -> tuple[float, Times]:
    """Return the median milliseconds for the whole question, and the answer; long work gets fewer rounds."""
    taken: list[float] = []
    found = work.run()
    while len(taken) < (FEW_ROUNDS if taken and taken[0] > LONG_MS else ROUNDS):
        work.before()
        start = time.perf_counter()
        found = work.run()
        taken.append((time.perf_counter() - start) * MS_PER_S)
    return statistics.median(taken) / work.part, found


def agree(peer: str, own: Times, found: Times) -> None:
    """Compare cell by cell; a peer that answered some rows of a matrix is held to those."""
    within = PANDANA_WITHIN if peer == "pandana" else 0.0
    np.testing.assert_allclose(found, own[: len(found)], rtol=within)


def measure(graph: RoadGraph) -> Iterator[tuple[str, ...]]:
    """Yield a line of the table for each operation."""
    asked = Asked.on(graph)
    own = {operation: timed(work) for operation, work in peer_works.ours(asked).items()}
    peers = {name: measure_peer(name, asked, own) for name in PEERS}
    for operation, (ms, _) in own.items():
        theirs = (peers[name].get(operation) for name in PEERS)
        yield (
            operation,
            f"{ms:,.2f}",
            *(NOT_MEASURED if t is None else f"{t:,.2f} ({t / ms:,.1f} x)" for t in theirs),
        )


def measure_peer(
    name: str, asked: Asked, own: dict[Operation, tuple[float, Times]]
) -> dict[Operation, float]:
    """Return the milliseconds of a peer, none where it is not installed or would take too long."""
    if find_spec(name) is None or (name == "networkx" and asked.graph.nodes > MOST_FOR_NETWORKX):
        return {}
    measured: dict[Operation, float] = {}
    for operation, work in PEERS[name](asked).items():
        measured[operation], found = timed(work)
        agree(name, own[operation][1], found)
    return measured


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nodes", nargs="?", type=int, default=NODES, help="size of the generated graph")
    nodes = parser.parse_args().nodes
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    compile_all()
    graphs: dict[str, Callable[[], RoadGraph]] = {"Wuhan": lambda: wuhan(VAR)}
    if MANHATTAN.exists():
        graphs["Manhattan, directed"] = manhattan
    graphs["generated"] = lambda: simple(road_graph(nodes, 1))
    table = Table("", "ours ms", *(f"{name} ms (times ours)" for name in PEERS), box=box.MARKDOWN)
    for name, make in graphs.items():
        graph = make()
        table.add_row(f"**{name}: {graph.nodes:,} nodes, {graph.arcs:,} arcs**")
        for line in measure(graph):
            table.add_row(*line)
    console = Console(width=200)
    console.print(table)
    console.print(
        f"Medians, warm, one thread, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}. Equal cell by cell (pandana: within {PANDANA_WITHIN:.0%}). "
        "igraph and pandana are no dependencies; Valhalla and OSRM: not measured."
    )


if __name__ == "__main__":
    main()
