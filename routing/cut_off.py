"""Which open roads closures have not cut off: where an incident in a closed area is met."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.network import RoadNetwork

Parts = NDArray[np.int32]


def still_reached(network: RoadNetwork, segment: int, open_segments: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Return the open segments that the roads around a closed one still lead to, shape (segments,).

    These are the open ones that can be entered from the greatest part, by length, of what the segment was
    joined to: not a dead end that lies beyond the closed area, nor a street in a hole of it. Where all that
    it was joined to is closed, as on an island, any open road counts.

    Parameters
    ----------
    network : RoadNetwork
    segment : int
        The closed segment.
    open_segments : bool, shape (segments,)
    """
    tail, head = network.tail, network.head
    joined = _parts(network, np.ones(network.segments, dtype=np.bool_), "weak")
    among = open_segments & (joined[tail] == joined[tail[segment]])
    if not among.any():
        among = open_segments
    part = _parts(network, among, "strong")
    within = among & (part[tail] == part[head])
    greatest = np.argmax(np.bincount(part[tail[within]], network.length_m[within], minlength=1))
    entered = (network.forward & (part[tail] == greatest)) | (network.backward & (part[head] == greatest))
    reached: NDArray[np.bool_] = among & entered
    return reached if reached.any() else among


def _parts(network: RoadNetwork, segments: NDArray[np.bool_], connection: Literal["weak", "strong"]) -> Parts:
    """Return for each node the part of the network it belongs to when only some segments are driven."""
    along, against = segments & network.forward, segments & network.backward
    start = np.concatenate((network.tail[along], network.head[against]))
    end = np.concatenate((network.head[along], network.tail[against]))
    links = coo_array(
        (np.ones(len(start), dtype=np.int8), (start, end)), shape=(network.nodes, network.nodes)
    )
    _, part = connected_components(links.tocsr(), directed=True, connection=connection)
    return np.asarray(part, dtype=np.int32)
