"""Forbidden turns, judged by a search that remembers the streets it came by."""

import heapq
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.graph import SearchGraph
from routing.metric import metric_of
from routing.network import RoadNetwork
from routing.profiles import profile
from routing.router import Router
from routing.snapping import Snapped
from routing.stretches import Route
from tests.unit.routing.plain_roads import drive
from tests.unit.routing.random_towns import Situation, situations

Edge = tuple[int, bool]
Word = tuple[Edge, ...]


@st.composite
def with_forbidden_turns(draw: st.DrawFn) -> tuple[Situation, frozenset[Word]]:
    """Draw a town and some sequences of two to four streets that may not be driven in turn."""
    situation = draw(situations())
    network = situation.network
    edges = [(s, forward) for s in range(network.segments) for forward in (True, False)]
    words = set()
    for _ in range(draw(st.integers(0, 5))):
        word = [draw(st.sampled_from(edges))]
        for _ in range(draw(st.integers(1, 3))):
            onward = [edge for edge in edges if start(network, edge) == end(network, word[-1])]
            word.append(draw(st.sampled_from(onward)))
        words.add(tuple(word))
    return replace(situation, network=forbid(network, words)), frozenset(words)


def forbid(network: RoadNetwork, words: set[Word]) -> RoadNetwork:
    ordered = sorted(words)
    driven = [edge for word in ordered for edge in word]
    return replace(
        network,
        turn_first=np.concatenate(([0], np.cumsum([len(word) for word in ordered]))).astype(np.int64),
        turn_segment=np.array([segment for segment, _ in driven], dtype=np.int32),
        turn_forward=np.array([forward for _, forward in driven], dtype=np.bool_),
    )


def start(network: RoadNetwork, edge: Edge) -> int:
    return int((network.tail if edge[1] else network.head)[edge[0]])


def end(network: RoadNetwork, edge: Edge) -> int:
    return int((network.head if edge[1] else network.tail)[edge[0]])


def whole_ms(network: RoadNetwork, edge: Edge) -> int:
    return int((network.forward_ms if edge[1] else network.backward_ms)[edge[0]])


def is_open(network: RoadNetwork, edge: Edge) -> bool:
    return bool((network.forward if edge[1] else network.backward)[edge[0]])


def breaks(way: Word, words: frozenset[Word]) -> bool:
    return any(way[-len(word) :] == word for word in words)


def remembering_ms(network: RoadNetwork, words: frozenset[Word], origin: Snapped, target: Snapped) -> float:
    """Search forwards, keeping the last streets driven with every step."""
    edges = [(s, f) for s in range(network.segments) for f in (True, False) if is_open(network, (s, f))]
    memory = max((len(word) for word in words), default=2) - 1
    waiting: list[tuple[int, int, int, Word]] = []
    for ms, node, way in departures(network, origin):
        heapq.heappush(waiting, (ms, len(waiting), node, way))
    best = direct_ms(network, origin, target)
    settled = set()
    counter = len(waiting)
    while waiting:
        ms, _, node, way = heapq.heappop(waiting)
        if (node, way) in settled:
            continue
        settled.add((node, way))
        if target.at_node[0] and node == target.node[0]:
            best = min(best, ms)
        for edge in edges:
            if start(network, edge) != node or breaks((*way, edge), words):
                continue
            if not target.at_node[0] and edge[0] == target.segment[0]:
                share = float(target.along[0]) if edge[1] else 1 - float(target.along[0])
                best = min(best, ms + round(share * whole_ms(network, edge)))
            counter += 1
            step = (ms + whole_ms(network, edge), counter, end(network, edge), (*way, edge)[-memory:])
            heapq.heappush(waiting, step)
    return best


def departures(network: RoadNetwork, origin: Snapped) -> list[tuple[int, int, Word]]:
    if origin.at_node[0]:
        return [(0, int(origin.node[0]), ())]
    segment, along = int(origin.segment[0]), float(origin.along[0])
    ways = ((segment, True), 1 - along), ((segment, False), along)
    return [
        (round(share * whole_ms(network, edge)), end(network, edge), (edge,))
        for edge, share in ways
        if is_open(network, edge)
    ]


def direct_ms(network: RoadNetwork, origin: Snapped, target: Snapped) -> float:
    segment = int(origin.segment[0])
    if origin.at_node[0] or target.at_node[0] or segment != target.segment[0]:
        return float("inf")
    ahead = float(target.along[0] - origin.along[0])
    ways = ((segment, True), ahead), ((segment, False), -ahead)
    possible = [
        round(share * whole_ms(network, edge))
        for edge, share in ways
        if is_open(network, edge) and share >= 0
    ]
    return min(possible, default=float("inf"))


def router(network: RoadNetwork, name: str) -> Router:
    metric = replace(metric_of(network, profile("car")), obeys_turns=profile(name).obeys_turns)
    return Router.plain(network, SearchGraph.of(network), metric)


def driven(route: Route) -> Word:
    """Return the directed streets of a route, those of no length left out at its ends."""
    stretches = route.stretches
    return tuple(
        (int(s), bool(b > a))
        for s, a, b in zip(stretches.segment, stretches.start, stretches.end, strict=True)
        if a != b
    )


@settings(max_examples=300, deadline=None)
@given(with_forbidden_turns())
def test_those_who_obey_take_the_fastest_way_without_a_forbidden_turn(
    drawn: tuple[Situation, frozenset[Word]],
) -> None:
    situation, words = drawn
    network, origins, target = situation.network, situation.origins, situation.target
    obeying = router(network, "passenger")
    time_s = obeying.times_to(origins, target)
    routes = obeying.routes_to(origins, target)
    for i in range(len(origins)):
        assert np.rint(time_s[i] * 1000) == remembering_ms(network, words, origins[i : i + 1], target)
        route = routes[i]
        assert (route is None) == np.isinf(time_s[i])
        if route is not None:
            way = driven(route)
            assert not any(breaks(way[:k], words) for k in range(1, len(way) + 1))
            assert abs(drive(network, route)[2] - time_s[i] * 1000) <= 1 + len(way) * 1e-6 + 1


@settings(max_examples=100, deadline=None)
@given(with_forbidden_turns())
def test_those_who_are_exempt_do_not_notice(drawn: tuple[Situation, frozenset[Word]]) -> None:
    situation, _ = drawn
    network, origins, target = situation.network, situation.origins, situation.target
    exempt = router(network, "fire-engine").times_to(origins, target)
    unrestricted = router(forbid(network, set()), "fire-engine").times_to(origins, target)
    assert exempt.tolist() == unrestricted.tolist()


@settings(max_examples=100, deadline=None)
@given(with_forbidden_turns())
def test_matrix_and_both_directions_of_search_agree(drawn: tuple[Situation, frozenset[Word]]) -> None:
    situation, _ = drawn
    network, origins, target = situation.network, situation.origins, situation.target
    obeying = router(network, "passenger")
    table = obeying.matrix(origins, origins)
    for i in range(len(origins)):
        assert table[i].tolist() == obeying.times_from(origins[i : i + 1], origins).tolist()
        assert table[:, i].tolist() == obeying.times_to(origins, origins[i : i + 1]).tolist()
    assert obeying.matrix(origins, target)[:, 0].tolist() == obeying.times_to(origins, target).tolist()
