"""The next one or two sites: every option in its order, and what can be asked about it."""

import numpy as np
import pytest
from hypothesis import given

from geo.errors import InvalidInputError
from routing.siting import Option, Remark, Standing, max_cover, rank_sites, ranking_bytes
from routing.siting.open_cover import open_cover
from routing.siting.overlap import pair_gains
from routing.siting.question import Question
from tests.unit.siting.plain_siting import built, choices, covered, worst_s
from tests.unit.siting.random_cities import STANDARD_S, SmallCity, small_cities

INF = np.inf

STREET_S = np.abs(np.arange(6)[:, None] - np.arange(6)[None, :]) * 100.0
"""Six houses and six sites along a street, 100 s apart."""
PEOPLE = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@given(small_cities(most_new=2))
def test_every_option_has_the_rank_that_trying_all_gives(city: SmallCity) -> None:
    ranking = rank_sites(city.seconds, city.weight, STANDARD_S, city.existing, city.new)
    reached = np.isfinite(city.seconds).any(axis=1)
    worth = covered(city.weight, STANDARD_S)
    plain = []
    for choice in choices(city, [city.new]):
        times = built(city, choice)
        plain.append((-round(worth(times), 6), worst_s(times[reached]) if reached.any() else 0.0, choice))
    ranked = ranking.top(len(plain)) if city.new else (ranking.best,)
    assert [(-round(option.covered, 6), option.worst_s, option.sites) for option in ranked] == sorted(plain)
    assert ranking.objective == pytest.approx(worth(city.seconds[:, ranking.chosen]))


@given(small_cities(most_new=2))
def test_the_front_holds_exactly_what_nothing_beats_in_cover_and_worst_arrival(city: SmallCity) -> None:
    ranking = rank_sites(city.seconds, city.weight, STANDARD_S, city.existing, city.new)
    every = {(option.covered, option.worst_s) for option in ranking.top(1000)}
    unbeaten = {
        (much, late)
        for much, late in every
        if not any(a >= much - 1e-9 and b <= late and (a > much + 1e-9 or b < late) for a, b in every)
    }
    front = {(option.covered, option.worst_s) for option in ranking.front}
    assert {(round(much, 6), late) for much, late in front} == {(round(a, 6), b) for a, b in unbeaten}


@given(small_cities(most_new=2))
def test_every_option_within_the_budget_is_ranked_and_no_other(city: SmallCity) -> None:
    budget = 6.0
    ranking = rank_sites(city.seconds, city.weight, STANDARD_S, city.existing, city.new, city.cost, budget)
    within = {c for c in choices(city, range(1, city.new + 1)) if city.cost[list(c)].sum() <= budget}
    assert {option.sites for option in ranking.top(1000)} == within


@pytest.mark.parametrize("share_within_reach", [0.03, 0.5])
def test_pairs_gain_the_same_where_few_are_within_reach_and_where_many_are(share_within_reach: float) -> None:
    random = np.random.default_rng(3)
    seconds, weight = random.random((300, 290)), random.integers(1, 50, 300).astype(np.float64)
    reach = seconds <= share_within_reach
    both = np.full((290, 290), np.nan)
    for first, gains in pair_gains(open_cover(Question.of(seconds, [], 2), weight, share_within_reach)):
        both[first : first + len(gains), first:] = gains
    for one, other in [(0, 0), (0, 289), (17, 255), (255, 256), (260, 288)]:
        assert both[one, other] == weight[reach[:, one] | reach[:, other]].sum()


def test_worst_arrivals_are_exact_when_many_rows_must_be_looked_at() -> None:
    random = np.random.default_rng(4)
    seconds = random.integers(0, 3000, (600, 12)).astype(np.float64)
    seconds[:, 0] += 2000
    ranking = rank_sites(seconds, np.ones(600), 300, existing=[0])
    for option in ranking.top(100):
        assert option.worst_s == seconds[:, [0, *option.sites]].min(axis=1).max()


def test_the_first_and_the_second_on_the_street() -> None:
    ranking = rank_sites(STREET_S, PEOPLE, 100, existing=[], new=1)
    assert ranking.best == Option(rank=1, sites=(4,), covered=15, worst_s=400, cost=0)
    assert ranking.runner_up == Option(rank=2, sites=(3,), covered=12, worst_s=300, cost=0)
    assert [option.sites for option in ranking.front] == [(4,), (3,)]
    assert ranking.chosen == (4,)
    assert ranking.proved
    assert ranking.gap == 0


def test_it_says_why_a_site_is_not_chosen() -> None:
    ranking = rank_sites(STREET_S, PEOPLE, 100, existing=[5], new=1)
    assert ranking.best.sites == (2,)
    not_there = ranking.why_not(0)
    assert not_there.standing is Standing.BEATEN
    assert not_there.best_with_it == Option(rank=5, sites=(0,), covered=14, worst_s=200, cost=0)
    assert (not_there.covers_less, not_there.worst_later_s) == (6, 0)
    assert ranking.why_not(2).standing is Standing.CHOSEN
    assert ranking.why_not(5).standing is Standing.BUILT


def test_a_site_that_no_budget_allows_is_called_too_dear() -> None:
    ranking = rank_sites(STREET_S, PEOPLE, 100, [], 2, cost=[1, 1, 1, 1, 99, 1], budget=3)
    assert ranking.why_not(4).standing is Standing.TOO_DEAR
    assert ranking.why_not(4).best_with_it is None
    assert ranking.best.sites == (2, 5)


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="site"):
        rank_sites(STREET_S, PEOPLE, 100, existing=[]).why_not(6)


def test_near_ties_cover_nearly_as_much() -> None:
    weight = [1000, 999, 500, 1]
    alone = np.where(np.eye(4) > 0, 60.0, 900.0)
    ranking = rank_sites(alone, weight, 480, existing=[], new=1)
    assert [option.sites for option in ranking.near_ties(0.001)] == [(1,)]
    assert [option.sites for option in ranking.near_ties(0.5)] == [(1,), (2,)]
    assert ranking.near_ties(0.0001) == ()


def test_where_every_option_is_as_good_the_lowest_positions_lead() -> None:
    ranking = rank_sites(np.full((3, 4), 60.0), [1, 1, 1], 480, existing=[])
    assert [option.sites for option in ranking.top(3)] == [(0, 1), (0, 2), (0, 3)]
    assert len(ranking.near_ties()) == 5


def test_rows_that_nobody_reaches_are_named_and_left_out_of_worst_arrivals() -> None:
    ranking = rank_sites(np.array([[60, 90], [INF, INF]]), [1, 1], 480, existing=[], new=1)
    assert ranking.best.worst_s == 60
    assert ranking.unreached == (1,)


def test_a_row_that_an_option_leaves_unreached_makes_its_worst_arrival_infinite() -> None:
    ranking = rank_sites([[60, INF], [INF, 60]], [2, 1], 480, existing=[], new=1)
    assert ranking.best.worst_s == INF
    assert ranking.why_not(1).worst_later_s == 0


def test_where_all_is_covered_the_soonest_worst_arrival_leads() -> None:
    ranking = rank_sites([[300, 200, 100]], [1], 480, existing=[0], new=1)
    assert ranking.remark is Remark.COVERED
    assert ranking.best.sites == (2,)
    assert ranking.before.worst_s == 300


def test_where_no_candidate_reaches_anything_it_says_so() -> None:
    ranking = rank_sites(np.full((2, 3), INF), [1, 1], 480, existing=[])
    assert ranking.remark is Remark.OUT_OF_REACH
    assert ranking.objective == 0
    assert ranking.unreached == (0, 1)


def test_a_budget_below_the_cheapest_ranks_nothing_and_says_so() -> None:
    ranking = rank_sites(STREET_S, PEOPLE, 100, [0], 2, cost=[5] * 6, budget=4)
    assert ranking.chosen == (0,)
    assert ranking.remark is Remark.TOO_DEAR
    assert len(ranking.options) == 0
    assert ranking.best.covered == 3
    assert ranking.runner_up is None
    assert ranking.front == ranking.near_ties() == ()


def test_no_new_site_is_what_stands() -> None:
    ranking = rank_sites(STREET_S, PEOPLE, 100, existing=[5], new=0)
    assert ranking.chosen == (5,)
    assert ranking.best.covered == ranking.before.covered == 11


def test_three_new_sites_are_left_to_the_proved_optimisation() -> None:
    with pytest.raises(InvalidInputError, match="max_cover"):
        rank_sites(STREET_S, PEOPLE, 100, existing=[], new=3)


def test_the_best_option_is_the_maximum_cover() -> None:
    random = np.random.default_rng(9)
    seconds, weight = random.integers(0, 1000, (200, 30)), random.random(200)
    ranking = rank_sites(seconds, weight, 100, existing=[2, 3])
    assert ranking.objective == pytest.approx(max_cover(seconds, weight, 100, [2, 3], 2).objective)


def test_more_sites_take_more_memory() -> None:
    assert ranking_bytes(20_000, 1_000, 2) > ranking_bytes(20_000, 200, 2) > ranking_bytes(20_000, 200, 1)
