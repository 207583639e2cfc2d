import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import routingkit_cch

from geo.errors import InvalidInputError
from routing.cch.jit import BLOCKED
from routing.cch.metric import Metric
from routing.cch.order import neighbours, rank_by_dissection, rank_by_halving
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.times import all_from, all_to, matrix, times_from, times_to
from routing.cch.topology import Topology
from tests.bench.graphs import RoadGraph, road_graph
from tests.unit.cch.graphs import Graph, Standing

RING = Graph.of(4, [(0, 1, 10), (1, 2, 10), (2, 3, 10), (3, 0, 10), (0, 2, 15)])


@pytest.fixture(scope="module")
def town() -> RoadGraph:
    return road_graph(2500, 3)


@pytest.fixture(scope="module")
def metric(town: RoadGraph) -> Metric:
    return Metric.customise(Topology.build(town.nodes, town.tail, town.head), town.weight_ms)


def test_a_one_way_ring_is_driven_round_by_the_short_cut() -> None:
    ring = Topology.build(RING.nodes, RING.tail, RING.head)
    metric = Metric.customise(ring, RING.weight_ms)
    corners, last = Pins.of(ring, Standing.at(0, 1, 2, 3)), Pins.of(ring, Standing.at(3))
    assert times_to(metric, corners, last).tolist() == [25, 20, 10, 0]
    assert times_from(metric, last, corners).tolist() == [10, 20, 25, 0]
    found = paths_to(metric, corners, last)
    assert [path.arcs.tolist() for path in found if path] == [[4, 2], [1, 2], [2], []]


def test_a_closed_short_cut_is_driven_around_and_the_old_metric_still_uses_it() -> None:
    ring = Topology.build(RING.nodes, RING.tail, RING.head)
    open_ring = Metric.customise(ring, RING.weight_ms)
    closed = open_ring.updated(np.array([10, 10, 10, 10, BLOCKED], dtype=np.int32))
    first, last = Pins.of(ring, Standing.at(0)), Pins.of(ring, Standing.at(3))
    assert times_to(closed, first, last).tolist() == [30]
    assert times_to(open_ring, first, last).tolist() == [25]


def test_a_place_on_a_road_is_left_by_the_better_of_its_ends() -> None:
    ring = Topology.build(RING.nodes, RING.tail, RING.head)
    metric = Metric.customise(ring, RING.weight_ms)
    place = Pins.of(ring, Standing.by([[(0, 100), (2, 90)], []]))
    last = Pins.of(ring, Standing.at(3))
    assert times_to(metric, place, last).tolist() == [100, np.inf]
    found = paths_to(metric, place, last)
    assert found[0] is not None
    assert (found[0].leaving, found[0].arcs.tolist(), found[0].ms) == (1, [2], 100.0)
    assert found[1] is None


def test_one_node_without_arcs_is_where_it_is() -> None:
    point = Topology.build(1, np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    metric = Metric.customise(point, np.zeros(0, dtype=np.int32))
    here = Pins.of(point, Standing.at(0))
    assert all_to(metric, here).tolist() == [0]
    assert matrix(metric, here, here).tolist() == [[0]]


def test_nobody_asking_gets_an_empty_matrix(metric: Metric) -> None:
    nobody, somebody = Pins.of(metric.topology, Standing.by([])), Pins.of(metric.topology, Standing.at(1, 2))
    assert matrix(metric, nobody, somebody).shape == (0, 2)
    assert matrix(metric, somebody, nobody).shape == (2, 0)
    assert times_from(metric, Pins.of(metric.topology, Standing.by([[]])), somebody).tolist() == [np.inf] * 2


def test_routingkit_finds_the_same_times(town: RoadGraph, metric: Metric) -> None:
    order = np.argsort(rank_by_dissection(neighbours(town.nodes, town.tail, town.head))).tolist()
    peer = routingkit_cch.CCH(order, town.tail.tolist(), town.head.tolist(), False)
    peer_metric = routingkit_cch.CCHMetric(peer, town.weight_ms.tolist())
    origins = list(range(0, town.nodes, 50))
    many = routingkit_cch.CCHManyToOne(peer_metric, origins)
    for target in range(0, town.nodes, 400):
        theirs = [np.inf if ms is None else ms for ms in many.distances_to(target)]
        pinned = (
            Pins.of(metric.topology, Standing.at(*origins)),
            Pins.of(metric.topology, Standing.at(target)),
        )
        assert times_to(metric, *pinned).tolist() == theirs


def test_threads_ask_one_metric_while_others_are_made_of_it(town: RoadGraph, metric: Metric) -> None:
    random = np.random.default_rng(1)
    everybody = Pins.of(metric.topology, Standing.at(*range(town.nodes)))

    def ask(node: int) -> bool:
        closed = town.weight_ms.copy()
        closed[random.integers(0, town.arcs)] = BLOCKED
        metric.updated(closed)
        place = Pins.of(metric.topology, Standing.at(node))
        same: bool = np.array_equal(times_from(metric, place, everybody), all_from(metric, place))
        return same

    alone = [all_from(metric, Pins.of(metric.topology, Standing.at(node))) for node in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(40)))
    after = [all_from(metric, Pins.of(metric.topology, Standing.at(node))) for node in range(40)]
    np.testing.assert_array_equal(after, alone)


def test_a_topology_is_read_from_files_where_they_are(
    tmp_path: Path, town: RoadGraph, metric: Metric
) -> None:
    for name, array in metric.topology.arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {file.stem: np.load(file, mmap_mode="r") for file in tmp_path.glob("*.npy")}
    stored = Topology.from_arrays(mapped)
    assert np.shares_memory(stored.hierarchy.tree.above, mapped["above"])
    again = Metric.customise(stored, town.weight_ms)
    np.testing.assert_array_equal(again.weights.up, metric.weights.up)
    place = Standing.at(7)
    np.testing.assert_array_equal(
        all_from(again, Pins.of(stored, place)), all_from(metric, Pins.of(metric.topology, place))
    )


def test_after_set_up_nothing_is_left_to_compile() -> None:
    script = Path(__file__).with_name("ask_after_set_up.py")
    root = Path(__file__).parents[3]
    subprocess.run(
        [sys.executable, "-W", "error", script],
        check=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )


@pytest.mark.parametrize("known", [True, False])
def test_without_metis_the_map_is_halved(
    known: bool, town: RoadGraph, metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.cch.order.HAS_METIS", False)
    places = (town.lon, town.lat) if known else None
    halved = Topology.build(town.nodes, town.tail, town.head, places=places)
    again = Metric.customise(halved, town.weight_ms)
    place = Standing.at(11)
    np.testing.assert_array_equal(
        all_from(again, Pins.of(halved, place)), all_from(metric, Pins.of(metric.topology, place))
    )


def test_halving_ranks_every_node_once_and_what_parts_the_whole_highest() -> None:
    line = neighbours(33, np.arange(32, dtype=np.int32), np.arange(1, 33, dtype=np.int32))
    rank = rank_by_halving(line, np.arange(33.0), np.zeros(33))
    assert sorted(rank) == list(range(33))
    assert rank[16] == 32


def test_weights_that_do_not_fit_are_refused(town: RoadGraph, metric: Metric) -> None:
    with pytest.raises(InvalidInputError, match="give one for each"):
        metric.updated(town.weight_ms[1:])
    with pytest.raises(InvalidInputError, match="negative"):
        Metric.customise(metric.topology, -town.weight_ms)


def test_an_order_that_ranks_two_nodes_alike_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="a rank of its own"):
        Topology.build(RING.nodes, RING.tail, RING.head, rank=np.array([0, 1, 1, 2], dtype=np.int32))
