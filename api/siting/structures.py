"""Bridges and tunnels that matter to a siting question: those on a fastest way from a site to a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads
from api.siting.demand import Demand
from api.siting.sites import Sites, Starts
from data.planning_layers import Structure, read_structures
from routing.covering import RoadCover
from routing.network import RoadNetwork
from routing.router import Router
from routing.snapping import Snapped

MOST_CLOSED = 40
"""So many are closed, each alone, at most: those on most ways."""
SAME_S = 0.05
"""A way over the middle of a segment and the fastest way differ by roundings of milliseconds alone."""


@dataclass(frozen=True, eq=False)
class ClosedAlone:
    """
    Structures to be closed, each a scenario of its own.

    Attributes
    ----------
    closed : tuple of (str, bool array of shape (segments,))
        Each by its name, the one on most ways first.
    note : str
        How many were read, matter and are closed.
    """

    closed: tuple[tuple[str, NDArray[np.bool_]], ...]
    note: str


def structures_that_matter(
    roads: LiveRoads, path: Path, places: tuple[Sites, Starts, Demand], presets: Sequence[str | None]
) -> ClosedAlone:
    """
    Read a file of bridges and tunnels and return those whose closing could change an arrival.

    A structure matters when a fastest way from any site of the question to any source leads over it, with any
    vehicle and preset asked about. Closing any other changes nothing.
    """
    built = _on_roads(roads, read_structures(path))
    ways = _ways_over(roads, [segments for _, segments in built], places, presets)
    order = np.argsort(-ways, kind="stable")
    order = order[ways[order] > 0]
    closed: list[tuple[str, NDArray[np.bool_]]] = []
    for at in order[:MOST_CLOSED].tolist():
        structure, segments = built[at]
        mask = np.zeros(roads.network.segments, dtype=np.bool_)
        mask[segments] = True
        closed.append((_called(structure, len(closed) + 1), mask))
    left_out = f"; the {len(closed)} on most ways are closed" if len(order) > len(closed) else ""
    note = (
        f"Structures: {len(order)} of the {len(built)} on these roads lie on a fastest way from a site to a "
        f"source and are closed, each alone{left_out}."
    )
    return ClosedAlone(tuple(closed), note)


def _on_roads(roads: LiveRoads, read: Sequence[Structure]) -> list[tuple[Structure, NDArray[np.int64]]]:
    cover = RoadCover(roads.network, roads.index)
    found = []
    for structure in read:
        segments = {int(segment) for shape in structure.shapes for segment in cover.segments(shape)}
        if segments:
            found.append((structure, np.array(sorted(segments), dtype=np.int64)))
    return found


def _ways_over(
    roads: LiveRoads,
    built: Sequence[NDArray[np.int64]],
    places: tuple[Sites, Starts, Demand],
    presets: Sequence[str | None],
) -> NDArray[np.int64]:
    """Return how many fastest ways from sites to points of sources lead over each structure."""
    sites, starts, demand = places
    ways = np.zeros(len(built), dtype=np.int64)
    if not built:
        return ways
    owner = np.repeat(np.arange(len(built)), [len(segments) for segments in built])
    middle = _middles(roads.network, np.concatenate(built))
    targets = roads.index.snap(demand.lon, demand.lat)
    for profile in sorted(set(starts.profile.tolist())):
        at = np.unique(starts.site[starts.profile == profile])
        origins = roads.index.snap(sites.lon[at], sites.lat[at])
        for preset in presets:
            over = _over(roads.routers.get(profile, preset), origins, middle, targets)
            np.maximum.at(ways, owner, over)
    return ways


def _over(router: Router, origins: Snapped, middle: Snapped, targets: Snapped) -> NDArray[np.int64]:
    """Return how many fastest ways lead over the middle of each of some segments."""
    direct = router.matrix(origins, targets)
    there, on = router.matrix(origins, middle), router.matrix(middle, targets)
    possible = np.isfinite(direct)
    return np.array(
        [
            np.count_nonzero(possible & (there[:, at, None] + on[at] <= direct + SAME_S))
            for at in range(len(middle))
        ],
        dtype=np.int64,
    )


def _middles(network: RoadNetwork, segments: NDArray[np.int64]) -> Snapped:
    tail, head = network.tail[segments], network.head[segments]
    return Snapped(
        segment=segments,
        along=np.full(len(segments), 0.5),
        at_node=np.zeros(len(segments), dtype=np.bool_),
        node=np.zeros(len(segments), dtype=np.int64),
        off_m=np.zeros(len(segments)),
        lon=(network.node_lon[tail] + network.node_lon[head]) / 2,
        lat=(network.node_lat[tail] + network.node_lat[head]) / 2,
    )


def _called(structure: Structure, number: int) -> str:
    return f"{structure.kind} {structure.name or number}".strip()
