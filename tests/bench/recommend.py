"""Where the time of one recommendation on Wuhan goes: database, routing, choice, answer and map."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from api.answering import choose, search
from api.demo import SPOT, Town, ready_registry, ready_roads, settings_for
from api.dispatching import Centre, picture_of_call, recommend_unrecorded
from api.live_roads import open_live_roads
from api.mapping import save_answer_map
from api.needs import NeedsAsked
from api.opening import open_database
from api.saying import say
from data.registry import NewIncident

ROUNDS = 30
MAP_ROUNDS = 5
MS_PER_S = 1000
VAR = Path(os.environ.get("RESCUEGRID_VAR", "var"))


def call() -> NewIncident:
    """Return the call that is answered."""
    return NewIncident(
        kind="chemical-leak",
        severity=2,
        place=SPOT,
        reported_at=datetime.now(UTC),
        reported_by="benchmark",
        synthetic=True,
    )


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each round, after one that is not counted."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * MS_PER_S)
    return taken


def measure(centre: Centre) -> list[tuple[str, list[float]]]:
    """Time each part on its own, then the whole."""
    settings = centre.settings
    no_needs = NeedsAsked()
    picture = picture_of_call(call(), no_needs, centre)
    found = search(picture, settings)
    chosen = choose(picture, found, settings)
    answer = say(picture, settings, found, chosen)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        works: tuple[tuple[str, int, Callable[[], object]], ...] = (
            (
                "database: everybody who might help",
                ROUNDS,
                lambda: picture_of_call(call(), NeedsAsked(), centre),
            ),
            ("routing: snap all, one search back", ROUNDS, lambda: search(picture, settings)),
            ("choice: test and order everybody", ROUNDS, lambda: choose(picture, found, settings)),
            ("answer: routes and words", ROUNDS, lambda: say(picture, settings, found, chosen)),
            (
                "all of it, nothing recorded",
                ROUNDS,
                lambda: recommend_unrecorded(call(), NeedsAsked(), centre),
            ),
            ("map: one page", MAP_ROUNDS, lambda: save_answer_map(answer, centre, page)),
        )
        return [(name, timed(work, rounds)) for name, rounds, work in works]


def main() -> None:
    """Ready Wuhan, measure, and print the table."""
    console = Console()
    settings = settings_for(Town.WUHAN, VAR, "127.0.0.1", 8000)
    ready_roads(Town.WUHAN, settings, console.print)
    roads = open_live_roads(settings.roads_root, settings.roads)
    with open_database(settings) as sessions:
        ready_registry(sessions, roads, console.print)
        parts = measure(Centre(sessions, roads, settings))
    table = Table(
        title=f"One recommendation on Wuhan, ms ({machine()})", box=box.SIMPLE_HEAD, title_justify="left"
    )
    table.add_column("part")
    for heading in ("median", "least", "most"):
        table.add_column(heading, justify="right")
    for name, taken in parts:
        table.add_row(name, *(f"{f(taken):.2f}" for f in (statistics.median, min, max)))
    console.print(table)


def machine() -> str:
    """Return the date and the machine, for whoever keeps the table."""
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
