"""The fast engine against the plain one, on random small towns: the same times to the millisecond."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.graph import SearchGraph
from routing.hierarchy_engine import HierarchyEngine, topology_of
from routing.metric import metric_of
from routing.network import RoadNetwork
from routing.profiles import profile
from routing.router import Router
from tests.unit.routing.plain_roads import drive
from tests.unit.routing.random_towns import Situation
from tests.unit.routing.test_turns_judged import Word, with_forbidden_turns


def routers(network: RoadNetwork, name: str) -> tuple[Router, Router]:
    """Return the judge and the judged."""
    graph = SearchGraph.of(network)
    metric = replace(metric_of(network, profile("car")), obeys_turns=profile(name).obeys_turns)
    topology = topology_of(graph, network.node_lon, network.node_lat)
    fast = HierarchyEngine.of(topology, graph.weights_ms(metric))
    return Router.plain(network, graph, metric), Router(network, graph, metric, fast)


def agree(situation: Situation, plain: Router, fast: Router) -> None:
    network, origins, target = situation.network, situation.origins, situation.target
    time_s = plain.times_to(origins, target)
    assert fast.times_to(origins, target).tolist() == time_s.tolist()
    assert fast.times_from(target, origins).tolist() == plain.times_from(target, origins).tolist()
    assert fast.matrix(origins, origins).tolist() == plain.matrix(origins, origins).tolist()
    leaving, arriving = plain.leaving(target), plain.arriving(target)
    assert fast.engine.all_from(leaving).tolist() == plain.engine.all_from(leaving).tolist()
    assert fast.engine.all_to(arriving).tolist() == plain.engine.all_to(arriving).tolist()
    for i, route in enumerate(fast.routes_to(origins, target)):
        assert (route is None) == np.isinf(time_s[i])
        if route is not None:
            assert abs(drive(network, route)[2] - time_s[i] * 1000) <= 2


@settings(max_examples=150, deadline=None)
@given(with_forbidden_turns(), st.sampled_from(("passenger", "ambulance")))
def test_both_engines_give_the_same_times_and_drivable_routes(
    drawn: tuple[Situation, frozenset[Word]], name: str
) -> None:
    situation, _ = drawn
    agree(situation, *routers(situation.network, name))


@settings(max_examples=100, deadline=None)
@given(with_forbidden_turns(), st.data())
def test_after_closures_and_slow_downs_both_engines_agree_and_the_old_answers_stay(
    drawn: tuple[Situation, frozenset[Word]], data: st.DataObject
) -> None:
    situation, _ = drawn
    network = situation.network
    plain, fast = routers(network, "passenger")
    before = fast.times_to(situation.origins, situation.target).tolist()
    n = network.segments
    closed = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    factor = np.array(data.draw(st.lists(st.sampled_from((1.0, 1.0, 2.5)), min_size=n, max_size=n)))
    metric = plain.metric.under(closed, factor)
    agree_on_times(situation, plain.under(metric), fast.under(metric))
    assert fast.times_to(situation.origins, situation.target).tolist() == before


def agree_on_times(situation: Situation, plain: Router, fast: Router) -> None:
    found = fast.matrix(situation.origins, situation.target)
    assert found.tolist() == plain.matrix(situation.origins, situation.target).tolist()
