"""Calls simulated a second: by the product's own rule on Wuhan, and by the plain one in the library."""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from api.demo import Town, ready_registry, ready_roads, settings_for
from api.dispatching import Centre
from api.live_roads import open_live_roads
from api.opening import open_database
from api.simulating.asked import BaseNamed, Runs, SimulationAsked
from api.simulating.fleet import fleet_of, with_bases
from api.simulating.runs import TOWN_SEED, Job, chance, one_run
from api.simulating.town import read_town
from geo.places import Place
from routing.simulation import Calls, SoonestFree, Waiting, poisson_times, simulate
from tests.bench.recommend import machine

VAR = Path(os.environ.get("RESCUEGRID_VAR", "var"))
NEW = BaseNamed("North", Place(114.20, 30.75))
DAYS, CALLS_PER_DAY = 7, 24.0
TEAMS, PLACES, LIBRARY_DAYS, LIBRARY_CALLS_PER_DAY = 12, 200, 365.0, 100.0
Row = tuple[str, int, float, str]


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain(waiting: Waiting) -> Row:
    """Simulate a year of calls by the soonest free of twelve teams, each out three tenths of the time."""
    random = np.random.default_rng(1)
    at_s = poisson_times(LIBRARY_CALLS_PER_DAY, LIBRARY_DAYS, random)
    none = np.zeros(len(at_s), dtype=np.int64)
    stays_s = random.exponential(0.3 * TEAMS * 86_400 / LIBRARY_CALLS_PER_DAY, len(at_s))
    calls = Calls(at_s, random.integers(0, PLACES, len(at_s)), none, none + 1, stays_s)
    rule = SoonestFree(calls, random.uniform(60, 1800, (PLACES, TEAMS)))
    taken_s = seconds_of(lambda: simulate(calls, TEAMS, rule, waiting))
    return f"library, one unit a call, {waiting.value}", len(calls), taken_s, f"{TEAMS} teams"


def product(centre: Centre) -> list[Row]:
    """Simulate a week on Wuhan by the product's rule: what stands, then two plans on the same calls."""
    asked = SimulationAsked(seconds=900, bases=(NEW,), calls_per_day=CALLS_PER_DAY, runs=Runs(DAYS, 1))
    town = read_town(asked, centre, chance(1, TOWN_SEED))
    spots, units = centre.roads.index.snap(town.spots.lon, town.spots.lat), town.board.units
    fleets = [fleet_of("A", units, spots, centre.roads)]
    more = with_bases(units, asked.bases, town.equipment, town.board.read_capabilities)
    matrices_s = seconds_of(lambda: fleets.append(fleet_of("B", more, spots, centre.roads)))
    rows: list[Row] = [("road times of one plan, there and back", 0, matrices_s, f"{len(spots)} places")]
    for name, plans in (("what stands", fleets[:1]), ("two plans, the same calls", fleets)):
        start = time.perf_counter()
        done = one_run(Job(town, tuple(plans), asked), 0)
        taken_s = time.perf_counter() - start
        answered = len(plans) * round(done.figures[0].calls * (DAYS + 1) / DAYS)
        said = f"{done.choices} choices made, the others remembered; {done.in_two_places} in two places"
        rows.append((f"product's rule on Wuhan, {name}", answered, taken_s, said))
    return rows


def main() -> None:
    """Ready Wuhan, measure, and print the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    console = Console()
    settings = settings_for(Town.WUHAN, VAR, "127.0.0.1", 8000)
    ready_roads(Town.WUHAN, settings, console.print)
    roads = open_live_roads(settings.roads_root, settings.roads)
    with open_database(settings) as sessions:
        ready_registry(sessions, roads, console.print)
        rows = product(Centre(sessions, roads, settings))
    rows += [plain(waiting) for waiting in Waiting]
    table = Table(title=f"Simulation ({machine()})", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("what")
    for heading in ("answers", "seconds", "answers a second"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for what, answers, taken_s, said in rows:
        rate = f"{answers / taken_s:,.0f}" if answers else "-"
        table.add_row(what, f"{answers:,}", f"{taken_s:.2f}", rate, said)
    console.print(table)


if __name__ == "__main__":
    main()
