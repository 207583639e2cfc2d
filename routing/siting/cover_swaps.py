"""A good cover found by hand: the best next site, then swaps while any pays, then the lowest positions."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from routing.siting.open_cover import OpenCover
from routing.siting.question import Clock, Flags, Numbers

SAME = 1e-12
"""Values that differ relatively by no more are the same."""
SEED, IN_VAIN, MOST_MOVED = 1, 30, 4
SHAKING_SHARE = 0.1
"""Of the time there is left, so much is given to shaking at most."""


@dataclass(frozen=True, eq=False)
class Allowance:
    """How many candidates may be chosen and what they may cost together; without costs, all cost zero."""

    new: int
    cost: Numbers
    budget: float

    def keeps(self, chosen: list[int]) -> bool:
        """Return whether some candidates keep to the budget together."""
        return bool(self.cost[chosen].sum() <= self.budget * (1 + SAME))

    def affordable(self, chosen: Iterable[int]) -> Flags:
        """Return which candidates there is money for beside some that are chosen, shape (candidates,)."""
        spent = self.cost[list(chosen)].sum()
        return np.asarray(spent + self.cost <= self.budget * (1 + SAME), dtype=np.bool_)


def good_cover(cover: OpenCover, allowance: Allowance, clock: Clock) -> list[int]:
    """Return candidates that cover much: the better of two greedy choices, swapped while that pays."""
    chosen = greedy(cover, allowance, [])
    if np.isfinite(allowance.budget):
        thrifty = greedy(cover, allowance, [], np.maximum(allowance.cost, np.finfo(np.float64).tiny))
        chosen = max(chosen, thrifty, key=cover.gained)
    return swapped(cover, allowance, chosen, clock)


def swapped(cover: OpenCover, allowance: Allowance, chosen: list[int], clock: Clock) -> list[int]:
    """Return a choice that no single swap betters, swapping the best pair each time."""
    while clock.left_s > 0:
        better = _better_swap(cover, allowance, chosen)
        if better is None:
            break
        chosen = better
    return chosen


def shaken(cover: OpenCover, allowance: Allowance, chosen: list[int], clock: Clock) -> list[int]:
    """
    Return the best of a choice and of others that swaps lead to once some of its sites are moved at random.

    The same question is always shaken alike, unless time runs out.
    """
    random, until_s = np.random.default_rng(SEED), clock.left_s * (1 - SHAKING_SHARE)
    best, most, waited = chosen, cover.gained(chosen), 0
    while waited < IN_VAIN and 0 < until_s < clock.left_s and len(best) < cover.candidates:
        moved = min(len(best), int(random.integers(2, MOST_MOVED + 1)))
        kept = random.permutation(best)[moved:].tolist()
        free = np.setdiff1d(np.flatnonzero(allowance.affordable(kept)), best)
        into = [int(free[random.integers(len(free))])] if len(free) else []
        tried = swapped(cover, allowance, greedy(cover, allowance, kept + into), clock)
        waited += 1
        if cover.gained(tried) > most * (1 + SAME):
            best, most, waited = tried, cover.gained(tried), 0
    return best


def greedy(
    cover: OpenCover, allowance: Allowance, start: list[int], price: Numbers | float = 1.0
) -> list[int]:
    """Return candidates taken one by one, most gain for its price first; none that gains nothing."""
    chosen = list(start)
    while len(chosen) < allowance.new:
        gain = cover.reached_weight(cover.left(chosen)) * allowance.affordable(chosen)
        gain[chosen] = 0
        if not gain.any():
            break
        with np.errstate(over="ignore"):
            chosen.append(int(np.argmax(gain / price)))
    return chosen


def lowest(cover: OpenCover, allowance: Allowance, chosen: list[int]) -> list[int]:
    """Return a choice worth as much at the lowest positions that single swaps lead to, ascending."""
    chosen = sorted(chosen)
    at = len(chosen) - 1
    while at >= 0:
        others = chosen[:at] + chosen[at + 1 :]
        value = _with_each(cover, allowance, others)
        equal = np.flatnonzero(value >= cover.gained(chosen) * (1 - SAME))
        if len(equal) and equal[0] < chosen[at]:
            chosen, at = sorted([*others, int(equal[0])]), len(chosen)
        at -= 1
    return chosen


def _better_swap(cover: OpenCover, allowance: Allowance, chosen: list[int]) -> list[int] | None:
    """Return the choice after the swap that gains most, or None where none gains."""
    if not chosen:
        return None
    value = _swapped_value(cover, chosen)
    cost = allowance.cost
    spent = cost[chosen].sum() - cost[chosen]
    value[cost[:, None] + spent > allowance.budget * (1 + SAME)] = -np.inf
    value[chosen] = -np.inf
    into, out = np.unravel_index(np.argmax(value), value.shape)
    if value[into, out] <= cover.gained(chosen) * (1 + SAME):
        return None
    return [*chosen[:out], *chosen[out + 1 :], int(into)]


def _swapped_value(cover: OpenCover, chosen: list[int]) -> Numbers:
    """Return what a choice gains with each candidate in place of each chosen one, (candidates, chosen)."""
    reach = cover.reach[:, chosen]
    times = np.count_nonzero(reach, axis=1)
    left = cover.weight * np.power(cover.busy, times)
    without = cover.weight * np.power(cover.busy, np.maximum(times - 1, 0))
    freed = sparse.csr_array(reach * (without - left)[:, None])
    further = cover.reached_weight(left)[:, None] + (cover.by_candidate @ freed).toarray()
    return np.asarray(cover.gained(chosen) - freed.sum(axis=0) + (1 - cover.busy) * further)


def _with_each(cover: OpenCover, allowance: Allowance, others: list[int]) -> Numbers:
    """Return what some candidates gain with each further one; minus infinity where it may not be taken."""
    left = cover.left(others)
    value = cover.gained(others) + (1 - cover.busy) * cover.reached_weight(left)
    value[others] = -np.inf
    value[~allowance.affordable(others)] = -np.inf
    return value
