"""The road points of an area on a town of one road, a kilometre between its nodes."""

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely import Polygon

from geo.places import geodesic_m
from routing.area_edge import farthest, road_points, turning_places
from routing.metric import metric_of
from routing.profiles import profile
from routing.snapping import RoadIndex
from tests.towns import main_road, spot

ROAD = main_road(100, 100, 100)
INDEX = RoadIndex(ROAD)


def box(west_m: float, east_m: float, south_m: float = -100) -> Polygon:
    return Polygon([spot(west_m, south_m), spot(east_m, south_m), spot(east_m, 100), spot(west_m, 100)])


def from_west_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[float]:
    west = np.full(len(lon), spot(0, 0)[0]), np.full(len(lon), spot(0, 0)[1])
    metres: list[float] = geodesic_m(*west, lon, lat).round().tolist()
    return metres


def test_roads_stand_for_an_area_where_they_cross_its_outline_and_where_they_meet_inside() -> None:
    points = road_points(ROAD, INDEX, box(500, 2500))
    assert sorted(from_west_m(points.lon, points.lat)) == [500, 1000, 2000, 2500]
    assert points.segment.tolist() == [0, 1, 2]


def test_a_dead_end_inside_is_a_point_of_its_own() -> None:
    points = road_points(ROAD, INDEX, box(2500, 3500))
    assert len(points) == 2


def test_an_area_without_a_road_has_none() -> None:
    assert len(road_points(ROAD, INDEX, box(500, 2500, 50))) == 0


def test_the_last_one_ever_reached_counts_and_the_others_are_told() -> None:
    points = road_points(ROAD, INDEX, box(500, 2500))
    last = farthest(points, np.array([50.0, 250.0, np.inf, 70.0]))
    assert last is not None
    assert (last.seconds, last.never) == (250.0, 1)
    assert last.lon == pytest.approx(points.lon[1])
    assert farthest(points, np.full(4, np.inf)) is None


@pytest.mark.parametrize(
    ("tail_s", "head_s", "turns_at_m"),
    [(0, 0, [1500]), (40, 0, [1300]), (0, 100, []), (0, np.inf, [])],
)
def test_who_comes_round_from_both_ends_is_latest_between_them(
    tail_s: float, head_s: float, turns_at_m: list[float]
) -> None:
    metric = metric_of(ROAD, profile("car"))
    found = turning_places(ROAD, metric, box(500, 2500), np.array([1]), np.array([[tail_s, head_s]]))
    assert from_west_m(*found) == turns_at_m


def test_a_turning_place_outside_the_area_is_none_of_its_own() -> None:
    metric = metric_of(ROAD, profile("car"))
    lon, _ = turning_places(ROAD, metric, box(500, 1400), np.array([1]), np.zeros((1, 2)))
    assert len(lon) == 0
