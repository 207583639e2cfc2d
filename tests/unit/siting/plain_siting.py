"""The judge: every choice of new sites tried, one by one, with nothing of the product in it."""

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tests.unit.siting.random_cities import SmallCity

Numbers = NDArray[np.float64]
Worth = Callable[[Numbers], float]
"""What sites are worth, given the arrival times of those built, shape (demand, built)."""


def choices(city: SmallCity, counts: Iterable[int]) -> list[tuple[int, ...]]:
    """Return every choice of so many new sites."""
    free = [site for site in range(city.seconds.shape[1]) if site not in city.existing]
    return [choice for count in counts for choice in combinations(free, count)]


def built(city: SmallCity, choice: tuple[int, ...]) -> Numbers:
    """Return the arrival times from what stands and what is chosen."""
    return city.seconds[:, [*city.existing, *choice]]


def covered(weight: Numbers, standard_s: float, busy: float = 0.0) -> Worth:
    """Count weight within the standard by a team that is free."""
    return lambda times: float(sum(weight * (1 - busy ** (times <= standard_s).sum(axis=1))))


def worst_s(times: Numbers) -> float:
    """Return the latest first arrival."""
    return float(times.min(axis=1, initial=np.inf).max())


def weighed_s(weight: Numbers) -> Worth:
    """Sum weight times first arrival; where no weight is, the time does not count."""

    def total(times: Numbers) -> float:
        heavy = weight > 0
        return float(sum(weight[heavy] * times.min(axis=1, initial=np.inf)[heavy]))

    return total
