"""
Claims a second through the product, how long each step takes, and what the audit costs.

Clients are processes of their own that run whole lives of incidents: a call, a crew that is confirmed,
each step until it is home, supplies, the end. Each has crews of its own, as desks of several districts have;
what happens when they fight over one is for ``tests.storm``.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from api.assigning import dispatch
from api.dispatched import Order
from api.dispatching import Centre, report
from api.incident_life import close
from api.live_roads import open_live_roads
from api.needs import NeedsAsked
from api.settling import settle
from api.stepping import step
from data import reservations
from data.database import open_engine, sessions_on, transaction
from data.reservations import SupplyClaim
from data.steps import Step
from tests.bench.recommend import MS_PER_S, machine
from tests.storm.ground import DEPOTS, ITEM, MEASURE, ROADS, TODAY, Ground, call_at_the_quay
from tests.storm.grounds import fresh_ground

CLIENTS = (1, 8, 32)
CREWS = 8
"""So many crews has each client."""
SECONDS = 15.0
AUDIT_TURNS = 30
LIFE = "life"
WALK = ("notified", "acknowledged", "mobilising", "en-route", "on-scene", "returning", "released")
CLAIM = "dispatch: claimed and ordered"
DESK = Step("benchmark", "desk")
LITRE = 0.1
SEED = 5
TRIGGERS = text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_is\\_audited'")
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.storm.workers"])


@dataclass
class Clock:
    """How long each thing took, in seconds."""

    taken_s: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Time what is done in the block."""
        start = time.perf_counter()
        yield
        self.taken_s[name].append(time.perf_counter() - start)


@dataclass(frozen=True)
class Load:
    """What clients together took for each thing in a while."""

    clients: int
    seconds: float
    taken_s: dict[str, list[float]]

    @property
    def claims_a_second(self) -> float:
        """Return how many crews were claimed a second."""
        return len(self.taken_s[CLAIM]) / self.seconds


def main() -> None:
    """Measure on a database of its own, and print."""
    console = Console()
    with fresh_ground(SEED, CREWS * max(CLIENTS)) as ground:
        loads = [load(ground, clients, SECONDS) for clients in CLIENTS]
        console.print(claims_table(loads))
        console.print(steps_table(loads[-1]))
        console.print(audit_table(*audit_cost(ground)))


def load(ground: Ground, clients: int, seconds: float) -> Load:
    """Let so many clients live for a while; they begin together."""
    ours, theirs = zip(*(FORKS.Pipe() for _ in range(clients)), strict=True)
    running = [
        FORKS.Process(target=live, args=(ground, number, told, seconds), daemon=True)
        for number, told in enumerate(theirs)
    ]
    for process in running:
        process.start()
    for told in ours:
        told.recv()
    for told in ours:
        told.send("go")
    merged: defaultdict[str, list[float]] = defaultdict(list)
    for told in ours:
        for name, taken in told.recv().items():
            merged[name] += taken
    for process in running:
        process.join()
    return Load(clients, seconds, dict(merged))


def live(ground: Ground, number: int, told: Connection, seconds: float) -> None:
    """Run lives of incidents in a process until the time is over, and send back what each step took."""
    engine = open_engine(ground.url)
    roads = open_live_roads(ground.settings.roads_root, ROADS)
    centre = ground.centre(sessions_on(engine), roads)
    crews = range(1 + number * CREWS, 1 + (number + 1) * CREWS)
    one_life(centre, crews[0], Clock())  # what is made at the first life is not counted
    told.send("ready")
    told.recv()
    clock, turn, end = Clock(), 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        one_life(centre, crews[turn % CREWS], clock)
        turn += 1
    told.send(dict(clock.taken_s))
    engine.dispose()


def one_life(centre: Centre, crew: int, clock: Clock) -> None:
    """Take an incident from the call to its end, with one crew and a little foam."""
    with clock.timing("call: recorded"):
        incident = report(call_at_the_quay("benchmark"), NeedsAsked(), centre)
    with clock.timing(CLAIM):
        done = dispatch(incident, Order(DESK, units=(crew,), supplies=False, gives_word=True), centre)
    assignment = done.claimed[0].facts.id
    with clock.timing("supplies: reserved"):
        parcel = reserved(centre, incident, assignment, 1 + crew % DEPOTS)
    for to in WALK:
        with clock.timing(f"step: {to}"):
            step(assignment, to, DESK, centre)
    with clock.timing("supplies: settled"):
        settle(parcel, "used", LITRE, DESK, centre)
    with clock.timing("incident: closed"):
        close(incident, DESK, centre)


def reserved(centre: Centre, incident: int, assignment: int, depot: int) -> int:
    """Set a little foam aside."""
    wanted = SupplyClaim(incident, depot, ITEM, LITRE, MEASURE, TODAY, assignment_id=assignment)
    with transaction(centre.sessions) as session:
        made = reservations.reserve(session, wanted, DESK.who, DESK.source)
    if made is None:
        raise RuntimeError("the depots of the benchmark are empty: let it run for a shorter while")
    return made[0]


def audit_cost(ground: Ground) -> tuple[list[float], list[float]]:
    """Return the seconds of lives with the audit and without it, in short turns that see the same machine."""
    engine = open_engine(ground.url)
    centre = ground.centre(sessions_on(engine), open_live_roads(ground.settings.roads_root, ROADS))
    kept: list[float] = []
    off: list[float] = []
    for _ in range(AUDIT_TURNS):
        kept += some_lives(centre)
        with without_audit(engine):
            off += some_lives(centre)
    engine.dispose()
    return kept, off


def some_lives(centre: Centre) -> list[float]:
    """Return how long each of a few lives took, after one that is not counted."""
    one_life(centre, 1, Clock())
    clock = Clock()
    for crew in range(1, 1 + CREWS):
        with clock.timing(LIFE):
            one_life(centre, crew, Clock())
    return clock.taken_s[LIFE]


@contextmanager
def without_audit(engine: Engine) -> Iterator[None]:
    """Disable the triggers that write the audit, until the block ends."""
    switch(engine, "DISABLE")
    yield
    switch(engine, "ENABLE")


def switch(engine: Engine, how: str) -> None:
    """Enable or disable the triggers that write the audit."""
    with engine.begin() as connection:
        for table, trigger in connection.execute(TRIGGERS).all():
            connection.exec_driver_sql(f"ALTER TABLE {table} {how} TRIGGER {trigger}")


def claims_table(loads: list[Load]) -> Table:
    """Return how many claims a second were made."""
    table = _table(
        f"Claims through the product ({machine()})", "clients", "claims a second", "p50 ms", "p99 ms"
    )
    for one in loads:
        p50, p99 = np.percentile(one.taken_s[CLAIM], (50, 99)) * MS_PER_S
        table.add_row(str(one.clients), f"{one.claims_a_second:.1f}", f"{p50:.1f}", f"{p99:.1f}")
    return table


def steps_table(one: Load) -> Table:
    """Return how long each step took."""
    table = _table(f"Each step with {one.clients} clients, ms", "step", "p50", "p95", "p99", "times")
    for name, taken in one.taken_s.items():
        percentiles = np.percentile(taken, (50, 95, 99)) * MS_PER_S
        table.add_row(name, *(f"{ms:.1f}" for ms in percentiles), str(len(taken)))
    return table


def audit_table(kept: list[float], off: list[float]) -> Table:
    """Return what the audit costs a life of twelve transactions."""
    table = _table(f"The audit, one client, {AUDIT_TURNS} turns", "audit", "a life, ms", "least", "times off")
    usual_s = statistics.median(off)
    for name, taken in (("written", kept), ("off", off)):
        median_s = statistics.median(taken)
        cells = (f"{median_s * MS_PER_S:.1f}", f"{min(taken) * MS_PER_S:.1f}", f"{median_s / usual_s:.2f}")
        table.add_row(name, *cells)
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right")
    return table


if __name__ == "__main__":
    main()
