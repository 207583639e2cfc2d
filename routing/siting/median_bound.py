"""
How little any choice can total at least: a Lagrangian bound, and the sites that it rules in or out.

"Each row is served once" is priced instead of held (Cornuejols, Fisher and Nemhauser, 1977). Prices of the
rows give a bound for any choice; they move against their own error (Polyak's step).
"""

from dataclasses import dataclass

import numpy as np

from routing.siting.distances import ROWS_A_BLOCK, Distances
from routing.siting.question import Clock, Flags, Numbers

MEMORY = 0.7
"""How much of the last direction is kept: it steadies the steps (Camerini, Fratta and Maffioli, 1975)."""
SURE = 1e-9
"""What a bound computed in double precision may be off by, relatively, before a site is ruled out by it."""


@dataclass(frozen=True)
class Effort:
    """How many steps prices move at most, how many in vain before they get shorter, and how long they are."""

    steps: int
    patience: int
    first_stride: float
    last_stride: float


AT_FIRST = Effort(steps=1000, patience=12, first_stride=1.5, last_stride=1e-3)


@dataclass(frozen=True)
class Goal:
    """A total that is known to be possible, and the bound that is enough beside it."""

    total: float
    enough: float


@dataclass(frozen=True, eq=False)
class MedianBound:
    """
    A bound on the total, and what it is made of.

    Attributes
    ----------
    least : float
        No choice totals less.
    value : float64, shape (candidates,)
        What building each takes off at the prices that give the bound; none above zero.
    price : float64, shape (rows,)
        What each row pays at most, weighted.
    """

    least: float
    value: Numbers
    price: Numbers

    def ruled(self, must_beat: float, new: int) -> tuple[Flags, Flags]:
        """Return which candidates every choice of at most ``must_beat`` holds, and which none does."""
        order = np.argsort(self.value, kind="stable")
        taken = np.zeros(len(self.value), dtype=np.bool_)
        taken[order[:new]] = True
        weakest, next_best = self.value[order[new - 1]], self.value[order[new]]
        limit = must_beat + SURE * abs(must_beat)
        inside = taken & (self.least - self.value + next_best > limit)
        outside = ~taken & (self.least - weakest + self.value > limit)
        return inside, outside


def median_bound(
    distances: Distances, chosen: list[int], total: float, enough: float, clock: Clock
) -> MedianBound:
    """
    Return the best bound found for as many candidates as ``chosen``, fewer than there are.

    ``total`` is what is known to be possible; the search ends early once the bound is above ``enough``.
    """
    price = distances.weight * _second_s(distances, chosen)
    return tightened(distances, len(chosen), price, Goal(total, enough), AT_FIRST, clock)


def tightened(
    distances: Distances, new: int, price: Numbers, goal: Goal, effort: Effort, clock: Clock
) -> MedianBound:
    """Return the best bound found for ``new`` candidates, fewer than there are, from some prices on."""
    first = distances.weight * distances.seconds.min(axis=1)
    last = distances.weight * distances.standing_s
    price = np.clip(price, first, last)
    best = MedianBound(-np.inf, np.zeros(distances.candidates), price)
    stride, waited, way = effort.first_stride, 0, np.zeros(len(price))
    for _ in range(effort.steps):
        value = _values(distances, price)
        taken = np.argpartition(value, new - 1)[:new]
        bound = float(price.sum() + value[taken].sum())
        waited += 1
        if bound > best.least:
            best, waited = MedianBound(bound, value, price), 0
        elif waited > effort.patience:
            stride, waited, price, way = stride / 2, 0, best.price, np.zeros(len(price))
            continue
        served = np.count_nonzero(
            distances.weight[:, None] * distances.seconds[:, taken] < price[:, None], axis=1
        )
        way = MEMORY * way + np.where((served == 0) & (price >= last), 0.0, 1.0 - served)
        length = float(way @ way)
        if length == 0 or stride < effort.last_stride or best.least > goal.enough or clock.left_s <= 0:
            break
        price = np.clip(price + stride * (goal.total - bound) / length * way, first, last)
    return best


def _values(distances: Distances, price: Numbers) -> Numbers:
    """Return what each candidate takes off at some prices: the rows it serves for less than they pay."""
    value = np.zeros(distances.candidates)
    for start in range(0, len(price), ROWS_A_BLOCK):
        rows = slice(start, start + ROWS_A_BLOCK)
        less = distances.seconds[rows] * distances.weight[rows, None] - price[rows, None]
        value += np.minimum(less, 0, out=less).sum(axis=0)
    return value


def _second_s(distances: Distances, chosen: list[int]) -> Numbers:
    """Return halfway from the first to the second arrival at each row."""
    built = np.column_stack([distances.seconds[:, chosen], distances.standing_s])
    two = np.partition(built, 1, axis=1)
    return np.asarray((two[:, 0] + two[:, 1]) / 2, dtype=np.float64)
