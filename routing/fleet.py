"""How vehicles of several profiles reach one target: one search for each profile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.router import Router
from routing.snapping import Snapped
from routing.stretches import Route
from routing.travel import Travel, travel_to


@dataclass(frozen=True)
class _Part:
    """The vehicles of one profile: their positions in the fleet, and how they travel."""

    position: NDArray[np.int64]
    travel: Travel


@dataclass(frozen=True)
class FleetTravel:
    """
    How every vehicle of a fleet reaches one target.

    Attributes
    ----------
    origins : Snapped
        Where each stands on the road.
    time_s : float64, shape (vehicles,)
        Driving time; ``inf`` where no road leads there for its profile.
    """

    origins: Snapped
    time_s: NDArray[np.float64]
    _parts: tuple[_Part, ...]

    def routes(self, chosen: NDArray[np.int64]) -> list[Route | None]:
        """Return the fastest way of each of some vehicles, None where there is none."""
        routes: dict[int, Route | None] = {}
        for part in self._parts:
            of_part = np.flatnonzero(np.isin(part.position, chosen))
            routes |= dict(zip(part.position[of_part].tolist(), part.travel.routes(of_part), strict=True))
        return [routes[vehicle] for vehicle in chosen.tolist()]


def fleet_travel(
    router_of: Callable[[str], Router], profiles: Sequence[str], origins: Snapped, target: Snapped
) -> FleetTravel:
    """
    Search once for each profile, backwards from the target.

    Parameters
    ----------
    router_of
        The router of a profile.
    profiles
        The profile of each vehicle.
    origins, target : Snapped
        Where the vehicles stand; one place.
    """
    names, profile = np.unique(np.array(profiles, dtype=np.str_), return_inverse=True)
    time_s = np.full(len(origins), np.inf)
    parts = []
    for i, name in enumerate(names.tolist()):
        position = np.flatnonzero(profile == i)
        part = _Part(position, travel_to(router_of(name), origins[position], target))
        time_s[position] = part.travel.time_s
        parts.append(part)
    return FleetTravel(origins, time_s, tuple(parts))
