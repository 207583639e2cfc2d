"""How many sites reach everything within a standard, and what none can reach."""

import numpy as np
import pytest
from hypothesis import given

from geo.errors import InvalidInputError
from routing.siting import sites_needed
from tests.unit.siting.plain_siting import built, choices
from tests.unit.siting.random_cities import STANDARD_S, SmallCity, small_cities

INF = np.inf
STREET_S = np.abs(np.arange(7)[:, None] - np.arange(7)[None, :]) * 100.0
"""Seven houses and seven sites along a street, 100 s apart."""


@given(small_cities())
def test_no_choice_that_reaches_as_much_has_fewer_sites(city: SmallCity) -> None:
    answer = sites_needed(city.seconds, STANDARD_S, city.existing)
    reachable = (city.seconds <= STANDARD_S).any(axis=1)
    enough = [
        len(choice)
        for choice in choices(city, range(city.seconds.shape[1] - len(city.existing) + 1))
        if (built(city, choice)[reachable] <= STANDARD_S).any(axis=1).all()
    ]
    assert answer.proved
    assert answer.objective == answer.bound == min(enough)
    assert (city.seconds[:, answer.chosen][reachable] <= STANDARD_S).any(axis=1).all()
    assert answer.unreachable == tuple(np.flatnonzero(~reachable))


@given(small_cities())
def test_no_choice_that_reaches_as_much_is_cheaper(city: SmallCity) -> None:
    cost = city.cost + city.weight[0]
    answer = sites_needed(city.seconds, STANDARD_S, city.existing, cost)
    reachable = (city.seconds <= STANDARD_S).any(axis=1)
    prices = [
        cost[list(choice)].sum()
        for choice in choices(city, range(city.seconds.shape[1] - len(city.existing) + 1))
        if (built(city, choice)[reachable] <= STANDARD_S).any(axis=1).all()
    ]
    assert answer.proved
    assert answer.objective == pytest.approx(min(prices))
    assert answer.objective == pytest.approx(cost[list(answer.added)].sum())


def test_three_sites_reach_the_street() -> None:
    answer = sites_needed(STREET_S, 100, existing=[])
    assert answer.objective == answer.bound == 3
    assert answer.covers_all
    assert answer.worst_s == 100


def test_what_stands_is_counted_on_and_not_counted() -> None:
    answer = sites_needed(STREET_S, 100, existing=[1, 5])
    assert answer.objective == answer.bound == 1
    assert answer.added == (2,)


def test_where_all_is_reached_nothing_is_added() -> None:
    answer = sites_needed(STREET_S, 600, existing=[0])
    assert answer.chosen == (0,)
    assert answer.objective == answer.bound == 0
    assert answer.proved


def test_the_cheaper_two_are_taken_instead_of_the_dear_one() -> None:
    seconds = [[60, 60, 900], [60, 900, 60]]
    assert sites_needed(seconds, 480, existing=[]).chosen == (0,)
    assert sites_needed(seconds, 480, existing=[], cost=[9, 2, 3]).chosen == (1, 2)


def test_what_no_candidate_reaches_is_named_with_the_smallest_standard_that_would_do() -> None:
    answer = sites_needed([[60, 900], [700, 650], [60, 900]], 480, existing=[])
    assert answer.unreachable == (1,)
    assert not answer.covers_all
    assert answer.smallest_standard_s == 650
    assert answer.chosen == (0,)
    assert sites_needed([[60, 900], [700, 650], [60, 900]], 650, existing=[]).covers_all


def test_no_standard_would_do_where_no_road_leads() -> None:
    answer = sites_needed(np.full((2, 2), INF), 480, existing=[])
    assert answer.smallest_standard_s == INF
    assert answer.unreachable == (0, 1)
    assert answer.chosen == ()
    assert answer.worst_s == INF


def test_where_every_site_reaches_all_the_lowest_is_chosen() -> None:
    assert sites_needed(np.full((4, 5), 60.0), 480, existing=[]).chosen == (0,)


def test_a_larger_city_is_proved_on_few_of_its_rows() -> None:
    random = np.random.default_rng(5)
    houses, sites = random.uniform(0, 100, (800, 2)), random.uniform(0, 100, (60, 2))
    seconds = np.hypot(*(houses[:, None] - sites[None]).transpose(2, 0, 1))
    answer = sites_needed(seconds, 30, existing=[])
    assert answer.proved
    assert answer.worst_s <= 30 or answer.unreachable


def test_what_is_not_proved_in_time_still_reaches_everything() -> None:
    random = np.random.default_rng(7)
    seconds = random.random((300, 80))
    answer = sites_needed(seconds, 0.1, existing=[], time_limit_s=1e-9)
    assert not answer.proved
    assert answer.bound < answer.objective
    assert answer.worst_s <= 0.1


def test_wrong_costs_and_standards_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="cost"):
        sites_needed(STREET_S, 100, [], cost=[1, 2])
    with pytest.raises(InvalidInputError, match="standard_s"):
        sites_needed(STREET_S, float("nan"), [])
