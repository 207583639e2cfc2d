"""The road points of an area on a town of one road, a kilometre between its nodes."""

import numpy as np
import pytest
from shapely import Polygon

from geo.places import geodesic_m
from routing.area_edge import farthest, road_points
from routing.snapping import RoadIndex
from tests.towns import main_road, spot

ROAD = main_road(100, 100, 100)
INDEX = RoadIndex(ROAD)


def box(west_m: float, east_m: float, south_m: float = -100) -> Polygon:
    return Polygon([spot(west_m, south_m), spot(east_m, south_m), spot(east_m, 100), spot(west_m, 100)])


def test_roads_stand_for_an_area_where_they_cross_its_outline_and_where_they_meet_inside() -> None:
    points = road_points(ROAD, INDEX, box(500, 2500))
    west = np.full(len(points), spot(0, 0)[0]), np.full(len(points), spot(0, 0)[1])
    from_west_m = geodesic_m(*west, points.lon, points.lat)
    assert sorted(from_west_m.round().tolist()) == [500, 1000, 2000, 2500]
    assert int(points.on_edge.sum()) == 2


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
