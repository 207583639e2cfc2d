"""Where things may stand: beside the nodes of a road network, spread over it."""

import numpy as np
from numpy.typing import NDArray

from data.samples.chance import Chance
from geo.crs import metric_system, to_metres
from geo.errors import InvalidInputError
from geo.places import WGS84, Place

NEAREST_TO_ROAD_M, FARTHEST_FROM_ROAD_M = 10, 80
TRIES_PER_SITE = 40
SMALLEST_GAP_M = 1.0
OFF_ROAD_M = 1500.0
SOUTH_DEG, FULL_TURN_DEG = 180.0, 360.0
DIGITS = 6


class Ground:
    """The nodes of a road network, named by their position."""

    def __init__(self, node_lon: NDArray[np.float64], node_lat: NDArray[np.float64]) -> None:
        if not len(node_lon):
            raise InvalidInputError(
                "roads", "have no node, so nothing can stand beside them; import roads first"
            )
        self._lon, self._lat = node_lon, node_lat
        self._x, self._y = to_metres(metric_system(node_lon, node_lat), node_lon, node_lat)

    def place(self, node: int) -> Place:
        """Return the place of a node."""
        return _rounded(float(self._lon[node]), float(self._lat[node]))

    def beside(self, node: int, chance: Chance) -> Place:
        """Return a place a little off the road at a node."""
        bearing_deg = chance.between(0, FULL_TURN_DEG)
        return away(self.place(node), bearing_deg, chance.whole(NEAREST_TO_ROAD_M, FARTHEST_FROM_ROAD_M))

    def off_road(self) -> Place:
        """Return a place in the fields, farther from any node than a unit may stand from a road."""
        return away(self.place(int(self._lat.argmin())), SOUTH_DEG, OFF_ROAD_M)

    def spread(self, count: int, gap_m: float, chance: Chance) -> list[int]:
        """Return nodes that are ``gap_m`` apart, or as much of it as the network has room for."""
        chosen: list[int] = []
        while len(chosen) < count:
            for node in chance.order(len(self._lon))[: count * TRIES_PER_SITE]:
                if len(chosen) < count and self._is_clear_of(chosen, node, gap_m):
                    chosen.append(node)
            gap_m = gap_m / 2 if gap_m > SMALLEST_GAP_M else 0.0
        return chosen

    def near(self, node: int, within_m: float, chance: Chance) -> int:
        """Return one of the nodes within so many metres of a node, itself among them."""
        close = np.flatnonzero(self._distance_m(self._x[node], self._y[node]) <= within_m)
        return chance.pick(close.tolist())

    def chain(self, node: int, steps: int, step_m: float, chance: Chance) -> list[int]:
        """Return nodes one after the other in one general direction, fewer where the network ends."""
        bearing_rad = chance.between(0, 2 * np.pi)
        nodes = [node]
        for _ in range(steps):
            bearing_rad += chance.between(-0.4, 0.4)
            x = self._x[nodes[-1]] + step_m * np.sin(bearing_rad)
            y = self._y[nodes[-1]] + step_m * np.cos(bearing_rad)
            following = int(self._distance_m(x, y).argmin())
            if following not in nodes:
                nodes.append(following)
        return nodes

    def _is_clear_of(self, others: list[int], node: int, gap_m: float) -> bool:
        gaps_m = np.hypot(self._x[others] - self._x[node], self._y[others] - self._y[node])
        return bool((gaps_m >= gap_m).all())

    def _distance_m(self, x: float, y: float) -> NDArray[np.float64]:
        distance_m: NDArray[np.float64] = np.hypot(self._x - x, self._y - y)
        return distance_m


def away(place: Place, bearing_deg: float, distance_m: float) -> Place:
    """Return the place so many metres away in a direction, clockwise from north."""
    lon, lat, _ = WGS84.fwd(place.lon, place.lat, bearing_deg, distance_m)
    return _rounded(lon, lat)


def _rounded(lon: float, lat: float) -> Place:
    return Place(round(lon, DIGITS), round(lat, DIGITS))
