"""How shares of a capability come together, and when an incident has enough."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from geo.errors import InvalidInputError
from routing.needs import AddsUp, Requirement

INF = float("inf")
ARRIVAL_S = np.array([60.0, 90.0, 300.0])


def persons(quantity: float) -> Requirement:
    return Requirement("persons", quantity)


def hazmat_level(level: float) -> Requirement:
    return Requirement("hazmat", level, AddsUp.MAXIMUM)


def squads(quantity: float) -> Requirement:
    return Requirement("search squads", quantity, AddsUp.SQUADS)


@pytest.mark.parametrize(
    ("needed", "offered", "met_at_s", "available", "missing"),
    [
        (persons(6), [6, 4, 5], 60, 15, 0),
        (persons(10), [6, 4, 5], 90, 15, 0),
        (persons(11), [6, 4, 5], 300, 15, 0),
        (persons(16), [6, 4, 5], INF, 15, 1),
        (persons(5), [0, 0, 5], 300, 5, 0),
        (hazmat_level(3), [1, 1, 1], INF, 1, 2),
        (hazmat_level(3), [2, 3, 1], 90, 3, 0),
        (hazmat_level(1), [2, 3, 1], 60, 3, 0),
        (hazmat_level(2.5), [2, 2, 4], 300, 4, 0),
        (squads(1), [0.5, 0.5, 0], INF, 0, 1),
        (squads(2), [0.5, 1.5, 1.9], 300, 2, 0),
        (squads(3), [2.9, 2.9, 0], 90, 4, 0),
        (squads(1.5), [1, 0.9, 0], INF, 1, 0.5),
    ],
)
def test_an_incident_has_enough_when_those_who_have_come_bring_it(
    needed: Requirement, offered: list[float], met_at_s: float, available: float, missing: float
) -> None:
    brought = np.array(offered, dtype=np.float64)
    assert needed.met_at_s(brought, ARRIVAL_S) == met_at_s
    assert needed.available(brought) == available
    assert needed.missing(brought) == missing


@pytest.mark.parametrize("needed", [persons(2), hazmat_level(2), squads(2)])
def test_when_nobody_can_come_everything_is_missing_for_ever(needed: Requirement) -> None:
    nobody = np.zeros(0)
    assert needed.met_at_s(nobody, nobody) == INF
    assert needed.available(nobody) == 0
    assert needed.missing(nobody) == 2


def test_any_share_counts_of_persons_whole_squads_of_squads_and_the_level_itself_of_a_level() -> None:
    offered = np.array([0, 0.5, 1, 2, 3], dtype=np.float64)
    assert persons(100).counts(offered).tolist() == [False, True, True, True, True]
    assert squads(100).counts(offered).tolist() == [False, False, True, True, True]
    assert hazmat_level(2).counts(offered).tolist() == [False, False, False, True, True]


def test_ten_tenths_of_a_tonne_are_a_tonne() -> None:
    tenths = np.full(10, 0.1)
    tonne = Requirement("sand", 1.0)
    assert tonne.met_at_s(tenths, np.arange(10.0)) == 9
    assert tonne.available(tenths) == 1
    assert tonne.missing(tenths) == 0


def test_the_last_digit_of_a_converted_quantity_decides_nothing() -> None:
    a_little_over = 0.1 + 0.2
    now, enough = np.array([60.0]), np.array([0.3])
    for adds_up in (AddsUp.ADDITIVE, AddsUp.MAXIMUM):
        needed = Requirement("foam", a_little_over, adds_up)
        assert needed.met_at_s(enough, now) == 60
        assert needed.missing(enough) == 0
        assert needed.counts(enough).all()
    assert squads(1).met_at_s(np.array([0.7 + 0.2 + 0.1]), now) == 60


def test_what_is_missing_is_said_without_a_tail_of_digits() -> None:
    assert Requirement("foam", 0.3).missing(np.array([0.1])) == 0.2


@pytest.mark.parametrize("quantity", [0.0, -1.0, INF, -INF, float("nan"), 1e-12])
def test_a_need_of_nothing_or_of_no_number_is_refused_by_name(quantity: float) -> None:
    with pytest.raises(InvalidInputError, match=r"^quantity: .* of foam cannot be sent; ask for a positive"):
        Requirement("foam", quantity)


def hazmat_with(field: str, value: float) -> Requirement:
    changes: dict[str, Any] = {field: value}
    return replace(hazmat_level(2), **changes)


def hazmat_crews(crews: float, *, level: float) -> Requirement:
    return Requirement("hazmat", crews, AddsUp.MAXIMUM, level=level)


def test_three_crews_of_level_two_are_three_crews_not_a_level() -> None:
    three = hazmat_crews(3, level=2)
    levels = np.array([3, 1, 2, 2], dtype=np.float64)
    assert three.needed == 3
    assert three.shares(levels).tolist() == [1, 0, 1, 1]
    assert three.counts(levels).tolist() == [True, False, True, True]
    assert three.met_at_s(levels, np.array([60.0, 70.0, 80.0, 300.0])) == 300
    assert three.available(levels) == 3
    assert three.missing(levels[:3]) == 1


def test_a_share_is_what_one_adds_if_it_fills_the_role() -> None:
    offered = np.array([0, 0.5, 1, 2.5, 3])
    assert hazmat_level(2).needed == 1
    assert hazmat_level(2).shares(offered).tolist() == [0, 0, 0, 1, 1]
    assert squads(4).needed == 4
    assert squads(4).shares(offered).tolist() == [0, 0, 1, 2, 3]
    assert persons(6).needed == 6
    assert persons(6).shares(offered).tolist() == offered.tolist()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("level", "no crew for hazmat has level"),
        ("deadline_s", "hazmat cannot be there within"),
        ("weight", "hazmat cannot count"),
    ],
)
@pytest.mark.parametrize("value", [-1.0, float("nan"), -INF])
def test_a_level_a_deadline_or_a_weight_that_is_none_is_refused_by_name(
    field: str, said: str, value: float
) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: {said}"):
        hazmat_with(field, value)


@pytest.mark.parametrize("field", ["deadline_s", "weight"])
def test_no_deadline_and_no_weight_is_zero(field: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: "):
        hazmat_with(field, 0.0)


def test_a_level_or_a_weight_without_end_is_refused_a_deadline_without_end_is_none() -> None:
    for field in ("level", "weight"):
        with pytest.raises(InvalidInputError, match=f"^{field}: "):
            hazmat_with(field, INF)
    assert Requirement("hazmat", 2, deadline_s=INF).deadline_s == INF
