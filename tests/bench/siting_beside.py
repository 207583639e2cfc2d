"""Siting beside spopt with CBC, as documented: the same question, machine and run, from matrix to answer."""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from routing.siting import Siting, max_cover, min_worst, p_median, rank_sites, sites_needed
from routing.siting.question import soonest
from tests.bench.siting_city import FIXED, STANDARD_S, City, city
from tests.unit.siting import spopt_judge
from tests.unit.siting.spopt_judge import Case, Judgement

T = TypeVar("T")

LIMIT_S = 300
ROUNDS = 3
NEEDED_S = 900


@dataclass(frozen=True)
class Asked:
    """A question put to both: size, what stands, how many more; ``target`` times sooner ours should be."""

    what: str
    demand: int
    sites: int
    fixed: int
    new: int
    target: float | None = None


@dataclass(frozen=True)
class Beside:
    """What each took and said; objectives are recomputed from the sites by one function."""

    asked: Asked
    ours_s: float
    theirs_s: float
    ours_cpu_s: float
    theirs_cpu_s: float
    ours: float
    theirs: float
    ours_proved: bool
    theirs_proved: bool


@dataclass(frozen=True)
class Model:
    """One kind of question: how we answer it, how the peer does, and what sites are worth."""

    ours: Callable[[Case], Siting]
    theirs: Callable[[Case], Judgement]
    worth: Callable[[Case, tuple[int, ...]], float]


def covered(case: Case, chosen: tuple[int, ...]) -> float:
    """Return the weight within the standard."""
    return float(case.weight[soonest(case.seconds, chosen) <= STANDARD_S].sum())


def worst_s(case: Case, chosen: tuple[int, ...]) -> float:
    """Return the latest arrival."""
    return float(soonest(case.seconds, chosen).max())


def travelled(case: Case, chosen: tuple[int, ...]) -> float:
    """Return weight times first arrival."""
    return float(case.weight @ soonest(case.seconds, chosen))


MODELS = {
    "rank": Model(
        lambda case: rank_sites(case.seconds, case.weight, STANDARD_S, case.existing, case.new),
        lambda case: spopt_judge.cover(case, STANDARD_S),
        covered,
    ),
    "maximum cover": Model(
        lambda case: max_cover(case.seconds, case.weight, STANDARD_S, case.existing, case.new),
        lambda case: spopt_judge.cover(case, STANDARD_S),
        covered,
    ),
    "fewest for 900 s": Model(
        lambda case: sites_needed(case.seconds, NEEDED_S, case.existing),
        lambda case: spopt_judge.fewest(case, NEEDED_S),
        lambda _, chosen: float(len(chosen)),
    ),
    "least worst arrival": Model(
        lambda case: min_worst(case.seconds, case.existing, case.new), spopt_judge.centre, worst_s
    ),
    "least travel": Model(
        lambda case: p_median(case.seconds, case.weight, case.existing, case.new),
        spopt_judge.median,
        travelled,
    ),
}
QUESTIONS = (
    Asked("rank", 20_000, 200, 8, 2, 50),
    Asked("maximum cover", 20_000, 200, 0, 5, 10),
    Asked("maximum cover", 5_000, 200, 0, 20, 2),
    Asked("maximum cover", 20_000, 1_000, 0, 5, 2),
    Asked("fewest for 900 s", 5_000, 200, 0, 0),
    Asked("least worst arrival", 200, 50, 0, 5),
    Asked("least travel", 400, 100, 0, 5),
)


def beside(asked: Asked) -> Beside:
    """Ask both, ours some times, the peer once."""
    model, town = MODELS[asked.what], city(asked.demand, asked.sites)
    case = case_of(town, asked)
    runs = [taken(lambda: model.ours(case)) for _ in range(ROUNDS)]
    plan = runs[0][2]
    theirs_s, theirs_cpu_s, judged = taken(lambda: model.theirs(case))
    return Beside(
        asked=asked,
        ours_s=statistics.median(wall_s for wall_s, _, _ in runs),
        theirs_s=theirs_s,
        ours_cpu_s=statistics.median(cpu_s for _, cpu_s, _ in runs),
        theirs_cpu_s=theirs_cpu_s,
        ours=model.worth(case, plan.chosen),
        theirs=model.worth(case, judged.chosen),
        ours_proved=plan.proved,
        theirs_proved=judged.proved,
    )


def case_of(town: City, asked: Asked) -> Case:
    """Return a town as both are given it, without demand no site reaches: the peer cannot leave it out."""
    near = town.seconds.min(axis=1) <= NEEDED_S
    return Case(town.seconds[near], town.weight[near], FIXED[: asked.fixed], asked.new, LIMIT_S)


def taken(work: Callable[[], T]) -> tuple[float, float, T]:
    """Return wall and processor seconds, those of solvers started from here among them, and the result."""
    wall, cpu = time.perf_counter(), _cpu_s()
    result = work()
    return time.perf_counter() - wall, _cpu_s() - cpu, result


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return float(np.sum([each.ru_utime + each.ru_stime for each in used]))
