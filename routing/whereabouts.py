"""Where a unit may be whose last fix is old: anywhere it got to since, and what that does to times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.crs import to_metres
from routing.metric import Metric
from routing.network import MS_PER_S, RoadNetwork
from routing.router import Router
from routing.snapping import Snapped


@dataclass(frozen=True)
class Discs:
    """
    Old fixes, and how far from them the units may be by now.

    Attributes
    ----------
    fix : Snapped
        Where each fix meets the road.
    lon, lat : float64, shape (units,)
        The fixes themselves, WGS84 degrees.
    radius_m : float64, shape (units,)
    """

    fix: Snapped
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    radius_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.radius_m)


@dataclass(frozen=True)
class Reach:
    """
    The least and the greatest road time from anywhere in a disc.

    Attributes
    ----------
    best_s, worst_s : float64, shape (units,)
        ``inf`` where there is a place in the disc, or only places, from which no road leads.
    nodes : int64, shape (units,)
        How many nodes of the network lie in the disc; where none does, both times are those of the fix.
    """

    best_s: NDArray[np.float64]
    worst_s: NDArray[np.float64]
    nodes: NDArray[np.int64]


def radius_m(age_s: NDArray[np.float64], m_per_s: float, cap_m: float) -> NDArray[np.float64]:
    """
    Return how far units may have got since their fixes, and no farther than a cap.

    Parameters
    ----------
    age_s : float64, shape (units,)
        How old each fix is; one dated in the future counts as of now.
    m_per_s : float
        How fast they may have moved, as the crow flies.
    cap_m : float
        Beyond it a position says nothing, and a disc of half the city would say no more.
    """
    return np.minimum(np.maximum(age_s, 0.0) * m_per_s, cap_m)


@dataclass(frozen=True)
class Stands:
    """
    The nodes a vehicle can be at.

    Attributes
    ----------
    node : int64, shape (stands,)
        Ascending.
    x, y : float64, shape (stands,)
        Metres in the network's metric system.
    """

    node: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def places_to_stand(network: RoadNetwork, metric: Metric) -> Stands:
    """
    Return the nodes a vehicle can be at: some road that is open to it ends there. Keep them to ask again.

    Give the metric of its profile without closures: a unit may stand where the water has come since.
    """
    may = metric.forward | metric.backward
    stands = np.zeros(network.nodes, dtype=np.bool_)
    stands[network.tail[may]] = True
    stands[network.head[may]] = True
    node = np.flatnonzero(stands)
    x, y = _node_metres(network)
    return Stands(node, x[node], y[node])


def reach_of(router: Router, target: Snapped, discs: Discs, stands: Stands) -> Reach:
    """
    Return the best and the worst road time to a target from anywhere in each disc, by one backward search.

    Exact over the fix itself and all nodes in the disc where the vehicle can stand; halfway along a street
    the time may exceed that from both its ends, by half the street at most.

    Parameters
    ----------
    router : Router
        Of the units' profile, under today's conditions.
    target : Snapped
        One place.
    discs : Discs
    stands : Stands
        The nodes to look at.
    """
    node_s = router.engine.all_to(router.arriving(target))[stands.node] / MS_PER_S
    best_s, nodes = router.times_to(discs.fix, target), np.zeros(len(discs), dtype=np.int64)
    worst_s = best_s.copy()
    centre_x, centre_y = to_metres(router.network.metric_system, discs.lon, discs.lat)
    for i in range(len(discs)):
        inside = (stands.x - centre_x[i]) ** 2 + (stands.y - centre_y[i]) ** 2 <= discs.radius_m[i] ** 2
        inside_s = node_s[inside]
        nodes[i] = len(inside_s)
        best_s[i] = inside_s.min(initial=best_s[i])
        worst_s[i] = inside_s.max(initial=worst_s[i])
    return Reach(best_s, worst_s, nodes)


def ranking_survives(
    arrival_s: NDArray[np.float64],
    best_s: NDArray[np.float64],
    worst_s: NDArray[np.float64],
    first: int,
) -> bool:
    """
    Return whether the first so many by arrival stay the first, in their order, wherever everybody is.

    Parameters
    ----------
    arrival_s, best_s, worst_s : float64, shape (units,)
        As listed, at best and at worst; all three equal for a unit whose fix is fresh. Of equals in arrival
        the one listed first comes first.
    first : int
        How many places at the top have to hold.
    """
    order = np.argsort(arrival_s, kind="stable")
    best_below_s = np.append(np.minimum.accumulate(best_s[order][::-1])[::-1][1:], np.inf)
    return bool((worst_s[order][:first] <= best_below_s[:first]).all())


def _node_metres(network: RoadNetwork) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y of every node in the network's metric system, from the lines that end there."""
    x, y = np.empty(network.nodes), np.empty(network.nodes)
    for node, point in (
        (network.tail, network.point_first[:-1]),
        (network.head, network.point_first[1:] - 1),
    ):
        x[node], y[node] = network.point_x[point], network.point_y[point]
    return x, y
