"""The least that must be missing: what nobody can bring, and who goes short where crews are too few."""

import time

import numpy as np
from numpy.typing import NDArray

from routing.greedy import fill_soonest_first
from routing.levels import SAME, Level, Measure, level
from routing.program import Program
from routing.roles import Case, Parts


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
    parts, bound = _minimised(case, parts, until)
    value = _weighed(case, case.missing(parts))
    settled = level(Measure.SHORTFALL, value, max(bound, least))
    return case.missing(parts), parts, settled


def _weighed(case: Case, missing: NDArray[np.float64]) -> float:
    return float((case.weight * missing / case.target).sum())


def _minimised(case: Case, parts: Parts, until: float) -> tuple[Parts, float]:
    left_s = until - time.perf_counter()
    if left_s <= 0:
        return parts, -np.inf
    nobody = np.zeros(len(case.crew), dtype=np.bool_)
    program = Program(case, np.full(len(case.target), np.inf), nobody)
    found, bound = program.minimise(program.fall_short(), left_s)
    if found is None or not case.is_possible(found):
        return parts, bound
    better = _weighed(case, case.missing(found)) < _weighed(case, case.missing(parts))
    return (found if better else parts), bound
