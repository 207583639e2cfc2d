"""Forbidden turns by hand: at a node, and by way of a street."""

import numpy as np
import pytest

from routing.network import RoadNetwork
from routing.snapping import RoadIndex, Snapped
from tests.towns import Street, spot, town
from tests.unit.routing.test_turns_judged import Word, forbid, router

PLACES = {
    "a": spot(-1000, 0),
    "x": spot(0, 1000),
    "v": spot(0, 0),
    "w": spot(1000, 0),
    "c": spot(2000, 0),
    "far": spot(500, -2000),
}
A_TO_V, V_TO_W, W_TO_C, X_TO_V, A_TO_FAR, FAR_TO_W = range(6)


@pytest.fixture(scope="module")
def crossing() -> RoadNetwork:
    """Build a road a, v, w, c of 10 s a piece, a side street x to v, and a detour a, far, w of 200 s."""
    ends = ("a", "v"), ("v", "w"), ("w", "c"), ("x", "v"), ("a", "far"), ("far", "w")
    seconds = (10, 10, 10, 10, 100, 100)
    return town(PLACES, [Street(a, b, seconds=s) for (a, b), s in zip(ends, seconds, strict=True)])


def ahead(*streets: int) -> Word:
    return tuple((street, True) for street in streets)


def seconds(network: RoadNetwork, start: str, end: str, profile: str = "passenger") -> float:
    lon, lat = np.array([PLACES[start], PLACES[end]]).T
    places: Snapped = RoadIndex(network).snap(lon, lat)
    return float(router(network, profile).times_to(places[:1], places[1:])[0])


def test_a_turn_at_a_node_is_avoided_by_those_who_obey(crossing: RoadNetwork) -> None:
    restricted = forbid(crossing, {ahead(A_TO_V, V_TO_W)})
    assert seconds(crossing, "a", "c") == 30
    assert seconds(restricted, "a", "c") == 50, "into the side street, back out, and on"
    assert seconds(restricted, "x", "c") == 30, "the restriction is for those who come from a"
    assert seconds(restricted, "a", "c", "fire-engine") == 30


def test_a_turn_by_way_of_a_street_is_forbidden_to_those_who_came_from_there(
    crossing: RoadNetwork,
) -> None:
    restricted = forbid(crossing, {ahead(A_TO_V, V_TO_W, W_TO_C)})
    assert seconds(restricted, "a", "w") == 20, "as far as the last turn it is allowed"
    assert seconds(restricted, "a", "c") == 50, "the side street makes the past another"
    assert seconds(restricted, "x", "c") == 30
    assert seconds(restricted, "a", "c", "ambulance") == 30


def test_a_longer_history_goes_on_where_a_shorter_one_ends(crossing: RoadNetwork) -> None:
    around = ((X_TO_V, False), (X_TO_V, True))
    by_side_street = (ahead(A_TO_V)[0], *around, *ahead(V_TO_W, W_TO_C))
    back_at_w = ((V_TO_W, True), (V_TO_W, False))
    restricted = forbid(crossing, {ahead(A_TO_V, V_TO_W, W_TO_C), by_side_street, back_at_w})
    assert seconds(restricted, "a", "c") == 70, "twice into the side street"


def test_only_the_history_that_matters_makes_nodes(crossing: RoadNetwork) -> None:
    graph = router(forbid(crossing, {ahead(A_TO_V, V_TO_W, W_TO_C)}), "passenger").graph
    assert graph.nodes == crossing.nodes + 2
    assert graph.place[crossing.nodes :].tolist() == [2, 3]
