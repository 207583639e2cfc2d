"""How sure a figure is: intervals by Student's t, found by hand from the printed table."""

import math

import pytest

from routing.simulation import difference, estimate


def test_the_interval_of_four_runs_is_that_of_the_printed_table() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert (found.mean, found.runs) == (2.5, 4)
    assert found.low == pytest.approx(2.5 - half)
    assert found.high == pytest.approx(2.5 + half)


def test_pairing_takes_out_what_both_plans_share() -> None:
    before, after = [10.0, 50.0, 90.0], [11.0, 51.5, 90.5]
    found = difference(before, after)
    assert found.mean == pytest.approx(1.0)
    assert found.high - found.low < 3
    assert estimate(after).high - estimate(after).low > 190


def test_a_difference_without_spread_is_sure() -> None:
    assert not difference([1, 2, 3], [2, 3, 4]).holds_zero
    assert difference([1, 2, 3], [1, 2, 3]).holds_zero


def test_it_says_about_how_many_runs_would_tell() -> None:
    found = estimate([0.0, 2.0, -1.0, 3.0])
    assert found.holds_zero
    assert 2.131 * found.spread / math.sqrt(16) < 1 < 2.145 * found.spread / math.sqrt(15)
    assert found.runs_to_tell == 16
    assert estimate([-1.0, 1.0]).runs_to_tell is None


def test_runs_without_anything_to_count_are_left_out_and_one_alone_has_no_interval() -> None:
    nan = float("nan")
    assert estimate([nan, 3.0, 5.0]).runs == 2
    assert (estimate([nan, 3.0]).mean, math.isnan(estimate([nan, 3.0]).low)) == (3.0, True)
    assert estimate([nan]).runs == 0
    assert estimate([nan]).holds_zero
