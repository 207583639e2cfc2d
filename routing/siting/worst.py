"""The worst arrival under every pair of new sites, exactly, looking only at the rows that can decide it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.siting.question import Numbers, Positions, Question

ROWS_FIRST = 64
"""So many of the latest rows are looked at for all second sites; more only where those leave it open."""
GROWTH = 4
"""Each further look takes so many times more rows."""
MANY = 8
"""One in so many columns is many: then whole rows are copied first."""


@dataclass(frozen=True, eq=False)
class Latest:
    """
    The rows that can be the latest under any choice.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
        Arrival from each candidate.
    standing_s : float64, shape (rows,)
        Soonest arrival from what stands.
    least_s : float
        No choice has a sooner worst arrival: the row that is worst even with every candidate built.
    unreached : int64, shape (k,)
        Rows of the question that no site reaches at all; they are left out here.
    """

    seconds: Numbers
    standing_s: Numbers
    least_s: float
    unreached: Positions

    @classmethod
    def of(cls, question: Question) -> "Latest":
        """Leave out rows that nobody reaches, and rows that what stands reaches before ``least_s``."""
        at_best = question.seconds.min(axis=1)
        reached = np.isfinite(at_best)
        least_s = float(at_best[reached].max(initial=0.0))
        rows = np.flatnonzero(reached & (question.standing_s > least_s))
        times = question.seconds
        if len(rows) < len(times) or len(question.existing):
            times = times[np.ix_(rows, question.candidates)]
        return cls(times, question.standing_s[rows], least_s, np.flatnonzero(~reached))

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

        Rows are taken latest first. A pair whose worst so far is no sooner than what ``first`` alone leaves
        of every row to come is settled: none of those can be later.
        """
        base = np.minimum(self.standing_s, self.seconds[:, first])
        worst = np.full(self.seconds.shape[1] - first, self.least_s)
        for rows in _latest_first(base):
            undecided = np.flatnonzero(worst < base[rows[0]])
            if not len(undecided):
                break
            times = self._times(rows, first + undecided)
            later = np.minimum(times, base[rows, None]).max(axis=0)
            worst[undecided] = np.maximum(worst[undecided], later)
        return worst

    def _times(self, rows: Positions, columns: Positions) -> Numbers:
        """Return some rows and columns; where these are many, copying rows in one piece is quicker."""
        if len(columns) * MANY > self.seconds.shape[1]:
            return self.seconds[rows].take(columns, axis=1)
        return self.seconds[np.ix_(rows, columns)]


def _latest_first(times: Numbers) -> Iterator[Positions]:
    """Yield positions in batches that grow, the latest times first; later ones are sorted when needed."""
    some = np.argpartition(-times, ROWS_FIRST) if len(times) > ROWS_FIRST else np.arange(len(times))
    first, rest = some[:ROWS_FIRST], some[ROWS_FIRST:]
    if len(first):
        yield first[np.argsort(-times[first])]
    rest = rest[np.argsort(-times[rest])]
    size = ROWS_FIRST * GROWTH
    while len(rest):
        yield rest[:size]
        rest, size = rest[size:], size * GROWTH
