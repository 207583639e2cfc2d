"""Roads that end a step away from another: most likely drawn to meet it, and no road joins them."""

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.network import RoadNetwork

NEAR_MISS_M = 1.0


def near_misses(network: RoadNetwork) -> NDArray[np.int32]:
    """
    Return the dead ends within a metre of a road they do not touch, as positions of nodes in ascending order.

    Roads that a dead end reaches by its own road within that metre do not count.
    """
    ends = np.concatenate((network.tail, network.head))
    dead = np.bincount(ends, minlength=network.nodes) == 1
    at = np.flatnonzero(dead[ends])
    own, by_tail = at % network.segments, at < network.segments
    places = np.column_stack((network.point_x, network.point_y))
    segment_of_point = np.repeat(np.arange(network.segments), np.diff(network.point_first))
    roads = shapely.STRtree(shapely.linestrings(places, indices=segment_of_point))
    end = np.where(by_tail, network.point_first[own], network.point_first[own + 1] - 1)
    dead_end, near = roads.query(shapely.points(places[end]), predicate="dwithin", distance=NEAR_MISS_M)
    own_of, beyond = own[dead_end], np.where(by_tail, network.head[own], network.tail[own])[dead_end]
    leads_there = (network.tail[near] == beyond) | (network.head[near] == beyond)
    missed = (near != own_of) & ~(leads_there & (network.length_m[own_of] <= NEAR_MISS_M))
    return np.unique(ends[at[dead_end[missed]]])
