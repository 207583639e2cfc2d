"""What bounds say is never better than the best there is, and what they rule out is not in it."""

from itertools import combinations

import numpy as np
import pytest

from routing.siting import max_cover, p_median, rank_sites, sites_needed
from routing.siting.centre_bound import parts_bound
from routing.siting.centre_swaps import moved
from routing.siting.cover_bound import cover_bound
from routing.siting.cover_swaps import Allowance
from routing.siting.distances import Distances
from routing.siting.median_bound import median_bound
from routing.siting.nearest import Nearest
from routing.siting.open_cover import open_cover
from routing.siting.question import Clock, Question

SIDE = 14
NEW = 4


def town(seed: int) -> np.typing.NDArray[np.float64]:
    """Return times from 14 sites to 90 houses, spread so evenly that bounds leave a gap."""
    random = np.random.default_rng(seed)
    houses, sites = random.uniform(0, 100, (90, 2)), random.uniform(0, 100, (SIDE, 2))
    east, north = (houses[:, None] - sites[None]).transpose(2, 0, 1)
    return np.asarray(np.round(np.hypot(east, north)), dtype=np.float64)


@pytest.mark.parametrize("seed", range(8))
def test_no_cover_is_above_its_bound_and_the_best_holds_what_is_ruled_in(seed: int) -> None:
    cover = open_cover(Question.of(town(seed), [], NEW), np.arange(1.0, 91.0), 30)
    best = max(combinations(range(SIDE), NEW), key=cover.gained)
    most = cover.gained(best)
    bound = cover_bound(cover, Allowance(NEW, np.zeros(SIDE), np.inf), list(best), Clock.start(60))
    inside, outside = bound.ruled(most - 1, NEW)
    assert most <= bound.most * (1 + 1e-9) <= most * 1.1
    assert set(np.flatnonzero(inside)) <= set(best)
    assert not set(np.flatnonzero(outside)) & set(best)


@pytest.mark.parametrize("seed", range(8))
def test_no_cover_within_a_budget_is_above_its_bound(seed: int) -> None:
    cover = open_cover(Question.of(town(seed), [], NEW), np.arange(1.0, 91.0), 30)
    cost = np.random.default_rng(seed).integers(1, 9, SIDE).astype(np.float64)
    cheap = [c for n in range(1, NEW + 1) for c in combinations(range(SIDE), n) if cost[list(c)].sum() <= 10]
    best = max(cheap, key=cover.gained)
    most = cover.gained(best)
    bound = cover_bound(cover, Allowance(NEW, cost, 10), [], Clock.start(60))
    inside, outside = bound.ruled(most - 1, NEW)
    assert cover.gained(bound.chosen) <= most <= bound.most * (1 + 1e-9) <= most * 1.3
    assert cost[bound.chosen].sum() <= 10
    assert set(np.flatnonzero(inside)) <= set(best)
    assert not set(np.flatnonzero(outside)) & set(best)


@pytest.mark.parametrize("seed", range(8))
def test_no_total_is_below_its_bound_and_the_best_holds_what_is_ruled_in(seed: int) -> None:
    times = town(seed)
    distances = Distances.of(times, times.max(axis=1), np.ones(90))
    best = min(combinations(range(SIDE), NEW), key=lambda choice: distances.total(list(choice)))
    total = distances.total(list(best))
    bound = median_bound(distances, list(best), total, total, Clock.start(60))
    inside, outside = bound.ruled(total + 1, NEW)
    assert total * 0.9 <= bound.least <= total * (1 + 1e-9)
    assert set(np.flatnonzero(inside)) <= set(best)
    assert not set(np.flatnonzero(outside)) & set(best)


@pytest.mark.parametrize("seed", range(8))
def test_no_worst_arrival_is_sooner_than_parts_of_sites_allow_and_swaps_come_near_the_best(seed: int) -> None:
    nearest = Nearest(town(seed), np.full(90, np.inf))
    best_s = min(nearest.worst(list(choice)) for choice in combinations(range(SIDE), NEW))
    clock = Clock.start(60)
    found = moved(nearest, list(range(NEW)), clock)
    bound_s, rows = parts_bound(nearest, NEW, np.zeros(0, dtype=np.int64), (0.0, nearest.worst(found)), clock)
    assert len(set(found)) == NEW
    assert best_s * 0.8 <= bound_s <= best_s <= nearest.worst(found) <= best_s * 1.1
    assert len(rows) < 90


@pytest.mark.parametrize("seed", range(8))
def test_what_bounds_leave_open_is_settled_by_programmes(seed: int) -> None:
    times, weight = town(seed), np.random.default_rng(seed).random(90)
    every = list(combinations(range(SIDE), NEW))
    cover, median = max_cover(times, weight, 30, [], NEW), p_median(times, weight, [], NEW)
    assert cover.proved
    assert median.proved
    assert cover.objective == pytest.approx(max(weight[(times[:, c] <= 30).any(axis=1)].sum() for c in every))
    assert median.objective == pytest.approx(min(weight @ times[:, c].min(axis=1) for c in every))


def test_small_costs_and_weights_are_told_apart_like_large_ones() -> None:
    random = np.random.default_rng(1)
    seconds, weight, cost = random.random((40, 12)), random.random(40), random.random(12)
    tiny = 1e-9
    needed = sites_needed(seconds, 0.2, [], cost)
    assert sites_needed(seconds, 0.2, [], cost * tiny).chosen == needed.chosen
    assert (
        rank_sites(seconds, weight * tiny, 0.2, [], 2).best.sites
        == rank_sites(seconds, weight, 0.2, [], 2).best.sites
    )


def test_a_site_is_built_once_however_large_the_numbers_are() -> None:
    seconds = np.array([[60700.0, 55000, 85700, 73600, 70800, 49400]])
    plan = p_median(seconds, [815154004.2], existing=[5], new=3)
    assert plan.chosen == (0, 1, 2, 5)


@pytest.mark.parametrize("seed", range(2))
def test_a_budget_is_not_passed_by_a_hair(seed: int) -> None:
    random = np.random.default_rng(seed)
    houses, sites = random.uniform(0, 100, (300, 2)), random.uniform(0, 100, (40, 2))
    seconds = np.hypot(*(houses[:, None] - sites[None]).transpose(2, 0, 1))
    plan = max_cover(seconds, np.ones(300), 15, [], 8, cost=np.full(40, 200 + 4e-8), budget=1000)
    assert plan.cost < 1000
    assert len(plan.chosen) == 4
    assert plan.proved
    assert plan.objective == max_cover(seconds, np.ones(300), 15, [], 4).objective
