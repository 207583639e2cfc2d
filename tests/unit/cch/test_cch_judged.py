import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.cch.jit import BLOCKED
from routing.cch.metric import Metric
from routing.cch.paths import paths_to
from routing.cch.pins import Pins
from routing.cch.times import all_from, all_to, matrix, times_from, times_to
from routing.cch.topology import Topology
from tests.unit.cch.graphs import TIMES_MS, Graph, Standing, graphs, standings


def topology_of(graph: Graph) -> Topology:
    return Topology.build(graph.nodes, graph.tail, graph.head)


def metric_of(graph: Graph) -> Metric:
    return Metric.customise(topology_of(graph), graph.weight_ms)


@given(st.data())
def test_one_place_and_many_are_as_far_apart_as_scipy_finds(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    metric = metric_of(graph)
    one, many = data.draw(standings(graph, least=1, most=1)), data.draw(standings(graph))
    pinned_one, pinned_many = Pins.of(metric.topology, one), Pins.of(metric.topology, many)
    np.testing.assert_array_equal(times_from(metric, pinned_one, pinned_many), graph.times(one, many))
    np.testing.assert_array_equal(
        times_to(metric, pinned_many, pinned_one), graph.reversed().times(one, many)
    )


@given(st.data())
def test_every_node_is_as_far_as_scipy_finds(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    metric = metric_of(graph)
    one = data.draw(standings(graph, least=1, most=1))
    pinned = Pins.of(metric.topology, one)
    np.testing.assert_array_equal(all_from(metric, pinned), graph.times_from(one))
    np.testing.assert_array_equal(all_to(metric, pinned), graph.reversed().times_from(one))


@given(st.data())
def test_a_matrix_is_what_scipy_finds_row_by_row(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    metric = metric_of(graph)
    origins, targets = data.draw(standings(graph, most=9)), data.draw(standings(graph, most=9))
    found = matrix(metric, Pins.of(metric.topology, origins), Pins.of(metric.topology, targets))
    assert found.shape == (len(origins), len(targets))
    for i in range(len(origins)):
        np.testing.assert_array_equal(found[i], graph.times(origins.of(i), targets))


@given(st.data())
def test_a_path_is_driven_arc_by_arc_adds_up_and_passes_no_node_twice(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    metric = metric_of(graph)
    origins, target = data.draw(standings(graph, least=1)), data.draw(standings(graph, least=1, most=1))
    times_ms = graph.reversed().times(target, origins)
    found = paths_to(metric, Pins.of(metric.topology, origins), Pins.of(metric.topology, target))
    assert len(found) == len(origins)
    for place, path in enumerate(found):
        if path is None:
            assert times_ms[place] == np.inf
            continue
        assert origins.first[place] <= path.leaving < origins.first[place + 1]
        nodes = [origins.node[path.leaving], *graph.head[path.arcs]]
        np.testing.assert_array_equal(graph.tail[path.arcs], nodes[:-1])
        assert nodes[-1] == target.node[path.arriving]
        assert len(set(nodes)) == len(nodes)
        driven_ms = graph.weight_ms[path.arcs].sum() + origins.ms[path.leaving] + target.ms[path.arriving]
        assert driven_ms == path.ms == times_ms[place]


@given(st.data())
def test_following_the_changes_gives_the_weights_that_weighing_everything_gives(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    metric = metric_of(graph)
    before = [array.copy() for array in (metric.weight_ms, *metric.weights)]
    for _ in range(3):
        weight_ms = graph.weight_ms.copy()
        for arc in data.draw(st.sets(st.integers(0, max(len(weight_ms) - 1, 0)))) if len(weight_ms) else ():
            weight_ms[arc] = data.draw(st.sampled_from(TIMES_MS))
        revised, whole = metric.revised(weight_ms), Metric.customise(metric.topology, weight_ms)
        np.testing.assert_array_equal(revised.weight_ms, whole.weight_ms)
        np.testing.assert_array_equal(revised.weights.up, whole.weights.up)
        np.testing.assert_array_equal(revised.weights.down, whole.weights.down)
        np.testing.assert_array_equal(metric.updated(weight_ms).weights.up, whole.weights.up)
        for array, kept in zip((metric.weight_ms, *metric.weights), before, strict=True):
            np.testing.assert_array_equal(array, kept)
        metric, before = revised, [array.copy() for array in (revised.weight_ms, *revised.weights)]


@given(st.data())
def test_the_order_of_contraction_changes_no_time(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    rank = np.array(data.draw(st.permutations(range(graph.nodes))), dtype=np.int32)
    topology = Topology.build(graph.nodes, graph.tail, graph.head, rank=rank)
    metric = Metric.customise(topology, graph.weight_ms)
    one = Standing.at(0)
    np.testing.assert_array_equal(all_from(metric, Pins.of(topology, one)), graph.times_from(one))


def test_a_large_random_graph_is_answered_exactly_in_all_ways() -> None:
    random = np.random.default_rng(5)
    nodes, arcs = 3000, 5200
    tail, head = random.integers(0, nodes, (2, arcs), dtype=np.int32)
    head = np.where(
        random.random(arcs) < 0.9, np.minimum(tail + random.integers(1, 40, arcs), nodes - 1), head
    )
    ms = np.where(random.random(arcs) < 0.05, BLOCKED, random.integers(0, 50_000, arcs)).astype(np.int32)
    graph = Graph(nodes, tail, head.astype(np.int32), ms)
    metric = metric_of(graph)
    origins = Standing.at(*random.integers(0, nodes, 150))
    targets = Standing.at(*random.integers(0, nodes, 170))
    pinned = Pins.of(metric.topology, origins), Pins.of(metric.topology, targets)
    found = matrix(metric, *pinned, threads=2)
    turned = matrix(metric, pinned[1], pinned[0])
    assert np.isfinite(found).any()
    for i in range(len(origins)):
        np.testing.assert_array_equal(found[i], graph.times(origins.of(i), targets))
        np.testing.assert_array_equal(turned[:, i], graph.reversed().times(origins.of(i), targets))
    closed = graph.weight_ms.copy()
    closed[random.choice(arcs, 40, replace=False)] = BLOCKED
    np.testing.assert_array_equal(
        metric.updated(closed).weights.up, Metric.customise(metric.topology, closed).weights.up
    )
