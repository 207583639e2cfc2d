"""What each further site adds: the best cover with one new site, with two, and so on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routing.siting.amounts import checked_count
from routing.siting.cover import CoverPlan, max_cover
from routing.siting.question import Clock, Positions, Question

MOST_SITES = 10
LEAST_SHARE_S = 1e-3
"""A limit that has passed still leaves each plan this: what swaps find, with its gap."""


@dataclass(frozen=True)
class MarginalCurve:
    """
    The best plan for each number of new sites, from one on.

    Attributes
    ----------
    before : float
        What stands covers.
    plans : tuple of CoverPlan
        With one new site, with two, and so on.
    """

    before: float
    plans: tuple[CoverPlan, ...]

    @property
    def gained(self) -> tuple[float, ...]:
        """How much more each further site covers."""
        covered = [self.before, *(plan.objective for plan in self.plans)]
        return tuple(float(more) for more in np.diff(covered))

    @property
    def proved(self) -> bool:
        """Whether every plan is."""
        return all(plan.proved for plan in self.plans)


def marginal_curve(
    seconds: ArrayLike,
    weight: ArrayLike,
    standard_s: float,
    existing: Sequence[int] | Positions,
    most: int = MOST_SITES,
    time_limit_s: float = 60,
) -> MarginalCurve:
    """
    Return the best cover for every number of new sites up to ``most``, or up to all that could be built.

    Each plan is `max_cover` of its number; the plans need not hold one another. ``time_limit_s`` is for all
    together: each takes an equal share of what is left.
    """
    clock = Clock.start(time_limit_s)
    counts = min(checked_count("most", most), len(Question.of(seconds, existing, 0).candidates))
    before = max_cover(seconds, weight, standard_s, existing, 0)
    plans = []
    for new in range(1, counts + 1):
        share_s = max(clock.left_s / (counts + 1 - new), LEAST_SHARE_S)
        plans.append(max_cover(seconds, weight, standard_s, existing, new, time_limit_s=share_s))
    return MarginalCurve(before.objective, tuple(plans))
