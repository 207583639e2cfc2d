"""A topology under weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

    @classmethod
    def customise(cls, topology: Topology, weight_ms: NDArray[np.int32]) -> "Metric":
        """Weigh everything; arcs of ``BLOCKED`` milliseconds or more, some twelve days, are closed."""
        ms = _closed_alike(weight_ms)
        return cls(topology, ms, _kept(customise(topology.hierarchy, ms)))

    def updated(self, weight_ms: NDArray[np.int32]) -> "Metric":
        """Return the metric of other weights on the same topology: the same as ``customise``, sooner."""
        ms = _closed_alike(weight_ms)
        changed = np.flatnonzero(ms != self.weight_ms)
        if len(changed) > FEW * len(ms):
            return Metric.customise(self.topology, ms)
        at = frozen(np.unique(self.topology.lower[changed]), np.int32)
        tree = self.topology.hierarchy.tree
        _, nodes = with_ancestors(tree.parent, tree.depth, at)
        after = Weights(self.weights.up.copy(), self.weights.down.copy())
        revise(self.topology.hierarchy, Revision(self.weights, after, self.weight_ms, ms, nodes), at)
        return Metric(self.topology, ms, _kept(after))


def _closed_alike(weight_ms: NDArray[np.int32]) -> NDArray[np.int32]:
    return frozen(np.minimum(weight_ms, BLOCKED), np.int32)


def _kept(weights: Weights) -> Weights:
    return Weights(frozen(weights.up, np.int32), frozen(weights.down, np.int32))
