"""Calls for help as a simulation takes them: when, where, how grave, and how long each keeps a unit."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError

DAY_S = 86_400.0
P90_IN_DEVIATIONS = 1.2815515655446004
"""How many standard deviations above its median nine in ten of a normal spread lie below."""


@dataclass(frozen=True, eq=False)
class Calls:
    """
    Calls in the order in which they come.

    Attributes
    ----------
    at_s : float64, shape (n,)
        When each comes, ascending.
    place, kind : int64, shape (n,)
        Positions among the places, and among what can happen.
    severity : int64, shape (n,)
        1 is the gravest.
    scene_s : float64, shape (n,)
        How long each unit stays there.

    Raises
    ------
    InvalidInputError
        When times do not ascend or a stay is no finite time of 0 s or more.
    """

    at_s: NDArray[np.float64]
    place: NDArray[np.int64]
    kind: NDArray[np.int64]
    severity: NDArray[np.int64]
    scene_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not np.isfinite(self.at_s).all() or (np.diff(self.at_s) < 0).any():
            raise InvalidInputError("at_s", "calls must have finite times and come in ascending order")
        if not (np.isfinite(self.scene_s) & (self.scene_s >= 0)).all():
            raise InvalidInputError("scene_s", "each stay must be a finite number of 0 s or more")

    def __len__(self) -> int:
        return len(self.at_s)


def poisson_times(calls_per_day: float, days: float, random: np.random.Generator) -> NDArray[np.float64]:
    """
    Return the seconds at which calls come over some days, ascending: a Poisson process of an even rate.

    Raises
    ------
    InvalidInputError
        When the rate or the days are no finite number above zero.
    """
    for name, value in (("calls_per_day", calls_per_day), ("days", days)):
        if not (math.isfinite(value) and value > 0):
            raise InvalidInputError(name, f"must be a finite number above zero, not {value:g}")
    number = random.poisson(calls_per_day * days)
    return np.sort(random.uniform(0.0, days * DAY_S, number))


def lognormal_s(
    median_s: NDArray[np.float64], p90_s: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """
    Draw one time from each of some lognormal spreads, given by the median and the p90.

    Times on scene are skewed: most are short, a few very long. The lognormal is the usual model; that it is
    right for a city is an assumption until its own record says so.
    """
    spread = np.log(p90_s / median_s) / P90_IN_DEVIATIONS
    return np.asarray(median_s * np.exp(spread * random.standard_normal(len(median_s))), dtype=np.float64)
