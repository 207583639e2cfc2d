"""Little towns made by hand, for tests whose answers a person can work out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from geo.lines import Lines
from geo.places import WGS84
from routing.building import build_network
from routing.network import RoadNetwork

MARKET_LON, MARKET_LAT = 114.3, 30.6
EAST_DEG, NORTH_DEG = 90.0, 0.0


@dataclass(frozen=True)
class Street:
    """
    A street from ``a`` to ``b``, driven both ways at ``kmh`` (36 km/h is 10 m a second).

    ``seconds``, where given, is the time for the whole street whatever its length; ``via`` are shape points.
    """

    a: str
    b: str
    kmh: float = 36.0
    oneway: bool = False
    seconds: float = np.nan
    road_class: str = "residential"
    name: str = ""
    via: tuple[tuple[float, float], ...] = ()


def spot(east_m: float, north_m: float) -> tuple[float, float]:
    """Return the lon, lat of a spot so many metres east, then north, of the market square."""
    lon, lat, _ = WGS84.fwd(MARKET_LON, MARKET_LAT, EAST_DEG, east_m)
    lon, lat, _ = WGS84.fwd(lon, lat, NORTH_DEG, north_m)
    return lon, lat


def town(nodes: Mapping[str, tuple[float, float]], streets: Sequence[Street]) -> RoadNetwork:
    """
    Build the network of a town.

    Node ``i`` of the network is the ``i``-th name in ``nodes``, and segment ``j`` the ``j``-th street.

    >>> a, b, c = range(3)
    >>> network = town(
    ...     {"a": spot(0, 0), "b": spot(1000, 0), "c": spot(1000, 1000)},
    ...     [Street("a", "b"), Street("b", "c", seconds=60, oneway=True)],
    ... )
    """
    unused = set(nodes) - {name for street in streets for name in (street.a, street.b)}
    if unused:
        raise ValueError(f"no street ends at {sorted(unused)}; a node needs a street to be in the network")
    place = {name: i for i, name in enumerate(nodes)}
    shape_points = len(nodes)
    vertex: list[int] = []
    points: list[tuple[float, float]] = []
    first = [0]
    for street in streets:
        vertex += [place[street.a], *range(shape_points, shape_points + len(street.via)), place[street.b]]
        points += [nodes[street.a], *street.via, nodes[street.b]]
        shape_points += len(street.via)
        first.append(len(vertex))
    lon, lat = np.array(points, dtype=np.float64).T
    return build_network(Lines(np.array(vertex), lon, lat, np.array(first)), _roads(streets))


def main_road(*seconds: float) -> RoadNetwork:
    """Build one two-way road of nodes 0, 1, 2, … in a row, 1 km apart, with these times between them."""
    names = [str(i) for i in range(len(seconds) + 1)]
    return town(
        {name: spot(1000.0 * i, 0.0) for i, name in enumerate(names)},
        [Street(a, b, seconds=s) for (a, b), s in zip(pairwise(names), seconds, strict=True)],
    )


def _roads(streets: Sequence[Street]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "road_class": [s.road_class for s in streets],
            "street": [s.name for s in streets],
            "forward": True,
            "backward": [not s.oneway for s in streets],
            "kmh_forward": [s.kmh for s in streets],
            "kmh_backward": [s.kmh for s in streets],
            "seconds": [s.seconds for s in streets],
        }
    )
