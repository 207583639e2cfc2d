"""What keeps a vehicle from coming by road where an unhindered car would get through."""

from collections.abc import Sequence

from routing.metric import barred, why_barred
from routing.network import RoadNetwork
from routing.profiles import Profile, profile
from routing.router import Router
from routing.snapping import Snapped
from routing.stretches import Route

MOST_NAMED = 3


def hindrances(stuck: Snapped, profiles: Sequence[str], target: Snapped, unhindered: Router) -> list[str]:
    """
    Return for each vehicle that cannot come what keeps it off the way a car would take; empty where none can.

    Parameters
    ----------
    stuck : Snapped
        Where those vehicles stand.
    profiles
        The profile of each.
    target : Snapped
        Where to.
    unhindered
        The router of a car to which everything is open that is open at all.
    """
    routes = unhindered.routes_to(stuck, target)
    return [
        "" if route is None else _in_the_way(unhindered.network, profile(name), route)
        for name, route in zip(profiles, routes, strict=True)
    ]


def _in_the_way(network: RoadNetwork, own: Profile, route: Route) -> str:
    shut = barred(network, own)
    segments = [int(s) for s in route.stretches.segment if shut[s]]
    reasons = [reason for segment in segments for reason in why_barred(network, own, segment)]
    return "; ".join(list(dict.fromkeys(reasons))[:MOST_NAMED])
