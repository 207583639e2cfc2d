"""Which segments a shape covers: those in an area, those that a line runs along, those at a point."""

import math
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import to_metres
from geo.errors import InvalidInputError
from routing.network import RoadNetwork
from routing.snapping import AT_NODE_M, RoadIndex

Segments = NDArray[np.int64]
Shape = TypeVar("Shape", BaseGeometry, NDArray[np.object_])

POINT_REACH_M = 100.0
"""A point farther from every road concerns none: it may belong to another network."""
BESIDE_M = 10.0
"""How far a line that was drawn along a road may stray from it."""
LEAST_ALONG_M = 50.0
"""So much alongside is enough, however long the segment and the drawn line are."""
SAME_WAY = 0.8
"""How much of what is near a drawn line must advance along it: a road that crosses it hardly does."""
EARTH_RADIUS_M = 6_371_000.0
METRES_A_DEGREE = 111_320.0
STEPS_A_SIDE = 32
AROUND_DEG = 0.1
"""So far around a network, in degrees, points and lines may still concern it."""
DRAWN_STEP_DEG = 0.005
"""A straight line in degrees is one in metres, within a centimetre or two, when cut into such steps."""


class RoadCover:
    """
    Finds the segments of a network that shapes cover. Shapes are WGS84, and valid.

    Parameters
    ----------
    network : RoadNetwork
    index : RoadIndex
        Of this network.
    """

    def __init__(self, network: RoadNetwork, index: RoadIndex) -> None:
        self._network, self._index = network, index
        west, south, east, north = self._bounds = network.bounds
        self._around = shapely.box(
            west - AROUND_DEG, south - AROUND_DEG, east + AROUND_DEG, north + AROUND_DEG
        )

    def segments(self, shape: BaseGeometry) -> Segments:
        """
        Return the segments a shape covers, ascending.

        - An area covers every segment that enters it, and one that runs exactly along its border; a segment
          that only touches the border from outside is not covered. This is decided in degrees, where routes
          are drawn, without any tolerance: no route over other segments enters the area.
        - A line covers the segments it runs along, within 10 m; roads that cross it are not covered, unless
          they cross at so small an angle that they keep beside it for 50 m.
        - A point covers the nearest segment within 100 m, with all that are within 1 m of being as near: at a
          junction, all that meet there.
        """
        match shape:
            case Polygon() | MultiPolygon():
                return self._in_area(shape)
            case Point():
                return self._at_point(shape)
            case _:
                return self._along(shape)

    def shape(self, segments: Segments) -> MultiLineString:
        """Return the lines of segments in degrees as one shape."""
        check_segments(segments, self._network)
        return shapely.multilinestrings(self._lines_in_degrees(segments))

    def _in_area(self, area: BaseGeometry) -> Segments:
        window = self._window(area)
        if window is None:
            return _NONE
        own = shapely.force_2d(area)
        shapely.prepare(own)
        near = np.sort(self._index.tree.query(window)).astype(np.int64)
        covered = self._has_point_inside(own, near)
        doubtful = np.flatnonzero(~covered)
        covered[doubtful] = _enters(own, self._lines_in_degrees(near[doubtful]))
        return near[covered]

    def _window(self, area: BaseGeometry) -> BaseGeometry | None:
        """Return a rectangle in metres that holds all of an area that concerns the network, or None."""
        west, south, east, north = self._bounds
        area_west, area_south, area_east, area_north = area.bounds
        west, east = max(west, area_west), min(east, area_east)
        south, north = max(south, area_south), min(north, area_north)
        if west > east or south > north:
            return None
        lon, lat = np.linspace(west, east, STEPS_A_SIDE + 1), np.linspace(south, north, STEPS_A_SIDE + 1)
        x, y = to_metres(
            self._network.metric_system,
            np.concatenate((lon, lon, np.full_like(lat, west), np.full_like(lat, east))),
            np.concatenate((np.full_like(lon, south), np.full_like(lon, north), lat, lat)),
        )
        step_deg = max(east - west, north - south) / STEPS_A_SIDE
        margin_m = self._bend_m(step_deg * METRES_A_DEGREE, max(abs(south), abs(north)))
        return shapely.box(x.min() - margin_m, y.min() - margin_m, x.max() + margin_m, y.max() + margin_m)

    def _bend_m(self, step_m: float, lat: float) -> float:
        """Return twice what a straight line in degrees, as long as any here, may bend in metres, and 1 m."""
        longest_m = max(step_m, float(self._network.length_m.max()))
        return 1.0 + longest_m**2 * (1.0 + math.tan(math.radians(lat))) / (4 * EARTH_RADIUS_M)

    def _has_point_inside(self, area: BaseGeometry, segments: Segments) -> NDArray[np.bool_]:
        if not len(segments):
            return np.zeros(0, dtype=np.bool_)
        points, owner = self._points(segments)
        inside = shapely.contains_xy(area, self._network.point_lon[points], self._network.point_lat[points])
        return np.bincount(owner, inside, len(segments)) > 0

    def _lines_in_degrees(self, segments: Segments) -> NDArray[np.object_]:
        points, owner = self._points(segments)
        lon_lat = np.column_stack((self._network.point_lon[points], self._network.point_lat[points]))
        lines = np.empty(len(segments), dtype=np.object_)
        return np.asarray(shapely.linestrings(lon_lat, indices=owner, out=lines), dtype=np.object_)

    def _points(self, segments: Segments) -> tuple[Segments, Segments]:
        """Return the points of segments in a row, and the place of each point's segment among them."""
        first = self._network.point_first[segments]
        count = self._network.point_first[segments + 1] - first
        owner = np.repeat(np.arange(len(segments)), count)
        before = np.cumsum(count) - count
        return np.arange(len(owner)) + (first - before)[owner], owner

    def _at_point(self, point: BaseGeometry) -> Segments:
        if not self._around.contains(point):
            return _NONE
        spot, tree = self._in_metres(point), self._index.tree
        _, off_m = tree.query_nearest(
            spot, max_distance=POINT_REACH_M, return_distance=True, all_matches=False
        )
        if not len(off_m):
            return _NONE
        as_near = tree.query(spot, predicate="dwithin", distance=off_m[0] + AT_NODE_M)
        return np.sort(as_near).astype(np.int64)

    def _along(self, lines: BaseGeometry) -> Segments:
        within = shapely.get_parts(shapely.intersection(lines, self._around))
        drawn = self._in_metres(shapely.segmentize(within, DRAWN_STEP_DEG))
        covered = [self._along_one(line) for line in drawn if line.length > 0]
        return np.unique(np.concatenate([_NONE, *covered]))

    def _along_one(self, drawn: BaseGeometry) -> Segments:
        beside = shapely.buffer(drawn, BESIDE_M, cap_style="flat")
        near = np.sort(self._index.tree.query(beside, predicate="intersects")).astype(np.int64)
        lines = self._index.lines[near]
        parts, owner = shapely.get_parts(shapely.intersection(lines, beside), return_index=True)
        beside_m = np.bincount(owner, shapely.length(parts), len(near))
        along_m = np.bincount(owner, _advance_m(parts, drawn), len(near))
        enough_m = np.minimum(np.minimum(shapely.length(lines), drawn.length) / 2, LEAST_ALONG_M)
        covered: NDArray[np.bool_] = (along_m > 0) & (along_m >= enough_m) & (along_m >= SAME_WAY * beside_m)
        return near[covered]

    def _in_metres(self, shape: Shape) -> Shape:
        system = self._network.metric_system
        metric: Shape = shapely.transform(
            shape, lambda deg: np.column_stack(to_metres(system, deg[:, 0], deg[:, 1]))
        )
        return metric


_NONE: Segments = np.zeros(0, dtype=np.int64)


def check_segments(segments: Segments, network: RoadNetwork) -> None:
    """Raise ``InvalidInputError`` unless the network has these segments."""
    unknown = segments[(segments < 0) | (segments >= network.segments)]
    if len(unknown):
        raise InvalidInputError(
            "segments", f"there is no segment {unknown[0]}; they go from 0 to {network.segments - 1}"
        )


def _enters(area: BaseGeometry, lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which lines have more in common with an area than single points of its border."""
    enters = np.asarray(shapely.intersects(area, lines), dtype=np.bool_)
    meeting = np.flatnonzero(enters)
    touching = meeting[shapely.touches(area, lines[meeting])]
    enters[touching] = shapely.length(shapely.intersection(area, lines[touching])) > 0
    return enters


def _advance_m(parts: NDArray[np.object_], drawn: BaseGeometry) -> NDArray[np.float64]:
    """Return how far along a drawn line one gets on each of the parts beside it."""
    points, part = shapely.get_coordinates(parts, return_index=True)
    reached_m = shapely.line_locate_point(drawn, shapely.points(points))
    step_m = np.abs(np.diff(reached_m))
    same = part[1:] == part[:-1]
    return np.bincount(part[1:][same], step_m[same], len(parts)).astype(np.float64)
