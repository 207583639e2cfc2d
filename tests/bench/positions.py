"""Fixes a second over HTTP, one at a time and 10,000 a request, by 1 and by 8 clients."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from api.opening import open_centre
from tests.bench.http import UNITS, ask, connected, fill, own_settings, served
from tests.bench.recommend import machine

CLIENTS = (1, 8)
SECONDS = 10.0
ROWS = 10_000
LON, LAT = 114.295, 30.595

Request = tuple[str, object, int]
"""A path, what is sent there, and how many fixes that is."""


@dataclass
class Seen:
    """How long each request took, and how many fixes they carried."""

    taken_s: list[float] = field(default_factory=list)
    fixes: int = 0
    seconds: float = 0.0


class Clock:
    """Hands out times that were never handed out before, so that no fix is doubled."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC) - timedelta(days=30)
        self._turn = count()

    def fix(self) -> dict[str, object]:
        """Return a place and a new time."""
        at = self._start + timedelta(milliseconds=next(self._turn))
        return {"lon": LON, "lat": LAT, "at": at.isoformat()}

    def one(self) -> Request:
        """Return one fix of a unit in turn."""
        return f"/units/{1 + next(self._turn) % UNITS}/positions", self.fix(), 1

    def many(self) -> Request:
        """Return fixes of all units, the units in turn."""
        return "/positions", [{"unit_id": 1 + i % UNITS} | self.fix() for i in range(ROWS)], ROWS


def main() -> None:
    """Ready a city of its own, then measure under each load."""
    console = Console()
    table = Table(title=f"Fixes of {UNITS} units ({machine()})", box=box.SIMPLE_HEAD, title_justify="left")
    for heading in ("request", "clients", "p50 ms", "p99 ms", "fixes a second"):
        table.add_column(heading, justify="right")
    with own_settings(console) as settings:
        with open_centre(settings) as centre:
            fill(centre)
        clock = Clock()
        works: tuple[tuple[str, Callable[[], Request]], ...] = (
            ("one fix", clock.one),
            (f"{ROWS:,} fixes", clock.many),
        )
        with served(settings):
            for name, make in works:
                for clients in CLIENTS:
                    add_row(table, name, clients, load(settings.port, clients, make))
    console.print(table)


def load(port: int, clients: int, make: Callable[[], Request]) -> Seen:
    """Send fixes by so many clients at once for a while; the rate pays for making them too."""
    seen, done = Seen(), threading.Event()
    send(connected(port), make(), Seen())
    workers = [threading.Thread(target=send_on, args=(port, make, seen, done)) for _ in range(clients)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    time.sleep(SECONDS)
    done.set()
    for worker in workers:
        worker.join()
    seen.seconds = time.perf_counter() - start
    return seen


def send_on(port: int, make: Callable[[], Request], seen: Seen, done: threading.Event) -> None:
    """Send one request after the other over one connection."""
    connection = connected(port)
    while not done.is_set():
        send(connection, make(), seen)


def send(connection: HTTPConnection, request: Request, seen: Seen) -> None:
    """Send one request, and note how long its answer took."""
    path, body, fixes = request
    start = time.perf_counter()
    said = ask(connection, "POST", path, body)
    seen.taken_s.append(time.perf_counter() - start)
    if "newest" not in said and said.get("taken") != fixes:
        raise RuntimeError(f"not all was taken: {str(said)[:300]}")
    seen.fixes += fixes


def add_row(table: Table, name: str, clients: int, seen: Seen) -> None:
    """Add what clients saw."""
    p50_ms, p99_ms = np.percentile(seen.taken_s, (50, 99)) * 1000
    rate = seen.fixes / seen.seconds
    table.add_row(name, str(clients), f"{p50_ms:,.1f}", f"{p99_ms:,.1f}", f"{rate:,.0f}")


if __name__ == "__main__":
    main()
