"""Who is listed, in which order, and why each nearer one was passed over."""

import numpy as np
import pytest

from routing.dispatch import Choice, Outcome, PassedOver, Rules, choose_depots, choose_units
from routing.needs import AddsUp, Requirement
from tests.unit.routing.candidates import Candidate, in_columns

INF = float("inf")
RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
MEDICAL = Requirement("medical", 1)
HAZMAT_3 = Requirement("hazmat", 3, AddsUp.MAXIMUM)
SQUAD = Requirement("search", 1, AddsUp.SQUADS)
FOAM = Requirement("foam", 500)


def units(*rows: Candidate, needs: tuple[Requirement, ...] = (MEDICAL,)) -> Choice:
    return choose_units(needs, in_columns(rows, len(needs)), RULES)


def depots(*rows: Candidate, needs: tuple[Requirement, ...] = (FOAM,)) -> Choice:
    return choose_depots(needs, in_columns(rows, len(needs)), RULES)


def why(choice: Choice) -> dict[int, tuple[str, ...]]:
    return {passed.position: passed.reasons for passed in choice.passed_over}


def test_the_soonest_there_comes_first_counting_the_time_to_get_ready() -> None:
    choice = units(
        Candidate(1, travel_s=100, ready_s=80),
        Candidate(2, travel_s=150),
        Candidate(3, travel_s=170, ready_s=5),
    )
    assert choice.listed.tolist() == [1, 2, 0]


def test_who_would_arrive_together_is_listed_by_id() -> None:
    choice = units(Candidate(9), Candidate(4, travel_s=40, ready_s=20), Candidate(7))
    assert choice.listed.tolist() == [1, 2, 0]


def test_a_unit_that_offers_any_one_of_the_needs_is_listed() -> None:
    choice = units(
        Candidate(1, offered=(0, 3)),
        Candidate(2, offered=(1, 0)),
        Candidate(3, offered=(0, 2)),
        needs=(MEDICAL, HAZMAT_3),
    )
    assert choice.listed.tolist() == [0, 1]


def test_every_need_has_its_outcome_in_the_order_asked() -> None:
    needs = (Requirement("persons", 10), HAZMAT_3)
    choice = units(
        Candidate(1, travel_s=300, offered=(6, 3)), Candidate(2, travel_s=60, offered=(3, 1)), needs=needs
    )
    assert choice.outcomes == (Outcome(needs[0], INF, 9, 1), Outcome(needs[1], 300, 3, 0))


def test_the_best_level_that_can_come_is_told_even_where_it_is_too_low_to_be_listed() -> None:
    choice = units(Candidate(1, offered=(2,)), Candidate(2, offered=(1,)), needs=(HAZMAT_3,))
    assert choice.listed.tolist() == []
    assert choice.outcomes == (Outcome(HAZMAT_3, INF, 2, 1),)


def test_who_cannot_come_brings_nothing() -> None:
    choice = units(
        Candidate(1, in_service=False),
        Candidate(2, travel_s=INF),
        Candidate(3, off_m=501),
        Candidate(4, ahead_s=61),
    )
    assert choice.outcomes == (Outcome(MEDICAL, INF, 0, 1),)


def test_each_unlisted_one_nearer_than_the_farthest_listed_is_passed_over_nearest_first() -> None:
    choice = units(
        Candidate(1, straight_m=5000),
        Candidate(2, straight_m=100),
        Candidate(3, straight_m=4999, in_service=False),
        Candidate(4, straight_m=5000, in_service=False),
        Candidate(5, straight_m=5001, in_service=False),
        Candidate(6, straight_m=50, offered=(0,)),
    )
    assert choice.listed.tolist() == [0, 1]
    assert choice.passed_over == (
        PassedOver(5, ("lacks capability: offers none of medical",)),
        PassedOver(2, ("out of service",)),
    )


def test_of_those_passed_over_equally_near_the_lower_id_comes_first() -> None:
    choice = units(Candidate(8, in_service=False), Candidate(3, in_service=False))
    assert [passed.position for passed in choice.passed_over] == [1, 0]


def test_where_nobody_is_listed_everybody_is_accounted_for() -> None:
    choice = units(Candidate(1, straight_m=9e6, travel_s=INF), Candidate(2, straight_m=10, offered=(0,)))
    assert [passed.position for passed in choice.passed_over] == [1, 0]


def test_a_unit_passed_over_is_told_every_test_it_failed() -> None:
    choice = units(Candidate(1, in_service=False, offered=(0,), off_m=812.4, travel_s=INF, ahead_s=3600))
    assert why(choice)[0] == (
        "out of service",
        "lacks capability: offers none of medical",
        "off the network by 812 m",
        "unreachable: no road leads from there to the incident",
        "position dated in the future by 3600 s",
    )


@pytest.mark.parametrize(
    ("needs", "offered", "reason"),
    [
        ((HAZMAT_3,), (2.0,), "lacks capability: hazmat 2 of 3 needed"),
        ((HAZMAT_3,), (0.0,), "lacks capability: offers none of hazmat"),
        ((MEDICAL, HAZMAT_3), (0.0, 1.0), "lacks capability: hazmat 1 of 3 needed"),
        ((MEDICAL, SQUAD), (0.0, 0.0), "lacks capability: offers none of medical, search"),
    ],
)
def test_a_capability_that_is_lacking_is_named_with_the_level_there_is(
    needs: tuple[Requirement, ...], offered: tuple[float, ...], reason: str
) -> None:
    assert why(units(Candidate(1, offered=offered), needs=needs)) == {0: (reason,)}


def test_half_a_squad_is_none() -> None:
    choice = units(Candidate(1, offered=(0.5,)), Candidate(2, offered=(0.5,)), needs=(SQUAD,))
    assert choice.listed.tolist() == []
    assert choice.outcomes == (Outcome(SQUAD, INF, 0, 1),)


def test_a_depot_without_any_of_the_supplies_has_no_stock_of_them() -> None:
    choice = depots(
        Candidate(1, offered=(0, 0)), Candidate(2, offered=(0, 5)), needs=(FOAM, Requirement("sand", 20))
    )
    assert choice.listed.tolist() == [1]
    assert choice.passed_over == ()
    alone = depots(Candidate(1, offered=(0, 0)), needs=(FOAM, Requirement("sand", 20)))
    assert why(alone) == {0: ("no stock of foam, sand",)}


def test_depots_share_a_supply_that_none_holds_alone() -> None:
    choice = depots(
        Candidate(1, offered=(200,), travel_s=600), Candidate(2, offered=(300,), travel_s=60, ready_s=900)
    )
    assert choice.listed.tolist() == [0, 1]
    assert choice.outcomes == (Outcome(FOAM, 960, 500, 0),)


@pytest.mark.parametrize(
    ("row", "listed"),
    [
        (Candidate(1, off_m=500.0), True),
        (Candidate(1, off_m=np.nextafter(500.0, INF)), False),
        (Candidate(1, ahead_s=60.0), True),
        (Candidate(1, ahead_s=60.1), False),
        (Candidate(1, ahead_s=-86400.0), True),
        (Candidate(1, travel_s=1e9), True),
    ],
)
def test_a_limit_itself_is_allowed_and_anything_past_it_is_not(row: Candidate, listed: bool) -> None:
    choice = units(row)
    assert (len(choice.listed) == 1) is listed
    assert (len(choice.passed_over) == 0) is listed


def test_where_nothing_is_required_nobody_is_listed_and_nobody_passed_over() -> None:
    choice = units(Candidate(1, offered=()), Candidate(2, offered=(), in_service=False), needs=())
    assert (choice.listed.tolist(), choice.outcomes, choice.passed_over) == ([], (), ())


def test_where_there_is_nobody_everything_is_missing() -> None:
    choice = units()
    assert choice.listed.tolist() == []
    assert choice.outcomes == (Outcome(MEDICAL, INF, 0, 1),)
    assert choice.passed_over == ()
