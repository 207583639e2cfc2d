"""Runs of a simulation: the same calls played through under every plan, in one process or several."""

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from api.planning import FROM_DEPARTURE
from api.simulating.asked import SimulationAsked
from api.simulating.fleet import Fleet
from api.simulating.rule import Memory, ProductRule
from api.simulating.town import Town
from data.call_assumptions import SOURCE, STREETS
from geo.errors import RescueError
from routing.needs import AddsUp, Requirement
from routing.simulation import Calls, Counted, Figures, Record, figures, lognormal_s, poisson_times, simulate

WARM_UP_DAYS = 1
DAY_S = 86_400.0
TOWN_SEED, RUN_SEED = 0, 1


@dataclass(frozen=True, eq=False)
class Job:
    """Everything a run needs, in a form that goes to another process."""

    town: Town
    fleets: tuple[Fleet, ...]
    asked: SimulationAsked


@dataclass(frozen=True)
class RunDone:
    """
    What one run came to under each plan.

    ``trips`` and ``in_two_places`` are of all plans together: how often a unit went out, and how often one
    did that was still out.
    """

    number: int
    figures: tuple[Figures, ...]
    trips: int
    in_two_places: int
    choices: int
    unproved: int


def chance(seed: int, *of: int) -> np.random.Generator:
    """Return a source of chance of its own for a purpose: the same whatever else is drawn, and where."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=of))


def calls_of_run(town: Town, asked: SimulationAsked, number: int) -> Calls:
    """Draw the calls of a run: when, where, what, and for how long; no plan changes them."""
    random, spots = chance(asked.runs.seed, RUN_SEED, number), town.spots
    at_s = poisson_times(asked.calls_per_day, WARM_UP_DAYS + asked.runs.days, random)
    place = random.choice(len(spots), len(at_s), p=spots.weight / spots.weight.sum())
    kind = np.empty(len(at_s), dtype=np.int64)
    for where in (SOURCE, STREETS):
        own = np.flatnonzero(spots.street[place] == (where == STREETS))
        of = np.flatnonzero([row.where == where for row in town.kinds])
        weight = np.array([town.kinds[one].weight for one in of.tolist()])
        kind[own] = random.choice(of, len(own), p=weight / weight.sum()) if len(own) else of[:0]
    rows = [town.kinds[one] for one in kind.tolist()]
    return Calls(
        at_s=at_s,
        place=place.astype(np.int64),
        kind=kind,
        severity=np.array([row.severity for row in rows], dtype=np.int64),
        scene_s=lognormal_s(
            np.array([row.scene_median_s for row in rows], dtype=np.float64),
            np.array([row.scene_p90_s for row in rows], dtype=np.float64),
            random,
        ),
    )


def judged(town: Town, calls: Calls) -> NDArray[np.bool_]:
    """Return which calls the standard speaks about: of its grade, their plan asking for what it asks for."""
    grade, standard = town.spots.grade[calls.place], town.standard
    if standard is None:
        return np.ones(len(calls), dtype=np.bool_)
    spoken = np.ones(len(calls), dtype=np.bool_) if standard.grade is None else grade == standard.grade
    if standard.capability is not None:
        asks = {
            key: any(
                need.name == standard.capability and _level(need) >= standard.capability_level
                for need in needs.capabilities
            )
            for key, needs in town.needs.items()
        }
        spoken = spoken & np.array(
            [asks[key] for key in zip(calls.kind.tolist(), grade.tolist(), strict=True)], dtype=np.bool_
        )
    return spoken


def _level(need: Requirement) -> float:
    """Return the level that a need asks of a crew, 0 for any."""
    return need.level or (need.quantity if need.adds_up is AddsUp.MAXIMUM else 0.0)


def play(job: Job, fleet: Fleet, calls: Calls, memory: Memory) -> tuple[Record, ProductRule]:
    """Play calls through under one plan."""
    rule = ProductRule(job.town, fleet, calls, memory)
    return simulate(calls, len(fleet.units.id), rule), rule


def one_run(job: Job, number: int) -> RunDone:
    """Draw the calls of a run and play them through under every plan."""
    calls, memory = calls_of_run(job.town, job.asked, number), Memory()
    counted = counted_of(job, calls)
    played = [play(job, fleet, calls, memory) for fleet in job.fleets]
    return RunDone(
        number=number,
        figures=tuple(
            figures(record, len(fleet.units.id), counted)
            for (record, _), fleet in zip(played, job.fleets, strict=True)
        ),
        trips=sum(len(record.trips) for record, _ in played),
        in_two_places=sum(len(record.trips.clashes) for record, _ in played),
        choices=len(memory),
        unproved=sum(rule.unproved for _, rule in played),
    )


def counted_of(job: Job, calls: Calls) -> Counted:
    """Return what is counted of a run: the days after the warm-up, by the standard's clock."""
    standard = job.town.standard
    return Counted(
        window_s=(WARM_UP_DAYS * DAY_S, (WARM_UP_DAYS + job.asked.runs.days) * DAY_S),
        judged=judged(job.town, calls),
        standard_s=job.asked.seconds or (standard.seconds if standard else np.inf),
        from_wheels=standard is not None and standard.clock_start == FROM_DEPARTURE,
    )


class RunLostError(RescueError):
    """A process that ended before its run did."""


@contextmanager
def runs_done(job: Job) -> Iterator[Iterator[RunDone]]:
    """
    Yield the runs one after the other, in their order, whatever processes they are done in.

    Whoever leaves early, interrupted or not, leaves no process behind.

    Raises
    ------
    RunLostError
        When a process ends before its run.
    """
    numbers = range(job.asked.runs.runs)
    if job.asked.runs.workers == 1:
        yield map(partial(one_run, job), numbers)
        return
    pool = ProcessPoolExecutor(
        min(job.asked.runs.workers, len(numbers)), mp_context=get_context("spawn"), initializer=_end_at_once
    )
    try:
        with interrupts_held():
            done = pool.map(partial(one_run, job), numbers)
        yield done
    except BrokenProcessPool:
        raise RunLostError(
            "a process ended before its run did, perhaps for want of memory; ask for fewer --workers"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C, also from processes begun meanwhile, until each is ready for it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_at_once() -> None:
    """End without a word when interrupted: the process that began the work says what became of it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
