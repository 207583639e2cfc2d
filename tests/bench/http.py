"""
Answers end to end over HTTP: recorded, committed, decided and kept by a real server, for many callers.

Wuhan with a made-up city of 500 units and 60 depots, in a database of its own; nothing of it stays.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from socket import socket

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from api.answering import choose, search
from api.covering import covering
from api.demo import Town, ready_roads
from api.dispatching import Centre, answer_call, picture_of_call, report
from api.needs import NeedsAsked
from api.opening import open_centre
from api.saying import say
from api.sending import escalation
from api.settings import Settings
from api.supplying import Ways, supply
from data.cluster import stop
from data.database import transaction
from data.registry import NewIncident
from data.samples.city import seed_city
from geo.places import Place
from routing.network import RoadNetwork
from tests.bench.big_city import big_city
from tests.bench.recommend import VAR, machine, timed

HOST = "127.0.0.1"
UNITS, DEPOTS = 500, 60
CLIENTS = (1, 8, 32)
SECONDS = 15.0
PLACES = 500
"""So many different places are called from, in turn."""
ROUNDS = 20
CLOSED_DEG = 0.002
PATIENCE_S = 120.0
LOOK_EVERY_S = 0.2
KIND, SEVERITY, CALLER = "chemical-leak", 2, "benchmark"


@dataclass
class Seen:
    """What clients saw: how long answers took, how many calls had none, how often roads were closed."""

    taken_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    closures: int = 0
    seconds: float = 0.0


def main() -> None:
    """Ready a city of its own, measure its parts, then a server under each load."""
    console = Console()
    with own_settings(console) as settings:
        with open_centre(settings) as centre:
            fill(centre)
            places = some_places(centre.roads.network)
            console.print(parts_table(measure_parts(centre, places)))
        table = loads_table()
        for closing in (False, True):
            for clients in CLIENTS:
                with served(settings):
                    add_load(table, clients, closing, load(settings.port, clients, places, closing=closing))
    console.print(table)


@contextmanager
def own_settings(console: Console) -> Iterator[Settings]:
    """Lend settings with a database of their own on the roads that are there; remove it at the end."""
    var = Path(tempfile.mkdtemp(prefix="rescuegrid-bench-"))
    var.chmod(0o755)  # the database server's user enters it
    with socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    settings = Settings(var=var, roads=Town.WUHAN.value, port=port)
    try:
        ready_roads(Town.WUHAN, Settings(var=VAR, roads=Town.WUHAN.value), console.print)
        settings.roads_root.symlink_to((VAR / "roads").resolve())
        yield settings
    finally:
        stop(settings.cluster_directory)
        shutil.rmtree(var)


def fill(centre: Centre) -> None:
    """Write the city into the registry."""
    with transaction(centre.sessions) as session:
        seed_city(session, big_city(centre.roads.network, datetime.now(UTC), UNITS, DEPOTS))


def some_places(network: RoadNetwork) -> list[Place]:
    """Return places beside nodes of the network."""
    node = np.random.default_rng(4).integers(0, network.nodes, PLACES)
    places = zip(network.node_lon[node].tolist(), network.node_lat[node].tolist(), strict=True)
    return [Place(lon, lat) for lon, lat in places]


Part = tuple[str, list[float]]


def measure_parts(centre: Centre, places: list[Place]) -> list[Part]:
    """Time each part of an answer alone, in this process, at places in turn."""
    settings, no_needs, turn = centre.settings, NeedsAsked(), count()

    def call() -> NewIncident:
        return NewIncident(
            kind=KIND,
            severity=SEVERITY,
            place=places[next(turn) % PLACES],
            reported_at=datetime.now(UTC),
            reported_by=CALLER,
            synthetic=True,
        )

    picture = picture_of_call(call(), no_needs, centre)
    found = search(picture, settings)
    chosen = choose(picture, found, settings)
    sending, starts = chosen.sending, found.starts
    ways = Ways(starts, found.target, found.arrivals, chosen.units, sending)
    works: tuple[tuple[str, Callable[[], object]], ...] = (
        ("call: matched with its plan, recorded, committed", lambda: report(call(), no_needs, centre)),
        ("database: plan and everybody who might help", lambda: picture_of_call(call(), no_needs, centre)),
        ("routing: snap all, one search a profile", lambda: search(picture, settings)),
        ("choice: all of it", lambda: choose(picture, found, settings)),
        ("  of it escalation", lambda: escalation(picture, sending)),
        ("  of it supplies", lambda: supply(picture, chosen.depots, ways)),
        ("  of it cover", lambda: covering(picture, starts, chosen.units, sending.sent)),
        ("words: routes, reasons, orders", lambda: say(picture, settings, found, chosen)),
        ("from call to kept answer", lambda: answer_call(call(), no_needs, centre)),
    )
    return [(name, timed(work, ROUNDS)) for name, work in works]


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """Serve from a process of its own until the block ends."""
    command = [str(Path(sys.executable).with_name("rescuegrid")), "serve", "--var", str(settings.var)]
    with subprocess.Popen([*command, "--port", str(settings.port)], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(settings.port)
            yield
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Wait until a server answers that it is well."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(OSError):
            ask(connected(port), "GET", "/health")
            return
        time.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"no server answered on port {port} within {PATIENCE_S:g} s")


def connected(port: int) -> HTTPConnection:
    """Return a connection to the server."""
    return HTTPConnection(HOST, port, timeout=PATIENCE_S)


def ask(connection: HTTPConnection, method: str, path: str, body: object = None) -> dict[str, object]:
    """Ask the server, and return what it says."""
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {"Content-Type": "application/json"})
    said: dict[str, object] = json.loads(connection.getresponse().read())
    return said


def load(port: int, clients: int, places: list[Place], *, closing: bool) -> Seen:
    """Report incidents by so many clients at once for a while."""
    seen, turn, done = Seen(), count(), threading.Event()
    report_one(connected(port), places[0], Seen())  # what is made at the first call is not counted
    workers = [
        threading.Thread(target=report_on, args=(port, places, turn, seen, done)) for _ in range(clients)
    ]
    if closing:
        workers.append(threading.Thread(target=close_on, args=(port, places, seen, done)))
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    time.sleep(SECONDS)
    done.set()
    for worker in workers:
        worker.join()
    seen.seconds = time.perf_counter() - start
    return seen


def report_on(port: int, places: list[Place], turn: Iterator[int], seen: Seen, done: threading.Event) -> None:
    """Report one incident after the other over one connection."""
    connection = connected(port)
    while not done.is_set():
        report_one(connection, places[next(turn) % PLACES], seen)


def report_one(connection: HTTPConnection, place: Place, seen: Seen) -> None:
    """Report one incident, and note how long its answer took."""
    call = {
        "kind": KIND,
        "severity": SEVERITY,
        "lon": place.lon,
        "lat": place.lat,
        "reported_by": CALLER,
        "synthetic": True,
    }
    start = time.perf_counter()
    said = ask(connection, "POST", "/incidents", call)
    seen.taken_s.append(time.perf_counter() - start)
    seen.unanswered += said.get("recommendation") is None


def close_on(port: int, places: list[Place], seen: Seen, done: threading.Event) -> None:
    """Each second close the roads around a place and open those of the second before."""
    connection, closed = connected(port), None
    while not done.wait(1.0):
        place = places[-1 - seen.closures]
        added = ask(connection, "POST", "/road-conditions", closure_around(place))
        if closed is not None:
            ask(connection, "DELETE", f"/road-conditions/{closed}?who={CALLER}&why=over")
        closed = added["id"]
        seen.closures += 1


def closure_around(place: Place) -> dict[str, object]:
    """Return a closed square around a place."""
    west, east = place.lon - CLOSED_DEG, place.lon + CLOSED_DEG
    south, north = place.lat - CLOSED_DEG, place.lat + CLOSED_DEG
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"kind": "closure", "geometry": geometry, "reason": "benchmark", "author": CALLER}


def parts_table(parts: list[Part]) -> Table:
    """Return where the time of one answer goes."""
    table = Table(
        title=f"One answer among {UNITS} units and {DEPOTS} depots, ms ({machine()})",
        box=box.SIMPLE_HEAD,
        title_justify="left",
    )
    table.add_column("part")
    for heading in ("median", "least", "most"):
        table.add_column(heading, justify="right")
    for name, taken in parts:
        table.add_row(name, *(f"{f(taken):.1f}" for f in (statistics.median, min, max)))
    return table


def loads_table() -> Table:
    """Return the table of loads, still empty."""
    table = Table(
        title=f"POST /incidents, {UNITS} units and {DEPOTS} depots", box=box.SIMPLE_HEAD, title_justify="left"
    )
    for heading in ("clients", "closures", "p50 ms", "p95 ms", "p99 ms", "answers a second", "no answer"):
        table.add_column(heading, justify="right")
    return table


def add_load(table: Table, clients: int, closing: bool, seen: Seen) -> None:
    """Add what clients saw."""
    percentiles = np.percentile(seen.taken_s, (50, 95, 99)) * 1000
    table.add_row(
        str(clients),
        str(seen.closures) if closing else "none",
        *(f"{ms:,.0f}" for ms in percentiles),
        f"{len(seen.taken_s) / seen.seconds:.1f}",
        str(seen.unanswered),
    )


if __name__ == "__main__":
    main()
