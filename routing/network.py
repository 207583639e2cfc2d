"""The road network: flat arrays of nodes and segments, built once and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MS_PER_S = 1000
THROUGH_NODE_NEIGHBOURS = 2


class Access(IntEnum):
    """Who may enter a road."""

    EVERYBODY = 0
    DESTINATION = 1
    """Those who have business there: destination, delivery, customers, permit."""
    PRIVATE = 2
    EMERGENCY = 3
    """Closed to ordinary traffic and open to emergency vehicles."""


class Barrier(IntEnum):
    """What stands in the way on a road."""

    NONE = 0
    GATE = 1
    """Something that can be opened, and is for an emergency vehicle."""
    BLOCK = 2
    """Something no vehicle passes: bollards, blocks; people on foot do."""


@dataclass(frozen=True)
class RoadNetwork:
    """
    Roads as arrays.

    A *segment* is a stretch of road between two nodes; a directed edge is one permitted direction of it.

    Attributes
    ----------
    node_lon, node_lat : float64, shape (nodes,)
        WGS84 degrees.
    tail, head : int32, shape (segments,)
        Node positions; the geometry runs from tail to head.
    forward, backward : bool, shape (segments,)
        Whether tail → head and head → tail may be driven. At least one is true.
    forward_ms, backward_ms : int32, shape (segments,)
        Driving time of an ordinary car in whole milliseconds; meaningless where the direction is closed.
    length_m : float64, shape (segments,)
        Geodesic length.
    road_class : int16, shape (segments,)
        Position in ``class_names``; the word at 0 is empty: class unknown.
    street : int32, shape (segments,)
        Position in ``street_names``; the name at 0 is empty: no name.
    access : int8, shape (segments,)
        Who may enter, a value of ``Access``.
    barrier : int8, shape (segments,)
        What stands in the way, a value of ``Barrier``.
    max_height_m, max_weight_t, max_width_m : float32, shape (segments,)
        Limits for vehicles; nan where none is posted.
    rise_m : float32, shape (segments,)
        How much higher the head lies than the tail; nan where elevation is not known.
    turn_first : int64, shape (forbidden turns + 1,)
        Where each forbidden turn's directed edges begin.
    turn_segment, turn_forward : int32 and bool, shape (directed edges of turns,)
        Directed edges that may not follow each other all in turn: two for a turn at a node, more by way of
        others.
    point_first : int64, shape (segments + 1,)
        Where each segment's points begin.
    point_lon, point_lat : float64, shape (points,)
        WGS84 degrees.
    point_x, point_y : float64, shape (points,)
        Metres in ``metric_system``.
    class_names, street_names : str arrays
        The words behind ``road_class`` and ``street``.
    metric_system : str
        PROJ string of the one projected system of this network.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    forward_ms: NDArray[np.int32]
    backward_ms: NDArray[np.int32]
    length_m: NDArray[np.float64]
    road_class: NDArray[np.int16]
    street: NDArray[np.int32]
    access: NDArray[np.int8]
    barrier: NDArray[np.int8]
    max_height_m: NDArray[np.float32]
    max_weight_t: NDArray[np.float32]
    max_width_m: NDArray[np.float32]
    rise_m: NDArray[np.float32]
    turn_first: NDArray[np.int64]
    turn_segment: NDArray[np.int32]
    turn_forward: NDArray[np.bool_]
    point_first: NDArray[np.int64]
    point_lon: NDArray[np.float64]
    point_lat: NDArray[np.float64]
    point_x: NDArray[np.float64]
    point_y: NDArray[np.float64]
    class_names: NDArray[np.str_]
    street_names: NDArray[np.str_]
    metric_system: str

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], metric_system: str) -> "RoadNetwork":
        """Rebuild a network from what ``arrays`` gave; the arrays may be memory-mapped, and stay so."""
        plain = {name: np.asarray(array) for name, array in arrays.items()}
        return cls(**plain, metric_system=metric_system)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every array by name: what a store has to keep, beside ``metric_system``."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "metric_system"}

    @property
    def nodes(self) -> int:
        """The number of nodes: vertices where segments end."""
        return len(self.node_lon)

    @property
    def segments(self) -> int:
        """The number of segments, each with one or two permitted directions."""
        return len(self.tail)

    @property
    def directed_edges(self) -> int:
        """The number of permitted directions over all segments."""
        return int(np.count_nonzero(self.forward) + np.count_nonzero(self.backward))

    @property
    def names_streets(self) -> bool:
        """Whether any street has a name."""
        return len(self.street_names) > 1

    @property
    def forbidden_turns(self) -> int:
        """The number of sequences of directed edges that may not be driven."""
        return len(self.turn_first) - 1

    @property
    def kilometres(self) -> float:
        """The length of all segments, each counted once."""
        return float(self.length_m.sum()) / 1000

    @cached_property
    def junctions(self) -> int:
        """
        The number of nodes that do not have exactly two neighbours: crossings and dead ends.

        Parallel segments count as one neighbour, a loop as none: a road that only continues is no junction.
        """
        proper = self.tail != self.head
        low = np.minimum(self.tail, self.head)[proper].astype(np.int64)
        high = np.maximum(self.tail, self.head)[proper].astype(np.int64)
        pairs = np.unique(low * self.nodes + high)
        neighbours = np.bincount(pairs // self.nodes, minlength=self.nodes)
        neighbours += np.bincount(pairs % self.nodes, minlength=self.nodes)
        return int(np.count_nonzero(neighbours != THROUGH_NODE_NEIGHBOURS))

    @cached_property
    def components(self) -> int:
        """The number of pieces that no road joins, one-way streets counted as joining."""
        links = coo_array(
            (np.ones(self.segments, dtype=np.int8), (self.tail, self.head)), shape=(self.nodes, self.nodes)
        )
        count, _ = connected_components(links, directed=False)
        return int(count)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in WGS84 degrees."""
        return (
            float(self.point_lon.min()),
            float(self.point_lat.min()),
            float(self.point_lon.max()),
            float(self.point_lat.max()),
        )
