"""Where new sites bring help nearest on the whole."""

from itertools import combinations
from math import ceil

import numpy as np
import pytest
from hypothesis import given

from geo.errors import InvalidInputError
from routing.siting import p_median
from routing.siting.distances import Distances
from routing.siting.median_branches import Branch, MedianBranches
from routing.siting.median_program import Cuts, MedianProgram
from routing.siting.question import Clock
from tests.unit.siting.plain_siting import built, choices, weighed_s
from tests.unit.siting.published import MEDIAN_OPTIMA, needs_them, published
from tests.unit.siting.random_cities import SmallCity, small_cities

INF = np.inf
STREET_S = np.abs(np.arange(7)[:, None] - np.arange(7)[None, :]) * 100.0
"""Seven houses and seven sites along a street, 100 s apart."""
ALIKE = np.ones(7)


@given(small_cities())
def test_no_choice_totals_less(city: SmallCity) -> None:
    plan = p_median(city.seconds, city.weight, city.existing, city.new)
    reached = np.isfinite(city.seconds).any(axis=1)
    every = choices(city, [city.new])
    whole_town, served = weighed_s(city.weight), weighed_s(city.weight[reached])
    assert plan.proved
    assert plan.objective == pytest.approx(min(whole_town(built(city, choice)) for choice in every))
    assert plan.reached_total == pytest.approx(min(served(built(city, choice)[reached]) for choice in every))
    assert len(plan.chosen) == len(city.existing) + city.new


@given(small_cities())
def test_cuts_alone_find_the_same(city: SmallCity) -> None:
    seconds = np.where(np.isfinite(city.seconds), city.seconds, 99)
    weight = city.weight + 1
    distances = Distances.of(seconds, seconds.max(axis=1), weight)
    none_must = np.zeros((0, seconds.shape[1]), dtype=np.bool_)
    program = MedianProgram(distances, 2, none_must, whole=False)
    solved = program.solve(Cuts(np.zeros(0, dtype=np.int64), np.zeros(0)), INF, Clock.start(60))
    alone = SmallCity(seconds, weight, city.cost, [], 2)
    least = min(weighed_s(weight)(built(alone, choice)) for choice in choices(alone, [1, 2]))
    assert solved.chosen is not None
    assert distances.total(solved.chosen) == pytest.approx(least)
    assert solved.least == pytest.approx(least)


@needs_them
@pytest.mark.parametrize("number", range(1, 11))
def test_the_published_least_totals_are_found_and_proved(number: int) -> None:
    graph = published(number)
    plan = p_median(graph.distance, np.ones(len(graph.distance)), existing=[], new=graph.sites)
    assert plan.objective == plan.bound == MEDIAN_OPTIMA[number - 1]
    assert plan.proved


def test_one_site_stands_in_the_middle_of_the_street() -> None:
    plan = p_median(STREET_S, ALIKE, existing=[], new=1)
    assert plan.chosen == (3,)
    assert plan.objective == plan.bound == 1200
    assert plan.mean_s == pytest.approx(1200 / 7)
    assert plan.worst_s == 300


def test_a_heavy_house_draws_the_site() -> None:
    assert p_median(STREET_S, [1, 1, 1, 1, 1, 1, 9], existing=[], new=1).chosen == (6,)


def test_a_second_site_goes_where_what_stands_is_far() -> None:
    plan = p_median(STREET_S, ALIKE, existing=[0], new=1)
    assert plan.chosen == (0, 4)
    assert plan.objective == 100 + 200 + 100 + 0 + 100 + 200


def test_where_all_sites_are_alike_the_lowest_positions_are_chosen() -> None:
    assert p_median(np.full((3, 6), 60.0), [1, 1, 1], existing=[2], new=2).chosen == (0, 1, 2)


def test_a_row_that_nobody_reaches_is_named_and_the_rest_is_served_best() -> None:
    plan = p_median(np.array([[60, 90], [INF, INF], [900, 100]]), [1, 1, 1], existing=[], new=1)
    assert plan.unreached == (1,)
    assert plan.objective == plan.bound == INF
    assert plan.proved
    assert plan.chosen == (1,)
    assert plan.reached_total == 190


def test_a_row_without_weight_does_not_count() -> None:
    plan = p_median(np.array([[60.0, 90.0], [INF, INF]]), [1, 0], existing=[], new=1)
    assert plan.objective == 60
    assert plan.unreached == ()
    assert plan.worst_s == INF


def test_reaching_everybody_comes_before_saving_time() -> None:
    near_but_for_one = np.array([[10, INF, 500], [10, INF, 500], [INF, 10, 500]])
    plan = p_median(near_but_for_one, [1000, 1000, 1], existing=[], new=1)
    assert plan.chosen == (2,)
    assert plan.objective == 500 * 2001
    assert plan.proved


def test_one_site_cannot_reach_two_islands() -> None:
    plan = p_median(np.array([[60, INF], [INF, 60]]), [1, 1], existing=[], new=1)
    assert plan.objective == plan.bound == INF
    assert plan.proved


def test_with_no_weight_at_all_nothing_is_travelled() -> None:
    plan = p_median(STREET_S, np.zeros(7), existing=[], new=2)
    assert plan.chosen == (0, 1)
    assert plan.objective == plan.bound == 0
    assert plan.proved


def test_what_is_not_proved_in_time_is_told_with_its_gap() -> None:
    random = np.random.default_rng(3)
    plan = p_median(random.random((200, 60)), np.ones(200), existing=[], new=8, time_limit_s=1e-9)
    assert not plan.proved
    assert plan.bound < plan.objective
    assert plan.gap > 0


def test_a_larger_city_is_proved() -> None:
    random = np.random.default_rng(5)
    houses, sites = random.uniform(0, 100, (400, 2)), random.uniform(0, 100, (50, 2))
    seconds = np.round(np.hypot(*(houses[:, None] - sites[None]).transpose(2, 0, 1)))
    plan = p_median(seconds, random.integers(1, 20, 400), existing=[4, 9], new=6)
    assert plan.proved
    assert plan.objective == plan.bound
    assert set(plan.chosen) > {4, 9}


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e7])
def test_in_whatever_unit_times_are_given_the_same_sites_are_proved(unit: float) -> None:
    spots = np.random.default_rng(3).random((60, 2))
    times = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    plan, in_units = p_median(times, spots[:, 0], [], 5), p_median(times * unit, spots[:, 0] * unit, [], 5)
    assert plan.proved
    assert in_units.proved
    assert in_units.chosen == plan.chosen


def test_negative_weights_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="weight"):
        p_median(STREET_S, -ALIKE, existing=[], new=1)


@pytest.mark.parametrize("seed", range(6))
def test_branches_find_the_least_total_that_prices_leave_open(seed: int) -> None:
    random = np.random.default_rng(seed)
    seconds = random.integers(1, 9, (30, 12)).astype(float)
    distances = Distances.of(seconds, seconds.max(axis=1), np.ones(30))
    least = min(distances.total(list(choice)) for choice in combinations(range(12), 3))
    branches = MedianBranches(distances, [0, 1, 2], whole=True)
    nothing = Branch(-INF, [], np.arange(12), np.zeros(30))
    assert ceil(branches.solve(nothing, Clock.start(60))) == branches.total == least
    assert distances.total(branches.best) == least
    assert len(set(branches.best)) == 3


def test_a_crowded_graph_whose_prices_leave_a_gap_is_proved() -> None:
    random = np.random.default_rng(70)
    seconds = random.integers(1, 101, (70, 70)).astype(float)
    plan = p_median(np.minimum(seconds, seconds.T), np.ones(70), existing=[], new=6)
    assert plan.proved
    assert plan.method == "Lagrangian bound, branches"


def test_time_that_runs_out_among_branches_leaves_a_bound() -> None:
    seconds = np.random.default_rng(2).random((200, 60))
    distances = Distances.of(seconds, seconds.max(axis=1), np.ones(200))
    branches = MedianBranches(distances, [0, 1, 2, 3], whole=False)
    least = branches.solve(Branch(5.0, [], np.arange(60), np.zeros(200)), Clock(1e-9, 0.0))
    assert least == 5
    assert branches.best == [0, 1, 2, 3]
