"""The least that must be missing: what nobody can bring, and who goes short where crews are too few."""

import time

import numpy as np
from numpy.typing import NDArray

from routing.greedy import fill_soonest_first
from routing.levels import SAME, Level, Measure, level
from routing.program import Program
from routing.roles import Case, Parts
from routing.solver import Objective

LAST_DIGITS = 1e-9


def least_short(case: Case, until: float) -> tuple[NDArray[np.float64], Parts, Level]:
    """
    Return how much of each target is missing, a way to fill the roles that misses no more, and the level.

    Where several ways miss equally much, the one written first is short by the least, then the second.
    """
    everybody = (case.share * case.most).sum(axis=0)
    lacking = np.where(everybody < case.target, case.target - everybody, 0.0)
    least = _weighed(case, lacking)
    parts = fill_soonest_first(case)
    value = _weighed(case, case.missing(parts))
    if value - least <= SAME:
        return case.missing(parts), parts, level(Measure.SHORTFALL, value, least)
    search = _Shortage(case, parts, lacking, until)
    bound = max(search.improve(), least)
    value = _weighed(case, case.missing(search.parts))
    settled = level(Measure.SHORTFALL, value, bound)
    search.share_out()
    return case.missing(search.parts), search.parts, settled


def _weighed(case: Case, missing: NDArray[np.float64]) -> float:
    return float((case.weight * missing / case.target).sum())


class _Shortage:
    """Who goes short where crews are too few: the best way found so far, and what improves it."""

    def __init__(self, case: Case, parts: Parts, lacking: NDArray[np.float64], until: float) -> None:
        self.parts = parts
        self._case, self._lacking, self._until = case, lacking, until
        nobody = np.zeros(len(case.crew), dtype=np.bool_)
        self._program = Program(case, np.full(len(case.target), np.inf), nobody, nobody)
        self._short = self._program.fall_short()

    def improve(self) -> float:
        """Look for the least weighted shortfall; return the bound proved."""
        found, bound = self._minimised(self._short)
        if found is not None and _weighed(self._case, self._case.missing(found)) < self._weighed:
            self.parts = found
        return bound

    def share_out(self) -> None:
        """Of the ways that miss equally much, take that which spares the first most, and so on."""
        self._program.model.bound(self._short, self._weighed + LAST_DIGITS)
        for r, column in enumerate(self._short.columns):
            if self._missing[r] - self._lacking[r] > SAME * self._case.target[r]:
                found, _ = self._minimised(Objective(column[None], np.ones(1)))
                if found is not None and self._spares_more(found, r):
                    self.parts = found
            most = self._missing[r] / self._case.target[r]
            self._program.model.bound(Objective(column[None], np.ones(1)), most + LAST_DIGITS)

    @property
    def _missing(self) -> NDArray[np.float64]:
        return self._case.missing(self.parts)

    @property
    def _weighed(self) -> float:
        return _weighed(self._case, self._missing)

    def _minimised(self, objective: Objective) -> tuple[Parts | None, float]:
        left_s = self._until - time.perf_counter()
        if left_s <= 0:
            return None, -np.inf
        found, bound = self._program.minimise(objective, left_s)
        return (found if found is not None and self._case.is_possible(found) else None), bound

    def _spares_more(self, found: Parts, r: int) -> bool:
        missing = self._case.missing(found)
        as_good = _weighed(self._case, missing) <= self._weighed + 2 * SAME
        relative = (missing - self._missing) / self._case.target
        return bool(as_good and (relative[:r] <= 2 * SAME).all() and relative[r] < 0)
