"""What lies around and within shapes: worked out by hand, in metres and on the globe."""

import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from geo.surroundings import PeopleAround, area_km2, crossing_m, degrees_off_upwind
from tests.towns import spot

SQUARE = shapely.box(0, 0, 1000, 1000)
HERE = spot(0, 0)


def test_a_square_of_two_kilometres_has_four() -> None:
    assert area_km2(shapely.box(*spot(-1000, -1000), *spot(1000, 1000))) == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize(("x", "counted"), [(1500.0, 7.0), (1501.0, 0.0), (500.0, 7.0)])
def test_people_count_inside_and_up_to_the_distance(x: float, counted: float) -> None:
    people = PeopleAround(np.array([x]), np.array([500.0]), np.array([7.0]))
    assert people.within(SQUARE, 500) == counted


def test_density_is_people_over_the_area_around() -> None:
    people = PeopleAround(np.array([0.0]), np.array([0.0]), np.array([3141.6]))
    assert people.per_km2(Point(0, 0), 1000) == pytest.approx(1000, rel=0.001)


@pytest.mark.parametrize(
    ("wind_from_deg", "off"), [(90, 0), (0, 90), (180, 90), (270, 180), (360, 90), (45, 45)]
)
def test_a_station_east_of_a_site_is_upwind_when_the_wind_comes_from_the_east(
    wind_from_deg: float, off: float
) -> None:
    assert degrees_off_upwind(HERE, spot(1000, 0), wind_from_deg) == pytest.approx(off, abs=0.01)


def test_a_line_that_runs_through_counts_and_one_that_follows_the_outline_does_not() -> None:
    through, beside = LineString([(500, -100), (500, 1100)]), LineString([(30, -100), (30, 1100)])
    assert crossing_m(SQUARE, np.array([through, beside])) == pytest.approx(900)
    assert crossing_m(SQUARE, np.array([beside])) == 0
    assert crossing_m(SQUARE, np.zeros(0, dtype=np.object_)) == 0
    assert crossing_m(shapely.box(0, 0, 50, 50), np.array([through])) == 0
