"""Maximum cover: where new sites cover most within a standard, plainly or with teams that are often busy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routing.siting.amounts import checked_count
from routing.siting.answer import Sense, Siting, Verdict
from routing.siting.best_cover import Found, best_cover
from routing.siting.cover_swaps import Allowance, lowest
from routing.siting.open_cover import OpenCover, open_cover
from routing.siting.question import (
    Clock,
    Numbers,
    Positions,
    Purse,
    Question,
    checked_amounts,
    checked_busy,
    checked_standard,
    soonest,
)
from routing.siting.remark import Remark, remark_on


@dataclass(frozen=True)
class CoverPlan(Siting):
    """
    Sites chosen for cover.

    Attributes
    ----------
    share : float
        The objective as a share of all weight; 1 where nothing has weight.
    uncovered : tuple of int
        Rows with weight that no chosen site reaches within the standard.
    worst_s : float
        The latest arrival at any row; ``inf`` where one is not reached at all.
    idle : tuple of int
        New sites that could each be left out without loss.
    cost : float
        What the new sites cost; 0 where no costs were given.
    tail : float
        What the bound was raised by because fewer copies of cover were counted than sites could give.
    remark : Remark or None
        Why building changes nothing, where it does not.
    """

    share: float
    uncovered: tuple[int, ...]
    worst_s: float
    idle: tuple[int, ...]
    cost: float
    tail: float
    remark: Remark | None


@dataclass(frozen=True, eq=False)
class _Case:
    """A question of cover with all that is needed to answer it."""

    question: Question
    weight: Numbers
    standard_s: float
    cover: OpenCover
    purse: Purse | None

    @classmethod
    def of(
        cls, question: Question, weight: ArrayLike, standard_s: float, busy: float, purse: Purse | None
    ) -> "_Case":
        worth = checked_amounts("weight", weight, len(question.seconds))
        standard = checked_standard(standard_s)
        return cls(question, worth, standard, open_cover(question, worth, standard, busy), purse)

    @property
    def allowance(self) -> Allowance:
        candidates = self.question.candidates
        if self.purse is None:
            return Allowance(self.question.new, np.zeros(len(candidates)), math.inf)
        return Allowance(self.question.new, self.purse.cost[candidates], self.purse.budget)


def max_cover(
    seconds: ArrayLike,
    weight: ArrayLike,
    standard_s: float,
    existing: Sequence[int] | Positions,
    new: int,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    time_limit_s: float = 60,
) -> CoverPlan:
    """
    Choose new sites that cover most weight within a standard (maximal covering location).

    The objective is the weight of the rows that some site, chosen or existing, reaches in ``standard_s`` or
    less; it is maximised. Without costs exactly ``new`` sites are added, at the lowest positions where
    several are as good; with costs, at most ``new`` and none that adds nothing.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    weight : array_like, shape (demand,)
        What covering each demand is worth; finite, from zero up.
    standard_s : float
        The standard in seconds; an arrival at exactly this counts as covered.
    existing : sequence of int
        Columns of the sites that stand.
    new : int
        How many more to add.
    cost : array_like, shape (sites,), optional
        What building each site costs.
    budget : float, optional
        What may be spent on new sites; needs ``cost``.
    time_limit_s : float
        After so long the best found is returned with its gap.

    Returns
    -------
    CoverPlan

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.

    References
    ----------
    Church and ReVelle (1974), The maximal covering location problem.
    """
    clock = Clock.start(time_limit_s)
    question = Question.of(seconds, existing, new)
    purse = Purse.of(cost, budget, question.seconds.shape[1])
    return _plan(_Case.of(question, weight, standard_s, 0.0, purse), 1, clock)


def expected_cover(
    seconds: ArrayLike,
    weight: ArrayLike,
    standard_s: float,
    existing: Sequence[int] | Positions,
    new: int,
    busy: float,
    copies: int | None = None,
    time_limit_s: float = 60,
) -> CoverPlan:
    """
    Choose new sites that cover most weight when every team is busy part of the time (MEXCLP).

    A row within reach of k sites is worth its weight times 1 - q^k: the chance that one of k teams is free,
    each busy a fraction q of the time and independently. The objective is their sum; it is maximised.

    Parameters
    ----------
    seconds, weight, standard_s, existing, new, time_limit_s
        As in `max_cover`.
    busy : float
        The fraction q, from 0 up to but not 1; see `busy_fraction`.
    copies : int, optional
        The bound counts so many new sites a row at most, and what that cuts, at most weight * q^copies, is
        added to it and told as ``tail``. As many as ``new`` unless given: nothing is cut.

    Returns
    -------
    CoverPlan
        Its objective always counts every site, whatever ``copies`` is.

    References
    ----------
    Daskin (1983), A maximum expected covering location model.
    """
    clock = Clock.start(time_limit_s)
    question = Question.of(seconds, existing, new)
    counted = question.new if copies is None else min(checked_count("copies", copies), question.new)
    case = _Case.of(question, weight, standard_s, checked_busy(busy), None)
    return _plan(case, max(1, counted), clock)


def _plan(case: _Case, copies: int, clock: Clock) -> CoverPlan:
    remark = remark_on(case.question, case.weight, case.cover, case.purse)
    found = Found([], 0.0, "nothing to gain", 0.0)
    if remark is None and case.question.new:
        found = best_cover(case.cover, case.allowance, copies, clock)
    chosen = found.chosen
    if case.purse is None:
        free = [site for site in range(case.cover.candidates) if site not in set(chosen)]
        chosen = lowest(case.cover, case.allowance, chosen + free[: case.question.new - len(chosen)])
    else:
        chosen = lowest(case.cover, case.allowance, chosen)
    return _recomputed(case, chosen, found, remark, clock)


def _recomputed(
    case: _Case, chosen: list[int], found: Found, remark: Remark | None, clock: Clock
) -> CoverPlan:
    added = case.question.candidates[chosen]
    sites = case.question.sites(added)
    times = np.count_nonzero(case.question.seconds[:, sites] <= case.standard_s, axis=1)
    objective = float((case.weight * (1 - np.power(case.cover.busy, times))).sum())
    verdict = Verdict.of(objective, case.cover.settled + found.most, Sense.MOST, whole=case.cover.whole)
    total = float(case.weight.sum())
    return CoverPlan(
        chosen=sites,
        objective=objective,
        bound=verdict.bound,
        gap=verdict.gap,
        proved=verdict.proved,
        seconds_spent=clock.spent_s,
        method=found.method,
        share=objective / total if total else 1.0,
        uncovered=tuple(np.flatnonzero((times == 0) & (case.weight > 0)).tolist()),
        worst_s=float(soonest(case.question.seconds, sites).max()),
        idle=tuple(int(case.question.candidates[site]) for site in _idle(case.cover, chosen)),
        cost=0.0 if case.purse is None else float(case.purse.cost[added].sum()),
        tail=found.tail,
        remark=remark,
    )


def _idle(cover: OpenCover, chosen: list[int]) -> list[int]:
    """Return which of some candidates add nothing beside the others: each reaches only what others do."""
    if cover.busy:
        return [site for site in chosen if not cover.reach[:, site].any()]
    times = np.count_nonzero(cover.reach[:, chosen], axis=1)
    return [site for site in chosen if not np.any(cover.reach[:, site] & (times == 1))]
