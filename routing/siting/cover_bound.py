"""
How much any choice can cover at most: a Lagrangian bound, and the sites that it rules in or out.

"A row is covered only if a chosen site reaches it" is priced instead of held (Galvão and ReVelle, 1996), and
so is the budget where there is one. Prices of the rows give a bound for any choice; they move against their
own error (Polyak's step).
"""

from dataclasses import dataclass

import numpy as np

from routing.siting.answer import PROVED_GAP, rounding
from routing.siting.cover_swaps import Allowance, greedy
from routing.siting.open_cover import OpenCover
from routing.siting.question import Clock, Flags, Numbers, Positions

MOST_STEPS, PATIENCE = 2000, 20
FIRST_STRIDE, SHORTER, LAST_STRIDE = 1.5, 0.7, 1e-3
MEMORY = 0.9
"""How much of the last direction is kept: it steadies the steps (Camerini, Fratta and Maffioli, 1975)."""
HALVINGS = 40
SURE = 1e-9
"""What a bound computed in double precision may be off by, relatively, before a site is ruled out by it."""


@dataclass(frozen=True, eq=False)
class CoverBound:
    """
    A bound on what candidates can add together, and what it is made of.

    Attributes
    ----------
    most : float
        No choice adds more.
    value : float64, shape (candidates,)
        What each is worth at the prices that give the bound, less what money costs.
    chosen : list of int
        The best choice met on the way.
    """

    most: float
    value: Numbers
    chosen: list[int]

    def ruled(self, reached: float, new: int) -> tuple[Flags, Flags]:
        """
        Return which candidates every better choice holds, and which none does, shape (candidates,) each.

        Better means: worth more than ``reached``.
        """
        taken = np.zeros(len(self.value), dtype=np.bool_)
        taken[_highest(self.value, new)] = True
        weakest = self.value[taken].min(initial=np.inf) if taken.sum() == new else 0.0
        next_best = self.value[~taken].max(initial=0.0)
        must_beat = reached - SURE * abs(reached)
        inside = taken & (self.most - self.value + next_best < must_beat)
        outside = ~taken & (self.most - weakest + self.value < must_beat)
        return inside, outside


def proves(cover: OpenCover, reached: float) -> float:
    """Return the bound below which nothing more than ``reached`` can be added."""
    if cover.whole:
        return reached + 1 - 2 * rounding(cover.settled + reached)
    return reached + PROVED_GAP / 2 * (cover.settled + reached)


def cover_bound(cover: OpenCover, allowance: Allowance, chosen: list[int], clock: Clock) -> CoverBound:
    """Return the best bound found on what an allowance adds; ``chosen`` is a good choice known before."""
    steps = np.power(cover.busy, np.arange(allowance.new)) * (1 - cover.busy)
    worth = cover.weight[:, None] * steps[steps > 0]
    price = worth[:, 0] / np.maximum(1, np.minimum(cover.reach.sum(axis=1), allowance.new))
    best_price, best, stride, waited = price, np.inf, FIRST_STRIDE, 0
    way, reached = np.zeros(len(price)), cover.gained(chosen)
    for _ in range(MOST_STEPS):
        taken, most = _dearest(cover.reached_weight(price), allowance)
        bound = float(np.maximum(worth - price[:, None], 0).sum()) + most
        waited += 1
        if bound < best:
            best, best_price, waited = bound, price, 0
            chosen = max(chosen, _kept(cover, allowance, taken), key=cover.gained)
            reached = cover.gained(chosen)
        elif waited > PATIENCE:
            stride, waited, price, way = stride * SHORTER, 0, best_price, np.zeros(len(price))
            continue
        way = MEMORY * way + _error(cover, worth, price, taken)
        step = cover.weight * way
        length = float(step @ way)
        if length == 0 or stride < LAST_STRIDE or clock.left_s <= 0 or best < proves(cover, reached):
            break
        price = np.clip(price - stride * (bound - reached) / length * step, 0, worth[:, 0])
    value = cover.reached_weight(best_price)
    value = value - _money(value, allowance) * allowance.cost
    return CoverBound(best, value, chosen)


def _dearest(value: Numbers, allowance: Allowance) -> tuple[Positions, float]:
    """Return the candidates that are worth most together, money priced, and a bound on what any are."""
    rate = _money(value, allowance)
    left = value - rate * allowance.cost
    taken = _highest(left, allowance.new)
    return taken, float(left[taken].sum()) + (rate * allowance.budget if rate else 0.0)


def _money(value: Numbers, allowance: Allowance) -> float:
    """Return what a unit of money is worth: the least at which the dearest candidates keep to the budget."""
    cost, budget = allowance.cost, allowance.budget
    if not np.isfinite(budget) or cost[_highest(value, allowance.new)].sum() <= budget:
        return 0.0
    low, high = 0.0, float(np.max(value[cost > 0] / cost[cost > 0]))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if cost[_highest(value - middle * cost, allowance.new)].sum() <= budget:
            high = middle
        else:
            low = middle
    return high


def _highest(value: Numbers, new: int) -> Positions:
    """Return the positions of the highest values, those above zero alone."""
    if new < len(value):
        first = np.argpartition(-value, new - 1)[:new] if new else np.zeros(0, dtype=np.int64)
    else:
        first = np.arange(len(value))
    return first[value[first] > 0]


def _kept(cover: OpenCover, allowance: Allowance, taken: Positions) -> list[int]:
    """Return candidates that keep to the budget, and further ones where something is left."""
    if np.isfinite(allowance.budget):
        order = taken[np.argsort(allowance.cost[taken], kind="stable")]
        taken = order[np.cumsum(allowance.cost[order]) <= allowance.budget]
    return greedy(cover, allowance, taken.tolist())


def _error(cover: OpenCover, worth: Numbers, price: Numbers, taken: Positions) -> Numbers:
    """Return by how much each row is reached more often than counted; 0 where its price can go no further."""
    more = np.count_nonzero(cover.reach[:, taken], axis=1) - np.count_nonzero(worth > price[:, None], axis=1)
    stuck = ((price <= 0) & (more > 0)) | ((price >= worth[:, 0]) & (more < 0))
    return np.where(stuck, 0.0, more)
