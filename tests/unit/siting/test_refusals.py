"""What is no number, no list of columns or no moment is refused in one sentence that names the argument."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from geo.errors import InvalidInputError
from routing.siting import (
    busy_fraction,
    erlang_b,
    expected_cover,
    logged_busy,
    marginal_curve,
    max_cover,
    min_worst,
    p_median,
    rank_sites,
    reliability,
    sites_needed,
)

STREET_S = [[0, 60, 120], [60, 0, 60], [120, 60, 0]]
ALIKE = [1, 1, 1]
COVER = partial(max_cover, STREET_S, ALIKE, 60, [0], 1)
NO_NUMBER = [None, "soon", [60], 1j, np.array([1.0, 2.0]), np.timedelta64(5, "s"), 10**400, dict]
ONE_NUMBER: dict[str, Callable[..., object]] = {
    "standard_s": partial(rank_sites, STREET_S, ALIKE, existing=[0], new=1),
    "time_limit_s": COVER,
    "budget": partial(COVER, cost=ALIKE),
    "busy": partial(expected_cover, STREET_S, ALIKE, 60, [0], 1),
    "service_s": partial(busy_fraction, 2, teams=1),
    "calls_per_hour": partial(busy_fraction, service_s=600, teams=1),
    "offered": partial(erlang_b, 2),
}
NO_NUMBERS = [[1, [2]], ["a", "b", "c"], [1, 2j, 3], [10**400, 1, 1], np.ma.masked_values([1.0, 2, 3], 2)]
SOME_NUMBERS: dict[str, Callable[..., object]] = {
    "weight": partial(p_median, STREET_S, existing=[0], new=1),
    "cost": partial(sites_needed, STREET_S, 60, []),
    "existing": partial(min_worst, STREET_S, new=1),
    "teams": partial(reliability, STREET_S, ALIKE, 600, 60),
    "seconds": partial(marginal_curve, weight=ALIKE, standard_s=60, existing=[]),
    "team": partial(logged_busy, out_s=[0, 1, 2], free_s=[2, 3, 4], window_s=(0, 9)),
    "out_s": partial(logged_busy, [1, 1, 2], free_s=[2, 3, 4], window_s=(0, 9)),
    "window_s": partial(logged_busy, [1], [0], [2]),
}


@pytest.mark.parametrize("given", NO_NUMBER, ids=lambda given: repr(given)[:30])
@pytest.mark.parametrize("field", [name for name in ONE_NUMBER if name != "budget"])
def test_what_is_not_one_number_is_refused(field: str, given: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ONE_NUMBER[field](**{field: given})
    assert refused.value.field == field


@pytest.mark.parametrize("given", NO_NUMBER[1:], ids=lambda given: repr(given)[:30])
def test_a_budget_is_one_number_or_none_is_given(given: object) -> None:
    with pytest.raises(InvalidInputError, match="budget"):
        ONE_NUMBER["budget"](budget=given)


@pytest.mark.parametrize("given", NO_NUMBERS, ids=lambda given: repr(given)[:30])
@pytest.mark.parametrize("field", list(SOME_NUMBERS))
def test_what_does_not_hold_numbers_alone_is_refused(field: str, given: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        SOME_NUMBERS[field](**{field: given})
    assert refused.value.field == field


@pytest.mark.parametrize("given", [60, 60.0, np.float32(60), np.array(60), Decimal(60), Fraction(60)])
def test_a_number_of_any_kind_is_taken(given: float) -> None:
    assert max_cover(STREET_S, ALIKE, given, [0], 1).chosen == (0, 1)
    assert rank_sites(STREET_S, ALIKE, given, [0], 1, cost=ALIKE, budget=given).objective == 3


def test_a_log_may_begin_before_its_clock() -> None:
    busy = logged_busy([7], [-50], [25], (-100, 100))
    assert busy.fraction.tolist() == [0.375]


@pytest.mark.parametrize("window", [(0,), 5, (0, np.inf), (3, 3)])
def test_a_window_has_a_beginning_and_a_later_end(window: object) -> None:
    with pytest.raises(InvalidInputError, match="window_s"):
        SOME_NUMBERS["window_s"](window_s=window)
