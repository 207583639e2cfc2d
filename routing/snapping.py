"""Put places on the road: the nearest permitted segment, how far along it, and how far off."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import to_metres
from geo.places import geodesic_m
from routing.network import RoadNetwork
from routing.segment_lines import places_along

AT_NODE_M = 1.0
FIRST_LOOK_M = 250.0


@dataclass(frozen=True)
class Snapped:
    """
    Places on the road, one entry each.

    Attributes
    ----------
    segment : int64
        The nearest segment.
    along : float64
        How far from the segment's tail, as a share of its length from 0 to 1.
    at_node : bool
        Whether the place is a node of the network (within 1 m of it, along the road). Such a place belongs to
        every street that meets there, whichever of them is nearest.
    node : int64
        That node; meaningful only where ``at_node``.
    off_m : float64
        Geodesic distance from the place to where it meets the road.
    lon, lat : float64
        Where it meets the road, WGS84 degrees.
    """

    segment: NDArray[np.int64]
    along: NDArray[np.float64]
    at_node: NDArray[np.bool_]
    node: NDArray[np.int64]
    off_m: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.segment)

    def __getitem__(self, chosen: slice | NDArray[np.int64]) -> "Snapped":
        return Snapped(
            self.segment[chosen],
            self.along[chosen],
            self.at_node[chosen],
            self.node[chosen],
            self.off_m[chosen],
            self.lon[chosen],
            self.lat[chosen],
        )


class RoadIndex:
    """Finds the nearest segment to a place. Build it once for a network; asking it changes nothing."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        points = np.column_stack((network.point_x, network.point_y))
        owner = np.repeat(np.arange(network.segments), np.diff(network.point_first))
        self.lines = shapely.linestrings(points, indices=owner)
        """The segments' lines in metres."""
        self.tree = shapely.STRtree(self.lines)
        """Finds segments by place; its positions are segments."""
        self._length = shapely.length(self.lines)

    def snap(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
        """
        Put places on the nearest segment that may be driven in some direction, however far it is.

        A place the network's projection cannot reach, about a quarter of the globe away, is put on the road
        nearest the network's middle instead; its distance from there is stated like any other.

        Parameters
        ----------
        lon, lat : float64, shape (places,)
            WGS84 degrees.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        spots = self._spots(lon, lat)
        return self._put(lon, lat, spots, self._nearest(spots))

    def snap_among(self, lon: float, lat: float, allowed: NDArray[np.bool_]) -> Snapped | None:
        """
        Put one place on the nearest of the segments allowed, however far it is; None where none is.

        Parameters
        ----------
        lon, lat : float
            WGS84 degrees.
        allowed : bool, shape (segments,)
        """
        if not allowed.any():
            return None
        lons, lats = np.array([lon], dtype=np.float64), np.array([lat], dtype=np.float64)
        spots = self._spots(lons, lats)
        near = np.zeros(0, dtype=np.int64)
        within_m = FIRST_LOOK_M
        while not len(near):
            found = self.tree.query(spots[0], predicate="dwithin", distance=within_m)
            near = np.sort(found[allowed[found]])
            within_m *= 2
        nearest = near[[np.argmin(shapely.distance(self.lines[near], spots[0]))]]
        return self._put(lons, lats, spots, nearest)

    def _spots(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        x, y = to_metres(self._network.metric_system, lon, lat)
        within_reach = np.isfinite(x) & np.isfinite(y)
        spots = shapely.points(np.where(within_reach, x, 0.0), np.where(within_reach, y, 0.0))
        return np.asarray(spots, dtype=np.object_)

    def _put(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        spots: NDArray[np.object_],
        segment: NDArray[np.int64],
    ) -> Snapped:
        network = self._network
        distance = shapely.line_locate_point(self.lines[segment], spots)
        length = self._length[segment]
        along = np.divide(distance, length, out=np.zeros_like(distance), where=length > 0)
        near_tail = distance <= np.minimum(AT_NODE_M, length / 2)
        near_head = length - distance <= np.minimum(AT_NODE_M, length / 2)
        at_node = near_tail | near_head
        node = np.where(near_tail, network.tail[segment], network.head[segment]).astype(np.int64)
        along = np.where(near_tail, 0.0, np.where(near_head, 1.0, along))
        road_lon, road_lat = places_along(network, segment, along)
        off_m = geodesic_m(lon, lat, road_lon, road_lat)
        return Snapped(segment, along, at_node, node, off_m, road_lon, road_lat)

    def _nearest(self, spots: NDArray[np.object_]) -> NDArray[np.int64]:
        places, segments = self.tree.query_nearest(spots, all_matches=True)
        order = np.lexsort((segments, places))
        _, lowest = np.unique(places[order], return_index=True)
        return np.asarray(segments[order][lowest], dtype=np.int64)
