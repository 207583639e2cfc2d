"""Small random cities for siting: every answer can be found by trying all choices."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

STANDARD_S = 4.0


@dataclass(frozen=True, eq=False)
class SmallCity:
    """Times, weights and costs, what stands, and how many more are wanted."""

    seconds: NDArray[np.float64]
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    existing: list[int]
    new: int

    def __repr__(self) -> str:
        """Show all of it, so that a city that failed can be pasted into a test."""
        parts = (self.seconds.tolist(), self.weight.tolist(), self.cost.tolist(), self.existing, self.new)
        return f"SmallCity{parts}"


@st.composite
def small_cities(draw: st.DrawFn, most_new: int = 4) -> SmallCity:
    """Draw a city of up to 12 demands and 7 sites; ties, unreachable pairs and idle weights are common."""
    demand, sites = draw(st.integers(1, 12)), draw(st.integers(1, 7))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    seconds = random.integers(0, draw(st.integers(2, 15)), (demand, sites)).astype(np.float64)
    seconds[random.random(seconds.shape) < draw(st.sampled_from([0.0, 0.1, 0.5]))] = np.inf
    weight = random.integers(0, 5, demand).astype(np.float64)
    if draw(st.booleans()):
        weight = random.random(demand)
    standing = draw(st.integers(0, sites - 1))
    existing = sorted(random.choice(sites, standing, replace=False).tolist())
    new = draw(st.integers(0, min(most_new, sites - standing)))
    return SmallCity(seconds, weight, random.integers(0, 6, sites).astype(np.float64), existing, new)
