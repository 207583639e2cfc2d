"""Where new sites cover most: small streets by hand, random cities against every choice tried."""

from typing import Any, NamedTuple, cast

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import ArrayLike

from geo.errors import InvalidInputError
from routing.siting import Remark, expected_cover, marginal_curve, max_cover
from routing.siting.best_cover import best_cover
from routing.siting.cover_swaps import Allowance
from routing.siting.open_cover import open_cover
from routing.siting.question import Clock, Question
from tests.unit.siting.plain_siting import built, choices, covered
from tests.unit.siting.random_cities import STANDARD_S, SmallCity, small_cities

INF = np.inf

STREET_S = np.abs(np.arange(6)[:, None] - np.arange(6)[None, :]) * 100.0
"""Six houses and six sites along a street, 100 s apart."""
PEOPLE = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@given(small_cities())
def test_no_choice_covers_more(city: SmallCity) -> None:
    plan = max_cover(city.seconds, city.weight, STANDARD_S, city.existing, city.new)
    worth = covered(city.weight, STANDARD_S)
    best = max(worth(built(city, choice)) for choice in choices(city, [city.new]))
    assert plan.proved
    assert plan.objective == pytest.approx(best)
    assert plan.objective == pytest.approx(worth(city.seconds[:, plan.chosen]))
    assert len(plan.chosen) == len(city.existing) + city.new


@given(small_cities())
def test_no_choice_within_the_budget_covers_more(city: SmallCity) -> None:
    budget = 6.0
    plan = max_cover(city.seconds, city.weight, STANDARD_S, city.existing, city.new, city.cost, budget)
    worth = covered(city.weight, STANDARD_S)
    within = [c for c in choices(city, range(city.new + 1)) if city.cost[list(c)].sum() <= budget]
    assert plan.proved
    assert plan.objective == pytest.approx(max(worth(built(city, choice)) for choice in within))
    assert plan.cost <= budget


@given(small_cities())
def test_no_choice_covers_more_with_teams_that_are_busy(city: SmallCity) -> None:
    plan = expected_cover(city.seconds, city.weight, STANDARD_S, city.existing, city.new, busy=0.4)
    worth = covered(city.weight, STANDARD_S, 0.4)
    assert plan.proved
    assert plan.objective == pytest.approx(
        max(worth(built(city, choice)) for choice in choices(city, [city.new]))
    )


@given(small_cities())
def test_the_tail_that_is_cut_stays_in_the_bound(city: SmallCity) -> None:
    plan = expected_cover(city.seconds, city.weight, STANDARD_S, city.existing, city.new, busy=0.4, copies=1)
    worth = covered(city.weight, STANDARD_S, 0.4)
    best = max(worth(built(city, choice)) for choice in choices(city, [city.new]))
    assert plan.objective <= best + 1e-9 <= plan.bound + 2e-9


def test_two_sites_on_the_street_cover_its_heavy_end() -> None:
    plan = max_cover(STREET_S, PEOPLE, 100, existing=[], new=2)
    assert plan.chosen == (1, 4)
    assert plan.objective == plan.bound == 21
    assert plan.worst_s == 100
    assert plan.uncovered == ()


def test_a_house_at_exactly_the_standard_is_covered_and_one_later_is_not() -> None:
    plan = max_cover([[480.0], [480.5]], [1, 1], 480, existing=[], new=1)
    assert plan.objective == 1
    assert plan.uncovered == (1,)


def test_whole_seconds_and_lists_are_as_good_as_arrays() -> None:
    plan = max_cover([[1, 9], [9, 1]], [2, 1], 5, existing=(), new=1)
    assert plan.chosen == (0,)


def test_where_every_site_is_as_good_the_lowest_positions_are_chosen() -> None:
    plan = max_cover(np.full((3, 6), 60.0), [1, 1, 1], 480, existing=[1], new=0)
    assert plan.chosen == (1,)
    assert max_cover(np.full((3, 6), 60.0), [1, 1, 1], 480, existing=[], new=3).chosen == (0, 1, 2)


def test_a_site_that_adds_nothing_is_named() -> None:
    plan = max_cover(np.full((3, 6), 60.0), [1, 1, 1], 480, existing=[2], new=1)
    assert plan.chosen == (0, 2)
    assert plan.idle == (0,)
    assert plan.remark is Remark.COVERED


def test_where_no_candidate_reaches_anything_it_says_so() -> None:
    plan = max_cover(np.full((2, 3), INF), [1, 1], 480, existing=[], new=1)
    assert plan.objective == plan.bound == 0
    assert plan.proved
    assert plan.remark is Remark.OUT_OF_REACH
    assert plan.worst_s == INF


def test_a_budget_below_the_cheapest_builds_nothing_and_says_so() -> None:
    plan = max_cover(STREET_S, PEOPLE, 100, existing=[0], new=2, cost=[5] * 6, budget=4)
    assert plan.chosen == (0,)
    assert plan.remark is Remark.TOO_DEAR
    assert plan.proved


def test_of_two_that_cover_alike_the_budget_takes_the_one_it_can_pay() -> None:
    plan = max_cover([[60, 60]], [1], 480, existing=[], new=1, cost=[9, 3], budget=5)
    assert plan.chosen == (1,)
    assert plan.cost == 3


def test_two_teams_at_one_corner_are_worth_more_when_they_are_busy() -> None:
    near = [[60, 60, 900], [900, 900, 60]]
    assert max_cover(near, [10, 1], 480, existing=[], new=2).chosen == (0, 2)
    plan = expected_cover(near, [10, 1], 480, existing=[], new=2, busy=0.5)
    assert plan.chosen == (0, 1)
    assert plan.objective == pytest.approx(10 * 0.75)


def test_each_further_site_adds_less() -> None:
    curve = marginal_curve(STREET_S, PEOPLE, 0.5, existing=[], most=6)
    assert [plan.objective for plan in curve.plans] == [6, 11, 15, 18, 20, 21]
    assert curve.gained == (6, 5, 4, 3, 2, 1)
    assert curve.proved


def test_many_sites_in_a_larger_city_are_proved_by_bounds_and_a_programme() -> None:
    random = np.random.default_rng(5)
    houses, sites = random.uniform(0, 100, (300, 2)), random.uniform(0, 100, (40, 2))
    seconds = np.round(np.hypot(*(houses[:, None] - sites[None]).transpose(2, 0, 1)))
    weight = random.integers(1, 20, 300)
    plan = max_cover(seconds, weight, 15, existing=[3, 7], new=6)
    cost = np.ones(40)
    assert plan.proved
    assert plan.objective == plan.bound
    assert max_cover(seconds, weight, 15, [3, 7], 6, cost, 6).objective == plan.objective
    assert max_cover(seconds, weight, 15, [3, 7], 6, cost, 4).objective < plan.objective


def test_what_is_not_proved_in_time_is_told_with_its_gap() -> None:
    random = np.random.default_rng(6)
    cover = open_cover(Question.of(random.random((400, 60)), [], 9), random.random(400), 0.05)
    found = best_cover(cover, Allowance(9, np.zeros(60), INF), 1, Clock(1e-9, 0.0))
    assert len(found.chosen) <= 9
    assert found.most >= cover.gained(found.chosen)
    plan = max_cover(random.random((400, 60)), random.random(400), 0.05, [], 9, time_limit_s=1e-9)
    assert not plan.proved
    assert plan.gap > 0
    assert plan.bound > plan.objective


class Ask(NamedTuple):
    """A question about two houses and two sites, right unless told otherwise."""

    seconds: Any = ((1, 2), (2, 1))
    weight: Any = (1, 1)
    standard_s: Any = 1
    existing: Any = ()
    new: Any = 1
    cost: Any = None
    budget: Any = None
    time_limit_s: Any = 60


@pytest.mark.parametrize(
    ("named", "ask"),
    [
        ("seconds", Ask(seconds=[1, 2])),
        ("seconds", Ask(seconds=np.zeros((0, 2)), weight=[])),
        ("seconds", Ask(seconds=np.zeros((2, 0)))),
        ("seconds", Ask(seconds=[[1, np.nan], [1, 1]])),
        ("seconds", Ask(seconds=[[1, -1], [1, 1]])),
        ("weight", Ask(weight=[1, -1])),
        ("weight", Ask(weight=[1, np.nan])),
        ("weight", Ask(weight=[1, INF])),
        ("weight", Ask(weight=[1])),
        ("standard_s", Ask(standard_s=0)),
        ("standard_s", Ask(standard_s=np.nan)),
        ("standard_s", Ask(standard_s=INF)),
        ("standard_s", Ask(standard_s=-5)),
        ("existing", Ask(existing=[0, 0])),
        ("existing", Ask(existing=[2])),
        ("existing", Ask(existing=[-1])),
        ("existing", Ask(existing=[0.5])),
        ("existing", Ask(existing=[True, False])),
        ("new", Ask(new=3)),
        ("new", Ask(new=-1)),
        ("new", Ask(new=1.5)),
        ("cost", Ask(cost=[1, -1])),
        ("cost", Ask(cost=[1, np.nan])),
        ("cost", Ask(cost=[1])),
        ("budget", Ask(budget=4)),
        ("budget", Ask(cost=[1, 1], budget=-1)),
        ("budget", Ask(cost=[1, 1], budget=np.nan)),
        ("time_limit_s", Ask(time_limit_s=0)),
        ("time_limit_s", Ask(time_limit_s=np.nan)),
    ],
)
def test_wrong_input_is_refused_by_name(named: str, ask: Ask) -> None:
    with pytest.raises(InvalidInputError) as refused:
        max_cover(*ask)
    assert refused.value.field == named


@pytest.mark.parametrize("seconds", [[["near"]], [[1, 2], [3]], np.ma.masked_greater([[1.0, 9.0]], 5)])
def test_what_is_no_table_of_numbers_is_refused(seconds: object) -> None:
    with pytest.raises(InvalidInputError, match="seconds"):
        max_cover(cast(ArrayLike, seconds), [1.0], 5, [], 1)


@pytest.mark.parametrize("busy", [-0.1, 1.0, np.nan])
def test_a_team_is_never_busy_all_the_time(busy: float) -> None:
    with pytest.raises(InvalidInputError, match="busy"):
        expected_cover([[1]], [1], 5, [], 1, busy)
