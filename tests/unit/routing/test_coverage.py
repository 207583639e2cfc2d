"""Coverage of towns whose times a person can add up."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.coverage import (
    NOBODY,
    UNGRADED,
    Demands,
    due_at,
    gates_that_count,
    last_reached,
    promise_of,
    share_of,
    tally,
    whole_ms,
)
from routing.graph import SearchGraph
from routing.isochrones import Reached, reached_from
from routing.metric import metric_of
from routing.profiles import CAR, profile
from routing.reached_together import (
    circles,
    reached_inside_m,
    road_inside_m,
    segment_metres,
    together,
)
from routing.router import Router
from routing.snapping import RoadIndex
from routing.spots import PIECE_M, spots_of
from tests.towns import Street, main_road, spot, town

INF = np.inf


def works() -> Demands:
    """Return a plant of grade 1 with two gates, a pipeline in four pieces, and an ungraded store."""
    return Demands(
        grade=np.array([1, 2, UNGRADED]),
        by_share=np.array([False, True, False]),
        spot_demand=np.array([0, 0, 1, 1, 1, 1, 2]),
        spot_share=np.array([0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 1.0]),
    )


def times() -> NDArray[np.float64]:
    """Return the times of two stations to the seven spots."""
    return np.array(
        [
            [100, 300, 100, 200, 300, 400, INF],
            [250, 200, 900, 800, 700, 350, INF],
        ],
        dtype=np.float64,
    )


def test_a_plant_is_reached_when_its_worst_gate_is() -> None:
    due = due_at(times(), works())
    assert due.first_s.tolist() == [200, 350, INF]
    assert due.worst_spot.tolist() == [1, 5, 6]
    assert due.first.tolist() == [1, 1, NOBODY]


def test_the_second_due_is_counted_at_the_gate_where_it_comes_last() -> None:
    due = due_at(times(), works())
    assert due.second_s.tolist() == [300, 900, INF]
    assert due.second.tolist() == [0, 1, NOBODY]


def test_a_line_counts_by_the_share_reached_and_a_plant_all_or_nothing() -> None:
    due = due_at(times(), works())
    assert share_of(due.spot_s <= 200, works()).tolist() == [1.0, 0.5, 0.0]
    assert share_of(due.spot_s <= 199, works()).tolist() == [0.0, 0.25, 0.0]


def test_shares_that_do_not_add_up_to_one_exactly_still_make_a_whole_line() -> None:
    thirds = Demands(np.array([1]), np.array([True]), np.zeros(7, dtype=np.int64), np.full(7, 1 / 7))
    assert share_of(np.ones(7, dtype=bool), thirds).tolist() == [1.0]


def test_the_gravest_grade_is_counted_first_and_the_ungraded_last() -> None:
    rows = tally(due_at(times(), works()), works(), 300)
    assert [(row.grade, row.demands, row.reached, row.reached_twice) for row in rows] == [
        (1, 1, 1, 1),
        (2, 1, 0, 0),
        (UNGRADED, 1, 0, 0),
    ]
    assert [row.worst_s for row in rows] == [200, 350, INF]


def test_whoever_arrives_exactly_at_the_standard_is_in_time() -> None:
    one = Demands(np.array([1]), np.array([False]), np.array([0]), np.array([1.0]))
    at_the_edge = whole_ms(np.array([[0.1]]) + 0.2)
    assert tally(due_at(at_the_edge, one), one, 0.3)[0].reached == 1
    assert tally(due_at(at_the_edge + 0.001, one), one, 0.3)[0].reached == 0


def test_the_worst_arrival_is_that_of_a_demand_somebody_reaches() -> None:
    assert last_reached(due_at(times(), works())) == 1
    assert last_reached(due_at(np.full((2, 7), INF), works())) is None


def test_without_a_station_nobody_comes() -> None:
    due = due_at(np.zeros((0, 7)), works())
    assert np.isinf(due.first_s).all()
    assert (due.first == NOBODY).all()


def test_with_one_station_there_is_no_second_due() -> None:
    due = due_at(times()[:1], works())
    assert np.isinf(due.second_s).all()


def test_a_circle_lies_about_what_lies_in_it_across_the_river() -> None:
    demands = Demands(np.array([1, 2]), np.array([False, False]), np.array([0, 1]), np.ones(2))
    due = due_at(np.array([[900.0, 120.0]]), demands)
    said = promise_of(np.array([[200.0, 1500.0]]), 1000, due, demands, 300)
    assert said.inside.tolist() == [True, False]
    assert said.lie.tolist() == [True, False]
    assert said.unpromised.tolist() == [False, True]


def test_a_gate_nobody_ever_reaches_is_none_unless_there_is_no_other() -> None:
    reachable = np.array([True, False, True, False, True, True, False])
    assert gates_that_count(works(), reachable).tolist() == [True, False, True, True, True, True, True]


def test_a_demand_without_a_spot_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="spot_demand"):
        Demands(np.array([1, 2]), np.array([False, False]), np.array([0, 0]), np.ones(2))


def test_a_plant_has_gates_where_roads_cross_its_outline() -> None:
    network = main_road(100, 100)
    corners = [spot(900, -50), spot(1100, -50), spot(1100, 50), spot(900, 50)]
    found = spots_of(network, RoadIndex(network), [shapely.Polygon(corners)])
    east_m = sorted((found.lon - spot(0, 0)[0]) / (spot(1000, 0)[0] - spot(0, 0)[0]) * 1000)
    assert east_m == pytest.approx([900, 1100], abs=1)
    assert found.share.tolist() == [0.5, 0.5]


def test_a_plant_that_no_road_enters_is_met_in_its_middle() -> None:
    network = main_road(100)
    yard = shapely.Polygon([spot(400, 100), spot(600, 100), spot(600, 300), spot(400, 300)])
    found = spots_of(network, RoadIndex(network), [yard, shapely.Point(*spot(0, 0))])
    assert found.shape.tolist() == [0, 1]
    assert found.lat[0] == pytest.approx(spot(500, 200)[1], abs=1e-5)


def test_a_pipeline_is_cut_into_even_pieces() -> None:
    network = main_road(100)
    line = shapely.LineString([spot(0, 500), spot(990, 500)])
    found = spots_of(network, RoadIndex(network), [line])
    assert (PIECE_M, found.share.tolist()) == (250, [0.25, 0.25, 0.25, 0.25])


def test_road_that_two_stations_reach_is_counted_once() -> None:
    a = Reached(np.array([0, 1]), np.array([0.0, 0.0]), np.array([1.0, 0.5]))
    b = Reached(np.array([1, 1, 2]), np.array([0.25, 0.75, 0.0]), np.array([0.6, 1.0, 0.5]))
    both = together([a, b])
    assert both.segment.tolist() == [0, 1, 1, 2]
    assert both.start.tolist() == pytest.approx([0, 0, 0.75, 0])
    assert both.end.tolist() == pytest.approx([1, 0.6, 1, 0.5])
    assert len(together([]).segment) == 0


def test_two_stations_at_the_ends_of_a_road_reach_what_each_reaches() -> None:
    network = main_road(100, 100, 100)
    index = RoadIndex(network)
    router = Router.plain(network, SearchGraph.of(network), metric_of(network, profile(CAR)))
    ends = index.snap(network.node_lon[[0, 3]], network.node_lat[[0, 3]])
    both = together([reached_from(router, ends[i : i + 1], 120) for i in range(2)])
    assert segment_metres(network, both) == pytest.approx([1000, 400, 1000], abs=1)


def test_a_circle_promises_the_far_bank_and_the_road_does_not_give_it() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(1000, 0), "c": spot(0, 200), "d": spot(1000, 200)},
        [Street("a", "b"), Street("c", "d")],
    )
    index = RoadIndex(network)
    router = Router.plain(network, SearchGraph.of(network), metric_of(network, profile(CAR)))
    station = index.snap(network.node_lon[:1], network.node_lat[:1])
    reached = reached_from(router, station, 1000)
    circle = circles(network, network.node_lon[:1], network.node_lat[:1], 500)
    assert road_inside_m(network, index, circle) == pytest.approx(500 + (500**2 - 200**2) ** 0.5, abs=2)
    assert reached_inside_m(network, reached, circle) == pytest.approx(500, abs=2)
