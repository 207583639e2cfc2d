"""The roads of an area: where they cross or end at its outline, and where they meet inside it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from geo.crs import to_degrees, to_metres
from routing.network import RoadNetwork
from routing.snapping import RoadIndex


@dataclass(frozen=True)
class RoadPoints:
    """Points of roads in an area, WGS84 degrees, shape (points,) each; ``on_edge`` on its outline."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    on_edge: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Farthest:
    """The road point that is reached last: where, when, and how many points no road leads to."""

    lon: float
    lat: float
    seconds: float
    never: int


def road_points(network: RoadNetwork, index: RoadIndex, area: Polygon) -> RoadPoints:
    """
    Return the road points that stand for an area in WGS84.

    They are where roads cross its outline, and every node inside: crossings, and dead ends that stop short of
    the outline. No other point of a road inside is farther than these by more than the road between two.
    """
    flat = shapely.transform(
        area, lambda d: np.column_stack(to_metres(network.metric_system, d[:, 0], d[:, 1]))
    )
    outline = flat.exterior
    near = np.sort(index.tree.query(outline, predicate="intersects"))
    met = shapely.intersection(index.lines[near], outline)
    crossed = shapely.get_coordinates(shapely.centroid(shapely.get_parts(met)))
    lon, lat = to_degrees(network.metric_system, crossed[:, 0], crossed[:, 1])
    inside = _nodes_inside(network, area)
    return RoadPoints(
        lon=np.concatenate((lon, network.node_lon[inside])),
        lat=np.concatenate((lat, network.node_lat[inside])),
        on_edge=np.arange(len(lon) + len(inside)) < len(lon),
    )


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
