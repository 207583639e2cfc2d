"""What new sites can still cover: settled rows are dropped, rows reached by the same sites are merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from routing.siting.question import Flags, Numbers, Positions, Question, whole


@dataclass(frozen=True, eq=False)
class OpenCover:
    """
    A cover problem reduced to what a new site could change.

    A row reached by k sites, each busy a fraction q of the time, is worth its weight times 1 - q^k: with q of
    zero that is plain cover. What stands is folded into the weights, so that rows here start from no site.

    Attributes
    ----------
    reach : bool, shape (rows, candidates)
        Who reaches which row within the standard; no two rows are alike, none is empty.
    weight : float64, shape (rows,)
        What is still to be gained; all above zero.
    busy : float
        The fraction q, from 0 up to but not 1.
    settled : float
        What is covered whatever is built.
    whole : bool
        Whether every choice is worth a whole number.
    """

    reach: Flags
    weight: Numbers
    busy: float
    settled: float
    whole: bool

    @cached_property
    def by_candidate(self) -> sparse.csr_array:
        """The same as ``reach``, turned and sparse: shape (candidates, rows)."""
        row, column = np.nonzero(self.reach)
        return sparse.csr_array((np.ones(len(row)), (column, row)), shape=self.reach.shape[::-1])

    def reached_weight(self, weight: Numbers) -> Numbers:
        """Return the weight of the rows that each candidate reaches, shape (candidates,)."""
        return np.asarray(self.by_candidate @ weight, dtype=np.float64)

    @property
    def candidates(self) -> int:
        """How many sites could be built."""
        return int(self.reach.shape[1])

    def left(self, chosen: Sequence[int] | Positions) -> Numbers:
        """Return what each row still lacks beside some candidates, shape (rows,)."""
        times = np.count_nonzero(self.reach[:, list(chosen)], axis=1)
        return np.asarray(self.weight * np.power(self.busy, times), dtype=np.float64)

    def gained(self, chosen: Sequence[int] | Positions) -> float:
        """Return what some candidates add together."""
        return float((self.weight - self.left(chosen)).sum())

    def beside(self, forced: Sequence[int], kept: Positions) -> "OpenCover":
        """Return what is open once some candidates are built and only ``kept`` could still be."""
        reach, weight = merged(self.reach[:, kept], self.left(forced))
        return OpenCover(reach, weight, self.busy, self.settled + self.gained(forced), self.whole)


def open_cover(question: Question, weight: Numbers, standard_s: float, busy: float = 0.0) -> OpenCover:
    """Return what is still open beside the sites that stand."""
    within = question.seconds <= standard_s
    lacking = weight * np.power(busy, np.count_nonzero(within[:, question.existing], axis=1))
    needed = np.flatnonzero(lacking > 0)
    reach, left = merged(within[np.ix_(needed, question.candidates)], lacking[needed])
    return OpenCover(reach, left, busy, float((weight - lacking).sum()), busy == 0 and whole(weight))


def merged(reach: Flags, weight: Numbers) -> tuple[Flags, Numbers]:
    """Return the distinct rows that anybody reaches and their summed weights, without those of no weight."""
    used = np.flatnonzero(reach.any(axis=1) & (weight > 0)) if reach.shape[1] else np.zeros(0, dtype=np.int64)
    reach, weight = reach[used], weight[used]
    if not len(reach):
        return reach, weight
    packed = np.packbits(reach, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return reach[first], np.bincount(group, weights=weight).astype(np.float64)
