"""How sure a figure is: Student's interval over independent runs, alone and of paired differences."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

CONFIDENCE = 0.95
FEWEST = 2
NORMAL_QUANTILE = 1.959
"""A little below what Student's comes down to with many runs."""


@dataclass(frozen=True)
class Estimate:
    """
    A mean over runs with its 95 % interval.

    Attributes
    ----------
    mean, low, high : float
        nan where no run had anything to count; low and high are nan where only one had.
    runs : int
        How many runs had something to count.
    spread : float
        Standard deviation between runs.
    """

    mean: float
    low: float
    high: float
    runs: int
    spread: float

    @property
    def holds_zero(self) -> bool:
        """Whether zero is in the interval, or nobody can say: no difference is shown."""
        return not (self.low > 0 or self.high < 0)

    @property
    def runs_to_tell(self) -> int | None:
        """
        About how many runs the interval would need to leave zero out, if mean and spread stay as they are.

        None where the mean is zero, or too few runs say anything.
        """
        if not self.mean or not math.isfinite(self.low):
            return None
        apart = self.spread / abs(self.mean)
        needed = max(math.floor((NORMAL_QUANTILE * apart) ** 2), FEWEST)
        while _quantile(needed) * apart >= math.sqrt(needed):
            needed += 1
        return needed


def estimate(values: ArrayLike) -> Estimate:
    """
    Return the mean of one figure a run, with Student's 95 % interval.

    Runs are independent, each a mean over many calls, so that their spread is near normal. Runs that had
    nothing to count (nan) are left out.
    """
    given = np.asarray(values, dtype=np.float64)
    known = given[np.isfinite(given)]
    nan = float("nan")
    if not len(known):
        return Estimate(nan, nan, nan, 0, nan)
    mean = float(known.mean())
    if len(known) < FEWEST:
        return Estimate(mean, nan, nan, len(known), nan)
    spread = float(known.std(ddof=1))
    half = _quantile(len(known)) * spread / math.sqrt(len(known))
    return Estimate(mean, mean - half, mean + half, len(known), spread)


def difference(before: ArrayLike, after: ArrayLike) -> Estimate:
    """Return the mean of ``after - before`` over runs that saw the same calls, with its 95 % interval."""
    return estimate(np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64))


def _quantile(runs: int) -> float:
    return float(student.ppf((1 + CONFIDENCE) / 2, runs - 1))
