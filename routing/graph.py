"""
The search graph of a road network: where one can be, and which stretch of road leads on from there.

Where no turn is forbidden, being somewhere is being at a node. Where one is, it also matters how one came:
the beginnings of forbidden sequences of segments get nodes of their own, so that the graph stays as small as
the network and a turn restriction is nothing but a closed arc.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.histories import histories_of
from routing.metric import Metric
from routing.network import RoadNetwork

BLOCKED_MS = 2**30 - 1
"""What a closed arc weighs in whole-millisecond arrays: more than any way, and twice it is an int32."""


@dataclass(frozen=True)
class SearchGraph:
    """
    Topology only: every profile and every condition searches the same graph with other weights.

    Its nodes are the network's nodes, then the histories. Its arcs are every segment forward, every segment
    backward, then what leads on from the histories. One-way streets and closures are closed arcs.

    Attributes
    ----------
    segments, network_nodes : int
        How many the network has.
    place : int64, shape (nodes,)
        The network node that each graph node stands at.
    source, target : int32, shape (arcs,)
        Graph nodes.
    segment : int32, shape (arcs,)
        The segment each arc drives.
    forward : bool, shape (arcs,)
        Whether from tail to head.
    forbidden : bool, shape (arcs,)
        Whether a turn restriction closes it to those who obey.
    """

    segments: int
    network_nodes: int
    place: NDArray[np.int64]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    segment: NDArray[np.int32]
    forward: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]

    @property
    def nodes(self) -> int:
        """The number of graph nodes."""
        return len(self.place)

    @property
    def arcs(self) -> int:
        """The number of arcs, closed ones included."""
        return len(self.source)

    @classmethod
    def of(cls, network: RoadNetwork) -> "SearchGraph":
        """Build the graph of a network."""
        histories = histories_of(network)
        every = np.arange(network.segments, dtype=np.int32)
        target = np.concatenate((network.head, network.tail)).astype(np.int32)
        target[histories.begun_by] = histories.begun
        return cls(
            segments=network.segments,
            network_nodes=network.nodes,
            place=np.concatenate((np.arange(network.nodes), histories.place)),
            source=np.concatenate((network.tail, network.head, histories.source)).astype(np.int32),
            target=np.concatenate((target, histories.target)).astype(np.int32),
            segment=np.concatenate((every, every, histories.segment)).astype(np.int32),
            forward=np.concatenate((np.repeat((True, False), network.segments), histories.forward)),
            forbidden=np.concatenate((np.zeros(2 * network.segments, dtype=np.bool_), histories.forbidden)),
        )

    def weights_ms(self, metric: Metric) -> NDArray[np.int32]:
        """Return what each arc takes under a metric, ``BLOCKED_MS`` where it is closed."""
        onward, ahead = self.segment[2 * self.segments :], self.forward[2 * self.segments :]
        onward_ms = np.where(ahead, metric.forward_ms[onward], metric.backward_ms[onward])
        onward_may = np.where(ahead, metric.forward[onward], metric.backward[onward])
        ms = np.concatenate((metric.forward_ms, metric.backward_ms, onward_ms))
        may = np.concatenate((metric.forward, metric.backward, onward_may))
        if metric.obeys_turns:
            may &= ~self.forbidden
        return np.where(may, ms, BLOCKED_MS).astype(np.int32)

    def first_arc(self, segment: NDArray[np.int64], forward: NDArray[np.bool_] | bool) -> NDArray[np.int64]:
        """Return the arcs that drive segments from their end nodes, with no history that matters."""
        return np.where(forward, segment, segment + self.segments)

    def other_arcs(self, segment: int, *, forward: bool) -> NDArray[np.int64]:
        """Return the arcs that drive a segment from a history."""
        onward = slice(2 * self.segments, None)
        found = np.flatnonzero((self.segment[onward] == segment) & (self.forward[onward] == forward))
        return found + 2 * self.segments

    def standing_at(self, node: int) -> NDArray[np.int64]:
        """Return all graph nodes at a network node: itself, then its histories."""
        return np.append(node, np.flatnonzero(self.place[self.network_nodes :] == node) + self.network_nodes)
