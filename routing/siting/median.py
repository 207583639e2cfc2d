"""Least weighted travel: where new sites bring help nearest on the whole (p-median)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routing.siting.answer import Sense, Siting, Verdict
from routing.siting.best_median import Served, best_median
from routing.siting.question import (
    Clock,
    Flags,
    Numbers,
    Positions,
    Question,
    checked_amounts,
    soonest,
    whole,
)


@dataclass(frozen=True)
class MedianPlan(Siting):
    """
    Sites chosen for weighted travel.

    Attributes
    ----------
    mean_s : float
        The weighted mean of first arrivals at rows that some site reaches.
    unreached : tuple of int
        Rows with weight that no site reaches at all: with any of them the objective is ``inf``.
    reached_total : float
        Weight times first arrival, summed over the other rows; what was minimised.
    worst_s : float
        Latest arrival at any row, with weight or without.
    """

    mean_s: float
    unreached: tuple[int, ...]
    reached_total: float
    worst_s: float


def p_median(
    seconds: ArrayLike,
    weight: ArrayLike,
    existing: Sequence[int] | Positions,
    new: int,
    time_limit_s: float = 60,
) -> MedianPlan:
    """
    Choose new sites with the least weighted travel (p-median).

    The objective is the sum of weight times first arrival in seconds; it is minimised. Exactly ``new`` sites
    are added, at the lowest positions that single swaps lead to. A row with weight that no site reaches makes
    the objective ``inf`` whatever is built: such rows are named, and the choice is the best for all others.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    weight : array_like, shape (demand,)
        What each demand counts; finite, from zero up.
    existing : sequence of int
        Columns of the sites that stand.
    new : int
        How many more to add.
    time_limit_s : float
        After so long the best found is returned with its gap.

    Returns
    -------
    MedianPlan

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.

    References
    ----------
    Hakimi (1964), Optimum locations of switching centers; ReVelle and Swain (1970), Central facilities
    location.
    """
    clock = Clock.start(time_limit_s)
    question = Question.of(seconds, existing, new)
    worth = checked_amounts("weight", weight, len(question.seconds))
    reached = np.isfinite(question.seconds.min(axis=1))
    rows = np.flatnonzero(reached & (worth > 0))
    times = question.seconds[np.ix_(rows, question.candidates)]
    served, scale = Served(times, question.standing_s[rows], worth[rows]).even()
    found = best_median(served, question.new, clock)
    return _recomputed(question, worth, (reached, found.chosen, found.least / scale, found.method), clock)


def _recomputed(
    question: Question, weight: Numbers, found: tuple[Flags, list[int], float, str], clock: Clock
) -> MedianPlan:
    reached, added, least, method = found
    chosen = question.sites(question.candidates[added])
    arrival = soonest(question.seconds, chosen)
    served, lost = reached & (weight > 0), ~reached & (weight > 0)
    total = float(weight[served] @ arrival[served])
    in_whole = whole(weight) and bool(np.all(arrival[served] == np.floor(arrival[served])))
    verdict = Verdict.of(
        math.inf if lost.any() else total, math.inf if lost.any() else least, Sense.LEAST, whole=in_whole
    )
    return MedianPlan(
        chosen=chosen,
        objective=verdict.objective,
        bound=verdict.bound,
        gap=verdict.gap,
        proved=verdict.proved,
        seconds_spent=clock.spent_s,
        method=method,
        mean_s=total / float(weight[served].sum()) if served.any() else 0.0,
        unreached=tuple(np.flatnonzero(lost).tolist()),
        reached_total=total,
        worst_s=float(arrival.max()),
    )
