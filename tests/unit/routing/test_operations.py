"""Nearest, tables with metres, isochrones and steps, in towns whose answers can be worked out."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from routing.isochrones import area_around, reached_from, reaching
from routing.lengths import times_and_metres
from routing.network import RoadNetwork
from routing.snapping import RoadIndex, Snapped
from routing.steps import steps_of, turn_word
from tests.towns import Street, main_road, spot, town
from tests.unit.routing.random_towns import Situation, situations
from tests.unit.routing.routers import car

PLACES = {"a": spot(0, 0), "b": spot(1000, 0), "c": spot(1000, 1000), "d": spot(2000, 1000)}


def snapped(network: RoadNetwork, *east_north: tuple[float, float]) -> Snapped:
    lon, lat = np.array([spot(*at) for at in east_north]).T
    return RoadIndex(network).snap(lon, lat)


@pytest.fixture(scope="module")
def corner() -> RoadNetwork:
    """Build Long Street going east, then Mill Lane north, then a nameless street east: 100 s each."""
    return town(
        PLACES,
        [
            Street("a", "b", seconds=100, name="Long Street"),
            Street("b", "c", seconds=100, name="Mill Lane"),
            Street("c", "d", seconds=100),
        ],
    )


def test_the_k_nearest_come_soonest_first_with_their_routes(corner: RoadNetwork) -> None:
    places = snapped(corner, (2000, 1000), (0, 0), (1000, 0), (1000, 500))
    found = car(corner).nearest(places, snapped(corner, (1000, 1000)), 2)
    assert found.origin.tolist() == [3, 0]
    assert found.time_s == pytest.approx([50, 100], abs=0.01)
    assert [route.length_m for route in found.routes if route] == pytest.approx([500, 1000], abs=1)


def test_fewer_are_found_where_fewer_can_come() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(100, 0), "x": spot(0, 900), "y": spot(100, 900)},
        [Street("a", "b"), Street("x", "y")],
    )
    found = car(network).nearest(snapped(network, (100, 0), (0, 900)), snapped(network, (0, 0)), 5)
    assert found.origin.tolist() == [0]


def test_a_row_of_the_table_has_seconds_and_metres(corner: RoadNetwork) -> None:
    origins, destinations = snapped(corner, (0, 0)), snapped(corner, (500, 0), (1000, 500), (2000, 1000))
    (row,) = times_and_metres(car(corner), origins, destinations)
    assert row.seconds == pytest.approx([50, 150, 300], abs=0.01)
    assert row.metres == pytest.approx([500, 1500, 3000], abs=1)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_table_agrees_with_the_matrix_and_the_metres_with_a_route(situation: Situation) -> None:
    router = car(situation.network)
    seconds = router.matrix(situation.origins, situation.target)[:, 0]
    routes = router.routes_to(situation.origins, situation.target)
    (column,) = times_and_metres(router, situation.origins, situation.target)
    assert column.seconds.tolist() == seconds.tolist()
    assert column.origin.tolist() == list(range(len(situation.origins)))
    back = list(times_and_metres(router, situation.target, situation.origins))
    assert [part.seconds.tolist() for part in back] == router.matrix(
        situation.target, situation.origins
    ).tolist()
    for metres, route in zip(column.metres, routes, strict=True):
        assert np.isfinite(metres) == (route is not None)
        assert metres >= 0


def test_in_150_seconds_one_gets_one_street_and_a_half(corner: RoadNetwork) -> None:
    reached = reached_from(car(corner), snapped(corner, (0, 0)), 150)
    spans = sorted(zip(reached.segment.tolist(), reached.start.tolist(), reached.end.tolist(), strict=True))
    assert [segment for segment, _, _ in spans] == [0, 1]
    assert [end for _, _, end in spans] == pytest.approx([1.0, 0.5], abs=1e-3)
    assert reached.kilometres(corner) == pytest.approx(1.5, abs=0.01)


def test_around_a_place_in_the_middle_of_a_street_both_sides_are_reached() -> None:
    road = main_road(100.0)
    reached = reached_from(car(road), snapped(road, (500, 0)), 20)
    assert (reached.start[0], reached.end[0]) == pytest.approx((0.3, 0.7), abs=1e-3)


def test_on_a_one_way_street_one_gets_ahead_and_is_reached_from_behind() -> None:
    road = town({"a": spot(0, 0), "b": spot(1000, 0)}, [Street("a", "b", seconds=100, oneway=True)])
    place = snapped(road, (500, 0))
    onward, behind = reached_from(car(road), place, 20), reaching(car(road), place, 20)
    assert (onward.start[0], onward.end[0]) == pytest.approx((0.5, 0.7), abs=1e-3)
    assert (behind.start[0], behind.end[0]) == pytest.approx((0.3, 0.5), abs=1e-3)


def test_the_area_holds_the_reached_road_and_not_the_one_beyond(corner: RoadNetwork) -> None:
    area = area_around(corner, reached_from(car(corner), snapped(corner, (0, 0)), 150))
    assert area.contains(shapely.Point(spot(1000, 400)))
    assert area.contains(shapely.Point(spot(500, 40)))
    assert not area.intersects(shapely.Point(spot(1000, 700)))


@settings(max_examples=100, deadline=None)
@given(situations())
def test_what_is_reached_is_what_takes_no_longer(situation: Situation) -> None:
    network, origin = situation.network, situation.target
    router = car(network)
    reached = reached_from(router, origin, 60)
    time_s = router.times_from(origin, situation.origins)
    for i in range(len(situation.origins)):
        place = situation.origins[i : i + 1]
        if place.at_node[0]:
            continue
        on_it = reached.segment == place.segment[0]
        along = float(place.along[0])
        inside = bool(((reached.start[on_it] <= along) & (along <= reached.end[on_it])).any())
        if abs(time_s[i] - 60) > 0.01:
            assert inside == (time_s[i] < 60)


def test_steps_name_streets_turns_and_metres(corner: RoadNetwork) -> None:
    route = car(corner).routes_to(snapped(corner, (500, 0)), snapped(corner, (1500, 1000)))[0]
    assert route is not None
    steps = steps_of(corner, route)
    assert [(s.turn, s.street) for s in steps] == [
        ("depart", "Long Street"),
        ("left", "Mill Lane"),
        ("right", ""),
    ]
    assert [s.length_m for s in steps] == pytest.approx([500, 1000, 500], abs=1)


def test_a_route_of_no_length_has_no_steps(corner: RoadNetwork) -> None:
    route = car(corner).routes_to(snapped(corner, (0, 0)), snapped(corner, (0, 0)))[0]
    assert route is not None
    assert steps_of(corner, route) == ()


@pytest.mark.parametrize(
    ("degrees", "word"),
    [
        (0, "straight"),
        (-30, "slight left"),
        (90, "right"),
        (-90, "left"),
        (150, "sharp right"),
        (180, "back"),
    ],
)
def test_turns_have_words(degrees: float, word: str) -> None:
    assert turn_word(degrees) == word
