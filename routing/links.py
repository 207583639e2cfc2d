"""Posts and the spots they drive to: when each is there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.chunks import HERE, Workers, runs
from routing.coverage import Demands, whole_ms
from routing.driving import ROWS, Routers, Trips, driving_s
from routing.router import Router
from routing.snapping import Snapped

BYTES_A_TIME = 8
COPIES = 3
"""The times, the same to the millisecond, and one working copy."""


@dataclass(frozen=True)
class Fleet:
    """
    Posts that drive alike.

    Attributes
    ----------
    router : Router
        Of their vehicles.
    post : int64, shape (k,)
        Their positions among all posts.
    place : Snapped
        Where they start, k places.
    start_s : float64, shape (k,)
        How long after the clock starts their wheels roll.
    """

    router: Router
    post: NDArray[np.int64]
    place: Snapped
    start_s: NDArray[np.float64]


@dataclass(frozen=True)
class Links:
    """
    What is asked.

    Attributes
    ----------
    fleets : sequence of Fleet
        Every post is in one of them.
    spots : Snapped
        Of the demands.
    barred : bool, shape (posts, spots)
        Where a post does not come, however near: a team kept for one site goes to no other.
    """

    fleets: Sequence[Fleet]
    spots: Snapped
    demands: Demands
    barred: NDArray[np.bool_]

    @property
    def posts(self) -> int:
        """How many posts there are."""
        return sum(len(fleet.post) for fleet in self.fleets)

    @property
    def routers(self) -> Routers:
        """What each fleet drives by."""
        return tuple(fleet.router for fleet in self.fleets)

    @property
    def needs_bytes(self) -> int:
        """The memory that all times take, about."""
        return COPIES * BYTES_A_TIME * self.posts * len(self.spots)


def arrivals_under(
    links: Links, closed: Sequence[int], spots: NDArray[np.int64], workers: Workers = HERE
) -> NDArray[np.float64]:
    """Return when every post is at some of the spots while segments are closed, shape (posts, spots)."""
    seconds = np.full((links.posts, len(spots)), np.inf)
    shut, targets = np.array(closed, dtype=np.int64), links.spots[spots]
    rows = [(i, own) for i, fleet in enumerate(links.fleets) for own in runs(len(fleet.post), ROWS)]
    trips = [Trips(i, shut, links.fleets[i].place[own], targets) for i, own in rows]
    for (i, own), driving in zip(rows, workers.each(driving_s, links.routers, trips), strict=True):
        fleet = links.fleets[i]
        seconds[fleet.post[own]] = whole_ms(driving + whole_ms(fleet.start_s[own])[:, None])
    seconds[links.barred[:, spots]] = np.inf
    return seconds
