"""A topology under weights."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.cch.customise import Weights, customise
from routing.cch.jit import BLOCKED, frozen
from routing.cch.pins import with_ancestors
from routing.cch.topology import Topology
from routing.cch.update import Revision, revise

FEW = 0.03
"""Up to which share of changed arcs it is faster to follow the changes than to weigh everything again."""


@dataclass(frozen=True)
class Metric:
    """
    Weights that never change: new ones make a new metric, and searches on this one go on undisturbed.

    Attributes
    ----------
    topology : Topology
    weight_ms : int32, shape (arcs of the input,)
        Whole milliseconds, ``BLOCKED`` where an arc is closed.
    weights : Weights
        Of the chordal graph.
    """

    topology: Topology
    weight_ms: NDArray[np.int32]
    weights: Weights

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as arrays: at the other end they are made as the kernels were compiled for."""
        return _arrived, (self.topology, self.weight_ms, *self.weights)

    @classmethod
    def customise(cls, topology: Topology, weight_ms: NDArray[np.int32]) -> "Metric":
        """Weigh everything; arcs of ``BLOCKED`` milliseconds or more, some twelve days, are closed."""
        ms = _checked(topology, weight_ms)
        return cls(topology, ms, _kept(customise(topology.hierarchy, ms)))

    def updated(self, weight_ms: NDArray[np.int32]) -> "Metric":
        """Return the metric of other weights on the same topology: the same as ``customise``, sooner."""
        ms = _checked(self.topology, weight_ms)
        changed = np.count_nonzero(ms != self.weight_ms)
        return Metric.customise(self.topology, ms) if changed > FEW * len(ms) else self.revised(ms)

    def revised(self, weight_ms: NDArray[np.int32]) -> "Metric":
        """Return the metric of other weights by following the changes, however many there are."""
        ms = _checked(self.topology, weight_ms)
        hierarchy, changed = self.topology.hierarchy, np.flatnonzero(ms != self.weight_ms)
        at = frozen(np.unique(self.topology.lower[changed]), np.int32)
        _, nodes = with_ancestors(hierarchy.tree.parent, hierarchy.tree.depth, at)
        after = Weights(self.weights.up.copy(), self.weights.down.copy())
        revise(hierarchy, Revision(self.weights, after, self.weight_ms, ms, nodes), at)
        return Metric(self.topology, ms, _kept(after))


def _arrived(
    topology: Topology, weight_ms: NDArray[np.int32], up: NDArray[np.int32], down: NDArray[np.int32]
) -> Metric:
    return Metric(topology, frozen(weight_ms, np.int32), _kept(Weights(up, down)))


def _checked(topology: Topology, weight_ms: NDArray[np.int32]) -> NDArray[np.int32]:
    if len(weight_ms) != topology.arcs:
        raise InvalidInputError("weight_ms", f"{len(weight_ms)} for {topology.arcs} arcs: give one for each")
    if weight_ms.min(initial=0) < 0:
        raise InvalidInputError("weight_ms", "a time is negative: give zero or more milliseconds")
    return frozen(np.minimum(weight_ms, BLOCKED), np.int32)


def _kept(weights: Weights) -> Weights:
    return Weights(frozen(weights.up, np.int32), frozen(weights.down, np.int32))
