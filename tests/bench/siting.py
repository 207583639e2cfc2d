"""Siting: how long each model takes and what is proved, beside a peer, and the path from roads to map."""

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from routing.siting import (
    Siting,
    expected_cover,
    max_cover,
    min_worst,
    p_median,
    rank_sites,
    reliability,
    sites_needed,
)
from tests.bench import siting_path
from tests.bench.siting_beside import QUESTIONS as BOTH
from tests.bench.siting_beside import Beside, beside
from tests.bench.siting_city import FIXED, STANDARD_S, city
from tests.bench.siting_path import Step, path
from tests.unit.siting.published import FOLDER, MEDIAN_OPTIMA, centre_optima, published

T = TypeVar("T")

WIDTH = 160
MIB_IN_KIB = 1024


@dataclass(frozen=True)
class Row:
    """What was solved, how long it took, and what is known of the answer."""

    what: str
    wall_s: float
    cpu_s: float
    answer: str
    peak_mib: float


def said(answer: Siting) -> str:
    """Return an answer in a few words."""
    proved = "proved" if answer.proved else f"gap {answer.gap:.2%}"
    return f"{answer.objective:,.0f}, {proved}"


def ranked(demand: int, sites: int) -> Callable[[], str]:
    """Ready the planner's question: what stands is fixed, two more are wanted."""
    town = city(demand, sites)

    def answer() -> str:
        ranking = rank_sites(town.seconds, town.weight, STANDARD_S, FIXED)
        return f"{said(ranking)}; {len(ranking.options):,} options, {len(ranking.front)} on the front"

    return answer


def covered(demand: int, sites: int, new: int) -> Callable[[], str]:
    """Ready a maximum cover."""
    town = city(demand, sites)
    return lambda: said(max_cover(town.seconds, town.weight, STANDARD_S, [], new))


def expected(demand: int, sites: int, new: int) -> Callable[[], str]:
    """Ready an expected cover with teams busy three tenths of the time."""
    town = city(demand, sites)
    return lambda: said(expected_cover(town.seconds, town.weight, STANDARD_S, [], new, 0.3))


def worst(demand: int, sites: int, new: int) -> Callable[[], str]:
    """Ready a least worst arrival."""
    town = city(demand, sites)
    return lambda: said(min_worst(town.seconds, [], new))


def needed(demand: int, sites: int, standard_s: int) -> Callable[[], str]:
    """Ready a least number of sites."""
    town = city(demand, sites)
    return lambda: said(sites_needed(town.seconds, standard_s, []))


def travelled(demand: int, sites: int, new: int) -> Callable[[], str]:
    """Ready a least weighted travel."""
    town = city(demand, sites)
    return lambda: said(p_median(town.seconds, town.weight, [], new))


def centres() -> Callable[[], str]:
    """Ready the published least worst distances."""
    graphs = [published(number) for number in range(1, 11)]

    def answer() -> str:
        plans = [min_worst(graph.distance, [], graph.sites) for graph in graphs]
        right = [
            plan.proved and plan.objective == best for plan, best in zip(plans, centre_optima(), strict=True)
        ]
        return f"{sum(right)} of {len(right)} proved at the published value"

    return answer


def medians() -> Callable[[], str]:
    """Ready the published least totals."""
    graphs = [published(number) for number in range(1, 11)]

    def answer() -> str:
        plans = [p_median(g.distance, np.ones(len(g.distance)), [], g.sites) for g in graphs]
        right = [
            plan.proved and plan.objective == best for plan, best in zip(plans, MEDIAN_OPTIMA, strict=True)
        ]
        return f"{sum(right)} of {len(right)} proved at the published value"

    return answer


def sure(teams: int) -> Callable[[], str]:
    """Ready the queueing model of some teams, each busy about three tenths of the time."""
    town = city(20_000, 200)
    calls = town.weight * (0.3 * teams / town.weight.sum())

    def answer() -> str:
        found = reliability(town.seconds, calls, 3600, STANDARD_S, range(teams))
        return f"{found.expected_cover:.1%} in time, {found.loss:.2%} lost; {found.method}"

    return answer


def measured(what: str, ready: Callable[..., Callable[[], str]], given: tuple[int, ...]) -> Row:
    """Ready one question, then time its answer; the peak is that of this process, the city in it."""
    ask = ready(*given)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = ask()
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    return Row(what, wall_s, cpu_s, answer, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB_IN_KIB)


QUESTIONS: tuple[tuple[str, Callable[..., Callable[[], str]], tuple[int, ...]], ...] = (
    ("rank 8 fixed + 2 new, 20,000 x 200", ranked, (20_000, 200)),
    ("rank 8 fixed + 2 new, 20,000 x 1,000", ranked, (20_000, 1_000)),
    ("maximum cover, 5 new, 20,000 x 200", covered, (20_000, 200, 5)),
    ("maximum cover, 20 new, 5,000 x 200", covered, (5_000, 200, 20)),
    ("maximum cover, 5 new, 20,000 x 1,000", covered, (20_000, 1_000, 5)),
    ("expected cover, 5 new, 20,000 x 200", expected, (20_000, 200, 5)),
    ("least worst arrival, 5 new, 20,000 x 200", worst, (20_000, 200, 5)),
    ("least worst arrival, 5 new, 20,000 x 1,000", worst, (20_000, 1_000, 5)),
    ("fewest sites for 900 s, 20,000 x 200", needed, (20_000, 200, 900)),
    ("fewest sites for 900 s, 20,000 x 1,000", needed, (20_000, 1_000, 900)),
    ("least travel, 5 new, 1,000 x 200", travelled, (1_000, 200, 5)),
    ("least travel, 5 new, 20,000 x 200", travelled, (20_000, 200, 5)),
    ("queueing model, 12 teams, 20,000 demands", sure, (12,)),
    ("queueing model, 40 teams, 20,000 demands", sure, (40,)),
)
PUBLISHED: tuple[tuple[str, Callable[..., Callable[[], str]], tuple[int, ...]], ...] = (
    ("least worst distance, pmed1 to pmed10", centres, ()),
    ("least total, pmed1 to pmed10", medians, ()),
)
HARD: tuple[tuple[str, Callable[..., Callable[[], str]], tuple[int, ...]], ...] = (
    ("maximum cover, 20 new, 20,000 x 1,000", covered, (20_000, 1_000, 20)),
    ("least worst arrival, 20 new, 20,000 x 1,000", worst, (20_000, 1_000, 20)),
    ("fewest sites for 600 s, 20,000 x 1,000", needed, (20_000, 1_000, 600)),
)


PARTS = ("own", "beside", "path")


def alone(work: Callable[..., T], *given: object) -> T:
    """Do work in a process of its own: its peak of memory is its own too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


def own_table(*, hard: bool) -> Table:
    """Measure every question of ours."""
    table = Table("", "s", "CPU s", "answer", "peak MiB", title="Siting", box=box.SIMPLE)
    for question in [*QUESTIONS, *(PUBLISHED if FOLDER.is_dir() else ()), *(HARD if hard else ())]:
        row = alone(measured, *question)
        table.add_row(row.what, f"{row.wall_s:.2f}", f"{row.cpu_s:.2f}", row.answer, f"{row.peak_mib:,.0f}")
    return table


def beside_table() -> Table:
    """Ask us and the peer the same."""
    headings = ("", "ours s", "theirs s", "times ours", "target", "in CPU s", "ours", "theirs")
    table = Table(*headings, title="Beside spopt with CBC", box=box.SIMPLE)
    for asked in BOTH:
        table.add_row(*_cells(alone(beside, asked)))
    return table


def path_table() -> Table:
    """Go from the roads to ranked pairs and their map."""
    title = f"{siting_path.DEMAND:,} x {siting_path.CANDIDATES:,} on {siting_path.ROADS}"
    table = Table("", "s", "CPU s", "peak MiB so far", "", title=title, box=box.SIMPLE)
    steps: list[Step] = alone(path)
    for step in steps:
        table.add_row(
            step.what, f"{step.wall_s:.2f}", f"{step.cpu_s:.2f}", f"{step.peak_mib:,.0f}", step.said
        )
    total_s, cpu_s = sum(step.wall_s for step in steps), sum(step.cpu_s for step in steps)
    table.add_row("in all", f"{total_s:.2f}", f"{cpu_s:.2f}", f"{steps[-1].peak_mib:,.0f}", "")
    return table


def _cells(row: Beside) -> tuple[str, ...]:
    asked = row.asked
    beside_what = f"{asked.fixed} fixed + {asked.new}" if asked.fixed else f"{asked.new} new"
    return (
        f"{asked.what}, {beside_what}, {asked.demand:,} x {asked.sites:,}",
        f"{row.ours_s:.3f}",
        f"{row.theirs_s:.2f}",
        f"{row.theirs_s / row.ours_s:,.1f} x",
        "-" if asked.target is None else f"{asked.target:g} x",
        f"{row.theirs_cpu_s / row.ours_cpu_s:,.1f} x",
        f"{row.ours:,.0f}{' proved' if row.ours_proved else ''}",
        f"{row.theirs:,.0f}{' proved' if row.theirs_proved else ''}",
    )


def main() -> None:
    """Measure what is asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="one table; may be repeated")
    parser.add_argument("--hard", action="store_true", help="also those that take their whole minute")
    asked = parser.parse_args()
    parts = asked.only or PARTS
    console = Console(width=WIDTH)
    if "own" in parts:
        console.print(own_table(hard=asked.hard))
        if not FOLDER.is_dir():
            console.print("The published graphs are not beside the repository: not measured.")
    if "beside" in parts:
        console.print(beside_table())
    if "path" in parts and (siting_path.ROOT / siting_path.ROADS).is_dir():
        console.print(path_table())
    console.print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}, "
        f"{platform.machine()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
