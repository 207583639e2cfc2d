"""A road network made ready to answer: opened, indexed for places and for searches."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.kept_roads import open_roads
from api.routers import Routers
from data.array_cache import cached_arrays
from data.roads.store import StoredRoads
from geo.errors import InvalidInputError, RescueError
from geo.places import Place
from routing.cch.topology import Topology
from routing.cut_off import still_reached
from routing.graph import SearchGraph
from routing.hierarchy_engine import topology_of
from routing.network import RoadNetwork
from routing.snapping import RoadIndex, Snapped

HASH_DIGITS = 16
SEARCH_FORM = "search-1"
"""What the kept topology depends on beside the roads: change it when either is built otherwise."""
LICENCE_NOT_STATED = "licence not stated"


class OffNetworkError(RescueError):
    """A place so far from every road that an answer by road would mislead."""

    def __init__(self, off_m: float, limit_m: float, roads: str) -> None:
        super().__init__(
            f"the nearest road in {roads} is {off_m / 1000:,.0f} km away, the limit is {limit_m / 1000:,g} km"
        )
        self.off_m, self.limit_m = off_m, limit_m


class AllClosedError(RescueError):
    """Road conditions leave no road open."""


@dataclass(frozen=True)
class LiveRoads:
    """A network with its indexes, and what is known of it."""

    network: RoadNetwork
    routers: Routers
    index: RoadIndex
    stored: StoredRoads

    @property
    def licence(self) -> str:
        """The licence of the road data, in words."""
        return self.stored.licence or LICENCE_NOT_STATED

    def snap_incident(
        self, place: Place, limit_m: float, open_segments: NDArray[np.bool_] | None = None
    ) -> Snapped:
        """
        Put an incident on the nearest road, however far off within the limit.

        Where that is closed, it is put on the nearest open one that the closures have not cut off.

        Raises
        ------
        InvalidInputError
            When it lies beyond the limit while the same numbers the other way round lie in the network.
        OffNetworkError
            When it lies beyond the limit.
        """
        if open_segments is None or open_segments.all():
            spot = self.index.snap(np.array([place.lon]), np.array([place.lat]))
        else:
            spot = self._snap_among(place, open_segments)
        off_m = float(spot.off_m[0])
        if off_m > limit_m:
            self.refuse_swapped(place)
            raise OffNetworkError(off_m, limit_m, self.stored.name)
        return spot

    def _snap_among(self, place: Place, open_segments: NDArray[np.bool_]) -> Snapped:
        nearest = self.index.snap(np.array([place.lon]), np.array([place.lat]))
        segment = int(nearest.segment[0])
        if open_segments[segment]:
            return nearest
        reached = still_reached(self.network, segment, open_segments)
        spot = self.index.snap_among(place.lon, place.lat, reached)
        if spot is None:
            raise AllClosedError(f"every road of {self.stored.name} is closed")
        return spot

    def refuse_swapped(self, place: Place) -> None:
        """Raise ``InvalidInputError`` when a place lies outside the network and its mirror image inside."""
        west, south, east, north = self.stored.bounds
        inside = west <= place.lon <= east and south <= place.lat <= north
        mirrored = west <= place.lat <= east and south <= place.lon <= north
        if mirrored and not inside:
            raise InvalidInputError(
                "lon",
                f"{place.lon},{place.lat} is far from any road, {place.lat},{place.lon} is not: swapped?",
            )


def open_live_roads(root: Path, name: str, whole_hash: str | None = None) -> LiveRoads:
    """Open a network, the version of a hash or the current one, and build its indexes."""
    opened = open_roads(root, name, whole_hash)
    network, stored = opened.network, opened.facts
    graph = SearchGraph.of(network)
    folder = root / name / f"{stored.hash[:HASH_DIGITS]}-{SEARCH_FORM}"
    arrays = cached_arrays(folder, lambda: topology_of(graph, network.node_lon, network.node_lat).arrays)
    routers = Routers(network, graph, Topology.from_arrays(arrays))
    return LiveRoads(network, routers, RoadIndex(network), stored)
