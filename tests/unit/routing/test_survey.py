"""What a place needs against what stands within reach, worked out by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from routing.needs import AddsUp, Requirement
from routing.offers import ChoiceRules, Offers
from routing.survey import Standing, Stock, standings, supply_standings, worst_first

RULES = ChoiceRules(tolerance_s=60.0, time_limit_s=60.0)
HAZMAT = Requirement("hazmat", 2, AddsUp.MAXIMUM)
RESCUE = Requirement("rescue", 8)
SORBENT = Requirement("sorbent", 500)


def crews(arrival_s: Sequence[float], share: Sequence[Sequence[float]], crew: int = 6) -> Offers:
    """Return crews all of whom are tied up by any role but rescue, of which each person is one."""
    count = len(arrival_s)
    shares = np.array(share, dtype=np.float64).reshape(count, len(share[0]) if share else 1)
    tied_up = np.full(shares.shape, float(crew))
    tied_up[:, -1] = shares[:, -1]
    return Offers(
        id=np.arange(count),
        arrival_s=np.array(arrival_s, dtype=np.float64),
        share=shares,
        role_crew=tied_up,
        crew=np.full(count, float(crew)),
        divisible=np.array([False] * (shares.shape[1] - 1) + [True]),
        tier=np.zeros(count, dtype=np.int64),
        always=np.zeros(count, dtype=np.bool_),
        group=np.full(count, -1),
        group_limit=np.zeros(0, dtype=np.int64),
    )


def test_people_of_two_crews_are_added_and_complete_with_the_second() -> None:
    offers = crews([100, 300], [[5], [5]])
    (rescue,) = standings([RESCUE], offers.share, offers, RULES)
    assert (rescue.available, rescue.missing, rescue.complete_s) == (10, 0, 300)


def test_three_crews_of_level_1_are_no_crew_of_level_2() -> None:
    level = np.array([[1.0], [1.0], [1.0]])
    offers = crews([100, 200, 300], [[0], [0], [0]])
    (hazmat,) = standings([HAZMAT], level, offers, RULES)
    assert (hazmat.available, hazmat.missing, hazmat.complete_s) == (1, 1, math.inf)
    assert hazmat.share_missing == 1.0


def test_a_crew_fills_one_role_at_a_time() -> None:
    offers = crews([100, 300], [[1, 6], [0, 6]])
    hazmat, rescue = standings([HAZMAT, RESCUE], np.array([[2.0, 6.0], [0.0, 6.0]]), offers, RULES)
    assert (hazmat.missing, hazmat.complete_s) == (0, 100)
    assert (rescue.available, rescue.missing) == (12, 2)


def test_enough_that_comes_after_it_is_due_is_late_and_not_missing() -> None:
    offers = crews([100, 300], [[5], [5]])
    due = Requirement("rescue", 8, deadline_s=200)
    assert [one.late for one in standings([due, RESCUE][:1], offers.share, offers, RULES)] == [True]
    assert [one.late for one in standings([RESCUE], offers.share, offers, RULES)] == [False]


def test_where_nobody_comes_everything_is_missing() -> None:
    (rescue,) = standings([RESCUE], np.zeros((0, 1)), crews([], []), RULES)
    assert (rescue.available, rescue.missing, rescue.complete_s) == (0, 8, math.inf)


def stock(arrive_s: Sequence[float], now: Sequence[float], later: Sequence[float] = (0, 0, 0)) -> Stock:
    made = np.array(later, dtype=np.float64)[:, None]
    return Stock(
        arrive_s=np.array(arrive_s, dtype=np.float64),
        delivers=np.array([True, False, True]),
        now=np.array(now, dtype=np.float64)[:, None],
        later=made,
        later_s=np.where(made > 0, 7200.0, np.inf),
    )


def test_depots_within_reach_are_added_and_what_must_be_fetched_is_told() -> None:
    (sorbent,) = supply_standings([SORBENT], stock([600, 900, 2000], [300, 250, 900]), 1800)
    assert (sorbent.available, sorbent.to_fetch, sorbent.missing, sorbent.complete_s) == (550, 250, 0, 900)


def test_what_could_be_produced_is_told_and_does_not_count() -> None:
    (sorbent,) = supply_standings([SORBENT], stock([600, 900, 2000], [300, 0, 0], [0, 700, 99]), 1800)
    assert (sorbent.missing, sorbent.producible, sorbent.produced_from_s) == (200, 700, 7200)
    assert sorbent.complete_s == math.inf


def test_no_depot_within_reach_has_nothing() -> None:
    (sorbent,) = supply_standings([SORBENT], stock([2000, 2000, math.inf], [300, 0, 0], [9, 9, 9]), 1800)
    assert (sorbent.available, sorbent.missing, sorbent.producible) == (0, 500, 0)
    assert sorbent.produced_from_s == math.inf


def test_a_place_that_lacks_something_comes_before_a_graver_one_that_lacks_nothing() -> None:
    full, half, none = ((Standing(RESCUE, 8, missing, 1.0),) for missing in (0, 4, 8))
    assert worst_first([1, 3, 3, 2], [full, half, none, half]) == [3, 2, 1, 0]


@pytest.mark.parametrize("grade", [1, 4])
def test_a_place_whose_needs_nobody_knows_lacks_everything(grade: int) -> None:
    full = (Standing(RESCUE, 8, 0, 1.0),)
    assert worst_first([1, grade], [full, None]) == [1, 0]
