"""
The least worst arrival, found on few rows.

The least time at which some sites reach a few rows is a bound for all rows. The sites found for them are
tried on all; rows that they reach later are added, until none is.
"""

import math
from dataclasses import dataclass

import numpy as np

from routing.siting.question import Clock, Numbers, Positions, soonest
from routing.siting.set_cover import Held, SetCover, greedy, solve_rows, spread


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    Arrivals from candidates beside what stands.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
        Arrival from each candidate; each row is reached by some, or by what stands.
    standing_s : float64, shape (rows,)
        Soonest arrival from what stands.
    """

    seconds: Numbers
    standing_s: Numbers

    def arrival(self, chosen: list[int]) -> Numbers:
        """Return the first arrival at each row."""
        return np.minimum(self.standing_s, soonest(self.seconds, chosen))

    def worst(self, chosen: list[int]) -> float:
        """Return the latest first arrival."""
        return float(self.arrival(chosen).max(initial=0.0))

    def within(self, rows: Positions, limit_s: float) -> SetCover:
        """Return the rows that what stands does not reach in time, to be reached by candidates."""
        late = rows[self.standing_s[rows] > limit_s]
        return SetCover(self.seconds[late] <= limit_s, np.ones(self.seconds.shape[1]), whole=True)

    def farthest_first(self, new: int) -> tuple[list[int], list[int]]:
        """Return candidates taken one by one, each the nearest to the row that is latest, and those rows."""
        arrival, chosen, rows = self.standing_s, [], []
        for _ in range(new):
            row = int(np.argmax(arrival))
            site = int(np.argmin(self.seconds[row]))
            if self.seconds[row, site] >= arrival[row]:
                break
            chosen.append(site)
            rows.append(row)
            arrival = np.minimum(arrival, self.seconds[:, site])
        return chosen, [*rows, int(np.argmax(arrival))]

    def filled(self, chosen: list[int], new: int) -> list[int]:
        """Return a choice with the lowest candidates added until it has so many."""
        free = [site for site in range(self.seconds.shape[1]) if site not in set(chosen)]
        return sorted(chosen + free[: new - len(chosen)])

    def lowest(self, chosen: list[int]) -> list[int]:
        """Return a choice with no later worst arrival, at the lowest positions that single swaps lead to."""
        limit_s = self.worst(chosen)
        late = np.flatnonzero(self.standing_s > limit_s)
        reach = self.seconds[late] <= limit_s
        at = len(chosen) - 1
        while at >= 0:
            others = chosen[:at] + chosen[at + 1 :]
            alone = ~reach[:, others].any(axis=1)
            fits = np.flatnonzero(np.all(reach[alone], axis=0))
            first = int(np.setdiff1d(fits, others)[0])
            if first < chosen[at]:
                chosen, at = sorted([*others, first]), len(chosen)
            at -= 1
        return chosen


def least_worst(nearest: Nearest, new: int, clock: Clock) -> tuple[list[int], float]:
    """Return candidates with the least worst arrival found, and a time that no choice is sooner than."""
    best, first = nearest.farthest_first(new)
    search = _Search(nearest, new, clock, best, nearest.worst(best))
    held = np.unique(np.asarray(first, dtype=np.int64))
    at_best = np.minimum(nearest.standing_s, nearest.seconds.min(axis=1, initial=math.inf))
    bound = float(at_best.max()) if new else search.worst_s
    while bound < search.worst_s:
        found = search.least_on(held, bound)
        if found is None:
            break
        chosen, bound = found
        arrival = nearest.arrival(chosen)
        late = np.flatnonzero(arrival > bound)
        if not len(late) or bound >= search.worst_s:
            break
        held = np.union1d(held, _added(nearest, late, arrival, bound))
    return search.best, min(bound, search.worst_s)


def _added(nearest: Nearest, late: Positions, arrival: Numbers, limit_s: float) -> Positions:
    """Return a few late rows, the latest among them; no two of the others are reached by one candidate."""
    latest = late[np.argsort(-arrival[late], kind="stable")]
    return np.union1d(latest[:1], spread(nearest.seconds <= limit_s, late))


@dataclass(eq=False)
class _Search:
    """The best choice so far, and how long there still is to look for a better one."""

    nearest: Nearest
    new: int
    clock: Clock
    best: list[int]
    worst_s: float

    def least_on(self, rows: Positions, from_s: float) -> tuple[list[int], float] | None:
        """
        Return candidates that reach some rows soonest and the time that takes; None where time ran out.

        Only times from ``from_s`` to the best worst arrival known are looked at: first in growing strides
        from the lower end, where the answer mostly is, then by halves.
        """
        times = np.unique(np.append(self.nearest.seconds[rows], self.nearest.standing_s[rows]))
        times = times[(times > from_s) & (times < self.worst_s)]
        times = np.concatenate([[from_s], times, [self.worst_s]])
        found, low, high, stride = self.best, -1, len(times) - 1, 1
        while high - low > 1:
            middle = min(low + stride, (low + high) // 2) if stride else (low + high) // 2
            held = self._reaching(rows, float(times[middle]))
            if held.columns is not None:
                found, stride = held.columns, 0
                high = int(np.searchsorted(times[:middle], float(self.nearest.arrival(found)[rows].max())))
            elif held.bound == math.inf:
                low, stride = middle, stride * 2
            else:
                return None
        return found, float(times[high])

    def _reaching(self, rows: Positions, limit_s: float) -> Held:
        """Return candidates that reach some rows in time, or the bound ``inf``; keep what is best for all."""
        problem = self.nearest.within(rows, limit_s)
        held = self._solved(problem)
        if held.columns is not None:
            worst_s = self.nearest.worst(held.columns)
            if worst_s < self.worst_s:
                self.best, self.worst_s = held.columns, worst_s
        return held

    def _solved(self, problem: SetCover) -> Held:
        if not problem.reach.any(axis=1).all():
            return Held(None, math.inf)
        quick = greedy(problem)
        if len(quick) <= self.new:
            return Held(quick, 0.0)
        if len(spread(problem.reach, np.arange(len(problem.reach)))) > self.new:
            return Held(None, math.inf)
        return solve_rows(problem, np.arange(len(problem.reach)), self.new, self.clock)
