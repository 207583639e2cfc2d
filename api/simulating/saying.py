"""Runs put together into the answer: estimates, paired differences, and what they say in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.simulating.answer import BaseSaid, EstimateSaid, MeasureSaid
from api.simulating.fleet import Fleet
from api.simulating.runs import RunDone
from routing.simulation import Estimate, Figures, difference, estimate

DECIMALS = 6
SHARE, SECONDS = "share", "s"
MOST = {SHARE: 1.0, SECONDS: math.inf}
"""What a figure can be at most; none is below zero."""
POINTS = 100


@dataclass(frozen=True)
class Measure:
    """A figure of a run: what it is called, whether more of it is better, and where it is found."""

    name: str
    words: str
    unit: str
    more_is_better: bool
    of: Callable[[Figures], float]


MEASURES = (
    Measure("in_time", "first unit that counts in time", SHARE, True, lambda run: run.in_time),
    Measure("counting_s", "first unit that counts", SECONDS, False, lambda run: run.counting_s),
    Measure("met", "met in full", SHARE, True, lambda run: run.met),
    Measure("mean_first_s", "first capable arrival, mean", SECONDS, False, lambda run: run.mean_first_s),
    Measure("p90_first_s", "first capable arrival, p90", SECONDS, False, lambda run: run.p90_first_s),
    Measure("waited", "had to wait for something", SHARE, False, lambda run: run.waited),
    Measure("mean_wait_s", "wait for the order, mean", SECONDS, False, lambda run: run.mean_wait_s),
    Measure("unanswered", "nobody capable ever came", SHARE, False, lambda run: run.unanswered),
)


def measures_said(runs: Sequence[RunDone], plans: int) -> list[MeasureSaid]:
    """Return every figure under each plan, and what sets the second apart from the first."""
    return [_measure_said(measure, runs, plans) for measure in MEASURES]


def _measure_said(measure: Measure, runs: Sequence[RunDone], plans: int) -> MeasureSaid:
    values = [[measure.of(run.figures[plan]) for run in runs] for plan in range(plans)]
    apart = difference(values[0], values[1]) if plans > 1 else None
    return MeasureSaid(
        name=measure.name,
        words=measure.words,
        unit=measure.unit,
        plans=[said(estimate(each), MOST[measure.unit]) for each in values],
        difference=None if apart is None else said(apart, math.inf, -math.inf),
        verdict="" if apart is None else verdict(apart, measure),
    )


def said(found: Estimate, most: float, least: float = 0.0) -> EstimateSaid:
    """Return an estimate as it is answered, its interval cut to what the figure can be."""
    return EstimateSaid(
        mean=_finite(found.mean),
        low=_finite(max(found.low, least)),
        high=_finite(min(found.high, most)),
        runs=found.runs,
    )


def verdict(apart: Estimate, measure: Measure) -> str:
    """Say what a difference shows, or that it shows none and how many runs might."""
    if not apart.runs:
        return "nothing to compare: no run had such a call under both plans"
    if apart.spread == 0 and apart.mean == 0:
        return "no difference: every run came out the same"
    if not math.isfinite(apart.low):
        return "cannot tell: one run has no interval; ask for more"
    if apart.holds_zero:
        needed = apart.runs_to_tell
        more = "" if needed is None else f"; about {needed:,} runs would, if it is what it seems"
        return f"cannot tell: the interval holds zero{more}"
    better = (apart.mean > 0) == measure.more_is_better
    ends = sorted((abs(apart.low), abs(apart.high)))
    scale, unit = (POINTS, "points") if measure.unit == SHARE else (1, "s")
    mean, low, high = (f"{value * scale:.1f}" for value in (abs(apart.mean), *ends))
    return f"{'better' if better else 'worse'} by {mean} {unit} (95 %: {low} to {high})"


def bases_said(runs: Sequence[RunDone], fleets: Sequence[Fleet]) -> list[BaseSaid]:
    """Return how busy the units in service of each base are, the busiest of the last plan first."""
    staffed = [np.where(fleet.units.in_service, fleet.units.base, "") for fleet in fleets]
    rows = [
        BaseSaid(
            name=name,
            units=int((staffed[-1] == name).sum()),
            plans=[_busy_of(runs, plan, bases == name) for plan, bases in enumerate(staffed)],
        )
        for name in sorted(set(staffed[-1].tolist()) - {""})
    ]
    return sorted(rows, key=lambda row: (-_mean_of(row.plans[-1]), row.name))


def _busy_of(runs: Sequence[RunDone], plan: int, own: NDArray[np.bool_]) -> EstimateSaid | None:
    if not own.any():
        return None
    return said(estimate([float(run.figures[plan].busy[own].mean()) for run in runs]), MOST[SHARE])


def _mean_of(found: EstimateSaid | None) -> float:
    return 0.0 if found is None or found.mean is None else found.mean


def _finite(value: float) -> float | None:
    return round(value, DECIMALS) if math.isfinite(value) else None
