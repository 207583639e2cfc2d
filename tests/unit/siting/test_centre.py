"""Where new sites bring the latest arrival soonest."""

import numpy as np
import pytest
from hypothesis import given

from geo.errors import InvalidInputError
from routing.siting import min_worst
from tests.unit.siting.plain_siting import built, choices, worst_s
from tests.unit.siting.published import centre_optima, needs_them, published
from tests.unit.siting.random_cities import SmallCity, small_cities

INF = np.inf
STREET_S = np.abs(np.arange(7)[:, None] - np.arange(7)[None, :]) * 100.0
"""Seven houses and seven sites along a street, 100 s apart."""


@given(small_cities())
def test_no_choice_has_a_sooner_worst_arrival(city: SmallCity) -> None:
    plan = min_worst(city.seconds, city.existing, city.new)
    reached = np.isfinite(city.seconds).any(axis=1)
    every = choices(city, [city.new])
    assert plan.proved
    assert plan.objective == plan.bound == min(worst_s(built(city, choice)) for choice in every)
    assert plan.worst_reached_s == min(
        worst_s(built(city, choice)[reached]) if reached.any() else 0 for choice in every
    )
    assert len(plan.chosen) == len(city.existing) + city.new


@needs_them
@pytest.mark.parametrize("number", range(1, 11))
def test_the_published_least_worst_distances_are_found_and_proved(number: int) -> None:
    graph = published(number)
    plan = min_worst(graph.distance, existing=[], new=graph.sites)
    assert plan.objective == plan.bound == centre_optima()[number - 1]
    assert plan.proved
    assert len(plan.chosen) == graph.sites


def test_one_site_stands_in_the_middle_of_the_street() -> None:
    plan = min_worst(STREET_S, existing=[], new=1)
    assert plan.chosen == (3,)
    assert plan.objective == plan.bound == 300
    assert plan.latest == 0


def test_a_second_site_stands_where_the_first_does_not_reach() -> None:
    plan = min_worst(STREET_S, existing=[0], new=1)
    assert plan.objective == 200
    assert plan.chosen == (0, 4)


def test_where_all_sites_are_alike_the_lowest_positions_are_chosen() -> None:
    assert min_worst(np.full((3, 5), 60.0), existing=[2], new=2).chosen == (0, 1, 2)


def test_a_row_that_nobody_reaches_is_named_and_the_rest_is_served_best() -> None:
    plan = min_worst(np.array([[60, 90], [INF, INF], [900, 100]]), existing=[], new=1)
    assert plan.unreached == (1,)
    assert plan.objective == plan.bound == INF
    assert plan.proved
    assert plan.chosen == (1,)
    assert plan.worst_reached_s == 100
    assert plan.latest == 2


def test_where_no_candidate_reaches_anything_all_rows_are_named() -> None:
    plan = min_worst(np.full((2, 3), INF), existing=[], new=1)
    assert plan.unreached == (0, 1)
    assert plan.latest is None
    assert plan.worst_reached_s == 0


def test_one_site_cannot_reach_two_islands() -> None:
    plan = min_worst(np.array([[60, INF], [INF, 60]]), existing=[], new=1)
    assert plan.objective == plan.bound == plan.worst_reached_s == INF
    assert plan.proved
    assert plan.unreached == ()


def test_no_new_site_is_what_stands() -> None:
    plan = min_worst(STREET_S, existing=[0], new=0)
    assert plan.objective == plan.bound == 600
    assert plan.proved


def test_what_is_not_proved_in_time_is_told_with_its_gap() -> None:
    random = np.random.default_rng(3)
    houses, sites = random.uniform(0, 100, (400, 2)), random.uniform(0, 100, (80, 2))
    seconds = np.hypot(*(houses[:, None] - sites[None]).transpose(2, 0, 1))
    plan = min_worst(seconds, existing=[], new=8, time_limit_s=1e-9)
    assert not plan.proved
    assert 0 < plan.bound < plan.objective
    assert min_worst(seconds, existing=[], new=8).objective < plan.objective


def test_more_sites_than_there_are_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="only 6 candidates are left"):
        min_worst(STREET_S, existing=[0], new=7)
