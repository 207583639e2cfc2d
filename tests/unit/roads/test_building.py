"""From lines to a network: where roads are cut, how long they are and how long they take."""

import numpy as np
import pandas as pd
import pytest

from geo.errors import InvalidInputError
from geo.lines import Lines
from routing.building import build_network
from routing.network import RoadNetwork
from tests.towns import Street, main_road, spot, town

METRES_EAST = {1: 0, 2: 1000, 3: 2000, 4: 3000, 5: 1000, 6: 1000}


def network_of(*ways: list[int], **columns: object) -> RoadNetwork:
    """Build ways through vertices 1 to 4 in a row 1 km apart; 5 and 6 lie where 2 lies, on another level."""
    vertex = [v for way in ways for v in way]
    lon, lat = np.array([spot(METRES_EAST[v], 0) for v in vertex]).T
    first = np.concatenate(([0], np.cumsum([len(way) for way in ways])))
    roads = {
        "road_class": "residential",
        "street": "",
        "forward": True,
        "backward": True,
        "kmh_forward": 36.0,
        "kmh_backward": 36.0,
        "seconds": np.nan,
    }
    return build_network(
        Lines(np.array(vertex), lon, lat, first), pd.DataFrame(roads | columns, index=range(len(ways)))
    )


def ends(network: RoadNetwork) -> list[tuple[int, int]]:
    return list(zip(network.tail.tolist(), network.head.tolist(), strict=True))


def test_a_road_that_meets_no_other_is_one_segment_with_its_bends_as_shape() -> None:
    network = network_of([1, 2, 3])
    assert (network.nodes, network.segments, network.junctions) == (2, 1, 2)
    assert network.length_m == pytest.approx([2000])
    assert network.forward_ms == pytest.approx([200_000])
    assert len(network.point_lon) == 3


def test_a_side_road_cuts_the_main_road_where_they_share_a_vertex() -> None:
    network = network_of([1, 2, 3], [2, 4])
    assert ends(network) == [(0, 1), (1, 2), (1, 3)]
    assert network.length_m == pytest.approx([1000, 1000, 2000])
    assert network.junctions == 4


def test_a_bridge_over_a_road_shares_its_coordinates_but_not_its_vertex() -> None:
    network = network_of([1, 2, 3], [4, 5])
    assert ends(network) == [(0, 1), (2, 3)]
    assert network.components == 2


def test_a_road_that_passes_one_place_twice_is_cut_there() -> None:
    network = network_of([1, 2, 3, 4, 2])
    assert ends(network) == [(0, 1), (1, 1)]
    assert network.length_m == pytest.approx([1000, 1000 + 1000 + 2000])


def test_a_closed_way_alone_is_a_loop_at_its_start() -> None:
    network = network_of([1, 2, 3, 1])
    assert ends(network) == [(0, 0)]
    assert network.length_m == pytest.approx([4000])


def test_a_roundabout_is_cut_where_roads_join_it() -> None:
    network = network_of([1, 2, 3, 1], [3, 4])
    assert ends(network) == [(0, 1), (1, 0), (1, 2)]


def test_a_vertex_repeated_in_a_row_adds_nothing() -> None:
    assert ends(network_of([1, 1, 2, 2])) == [(0, 1)]


def test_a_road_of_one_place_is_no_road() -> None:
    network = network_of([3, 3], [1, 2])
    assert ends(network) == [(0, 1)]
    assert network.node_lon[0] == pytest.approx(spot(0, 0)[0])


def test_a_stretch_of_no_length_stays_where_it_joins_two_nodes() -> None:
    network = network_of([1, 2], [2, 5], [5, 3])
    assert network.components == 1
    assert network.length_m == pytest.approx([1000, 0, 1000])
    assert network.forward_ms.tolist()[1] == 1


def test_a_stretch_of_no_length_goes_where_it_returns_to_its_start() -> None:
    network = network_of([1, 2], [2, 5, 6, 2])
    assert ends(network) == [(0, 1)]


def test_the_same_road_drawn_twice_is_two_parallel_segments_and_no_more_junctions() -> None:
    network = network_of([1, 2, 3], [1, 2, 3])
    assert ends(network) == [(0, 1), (1, 2), (0, 1), (1, 2)]
    assert network.junctions == 2


def test_a_road_that_only_continues_is_a_node_and_no_junction() -> None:
    network = network_of([1, 2], [2, 3])
    assert (network.nodes, network.junctions) == (3, 2)


def test_a_one_way_street_has_one_directed_edge() -> None:
    network = network_of([1, 2], [2, 3], backward=[True, False])
    assert network.directed_edges == 3


def test_the_seconds_of_a_whole_road_are_shared_out_by_length() -> None:
    network = network_of([1, 2, 4], [2, 3], seconds=[90.0, np.nan])
    assert network.forward_ms == pytest.approx([30_000, 60_000, 100_000])
    assert network.backward_ms == pytest.approx([30_000, 60_000, 100_000])


def test_the_seconds_of_a_road_of_no_length_are_its_own() -> None:
    assert network_of([1, 2], [2, 5], seconds=[np.nan, 8.0]).forward_ms.tolist()[1] == 8000


def test_each_direction_keeps_its_own_speed() -> None:
    network = network_of([1, 2], kmh_forward=72.0, kmh_backward=18.0)
    assert (network.forward_ms[0], network.backward_ms[0]) == pytest.approx((50_000, 200_000))


@pytest.mark.parametrize(
    ("road_class", "kmh"), [("motorway", 90), ("residential", 25), ("", 25), ("moat", 25)]
)
def test_a_road_without_a_posted_speed_takes_its_classs(road_class: str, kmh: int) -> None:
    network = network_of([1, 2], road_class=road_class, kmh_forward=np.nan)
    assert network.forward_ms == pytest.approx([1_000_000 * 3.6 / kmh], abs=1)


def test_names_and_classes_are_words_behind_positions() -> None:
    network = network_of([1, 2], [2, 3], [3, 4], street=["", "Quai", "Alle"], road_class=["b", "a", "b"])
    assert network.street_names[network.street].tolist() == ["", "Quai", "Alle"]
    assert network.class_names[network.road_class].tolist() == ["b", "a", "b"]
    assert network.street_names[0] == ""


def test_lengths_are_geodesic_and_the_metric_system_is_true_to_them() -> None:
    network = town({"a": spot(0, 0), "b": spot(0, 5000)}, [Street("a", "b", via=(spot(3000, 2000),))])
    drawn_m = np.hypot(np.diff(network.point_x), np.diff(network.point_y)).sum()
    assert network.length_m[0] == pytest.approx(2 * np.hypot(3000, 2500), rel=0.03)
    assert network.length_m[0] == pytest.approx(drawn_m, rel=1e-6)


def test_the_same_streets_give_the_same_arrays() -> None:
    once, again = main_road(60, 30), main_road(60, 30)
    assert all(again.arrays[name].tobytes() == array.tobytes() for name, array in once.arrays.items())


def test_a_network_comes_back_from_its_arrays() -> None:
    network = main_road(60, 30)
    again = RoadNetwork.from_arrays(network.arrays, network.metric_system)
    assert (again.nodes, again.bounds) == (3, network.bounds)


def test_a_road_closed_in_both_directions_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at least one direction"):
        network_of([1, 2], forward=False, backward=False)


def test_lines_that_lead_nowhere_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="no road to drive on"):
        network_of([1, 1], [])


def test_a_road_that_takes_a_month_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="24 days"):
        network_of([1, 2], seconds=30 * 86_400.0)


def test_a_column_of_ids_is_not_a_column_of_classes() -> None:
    with pytest.raises(InvalidInputError, match="not classes of road"):
        network_of(*([[1, 2]] * 33_000), road_class=[str(i) for i in range(33_000)])


def test_a_town_with_a_node_no_street_reaches_is_a_mistake_in_the_test() -> None:
    with pytest.raises(ValueError, match="no street ends at"):
        town({"a": spot(0, 0), "b": spot(1, 0), "c": spot(2, 0)}, [Street("a", "b")])
