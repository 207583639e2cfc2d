"""A good cover found by hand: the best next site, then swaps while any pays, then the lowest positions."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from routing.siting.open_cover import OpenCover
from routing.siting.question import Clock, Flags, Numbers

SAME = 1e-12
"""Values that differ relatively by no more are the same."""


@dataclass(frozen=True, eq=False)
class Allowance:
    """How many candidates may be chosen and what they may cost together; without costs, all cost zero."""

    new: int
    cost: Numbers
    budget: float

    def affordable(self, chosen: Iterable[int]) -> Flags:
        """Return which candidates there is money for beside some that are chosen, shape (candidates,)."""
        spent = self.cost[list(chosen)].sum()
        return np.asarray(spent + self.cost <= self.budget * (1 + SAME), dtype=np.bool_)


def good_cover(cover: OpenCover, allowance: Allowance, clock: Clock) -> list[int]:
    """Return candidates that cover much: the better of two greedy choices, swapped while that pays."""
    chosen = greedy(cover, allowance, np.ones(cover.candidates))
    if np.isfinite(allowance.budget):
        thrifty = greedy(cover, allowance, np.maximum(allowance.cost, np.finfo(np.float64).tiny))
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


def greedy(cover: OpenCover, allowance: Allowance, price: Numbers) -> list[int]:
    """Return candidates taken one by one, most gain for its price first; none that gains nothing."""
    chosen: list[int] = []
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
    best, most = None, cover.gained(chosen) * (1 + SAME)
    for at in range(len(chosen)):
        others = chosen[:at] + chosen[at + 1 :]
        value = _with_each(cover, allowance, others)
        if value.size and value.max() > most:
            best, most = [*others, int(np.argmax(value))], float(value.max())
    return best


def _with_each(cover: OpenCover, allowance: Allowance, others: list[int]) -> Numbers:
    """Return what some candidates gain with each further one; minus infinity where it may not be taken."""
    left = cover.left(others)
    value = cover.gained(others) + (1 - cover.busy) * cover.reached_weight(left)
    value[others] = -np.inf
    value[~allowance.affordable(others)] = -np.inf
    return value
