"""Times between pinned places under a metric: whole milliseconds as float64, ``inf`` where no way leads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from routing.cch.lanes import LANES, climb_abreast, fall_abreast
from routing.cch.metric import Metric
from routing.cch.pins import Pins
from routing.cch.sweeps import climb, fall, fall_everywhere
from routing.cch.topology import Topology

WORTH_LANES = 4
"""From how many searches on a wide sweep is faster than one after the other."""
WORTH_THREADS = 8
"""From how many wide sweeps on several threads are worth being started."""


def times_to(metric: Metric, origins: Pins, target: Pins) -> NDArray[np.float64]:
    """Return the times from every origin to the one place ``target`` holds."""
    return _times(metric.topology, (metric.weights.down, metric.weights.up), target, origins)


def times_from(metric: Metric, origin: Pins, targets: Pins) -> NDArray[np.float64]:
    """Return the times from the one place ``origin`` holds to every target."""
    return _times(metric.topology, (metric.weights.up, metric.weights.down), origin, targets)


def all_to(metric: Metric, target: Pins) -> NDArray[np.float64]:
    """Return the times from every node to the one place ``target`` holds."""
    return _everywhere(metric.topology, (metric.weights.down, metric.weights.up), target)


def all_from(metric: Metric, origin: Pins) -> NDArray[np.float64]:
    """Return the times from the one place ``origin`` holds to every node."""
    return _everywhere(metric.topology, (metric.weights.up, metric.weights.down), origin)


def matrix(metric: Metric, origins: Pins, targets: Pins, *, threads: int = 1) -> NDArray[np.float64]:
    """Return the times from every origin to every target, shape (origins, targets)."""
    up, down = metric.weights
    if origins.places <= targets.places:
        return _matrix(metric.topology, (up, down), origins, targets, threads)
    return _matrix(metric.topology, (down, up), targets, origins, threads).T


Sweep = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Weights by which a search climbs, and by which it falls."""


def _times(topology: Topology, sweep: Sweep, start: Pins, pins: Pins) -> NDArray[np.float64]:
    tree = topology.hierarchy.tree
    ms, _ = climb(tree, sweep[0], start)
    times_ms: NDArray[np.float64] = fall(tree, sweep[1], (start.nodes, ms), pins)
    return times_ms


def _everywhere(topology: Topology, sweep: Sweep, start: Pins) -> NDArray[np.float64]:
    tree = topology.hierarchy.tree
    ms, _ = climb(tree, sweep[0], start)
    times_ms: NDArray[np.float64] = fall_everywhere(tree, sweep[1], (start.nodes, ms), topology.number)
    return times_ms


def _matrix(topology: Topology, sweep: Sweep, starts: Pins, pins: Pins, threads: int) -> NDArray[np.float64]:
    batches = starts.batches(LANES)
    work = partial(_rows, topology, sweep, starts, pins)
    times_ms = np.empty((starts.places, pins.places))
    for batch, found in zip(batches, _each(work, batches, threads), strict=True):
        times_ms[batch] = found
    return times_ms


def _each(
    work: Callable[[NDArray[np.int64]], NDArray[np.float64]], batches: list[NDArray[np.int64]], threads: int
) -> list[NDArray[np.float64]]:
    if threads == 1 or len(batches) < WORTH_THREADS:
        return [work(batch) for batch in batches]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, batches))


def _rows(
    topology: Topology, sweep: Sweep, starts: Pins, pins: Pins, batch: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the times of one batch, shape (batch, places)."""
    out = np.empty((len(batch), pins.places))
    if len(batch) < WORTH_LANES:
        for row, start in enumerate(batch):
            out[row] = _times(topology, sweep, starts.some(topology, np.array([start])), pins)
        return out
    tree, together = topology.hierarchy.tree, starts.some(topology, batch)
    fall_abreast(tree, sweep[1], (together.nodes, climb_abreast(tree, sweep[0], together)), pins, out)
    return out
