"""
The least total by branching: a candidate is built or left out, and the branch with the least bound goes on.

Every branch is bounded by the prices of its rows, which begin where those of the branch it came from ended,
and by them rules candidates in and out for itself (Christofides and Beasley, 1982; Beasley, 1985).
"""

import heapq
from dataclasses import dataclass

import numpy as np

from routing.siting.answer import sufficient
from routing.siting.distances import Distances
from routing.siting.median_bound import Effort, Goal, MedianBound, tightened
from routing.siting.question import Clock, Numbers, Positions

OF_A_BRANCH = Effort(steps=30, patience=4, first_stride=0.7, last_stride=0.02)
"""Little: its prices begin near the best."""


@dataclass(frozen=True, eq=False)
class Branch:
    """
    All choices that hold some candidates, and others from some that are kept.

    Attributes
    ----------
    least : float
        None of them totals less.
    built : list of int
    kept : int64, shape (k,)
    price : float64, shape (rows,)
        What each row pays at most, weighted, where the bound comes from.
    """

    least: float
    built: list[int]
    kept: Positions
    price: Numbers


class MedianBranches:
    """
    Choices of exactly so many candidates as one that is known has.

    Parameters
    ----------
    distances : Distances
        What rows pay.
    known : list of int
        A good choice.
    whole : bool
        Whether every total is a whole number.

    Attributes
    ----------
    best : list of int
        The best choice met so far.
    total : float
        What it totals.
    """

    def __init__(self, distances: Distances, known: list[int], *, whole: bool) -> None:
        self.distances, self.best, self.whole = distances, known, whole
        self.total = distances.total(known)
        self._open: list[tuple[float, int, Branch]] = []
        self._grown = 0

    def solve(self, root: Branch, clock: Clock) -> float:
        """Search until the best is proved or time runs out; return what no choice totals less than."""
        self._grow(root)
        while self._open and self._open[0][0] < self.enough and clock.left_s > 0:
            self._divide(heapq.heappop(self._open)[-1], clock)
        return min(self._open[0][0], self.enough) if self._open else self.enough

    @property
    def enough(self) -> float:
        """The bound from which on a branch holds nothing better."""
        return sufficient(self.total, whole=self.whole)

    def _grow(self, branch: Branch) -> None:
        """Keep a branch for later, unless it holds one choice, which is looked at, or none."""
        further = len(self.best) - len(branch.built)
        if 0 < further < len(branch.kept):
            self._grown -= 1
            heapq.heappush(self._open, (branch.least, self._grown, branch))
        elif further in {0, len(branch.kept)}:
            self._take([*branch.built, *branch.kept[:further].tolist()])

    def _divide(self, branch: Branch, clock: Clock) -> None:
        further = len(self.best) - len(branch.built)
        rest = self.distances.beside(branch.built, branch.kept)
        bound = tightened(rest, further, branch.price, Goal(self.total, self.enough), OF_A_BRANCH, clock)
        nearest = np.argpartition(bound.value, further - 1)[:further]
        self._take([*branch.built, *branch.kept[nearest].tolist()])
        for part in self._parts(branch, bound, further):
            self._grow(part)

    def _parts(self, branch: Branch, bound: MedianBound, further: int) -> list[Branch]:
        """Return a branch with and one without the candidate that takes off most; none if none is better."""
        least = max(branch.least, bound.least)
        if least >= self.enough:
            return []
        inside, outside = bound.ruled(self.enough, further)
        built, undecided = [*branch.built, *branch.kept[inside].tolist()], ~inside & ~outside
        kept = branch.kept[undecided]
        if not len(kept):
            return [Branch(least, built, kept, bound.price)]
        at = int(np.argmin(bound.value[undecided]))
        others = np.delete(kept, at)
        return [
            Branch(least, built, others, bound.price),
            Branch(least, [*built, int(kept[at])], others, bound.price),
        ]

    def _take(self, chosen: list[int]) -> None:
        total = self.distances.total(chosen)
        if total < self.total:
            self.best, self.total = chosen, total
