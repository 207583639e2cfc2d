"""
The least worst arrival, found on few rows.

The least time at which some sites reach a few rows is a bound for all rows. The sites found for them are
tried on all; rows that they reach later are added, until none is.
"""

import math
from dataclasses import dataclass

import numpy as np

from routing.siting.centre_bound import parts_bound
from routing.siting.centre_swaps import moved
from routing.siting.nearest import Nearest
from routing.siting.question import Clock, Numbers, Positions
from routing.siting.set_cover import Held, SetCover, greedy, solve_rows, spread

EASY_S = 2.0
"""Most questions are settled by then."""
SWAPS_PART, BOUND_PART = 4, 4
"""Swaps take a quarter of the time left at most, and so does the bound by parts of sites after them."""


def least_worst(nearest: Nearest, new: int, clock: Clock) -> tuple[list[int], float]:
    """
    Return candidates with the least worst arrival found, and a time that no choice is sooner than.

    Where the first seconds do not settle it, better sites are looked for by swaps, and a bound by parts of
    sites, before the search goes on between the two.
    """
    best, first = nearest.farthest_first(new)
    search = _Search(nearest, new, best, nearest.worst(best))
    held = np.unique(np.asarray(first, dtype=np.int64))
    at_best = np.minimum(nearest.standing_s, nearest.seconds.min(axis=1, initial=math.inf))
    search.bound_s = float(at_best.max()) if new else search.worst_s
    held = search.narrowed(held, clock.within(EASY_S))
    if search.bound_s < search.worst_s and clock.left_s > 0:
        search.take(moved(nearest, nearest.filled(search.best, new), clock.within(clock.left_s / SWAPS_PART)))
        between = (search.bound_s, search.worst_s)
        search.bound_s, rows = parts_bound(
            nearest, new, held, between, clock.within(clock.left_s / BOUND_PART)
        )
        search.stride = 0
        search.narrowed(np.union1d(held, rows), clock)
    return search.best, min(search.bound_s, search.worst_s)


def _added(nearest: Nearest, late: Positions, arrival: Numbers, limit_s: float) -> Positions:
    """Return a few late rows, the latest among them; no two of the others are reached by one candidate."""
    latest = late[np.argsort(-arrival[late], kind="stable")]
    return np.union1d(latest[:1], spread(nearest.seconds <= limit_s, late))


@dataclass(eq=False)
class _Search:
    """The best choice so far, and the time that no choice is sooner than."""

    nearest: Nearest
    new: int
    best: list[int]
    worst_s: float
    bound_s: float = 0.0
    stride: int = 1

    def take(self, chosen: list[int]) -> None:
        """Keep a choice if it is better."""
        worst_s = self.nearest.worst(chosen)
        if worst_s < self.worst_s:
            self.best, self.worst_s = chosen, worst_s

    def narrowed(self, held: Positions, clock: Clock) -> Positions:
        """Bring the bound up to the best until they meet or time runs out; return the rows then held."""
        while self.bound_s < self.worst_s and clock.left_s > 0:
            chosen = self._least_on(held, clock)
            if chosen is None:
                break
            arrival = self.nearest.arrival(chosen)
            late = np.flatnonzero(arrival > self.bound_s)
            if not len(late):
                break
            held = np.union1d(held, _added(self.nearest, late, arrival, self.bound_s))
        return held

    def _least_on(self, rows: Positions, clock: Clock) -> list[int] | None:
        """
        Return candidates that reach some rows soonest, and raise the bound; None where time ran out.

        Only times from the bound to the best worst arrival known are looked at: first in growing strides
        from the lower end, where the answer mostly is, then by halves; by halves alone near the bound.
        """
        times = np.unique(np.append(self.nearest.seconds[rows], self.nearest.standing_s[rows]))
        times = times[(times > self.bound_s) & (times < self.worst_s)]
        times = np.concatenate([[self.bound_s], times, [self.worst_s]])
        found, low, high, stride = self.best, -1, len(times) - 1, self.stride
        while high - low > 1:
            middle = min(low + stride, (low + high) // 2) if stride else (low + high) // 2
            held = self._reaching(rows, float(times[middle]), clock)
            if held.columns is not None:
                found, stride = held.columns, 0
                high = int(np.searchsorted(times[:middle], float(self.nearest.arrival(found)[rows].max())))
            elif held.bound == math.inf:
                low, stride = middle, stride * 2
                self.bound_s = float(times[low + 1])
            else:
                return None
        self.bound_s = float(times[high])
        return found

    def _reaching(self, rows: Positions, limit_s: float, clock: Clock) -> Held:
        """Return candidates that reach some rows in time, or the bound ``inf``; keep what is best for all."""
        held = self._solved(self.nearest.within(rows, limit_s), clock)
        if held.columns is not None:
            self.take(held.columns)
        return held

    def _solved(self, problem: SetCover, clock: Clock) -> Held:
        if not problem.reach.any(axis=1).all():
            return Held(None, math.inf)
        quick = greedy(problem)
        if len(quick) <= self.new:
            return Held(quick, 0.0)
        if len(spread(problem.reach, np.arange(len(problem.reach)))) > self.new:
            return Held(None, math.inf)
        return solve_rows(problem, np.arange(len(problem.reach)), self.new, clock)
