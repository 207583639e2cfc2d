"""A generated clustered city for siting, always the same of one size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STANDARD_S = 480
FIXED = list(range(8))
CLUSTERS, SIDE_M, METRES_A_SECOND, DETOUR = 30, 30_000.0, 10.0, 1.3


@dataclass(frozen=True, eq=False)
class City:
    """Whole seconds from sites to demand, and what each demand counts."""

    seconds: NDArray[np.float64]
    weight: NDArray[np.float64]


def city(demand: int, sites: int) -> City:
    """Return a town of clusters."""
    random = np.random.default_rng(1)
    centre = random.uniform(0, SIDE_M, (CLUSTERS, 2))
    homes = centre[random.integers(0, CLUSTERS, demand)] + random.normal(0, SIDE_M / 15, (demand, 2))
    bases = centre[random.integers(0, CLUSTERS, sites)] + random.normal(0, SIDE_M / 10, (sites, 2))
    metres = np.hypot(homes[:, None, 0] - bases[None, :, 0], homes[:, None, 1] - bases[None, :, 1])
    lane_s = random.uniform(0, 60, (demand, 1))
    seconds = np.round(metres * DETOUR / METRES_A_SECOND + lane_s)
    return City(seconds, random.integers(1, 100, demand).astype(np.float64))
