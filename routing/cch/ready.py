"""Every kernel is compiled when a machine is set up, never at the first incident."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.cch.metric import Metric
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.times import WORTH_LANES, all_from, matrix, times_to
from routing.cch.topology import Topology

NODES = 12
MINUTE_MS = 60_000


@dataclass(frozen=True)
class _Standing:
    """Places at nodes."""

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    ms: NDArray[np.int32]

    @classmethod
    def at(cls, node: NDArray[np.int32]) -> "_Standing":
        return cls(np.arange(len(node) + 1), node, np.zeros(len(node), dtype=np.int32))


def compile_all() -> None:
    """Compile whatever is not yet in the compiler's cache, by asking everything of one small road."""
    node = np.arange(NODES, dtype=np.int32)
    topology = Topology.build(NODES, node[:-1], node[1:])
    weight_ms = np.full(NODES - 1, MINUTE_MS, dtype=np.int32)
    metric = Metric.customise(topology, weight_ms).revised(weight_ms + node[1:])
    one, many = (
        Pins.of(topology, _Standing.at(node[-1:])),
        Pins.of(topology, _Standing.at(node[:WORTH_LANES])),
    )
    times_to(metric, many, one)
    all_from(metric, one)
    matrix(metric, many, many)
    paths_to(metric, many, one)
