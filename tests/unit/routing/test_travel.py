"""Times and routes in towns small enough to work out by hand."""

import numpy as np
import pytest

from routing.network import RoadNetwork
from routing.snapping import RoadIndex
from routing.travel import Travel, travel_to
from tests.towns import Street, main_road, spot, town
from tests.unit.routing.routers import car


def travel(network: RoadNetwork, origins: list[tuple[float, float]], target: tuple[float, float]) -> Travel:
    """Travel between spots given in metres east and north of the market square."""
    index = RoadIndex(network)
    lon, lat = np.array([spot(*at) for at in [target, *origins]]).T
    snapped = index.snap(lon, lat)
    return travel_to(car(network), snapped[1:], snapped[:1])


def line(found: Travel, origin: int) -> list[tuple[float, float]]:
    route = found.route(origin)
    assert route is not None
    return list(zip(route.lon.tolist(), route.lat.tolist(), strict=True))


def one_way_ring() -> RoadNetwork:
    """Build a square ring of four one-way kilometres, 100 s each, driven 0 → 1 → 2 → 3 → 0."""
    return town(
        {"0": spot(0, 0), "1": spot(1000, 0), "2": spot(1000, 1000), "3": spot(0, 1000)},
        [Street(a, b, seconds=100, oneway=True) for a, b in ("01", "12", "23", "30")],
    )


def test_a_nearer_unit_across_the_river_arrives_later_than_one_farther_off_on_this_bank() -> None:
    bridge_m = 3000.0
    network = town(
        {
            "this bank": spot(0, 0),
            "this bridgehead": spot(bridge_m, 0),
            "that bridgehead": spot(bridge_m, 200),
            "that bank": spot(0, 200),
            "this bank, out of town": spot(-1000, 0),
        },
        [
            Street("this bank", "this bridgehead"),
            Street("this bridgehead", "that bridgehead"),
            Street("that bridgehead", "that bank"),
            Street("this bank", "this bank, out of town"),
        ],
    )
    across, on_this_bank = (0.0, 200.0), (-1000.0, 0.0)
    found = travel(network, [across, on_this_bank], (0, 0))
    assert found.time_s == pytest.approx([620, 100], abs=0.1)
    route = found.route(0)
    assert route is not None
    assert route.length_m == pytest.approx(6200, abs=1)


def test_times_are_those_of_driving_to_the_incident_not_from_it() -> None:
    network = town(
        {"station": spot(0, 0), "incident": spot(1000, 0), "ring": spot(500, 2000)},
        [
            Street("station", "incident", seconds=60, oneway=True),
            Street("incident", "ring", seconds=300, oneway=True),
            Street("ring", "station", seconds=300, oneway=True),
        ],
    )
    station, incident = (0.0, 0.0), (1000.0, 0.0)
    assert travel(network, [station], incident).time_s.tolist() == [60]
    assert travel(network, [incident], station).time_s.tolist() == [600]


@pytest.mark.parametrize("at", [(0.0, 0.0), (400.0, 0.0), (1000.0, 0.0), (1000.0, 300.0)])
def test_a_unit_at_the_incident_itself_is_there_in_no_time_by_a_line_of_two_points(
    at: tuple[float, float],
) -> None:
    found = travel(one_way_ring(), [at], at)
    assert found.time_s.tolist() == [0]
    assert line(found, 0) == [(found.target.lon[0], found.target.lat[0])] * 2


def test_a_unit_behind_the_incident_on_a_one_way_street_drives_on_to_it() -> None:
    found = travel(one_way_ring(), [(200, 0)], (700, 0))
    assert found.time_s == pytest.approx([50], abs=0.01)
    assert np.array(line(found, 0)) == pytest.approx(np.array([spot(200, 0), spot(700, 0)]), abs=1e-6)


def test_a_unit_that_just_passed_the_incident_on_a_one_way_street_drives_all_the_way_round() -> None:
    found = travel(one_way_ring(), [(710, 0)], (700, 0))
    assert found.time_s == pytest.approx([399], abs=0.01)
    assert len(line(found, 0)) == 6
    route = found.route(0)
    assert route is not None
    assert route.stretches.segment.tolist() == [0, 1, 2, 3, 0]


def test_on_a_two_way_street_a_unit_turns_round_on_the_spot() -> None:
    found = travel(main_road(100), [(710, 0), (300, 0)], (700, 0))
    assert found.time_s == pytest.approx([1, 40], abs=0.01)


def test_leaving_a_slow_street_and_coming_back_on_it_can_be_the_fastest_way() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(1000, 0)},
        [Street("a", "b", seconds=1000), Street("a", "b", seconds=10, via=(spot(500, 300),))],
    )
    found = travel(network, [(100, 0)], (900, 0))
    assert found.time_s == pytest.approx([100 + 10 + 100], abs=0.05)
    route = found.route(0)
    assert route is not None
    assert route.stretches.segment.tolist() == [0, 1, 0]


def test_a_place_on_a_loop_is_entered_from_the_permitted_end_alone() -> None:
    loop = (spot(100, 0), spot(100, 100), spot(0, 100))
    network = town(
        {"gate": spot(0, 0), "town": spot(-1000, 0)},
        [
            Street("town", "gate", seconds=100),
            Street("gate", "gate", seconds=400, oneway=True, via=loop),
        ],
    )
    found = travel(network, [(-1000, 0), (50, 0), (0, 50)], (100, 50))
    assert found.time_s == pytest.approx([250, 100, 50 + 150], abs=0.05)


def test_a_place_on_a_two_way_loop_is_reached_and_left_round_its_shorter_side() -> None:
    loop = (spot(100, 0), spot(100, 100), spot(0, 100))
    network = town({"gate": spot(0, 0)}, [Street("gate", "gate", seconds=400, via=loop)])
    gate, early, late = (0.0, 0.0), (60.0, 0.0), (0.0, 30.0)
    for target, time_s in ((early, 60), (late, 30)):
        found = travel(network, [gate], target)
        assert found.time_s == pytest.approx([time_s], abs=0.05)
        route = found.route(0)
        assert route is not None
        assert route.length_m == pytest.approx(time_s, abs=0.05)
    assert travel(network, [early, late], gate).time_s == pytest.approx([60, 30], abs=0.05)
    assert travel(network, [early], late).time_s == pytest.approx([90], abs=0.05)


def test_at_a_crossing_of_one_way_streets_a_unit_leaves_and_arrives_by_any_of_them() -> None:
    network = town(
        {
            "square": spot(0, 0),
            "west": spot(-1000, 0),
            "east": spot(1000, 0),
            "south": spot(0, -1000),
            "north": spot(0, 1000),
        },
        [
            Street("west", "square", seconds=10, oneway=True),
            Street("square", "east", seconds=20, oneway=True),
            Street("south", "square", seconds=30, oneway=True),
            Street("square", "north", seconds=40, oneway=True),
        ],
    )
    ends = {"east": (1000.0, 0.0), "north": (0.0, 1000.0)}
    for a_little_off in [(-0.5, 0.0), (0.5, 0.0), (0.0, -0.5), (0.0, 0.5)]:
        assert travel(network, [a_little_off], ends["east"]).time_s.tolist() == [20]
        assert travel(network, [a_little_off], ends["north"]).time_s.tolist() == [40]
        assert travel(network, [(-1000, 0), (0, -1000)], a_little_off).time_s.tolist() == [10, 30]


def test_where_no_road_leads_the_time_is_infinite_and_there_is_no_route() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(1000, 0), "island": spot(0, 5000), "pier": spot(1000, 5000)},
        [Street("a", "b", seconds=60, oneway=True), Street("island", "pier", seconds=60)],
    )
    found = travel(network, [(0, 0), (0, 5000), (500, 5000)], (1000, 0))
    assert found.time_s.tolist() == [60, np.inf, np.inf]
    assert found.route(1) is None
    assert found.route(2) is None
    assert travel(network, [(1000, 0)], (0, 0)).time_s.tolist() == [np.inf]


def test_of_two_streets_between_the_same_junctions_the_faster_is_driven() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(1000, 0)},
        [Street("a", "b", seconds=90), Street("a", "b", seconds=60, via=(spot(500, 400),))],
    )
    found = travel(network, [(0, 0)], (1000, 0))
    assert found.time_s.tolist() == [60]
    assert np.array(line(found, 0)) == pytest.approx(
        np.array([spot(0, 0), spot(500, 400), spot(1000, 0)]), abs=1e-7
    )


def test_a_route_keeps_the_bends_between_two_places_and_turns_back_at_none() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(400, 300)},
        [Street("a", "b", via=(spot(400, 0),)), Street("b", "a", via=(spot(0, 300),))],
    )
    found = travel(network, [(400, 200)], (100, 0))
    assert np.array(line(found, 0)) == pytest.approx(
        np.array([spot(400, 200), spot(400, 0), spot(100, 0)]), abs=1e-6
    )


def test_nobody_asking_is_answered_with_no_times() -> None:
    network = main_road(60)
    target = RoadIndex(network).snap(np.array([114.3]), np.array([30.6]))
    found = travel_to(car(network), target[:0], target)
    assert found.time_s.tolist() == []
