"""The roads of an area: where they cross or end at its outline, where they meet, and what is reached last."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from geo.crs import to_degrees, to_metres
from routing.metric import Metric
from routing.network import MS_PER_S, RoadNetwork
from routing.segment_lines import places_along
from routing.snapping import RoadIndex


@dataclass(frozen=True)
class RoadPoints:
    """
    Points of roads in an area.

    Attributes
    ----------
    lon, lat : float64, shape (points,)
        WGS84 degrees.
    segment : int64, shape (segments,)
        The segments that touch the area.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    segment: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lon)

    def and_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> "RoadPoints":
        """Return these points and some more."""
        return RoadPoints(np.concatenate((self.lon, lon)), np.concatenate((self.lat, lat)), self.segment)


@dataclass(frozen=True)
class Farthest:
    """The road point that is reached last: where, when, and how many points no road leads to."""

    lon: float
    lat: float
    seconds: float
    never: int


def road_points(network: RoadNetwork, index: RoadIndex, area: Polygon) -> RoadPoints:
    """
    Return where roads cross the outline of an area in WGS84, and every node inside: crossings and dead ends.

    One that is reached last lies at one of these, or at a turning place between them.
    """
    flat = shapely.transform(
        area, lambda d: np.column_stack(to_metres(network.metric_system, d[:, 0], d[:, 1]))
    )
    touching = np.sort(index.tree.query(flat, predicate="intersects"))
    met = shapely.intersection(index.lines[touching], flat.exterior)
    met = met[~shapely.is_empty(met)]
    crossed = shapely.get_coordinates(shapely.centroid(shapely.get_parts(met)))
    lon, lat = to_degrees(network.metric_system, crossed[:, 0], crossed[:, 1])
    inside = _nodes_inside(network, area)
    at_crossings = RoadPoints(lon, lat, touching.astype(np.int64))
    return at_crossings.and_at(network.node_lon[inside], network.node_lat[inside])


def turning_places(
    network: RoadNetwork,
    metric: Metric,
    area: Polygon,
    segment: NDArray[np.int64],
    node_s: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return the places inside an area where one is as late from one end of a segment as from the other.

    Parameters
    ----------
    segment : int64, shape (segments,)
    node_s : float64, shape (segments, 2)
        When the tail and the head of each are reached.

    Returns
    -------
    lon, lat : float64
        Only of segments that are driven both ways and lead past such a place.
    """
    both = metric.forward[segment] & metric.backward[segment] & np.isfinite(node_s).all(axis=1)
    two_way, (tail_s, head_s) = segment[both], node_s[both].T
    ahead_s, back_s = metric.forward_ms[two_way] / MS_PER_S, metric.backward_ms[two_way] / MS_PER_S
    whole_s = np.maximum(ahead_s + back_s, 1 / MS_PER_S)
    share = (head_s - tail_s + back_s) / whole_s
    within = (share > 0) & (share < 1)
    lon, lat = places_along(network, two_way[within], share[within])
    inside = shapely.contains_xy(area, lon, lat)
    return lon[inside], lat[inside]


def farthest(points: RoadPoints, seconds: NDArray[np.float64]) -> Farthest | None:
    """Return the point reached last of those ever reached; None where no road point is."""
    ever = np.flatnonzero(np.isfinite(seconds))
    if not len(ever):
        return None
    last = int(ever[np.argmax(seconds[ever])])
    return Farthest(
        float(points.lon[last]), float(points.lat[last]), float(seconds[last]), len(points) - len(ever)
    )


def _nodes_inside(network: RoadNetwork, area: Polygon) -> NDArray[np.int64]:
    west, south, east, north = area.bounds
    lon, lat = network.node_lon, network.node_lat
    boxed = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    inside: NDArray[np.int64] = boxed[shapely.contains_xy(area, lon[boxed], lat[boxed])]
    return inside
