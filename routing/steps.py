"""Turn-by-turn steps of a route, from the names and angles of its streets."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from routing.network import RoadNetwork
from routing.stretches import Route, Stretches

SLIGHT_DEG, PLAIN_DEG, SHARP_DEG, BACK_DEG = 20.0, 50.0, 120.0, 170.0
FULL_TURN_DEG = 360.0


@dataclass(frozen=True)
class Step:
    """
    One instruction.

    Attributes
    ----------
    turn : str
        ``depart``, ``straight``, ``slight left``, ``left``, ``sharp left``, the same for right, or ``back``.
    street : str
        The street driven; empty where it has no name.
    length_m : float
        How far along it.
    lon, lat : float
        Where the step begins, WGS84 degrees.
    """

    turn: str
    street: str
    length_m: float
    lon: float
    lat: float


def steps_of(network: RoadNetwork, route: Route) -> tuple[Step, ...]:
    """
    Return the steps of a route: one for each stretch of the same street driven without a turn back.

    A street that only bends is one step; where the name changes straight on, there is a new one.
    """
    driven = _driven(network, route.stretches)
    if not len(driven):
        return ()
    leaves_deg, arrives_deg = _bearings(network, driven)
    street = network.street_names[network.street[driven.segment]]
    length_m = np.abs(driven.end - driven.start) * network.length_m[driven.segment]
    turned_deg = _turned(arrives_deg[:-1], leaves_deg[1:])
    turned_back = np.abs(turned_deg) > BACK_DEG
    section = np.concatenate(([0], np.cumsum((street[1:] != street[:-1]) | turned_back)))
    steps = []
    for _, group in groupby(range(len(driven)), key=lambda i: section[i]):
        of_step = list(group)
        first = of_step[0]
        turn = "depart" if first == 0 else turn_word(float(turned_deg[first - 1]))
        lon, lat = _begins(network, driven, first)
        steps.append(Step(turn, str(street[first]), float(length_m[of_step].sum()), lon, lat))
    return tuple(steps)


def turn_word(turned_deg: float) -> str:
    """Return the word for a change of direction, positive to the right, between -180 and 180 degrees."""
    size = abs(turned_deg)
    if size > BACK_DEG:
        return "back"
    if size < SLIGHT_DEG:
        return "straight"
    side = "right" if turned_deg > 0 else "left"
    if size < PLAIN_DEG:
        return f"slight {side}"
    return f"sharp {side}" if size > SHARP_DEG else side


def _driven(network: RoadNetwork, stretches: Stretches) -> Stretches:
    """Leave out what has no length: the ends at a node, and segments that only join two nodes."""
    moved = (stretches.start != stretches.end) & (network.length_m[stretches.segment] > 0)
    return Stretches(stretches.segment[moved], stretches.start[moved], stretches.end[moved])


def _bearings(network: RoadNetwork, driven: Stretches) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the directions in which each stretch begins and ends, degrees clockwise from north."""
    first, last = network.point_first[driven.segment], network.point_first[driven.segment + 1] - 1
    tail_deg, head_deg = _bearing(network, first, first + 1), _bearing(network, last - 1, last)
    ahead = driven.end > driven.start
    return np.where(ahead, tail_deg, head_deg + 180.0), np.where(ahead, head_deg, tail_deg + 180.0)


def _bearing(network: RoadNetwork, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    east, north = network.point_x[end] - network.point_x[start], network.point_y[end] - network.point_y[start]
    return np.degrees(np.arctan2(east, north))


def _turned(arrives_deg: NDArray[np.float64], leaves_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    half = FULL_TURN_DEG / 2
    return (leaves_deg - arrives_deg + half) % FULL_TURN_DEG - half


def _begins(network: RoadNetwork, driven: Stretches, i: int) -> tuple[float, float]:
    segment = driven.segment[i]
    points = network.point_first[segment], network.point_first[segment + 1] - 1
    point = points[0] if driven.end[i] > driven.start[i] else points[1]
    return float(network.point_lon[point]), float(network.point_lat[point])
