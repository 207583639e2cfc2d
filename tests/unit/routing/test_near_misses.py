"""Roads that stop a step before another."""

import pytest

from routing.near_misses import near_misses
from tests.towns import Street, spot, town

MAIN = {"west": spot(-1000, 0), "east": spot(1000, 0)}


@pytest.mark.parametrize(("gap_m", "missed"), [(0.2, [3]), (0.9, [3]), (1.1, []), (30, [])])
def test_a_road_that_stops_less_than_a_metre_short_of_another_misses_it(
    gap_m: float, missed: list[int]
) -> None:
    network = town(
        MAIN | {"far": spot(0, 500), "stop": spot(0, gap_m)}, [Street("west", "east"), Street("far", "stop")]
    )
    assert near_misses(network).tolist() == missed


def test_a_road_that_meets_the_other_misses_nothing() -> None:
    network = town(
        MAIN | {"far": spot(0, 500), "crossing": spot(0, 0)},
        [Street("west", "crossing"), Street("crossing", "east"), Street("far", "crossing")],
    )
    assert near_misses(network).tolist() == []


def test_two_ends_that_face_each_other_are_two() -> None:
    network = town(MAIN | {"a": spot(-0.3, 0), "b": spot(0.3, 0)}, [Street("west", "a"), Street("b", "east")])
    assert near_misses(network).tolist() == [2, 3]


def test_a_bridge_that_ends_nowhere_near_a_metre_is_no_miss_though_it_crosses() -> None:
    network = town(
        MAIN | {"north": spot(0, 50), "south": spot(0, -50)},
        [Street("west", "east"), Street("north", "south")],
    )
    assert near_misses(network).tolist() == []


def test_a_driveway_of_half_a_metre_touches_its_road_already() -> None:
    network = town(
        MAIN | {"gate": spot(0, 0), "yard": spot(0, 0.5)},
        [Street("west", "gate"), Street("gate", "east"), Street("gate", "yard")],
    )
    assert near_misses(network).tolist() == []


def test_a_loop_road_that_comes_back_to_its_own_start_but_for_a_step_misses_it() -> None:
    network = town(
        MAIN | {"gate": spot(0, 0), "end": spot(50, 0.5)},
        [Street("west", "gate"), Street("gate", "east"), Street("gate", "end", via=(spot(20, 80),))],
    )
    assert near_misses(network).tolist() == [3]
