"""
How much any choice can cover at most: a Lagrangian bound, and the sites that it rules in or out.

"A row is covered only if a chosen site reaches it" is priced instead of held (Galvão and ReVelle, 1996).
Prices of the rows give a bound for any choice; they move against their own error (Polyak's step).
"""

from dataclasses import dataclass

import numpy as np

from routing.siting.answer import PROVED_GAP, rounding
from routing.siting.open_cover import OpenCover
from routing.siting.question import Clock, Flags, Numbers, Positions

MOST_STEPS, PATIENCE = 400, 10
FIRST_STRIDE, SHORTER, LAST_STRIDE = 1.5, 0.6, 1e-3
MEMORY = 0.7
"""How much of the last direction is kept: it steadies the steps (Camerini, Fratta and Maffioli, 1975)."""
SURE = 1e-9
"""What a bound computed in double precision may be off by, relatively, before a site is ruled out by it."""


@dataclass(frozen=True, eq=False)
class CoverBound:
    """A bound on what candidates can add together, and what each is worth at the prices that give it."""

    most: float
    value: Numbers

    def ruled(self, reached: float, new: int) -> tuple[Flags, Flags]:
        """
        Return which candidates every better choice holds, and which none does, shape (candidates,) each.

        Better means: worth more than ``reached``.
        """
        order = np.argsort(-self.value, kind="stable")
        taken = np.zeros(len(self.value), dtype=np.bool_)
        taken[order[:new]] = True
        weakest, next_best = self.value[order[new - 1]], self.value[order[new]]
        must_beat = reached - SURE * abs(reached)
        inside = taken & (self.most - self.value + next_best < must_beat)
        outside = ~taken & (self.most - weakest + self.value < must_beat)
        return inside, outside


def proves(cover: OpenCover, reached: float) -> float:
    """Return the bound below which nothing more than ``reached`` can be added."""
    if cover.whole:
        return reached + 1 - 2 * rounding(cover.settled + reached)
    return reached + PROVED_GAP / 2 * (cover.settled + reached)


def cover_bound(cover: OpenCover, new: int, reached: float, clock: Clock) -> CoverBound:
    """Return the best bound found on what ``new`` candidates add, fewer than there are."""
    steps = np.power(cover.busy, np.arange(new)) * (1 - cover.busy)
    worth = cover.weight[:, None] * steps[steps > 0]
    price = worth[:, 0] / np.maximum(1, np.minimum(cover.reach.sum(axis=1), new))
    best_price, best, stride, waited = price, np.inf, FIRST_STRIDE, 0
    way, enough = np.zeros(len(price)), proves(cover, reached)
    for _ in range(MOST_STEPS):
        value = cover.reached_weight(price)
        taken = np.argpartition(-value, new - 1)[:new]
        bound = float(np.maximum(worth - price[:, None], 0).sum() + value[taken].sum())
        waited += 1
        if bound < best:
            best, best_price, waited = bound, price, 0
        elif waited > PATIENCE:
            stride, waited, price, way = stride * SHORTER, 0, best_price, np.zeros(len(price))
            continue
        way = MEMORY * way + _error(cover, worth, price, taken)
        step = cover.weight * way
        length = float(step @ way)
        if length == 0 or stride < LAST_STRIDE or clock.left_s <= 0 or best < enough:
            break
        price = np.clip(price - stride * (bound - reached) / length * step, 0, worth[:, 0])
    value = cover.reached_weight(best_price)
    most = np.maximum(worth - best_price[:, None], 0).sum() + np.sort(value)[len(value) - new :].sum()
    return CoverBound(float(most), value)


def _error(cover: OpenCover, worth: Numbers, price: Numbers, taken: Positions) -> Numbers:
    """Return by how much each row is reached more often than counted; 0 where its price can go no further."""
    more = np.count_nonzero(cover.reach[:, taken], axis=1) - np.count_nonzero(worth > price[:, None], axis=1)
    stuck = ((price <= 0) & (more > 0)) | ((price >= worth[:, 0]) & (more < 0))
    return np.where(stuck, 0.0, more)
