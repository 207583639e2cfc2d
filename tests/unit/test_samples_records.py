"""The records of the made-up city: plausible, all of them marked, and not all of them in order."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest
from shapely import Point

from data.samples.city import City, make_city
from data.samples.generated_town import generated_town

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HALF_A_YEAR = timedelta(days=183)
SLIVER_DEG2 = 1e-7
"""What rounding a common border to decimetres leaves."""


@pytest.fixture(scope="module")
def city() -> City:
    ends = [end for line in generated_town().geometry for end in (line.coords[0], line.coords[-1])]
    return make_city(*np.unique(np.array(ends), axis=0).T, now=NOW)


def test_every_record_says_that_it_is_made_up(city: City) -> None:
    records = city.records
    rows = [*records.enterprises, *records.drills, *records.areas]
    assert rows
    assert all(row.synthetic for row in rows)


def test_every_enterprise_that_runs_a_source_has_people(city: City) -> None:
    assert {row.name for row in city.records.enterprises} == {row.enterprise for row in city.hazard_sources}
    assert all(row.headcount for row in city.records.enterprises)


def test_every_team_has_drilled_most_of_them_within_half_a_year(city: City) -> None:
    last = {row.team: row.held_on for row in city.records.drills if row.organiser == "team"}
    assert set(last) == {team.name for team in city.teams}
    overdue = [day for day in last.values() if day < _today() - HALF_A_YEAR]
    assert 0 < len(overdue) < len(last) / 4
    assert max(row.held_on for row in city.records.drills) < _today()


def test_every_fire_station_answers_for_an_area_of_its_own_around_it(city: City) -> None:
    places = {base.name: Point(base.place.lon, base.place.lat) for base in city.bases}
    areas = city.records.areas
    assert all(row.area.is_valid and row.area.contains(places[row.base]) for row in areas)
    shared = [one.area.intersection(other.area).area for one, other in combinations(areas, 2)]
    assert max(shared) < SLIVER_DEG2


def _today() -> date:
    return NOW.date()
