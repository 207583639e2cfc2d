"""How busy teams are, from rates and from a log."""

import math

import pytest

from geo.errors import InvalidInputError
from routing.siting import busy_fraction, erlang_b, logged_busy


def test_one_server_loses_the_share_of_time_that_it_is_busy() -> None:
    assert erlang_b(1, 0.5) == pytest.approx(0.5 / 1.5)
    assert busy_fraction(2, 900, 1) == pytest.approx(0.5 / 1.5)


def test_two_servers_with_a_load_of_one_lose_a_fifth() -> None:
    assert erlang_b(2, 1.0) == pytest.approx(0.2)
    assert busy_fraction(4, 900, 2) == pytest.approx(0.4)


def test_ten_servers_with_a_load_of_five_lose_what_the_tables_say() -> None:
    assert erlang_b(10, 5.0) == pytest.approx(0.018385, abs=5e-7)


def test_without_calls_nobody_is_busy_and_without_servers_all_is_lost() -> None:
    assert busy_fraction(0, 900, 3) == 0
    assert erlang_b(0, 2.0) == 1


def test_a_log_is_counted_within_its_window_and_once_where_it_books_twice() -> None:
    log = logged_busy([7, 7, 9, 7], [0, 50, 10, 190], [60, 100, 20, 300], window_s=(10, 210))
    assert log.team.tolist() == [7, 9]
    assert log.fraction.tolist() == [pytest.approx(110 / 200), pytest.approx(10 / 200)]
    assert log.booked_twice_s.tolist() == [10, 0]


def test_a_long_call_that_holds_a_short_one_counts_once() -> None:
    log = logged_busy([1, 1, 1], [0, 10, 80], [90, 20, 100], window_s=(0, 100))
    assert log.fraction.tolist() == [1]
    assert log.booked_twice_s.tolist() == [20]


def test_an_empty_log_names_nobody() -> None:
    assert logged_busy([], [], [], window_s=(0, 10)).team.tolist() == []


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="entry 1 ends before it begins"):
        logged_busy([1, 1], [0, 10], [5, 9], window_s=(0, 10))
    with pytest.raises(InvalidInputError, match="window_s"):
        logged_busy([1], [0], [5], window_s=(10, 10))
    with pytest.raises(InvalidInputError, match="service_s"):
        busy_fraction(1, 0, 1)
    with pytest.raises(InvalidInputError, match="calls_per_hour"):
        busy_fraction(-1, 900, 1)
    with pytest.raises(InvalidInputError, match="teams"):
        busy_fraction(1, 900, 0)
    with pytest.raises(InvalidInputError, match="offered"):
        erlang_b(1, math.nan)
