"""What is weighed, one after the other: each level's optimum, with a tolerance, bounds the next."""

import time
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.outclassed import outclassed
from routing.program import Program, Steps
from routing.roles import Case, Parts
from routing.solver import Objective
from routing.surplus import without_surplus

Times = NDArray[np.float64]

SAME = 1e-6
"""Values that differ relatively by no more are one."""


class Measure(StrEnum):
    """What is weighed, in this order."""

    SHORTFALL = "shortfall"
    FIRST_CAPABLE = "first_capable"
    LATENESS = "lateness"
    MET = "met"
    COMPLETION = "completion"
    UNITS = "units"
    TIER = "tier"
    ARRIVAL = "arrival"


WHOLE = frozenset({Measure.UNITS, Measure.TIER})
COUNTING = frozenset({Measure.UNITS, Measure.TIER, Measure.ARRIVAL})


@dataclass(frozen=True)
class Level:
    """
    One level of the choice.

    Attributes
    ----------
    name : str
    value : float
        Of the best choice found, worked out from the choice itself.
    bound : float
        No choice that keeps the bounds of the levels before is below it.
    gap : float
        What may be left between them, relative to the value, or to 1 where that is more.
    proved : bool
        The value is the optimum, to a millionth.
    """

    name: str
    value: float
    bound: float
    gap: float
    proved: bool


def level(measure: Measure, value: float, bound: float) -> Level:
    """Return a level: a whole number's bound is rounded up."""
    if measure in WHOLE:
        bound = float(np.ceil(bound - SAME * max(abs(bound), 1.0)))
    bound = min(bound, value)
    gap = (value - bound) / max(abs(value), 1.0)
    return Level(measure.value, value, bound, gap, gap <= SAME)


def first_capable(first_s: float) -> Level:
    """Return the level that holds by construction."""
    return Level(Measure.FIRST_CAPABLE.value, first_s, first_s, 0.0, proved=True)


def value_of(case: Case, measure: Measure, parts: Parts) -> float:
    """Return what one way to fill the roles comes to."""
    match measure:
        case Measure.LATENESS | Measure.MET | Measure.COMPLETION:
            return float(time_values(case, measure, case.met_s(parts)))
        case _:
            return float(price_of(case, measure)[case.sent(parts)].sum())


def lateness_s(met_s: Times, deadline_s: Times) -> Times:
    """Return by how much times are past their deadlines, 0 where they are not."""
    late: Times = np.zeros(np.broadcast_shapes(met_s.shape, np.shape(deadline_s)))
    return np.subtract(met_s, deadline_s, out=late, where=met_s > deadline_s)


def time_values(case: Case, measure: Measure, met_s: Times) -> Times:
    """Return what times at which the targets are met come to; the last axis is that of the targets."""
    match measure:
        case Measure.LATENESS:
            values = (case.weight * lateness_s(met_s, case.deadline_s)).sum(axis=-1)
        case Measure.MET:
            values = (case.weight * met_s).sum(axis=-1)
        case _:
            values = met_s.max(axis=-1, initial=0.0)
    return np.asarray(values, dtype=np.float64)


def price_of(case: Case, measure: Measure) -> Times:
    """Return what each unit that goes adds to a measure of who goes."""
    match measure:
        case Measure.UNITS:
            return np.ones(len(case.crew))
        case Measure.TIER:
            return case.tier.astype(np.float64)
        case _:
            return case.arrival_s


@dataclass
class Search:
    """
    The search for the best way to fill the roles of a case, level by level.

    Attributes
    ----------
    case : Case
    best : float64, shape (n, r)
        The best way found so far; it keeps every bound.
    until : float
        When to stop, by the clock that counts this computer's seconds.
    at_most : dict of Measure to float
        The bounds the levels before have set.
    at_least : dict of Measure to float
        What no way that keeps them is below.
    """

    case: Case
    best: Parts
    until: float
    at_most: dict[Measure, float] = field(default_factory=dict)
    at_least: dict[Measure, float] = field(default_factory=dict)

    def settle(self, measure: Measure, tolerance: float) -> Level:
        """Find the optimum of one measure, and let it, with a tolerance, bound those to come."""
        value = value_of(self.case, measure, self.best)
        bound = self._least(measure)
        if not level(measure, value, bound).proved and self.until > time.perf_counter():
            bound = max(bound, self._improve(measure, value))
            value = value_of(self.case, measure, self.best)
        self.at_most[measure] = value + tolerance
        settled = level(measure, value, bound)
        self.at_least[measure] = settled.bound
        return settled

    def _least(self, measure: Measure) -> float:
        """Return a bound that needs no solver."""
        if measure not in COUNTING:
            return float(time_values(self.case, measure, self.case.earliest_s))
        price = price_of(self.case, measure)
        forced, free = price[self.case.forced], price[~self.case.forced]
        others = self.at_least.get(Measure.UNITS, 0.0) - len(forced)
        return float(forced.sum()) + max(others, 0.0) * float(free.min(initial=np.inf) if others > 0 else 0.0)

    def _improve(self, measure: Measure, value: float) -> float:
        """Look for a better way than the best so far; return the bound proved."""
        at_most = self.at_most | {measure: value}
        program, objective = _programmed(self.case, measure, at_most, self.at_least)
        parts, bound = program.minimise(objective, self.until - time.perf_counter())
        if parts is not None:
            self._take_if_better(measure, value, without_surplus(self.case, parts))
        return bound

    def _take_if_better(self, measure: Measure, value: float, parts: Parts) -> None:
        if value_of(self.case, measure, parts) < value and self._keeps(parts):
            self.best = parts

    def _keeps(self, parts: Parts) -> bool:
        return self.case.is_possible(parts) and all(
            value_of(self.case, measure, parts) <= bound + slack(bound)
            for measure, bound in self.at_most.items()
        )


def slack(bound: float) -> float:
    """Return how far a sum may be past a bound for the sake of its last digits."""
    return SAME * max(abs(bound), 1.0)


def latest_useful_s(case: Case, at_most: dict[Measure, float]) -> Times:
    """Return for each target the latest time that keeps the bounds, were all others met at their earliest."""
    useful = np.full(len(case.target), np.inf)
    if Measure.LATENESS in at_most:
        late = case.weight * lateness_s(case.earliest_s, case.deadline_s)
        left = at_most[Measure.LATENESS] - float(late.sum()) + late
        useful = np.minimum(useful, case.deadline_s + left / case.weight)
    if Measure.MET in at_most:
        spare = at_most[Measure.MET] - float((case.weight * case.earliest_s).sum())
        useful = np.minimum(useful, case.earliest_s + spare / case.weight)
    useful = np.minimum(useful, at_most.get(Measure.COMPLETION, np.inf))
    latest: Times = useful + SAME * np.maximum(np.abs(useful), 1.0)
    return latest


def _programmed(
    case: Case, measure: Measure, at_most: dict[Measure, float], at_least: dict[Measure, float]
) -> tuple[Program, Objective]:
    until_s = latest_useful_s(case, at_most)
    counted = np.full(len(case.crew), measure in COUNTING)
    left_out = np.zeros(len(case.crew), dtype=np.bool_)
    if measure in COUNTING:
        come = int(np.searchsorted(case.arrival_s, until_s.max(initial=0.0), side="right"))
        left_out = outclassed(case, come, at_most[Measure.UNITS])
    program = Program(case, until_s, counted, left_out)
    from_s = case.deadline_s if measure is Measure.LATENESS else np.zeros(len(case.target))
    steps = [program.steps(r, float(from_s[r])) for r in range(len(case.target))]
    for bounded, bound in at_most.items():
        if bounded not in {Measure.COMPLETION, measure}:  # the steps end at the completion's bound
            known = at_least.get(bounded, -np.inf)
            program.model.bound(
                _objective(program, bounded, steps), bound + slack(bound) / 2, known - slack(known) / 2
            )
    return program, _objective(program, measure, steps)


def _objective(program: Program, measure: Measure, steps: list[Steps]) -> Objective:
    case = program.case
    match measure:
        case Measure.LATENESS:
            weighed = zip(steps, case.weight, case.deadline_s, strict=True)
            return joined([s.cost(w * lateness_s(s.time_s, d)) for s, w, d in weighed])
        case Measure.MET:
            return joined([s.cost(w * s.time_s) for s, w in zip(steps, case.weight, strict=True)])
        case Measure.COMPLETION:
            together = program.all_steps(steps, float(case.earliest_s.max()))
            return together.cost(together.time_s)
        case _:
            return program.going(price_of(case, measure))


def joined(objectives: list[Objective]) -> Objective:
    """Return the sum of objectives."""
    return Objective(
        np.concatenate([o.columns for o in objectives]),
        np.concatenate([o.coefficients for o in objectives]),
        sum(o.constant for o in objectives),
    )
