"""Where a shape has to be reached: a point itself, a plant at its gates, a line piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import to_degrees, to_metres
from routing.network import RoadNetwork
from routing.snapping import RoadIndex

PIECE_M = 250.0
"""No piece of a line is longer."""
LINES = (LineString, MultiLineString)


@dataclass(frozen=True)
class Spots:
    """
    The spots of shapes.

    Attributes
    ----------
    shape : int64, shape (spots,)
        Whose each is, ascending.
    share : float64, shape (spots,)
        Which share of its shape each stands for.
    lon, lat : float64, shape (spots,)
        WGS84 degrees.
    """

    shape: NDArray[np.int64]
    share: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.shape)

    def some(self, kept: NDArray[np.bool_]) -> "Spots":
        """Return some of the spots."""
        return Spots(self.shape[kept], self.share[kept], self.lon[kept], self.lat[kept])


def is_line(shape: BaseGeometry) -> bool:
    """Whether a shape counts by its length."""
    return isinstance(shape, LINES) and shape.length > 0


def spots_of(network: RoadNetwork, index: RoadIndex, shapes: Sequence[BaseGeometry]) -> Spots:
    """
    Return the spots of shapes in WGS84.

    The gates of an area are taken to be where roads cross its outline; one that no road crosses has a point
    in its middle instead. A line is cut into even pieces of at most 250 m, each met at its middle.
    """
    found = [_of_one(network, index, shape) for shape in shapes]
    counts = np.array([len(xy) for xy in found], dtype=np.int64)
    xy = np.concatenate([np.zeros((0, 2)), *found])
    lon, lat = to_degrees(network.metric_system, xy[:, 0], xy[:, 1])
    owner = np.repeat(np.arange(len(shapes)), counts)
    return Spots(owner, 1.0 / counts[owner], lon, lat)


def _of_one(network: RoadNetwork, index: RoadIndex, shape: BaseGeometry) -> NDArray[np.float64]:
    """Return the spots of one shape in metres, shape (spots, 2)."""
    flat: BaseGeometry = shapely.transform(
        shape, lambda deg: np.column_stack(to_metres(network.metric_system, deg[:, 0], deg[:, 1]))
    )
    if is_line(flat):
        return _pieces(flat)
    if isinstance(flat, Point):
        return np.asarray(shapely.get_coordinates(flat), dtype=np.float64)
    gates = _gates(index, flat) if not isinstance(flat, LINES) else np.zeros((0, 2))
    middle: NDArray[np.float64] = shapely.get_coordinates(flat.representative_point())
    return gates if len(gates) else middle


def _pieces(line: BaseGeometry) -> NDArray[np.float64]:
    pieces = int(np.ceil(line.length / PIECE_M))
    middle = (np.arange(pieces) + 0.5) / pieces * line.length
    joined = line if isinstance(line, LineString) else LineString(shapely.get_coordinates(line))
    met: NDArray[np.float64] = shapely.get_coordinates(shapely.line_interpolate_point(joined, middle))
    return met


def _gates(index: RoadIndex, area: BaseGeometry) -> NDArray[np.float64]:
    """Return where roads cross the outline of an area."""
    outlines = [part.exterior for part in shapely.get_parts(area) if isinstance(part, Polygon)]
    crossed: list[NDArray[np.float64]] = []
    for outline in outlines:
        near = np.sort(index.tree.query(outline, predicate="intersects"))
        met = shapely.intersection(index.lines[near], outline)
        crossed.append(shapely.get_coordinates(shapely.centroid(shapely.get_parts(met))))
    points = np.concatenate([np.zeros((0, 2)), *crossed])
    return np.unique(points.round(1), axis=0)
