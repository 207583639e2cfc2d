"""How many places reach one target: their times at once, their routes when asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.router import Router
from routing.snapping import Snapped
from routing.stretches import Route


@dataclass(frozen=True)
class Travel:
    """
    How every origin reaches one target.

    Attributes
    ----------
    time_s : float64, shape (origins,)
        Driving time; ``inf`` where no road leads there.
    """

    router: Router
    origins: Snapped
    target: Snapped
    time_s: NDArray[np.float64]

    def routes(self, chosen: NDArray[np.int64]) -> list[Route | None]:
        """Return the fastest way from each of some origins to the target, None where there is none."""
        return self.router.routes_to(self.origins[chosen], self.target)

    def route(self, origin: int) -> Route | None:
        """Return the fastest way from one origin to the target, or None where there is none."""
        return self.routes(np.array([origin]))[0]


def travel_to(router: Router, origins: Snapped, target: Snapped) -> Travel:
    """Search once, backwards from the target, and answer for every origin."""
    return Travel(router, origins, target, router.times_to(origins, target))
