"""Places are put on the nearest road: where along it, at which junction, and how far off."""

import numpy as np
import pytest

from geo.places import WGS84
from routing.network import RoadNetwork
from routing.snapping import RoadIndex, Snapped
from tests.towns import Street, main_road, spot, town


def snap(network: RoadNetwork, *east_north_m: tuple[float, float]) -> Snapped:
    lon, lat = np.array([spot(*at) for at in east_north_m]).T
    return RoadIndex(network).snap(lon, lat)


def crossing() -> RoadNetwork:
    """Build four one-way streets: from west and south to the market square 0, from it to east and north."""
    return town(
        {
            "market": spot(0, 0),
            "west": spot(-1000, 0),
            "south": spot(0, -1000),
            "east": spot(1000, 0),
            "north": spot(0, 1000),
        },
        [
            Street("west", "market", oneway=True),
            Street("south", "market", oneway=True),
            Street("market", "east", oneway=True),
            Street("market", "north", oneway=True),
        ],
    )


def test_a_place_goes_to_the_nearest_street_and_knows_how_far_along() -> None:
    snapped = snap(crossing(), (-250, 30), (30, 600))
    assert snapped.segment.tolist() == [0, 3]
    assert snapped.along == pytest.approx([0.75, 0.6], abs=1e-4)
    assert snapped.off_m == pytest.approx([30, 30], abs=0.01)
    assert not snapped.at_node.any()


def test_where_it_meets_the_road_is_a_spot_on_the_road() -> None:
    snapped = snap(crossing(), (-250, 30))
    assert (snapped.lon[0], snapped.lat[0]) == pytest.approx(spot(-250, 0), abs=1e-7)


def test_along_counts_the_bends_of_a_street() -> None:
    network = town({"a": spot(0, 0), "b": spot(300, 100)}, [Street("a", "b", via=(spot(300, 0),))])
    snapped = snap(network, (150, -5), (310, 50))
    assert snapped.along == pytest.approx([150 / 400, 350 / 400], abs=1e-4)


@pytest.mark.parametrize("at", [(-0.7, 0.0), (0.0, -0.7), (0.7, 0.0), (0.0, 0.7), (0.0, 0.0)])
def test_a_place_at_a_junction_is_that_junction_whichever_street_is_nearest(at: tuple[float, float]) -> None:
    snapped = snap(crossing(), at)
    assert snapped.at_node.tolist() == [True]
    assert snapped.node.tolist() == [0]
    assert (snapped.lon[0], snapped.lat[0]) == pytest.approx(spot(0, 0), abs=1e-12)


def test_a_metre_along_the_road_from_a_junction_is_at_it_and_a_little_more_is_not() -> None:
    snapped = snap(crossing(), (0.99, 0), (1.01, 0), (-0.99, 0), (-1.01, 0))
    assert snapped.at_node.tolist() == [True, False, True, False]


def test_beside_the_end_of_a_road_however_far_off_is_at_its_end() -> None:
    snapped = snap(main_road(60), (-300, 0), (1000, 200))
    assert snapped.at_node.tolist() == [True, True]
    assert snapped.node.tolist() == [0, 1]
    assert snapped.off_m == pytest.approx([300, 200], abs=0.01)


def test_a_loop_street_begins_and_ends_at_one_junction_and_can_be_stood_on_between() -> None:
    network = town({"a": spot(0, 0)}, [Street("a", "a", via=(spot(100, 0), spot(100, 100), spot(0, 100)))])
    snapped = snap(network, (0, 0), (0.5, -0.2), (-0.2, 0.5), (110, 50), (-10, 50))
    assert snapped.at_node.tolist() == [True, True, True, False, False]
    assert snapped.node[:3].tolist() == [0, 0, 0]
    assert snapped.along[3:] == pytest.approx([150 / 400, 350 / 400], abs=1e-4)


def test_on_a_street_shorter_than_two_metres_every_place_is_at_the_nearer_end() -> None:
    network = town({"a": spot(0, 0), "b": spot(1.5, 0)}, [Street("a", "b")])
    snapped = snap(network, (0.1, 3), (0.7, 3), (0.8, 3), (1.4, 3))
    assert snapped.at_node.all()
    assert snapped.node.tolist() == [0, 0, 1, 1]


def test_a_street_of_no_length_is_stood_on_at_its_tail() -> None:
    network = town({"level 0": spot(0, 0), "level 1": spot(0, 0)}, [Street("level 0", "level 1")])
    snapped = snap(network, (40, 0))
    assert (snapped.at_node[0], snapped.node[0], snapped.along[0]) == (True, 0, 0.0)
    assert snapped.off_m == pytest.approx([40], abs=0.01)


def test_of_streets_equally_near_the_first_is_taken_every_time() -> None:
    twice = town({"a": spot(0, 0), "b": spot(1000, 0)}, [Street("a", "b"), Street("a", "b")])
    assert snap(twice, (500, 20), (300, -7)).segment.tolist() == [0, 0]


def test_a_place_far_off_states_its_geodesic_distance_from_the_road() -> None:
    network, (lon, lat) = main_road(60), (114.3, 31.6)
    snapped = RoadIndex(network).snap(np.array([lon]), np.array([lat]))
    _, _, by_hand_m = WGS84.inv(lon, lat, *spot(0, 0))
    assert snapped.off_m[0] == pytest.approx(by_hand_m, abs=0.01)
    assert 110_000 < by_hand_m < 112_000


@pytest.mark.parametrize(
    ("lon", "lat"), [(24.2, 0), (0, 0), (-65.7, -30.6), (24.3, 0), (0, 90), (0, -90), (180, 0), (-180, 0)]
)
def test_a_place_far_round_the_earth_is_thousands_of_kilometres_off(lon: float, lat: float) -> None:
    snapped = RoadIndex(main_road(60, 60)).snap(np.array([lon, 114.31]), np.array([lat, 30.6]))
    _, _, by_hand_m = WGS84.inv(lon, lat, *spot(1000, 0))
    assert snapped.off_m[0] == pytest.approx(by_hand_m, abs=2000)
    assert snapped.off_m[0] > 6_000_000
    assert snapped.off_m[1] < 1


def test_a_country_wider_than_eight_degrees_is_snapped_to_as_exactly() -> None:
    network = town({"a": (100.0, 30.0), "b": (110.0, 30.0)}, [Street("a", "b", seconds=60)])
    snapped = RoadIndex(network).snap(np.array([99.0, -75.0]), np.array([30.0, -30.0]))
    _, _, by_hand_m = WGS84.inv([99.0, -75.0], [30.0, -30.0], [100.0, 110.0], [30.0, 30.0])
    assert snapped.off_m[0] == pytest.approx(by_hand_m[0], abs=0.01)
    assert 19_000_000 < snapped.off_m[1] < 20_010_000


def test_no_places_are_no_entries() -> None:
    assert len(RoadIndex(main_road(60)).snap(np.zeros(0), np.zeros(0))) == 0


def test_a_place_is_put_on_the_same_spot_alone_and_among_others() -> None:
    network = crossing()
    alone, among = snap(network, (123.4, 5.6)), snap(network, (-9, 9), (123.4, 5.6), (400, -40))
    assert alone.along[0] == among.along[1]
    assert (alone.lon[0], alone.lat[0], alone.off_m[0]) == (among.lon[1], among.lat[1], among.off_m[1])
