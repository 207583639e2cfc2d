"""Where an incident in a closed area is met: on open roads that can still be reached."""

import numpy as np

from routing.cut_off import still_reached
from routing.network import RoadNetwork
from tests.towns import Street, spot, town

PLACES = {
    "w": spot(-3000, 0),
    "a": spot(-500, 0),
    "b": spot(500, 0),
    "e": spot(700, 0),
    "i": spot(0, 9000),
    "j": spot(300, 9000),
    "k": spot(600, 9000),
}
MAIN, CLOSED, STUB, ISLAND_WEST, ISLAND_EAST = range(5)


def a_street_with_a_dead_end(*, oneway_out: bool = False) -> RoadNetwork:
    """Lay a street of 2,500, 1,000 and 200 m from west to a dead end in the east, and one on an island."""
    pairs = (("w", "a"), ("a", "b"), ("b", "e"), ("i", "j"), ("j", "k"))
    out = Street("a", "d", oneway=True)
    streets = [*(Street(a, b) for a, b in pairs), *([out] if oneway_out else [])]
    return town({**PLACES, "d": spot(-500, 100)} if oneway_out else PLACES, streets)


def reached_beside(network: RoadNetwork, segment: int, *closed: int) -> list[int]:
    is_open = ~np.isin(np.arange(network.segments), closed)
    found: list[int] = np.flatnonzero(still_reached(network, segment, is_open)).tolist()
    return found


def test_a_dead_end_beyond_the_closed_street_is_no_place_to_go() -> None:
    assert reached_beside(a_street_with_a_dead_end(), CLOSED, CLOSED) == [MAIN]


def test_on_an_island_the_island_counts_while_any_of_it_is_open() -> None:
    network = a_street_with_a_dead_end()
    assert reached_beside(network, ISLAND_WEST, ISLAND_WEST) == [ISLAND_EAST]
    assert reached_beside(network, ISLAND_WEST, ISLAND_WEST, ISLAND_EAST) == [MAIN, CLOSED, STUB]


def test_a_one_way_street_out_of_the_open_part_can_be_reached() -> None:
    assert reached_beside(a_street_with_a_dead_end(oneway_out=True), CLOSED, CLOSED) == [MAIN, 5]


def test_where_all_is_closed_nothing_is_reached() -> None:
    assert reached_beside(a_street_with_a_dead_end(), CLOSED, *range(5)) == []
