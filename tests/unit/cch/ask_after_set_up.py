"""Ask everything once all is compiled, and fail if anything is compiled then."""

import sys

import numpy as np
from numba.core.registry import CPUDispatcher

from routing.cch.metric import Metric
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.ready import compile_all
from routing.cch.times import all_from, all_to, matrix, times_from, times_to
from routing.cch.topology import Topology
from tests.bench.graphs import road_graph
from tests.unit.cch.graphs import Standing


def compiled() -> dict[str, int]:
    """Return how many forms of each kernel are loaded."""
    kernels = [
        kernel
        for name, module in sys.modules.items()
        if name.startswith("routing.cch.")
        for kernel in vars(module).values()
        if isinstance(kernel, CPUDispatcher)
    ]
    return {str(kernel): len(kernel.signatures) for kernel in kernels}


compile_all()
after_set_up = compiled()
town = road_graph(900, 3)
built = Topology.build(town.nodes, town.tail, town.head)
topology = Topology.from_arrays(built.arrays)
metric = Metric.customise(topology, town.weight_ms)
metric = metric.revised(town.weight_ms + np.int32(1)).updated(town.weight_ms)
one, many = Pins.of(topology, Standing.at(3)), Pins.of(topology, Standing.at(*range(70)))
times_to(metric, many, one)
times_from(metric, one, many)
all_from(metric, one)
all_to(metric, one)
matrix(metric, many, many, threads=2)
matrix(metric, one, many)
paths_to(metric, many, one)
assert compiled() == after_set_up, "something was compiled after set-up"
