"""The worst arrival under every pair of new sites, exactly, looking only at the rows that can decide it."""

from dataclasses import dataclass

import numpy as np

from routing.siting.nearest import Nearest
from routing.siting.question import Numbers, Positions, Question

MOST_GROUPS = 128
"""Rows are put in so many groups at most: each is small, and all can be looked at for each pair."""


@dataclass(frozen=True, eq=False)
class Latest:
    """
    The rows that can be the latest under any choice, in groups of rows that are near one another.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
        Arrival from each candidate; the rows of a group follow one another.
    standing_s : float64, shape (rows,)
        Soonest arrival from what stands.
    start : int64, shape (groups,)
        Where each group begins.
    upper_s : float64, shape (groups, candidates)
        The latest arrival in each group from each candidate.
    least_s : float
        No choice has a sooner worst arrival: the row that is worst even with every candidate built.
    unreached : int64, shape (k,)
        Rows of the question that no site reaches at all; they are left out here.
    """

    seconds: Numbers
    standing_s: Numbers
    start: Positions
    upper_s: Numbers
    least_s: float
    unreached: Positions

    @classmethod
    def of(cls, question: Question) -> "Latest":
        """Leave out rows that nobody reaches, and rows that what stands reaches before ``least_s``."""
        at_best = question.seconds.min(axis=1)
        reached = np.isfinite(at_best)
        least_s = float(at_best[reached].max(initial=0.0))
        rows = np.flatnonzero(reached & (question.standing_s > least_s))
        times = question.seconds[np.ix_(rows, question.candidates)]
        order, start = _grouped(times)
        times = times[order]
        upper_s = np.maximum.reduceat(times, start, axis=0) if len(rows) else times
        unreached = np.flatnonzero(~reached)
        return cls(times, question.standing_s[rows[order]], start, upper_s, least_s, unreached)

    def standing(self) -> float:
        """Return the worst arrival with nothing new."""
        return float(self.standing_s.max(initial=self.least_s))

    def alone(self) -> Numbers:
        """Return the worst arrival with each single candidate, shape (candidates,)."""
        worst = np.full(self.seconds.shape[1], self.least_s)
        for times, standing in zip(self.seconds, self.standing_s, strict=True):
            np.maximum(worst, np.minimum(times, standing), out=worst)
        return worst

    def beside(self, first: int) -> Numbers:
        """
        Return the worst arrival with candidate ``first`` and each from it on, shape (candidates - first,).

        One row of each group gives a worst arrival for every pair. A group is looked at row by row for those
        pairs alone whose worst could be later in it, judging by the latest arrivals in the whole group.
        """
        worst = np.full(self.seconds.shape[1] - first, self.least_s)
        if not len(self.start):
            return worst
        base = np.minimum(self.standing_s, self.seconds[:, first])
        group_s = np.maximum.reduceat(base, self.start)
        near = np.flatnonzero(group_s > self.least_s)
        rows = self.start[near]
        seen = np.minimum(self.seconds[rows, first:], base[rows, None]).max(axis=0, initial=self.least_s)
        np.maximum(worst, seen, out=worst)
        could_be = np.minimum(self.upper_s[near, first:], group_s[near, None])
        for at in np.flatnonzero((could_be > worst).any(axis=1)):
            pairs = np.flatnonzero(could_be[at] > worst)
            worst[pairs] = np.maximum(worst[pairs], self._latest_in(int(near[at]), first + pairs, base))
        return worst

    def _latest_in(self, group: int, candidates: Positions, base: Numbers) -> Numbers:
        """Return the latest arrival in one group beside each of some candidates."""
        end = self.start[group + 1] if group + 1 < len(self.start) else len(base)
        rows = slice(self.start[group], end)
        times = self.seconds[rows].take(candidates, axis=1)
        return np.asarray(np.minimum(times, base[rows, None]).max(axis=0, initial=0.0), dtype=np.float64)


def _grouped(times: Numbers) -> tuple[Positions, Positions]:
    """Return rows in order by the nearest of some candidates far apart, and where each group begins."""
    if not times.size:
        return np.arange(len(times)), np.zeros(min(len(times), 1), dtype=np.int64)
    apart, _ = Nearest(times, np.full(len(times), np.inf)).farthest_first(MOST_GROUPS)
    group = np.argmin(times[:, apart], axis=1)
    order = np.lexsort((-times.min(axis=1), group))
    return order, np.flatnonzero(np.diff(group[order], prepend=-1))
