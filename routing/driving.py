"""Times between many places, in pieces: rows of origins, on roads as they are or with some closed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.isochrones import Reached, reached_from
from routing.router import Router
from routing.snapping import Snapped

ROWS = 256
"""So many origins are one piece."""
OPEN = np.zeros(0, dtype=np.int64)
Routers = tuple[Router, ...]


@dataclass(frozen=True, eq=False)
class Trips:
    """
    A piece of a matrix: from every origin to every target.

    Attributes
    ----------
    router : int
        Whose times are asked for: a position among the routers.
    closed : int64
        Segments closed beside those that are.
    """

    router: int
    closed: NDArray[np.int64]
    origins: Snapped
    targets: Snapped


@dataclass(frozen=True, eq=False)
class Outing:
    """How far one gets from one place within a time."""

    router: int
    origin: Snapped
    within_s: float


def driving_s(routers: Routers, trips: Trips) -> NDArray[np.float64]:
    """Return the seconds of one piece, shape (origins, targets)."""
    router = without(routers[trips.router], trips.closed)
    return router.matrix(trips.origins, trips.targets)


def reached_on(routers: Routers, outing: Outing) -> Reached:
    """Return the roads that are reached on one outing."""
    return reached_from(routers[outing.router], outing.origin, outing.within_s)


def without(router: Router, closed: Sequence[int] | NDArray[np.int64]) -> Router:
    """Return a router with some segments closed."""
    if not len(closed):
        return router
    mask = np.zeros(router.network.segments, dtype=np.bool_)
    mask[np.asarray(closed)] = True
    return router.under(router.metric.under(mask, np.ones(len(mask))))
