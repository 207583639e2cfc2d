"""The fast engine: our customizable contraction hierarchy behind the protocol every engine has."""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.cch.metric import Metric
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.times import all_from, all_to, matrix, times_from, times_to
from routing.cch.topology import Topology
from routing.ends import Ends
from routing.engine import Way
from routing.graph import SearchGraph

THREADS = os.cpu_count() or 1


@dataclass(frozen=True)
class HierarchyEngine:
    """Answers by sweeps over a few thousand nodes; weights are changed without building anything again."""

    metric: Metric

    @classmethod
    def of(cls, topology: Topology, weight_ms: NDArray[np.int32]) -> "HierarchyEngine":
        """Weigh a topology."""
        return cls(Metric.customise(topology, weight_ms))

    def times_to(self, origins: Ends, target: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to the one target."""
        return times_to(self.metric, self._pins(origins), self._pins(target))

    def times_from(self, origin: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every target."""
        return times_from(self.metric, self._pins(origin), self._pins(targets))

    def matrix(self, origins: Ends, targets: Ends) -> NDArray[np.float64]:
        """Return the times from every origin to every target."""
        return matrix(self.metric, self._pins(origins), self._pins(targets), threads=THREADS)

    def all_from(self, origin: Ends) -> NDArray[np.float64]:
        """Return the times from the one origin to every graph node."""
        return all_from(self.metric, self._pins(origin))

    def all_to(self, target: Ends) -> NDArray[np.float64]:
        """Return the times from every graph node to the one target."""
        return all_to(self.metric, self._pins(target))

    def ways_to(self, origins: Ends, target: Ends) -> list[Way | None]:
        """Return a fastest way from each origin to the one target."""
        paths = paths_to(self.metric, self._pins(origins), self._pins(target))
        return [
            None if path is None else Way(path.ms, path.leaving, path.arcs, path.arriving) for path in paths
        ]

    def reweighted(self, weight_ms: NDArray[np.int32]) -> "HierarchyEngine":
        """Return an engine on the same graph under other weights; a few changes are followed up."""
        return HierarchyEngine(self.metric.updated(weight_ms))

    def _pins(self, places: Ends) -> Pins:
        return Pins.of(self.metric.topology, places)


def topology_of(graph: SearchGraph, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Topology:
    """
    Build the topology of a search graph; it serves every metric.

    Parameters
    ----------
    lon, lat : float64, shape (network nodes,)
        Where the network's nodes are: they help to halve the graph where METIS is not at hand.
    """
    return Topology.build(
        graph.nodes, graph.source, graph.target, places=(lon[graph.place], lat[graph.place])
    )
