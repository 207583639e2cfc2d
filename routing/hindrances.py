"""What keeps a vehicle from coming by road where an unhindered car would get through."""

from collections.abc import Callable, Sequence

import numpy as np

from routing.fleet import FleetTravel
from routing.metric import barred, why_barred
from routing.network import RoadNetwork
from routing.profiles import Profile, profile
from routing.router import Router
from routing.snapping import Snapped
from routing.stretches import Route

MOST_NAMED = 3
Closing = Callable[[Sequence[int]], tuple[str, ...]]


def hindrances(
    travel: FleetTravel, profiles: Sequence[str], target: Snapped, unhindered: Router, closing: Closing
) -> tuple[str, ...]:
    """
    Return for each vehicle that cannot come what is in the way a car would take; else nothing.

    Parameters
    ----------
    travel
        How the vehicles travel.
    profiles
        The profile of each.
    target : Snapped
        Where to.
    unhindered
        The router of a car when nothing is closed, to which everything is open that ever is.
    closing
        Why segments are closed, of those among some that are.
    """
    stuck = np.flatnonzero(np.isinf(travel.time_s)).tolist()
    said = [""] * len(profiles)
    if stuck:
        routes = unhindered.routes_to(travel.origins[np.array(stuck)], target)
        for vehicle, route in zip(stuck, routes, strict=True):
            if route is not None:
                own = profile(profiles[vehicle])
                said[vehicle] = _in_the_way(unhindered.network, own, route, closing)
    return tuple(said)


def _in_the_way(network: RoadNetwork, own: Profile, route: Route, closing: Closing) -> str:
    shut = barred(network, own)
    driven = [int(segment) for segment in route.stretches.segment]
    reasons = [reason for s in driven if shut[s] for reason in why_barred(network, own, s)]
    return "; ".join(list(dict.fromkeys([*closing(driven), *reasons]))[:MOST_NAMED])
