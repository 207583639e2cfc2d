"""Who goes together, in small towns whose answers are found by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from geo.errors import InvalidInputError
from routing.needs import AddsUp, Requirement
from routing.together import ChoiceRules, Demand, Swap, Together, choose_together
from tests.unit.routing.offers import INF, Offer, Want, demand_of, in_columns

AT_ONCE = ChoiceRules(tolerance_s=0.0, time_limit_s=60.0)


def choose(
    rows: Sequence[Offer],
    wants: Sequence[Want],
    rules: ChoiceRules = AT_ONCE,
    group_limit: Sequence[int] = (),
) -> Together:
    return choose_together(in_columns(rows, wants, group_limit), demand_of(wants), rules)


def ids(together: Together, rows: Sequence[Offer]) -> list[int]:
    return [rows[i].id for i in together.sent]


def values(together: Together) -> dict[str, float]:
    return {level.name: level.value for level in together.levels}


def test_filling_the_first_role_with_the_first_to_come_would_let_the_medics_wait() -> None:
    """Greedily, 1 does hazmat at 60 s, medics come at 600 s; let 2 do hazmat at 70 s, and 1 is medic."""
    hazmat_and_medical = [Offer(1, 60, (1, 1)), Offer(2, 70, (1, 0)), Offer(3, 600, (0, 1))]
    together = choose(hazmat_and_medical, [Want(1), Want(1)])
    assert ids(together, hazmat_and_medical) == [1, 2]
    assert together.role.tolist() == [[0, 1], [1, 0]]
    assert together.met_at_s.tolist() == [70, 60]
    assert values(together) == {
        "shortfall": 0,
        "first_capable": 60,
        "lateness": 0,
        "met": 130,
        "completion": 70,
        "units": 2,
        "tier": 2,
    }
    assert together.proved
    assert all(level.bound == level.value and level.gap == 0 for level in together.levels)


def test_the_nearest_ambulance_goes_though_all_is_complete_no_sooner_for_it() -> None:
    """Detection comes at 900 s with medics of its own; by the latest arrival alone the ambulance stays."""
    rescuers, ambulance = Offer(1, 60, (4, 0, 0)), Offer(2, 120, (0, 2, 0))
    detection = Offer(3, 900, (0, 2, 1), crew_for=(0, 2, 2))
    rows = [rescuers, ambulance, detection]
    together = choose(rows, [Want(4), Want(2), Want(1)])
    assert ids(together, rows) == [1, 2, 3]
    assert together.met_at_s.tolist() == [60, 120, 900]


def test_six_people_are_not_hazmat_medical_and_decontamination_at_once() -> None:
    six = [Offer(1, 60, (1, 1, 1), crew=6)]
    together = choose(six, [Want(1), Want(1), Want(1)])
    assert together.role.tolist() == [[1, 0, 0]]
    assert together.missing.tolist() == [0, 1, 1]
    assert together.met_at_s.tolist() == [60, INF, INF]
    assert values(together)["shortfall"] == 2
    assert together.proved


def test_a_crew_large_enough_fills_two_roles() -> None:
    six = [Offer(1, 60, (1, 1, 1), crew=6, crew_for=(3, 3, 3))]
    together = choose(six, [Want(1), Want(1), Want(1)])
    assert together.role.tolist() == [[1, 1, 0]]
    assert together.missing.tolist() == [0, 0, 1]


def test_persons_are_divided_over_roles_as_far_as_they_reach() -> None:
    six = [Offer(1, 60, (6, 6), crew=6)]
    rescue, medical = Want(4, divisible=True), Want(2, divisible=True)
    assert choose(six, [rescue, medical]).role.tolist() == [[4, 2]]
    short = choose(six, [rescue, Want(3, weight=9, divisible=True)])
    assert short.role.tolist() == [[3, 3]]
    assert short.missing.tolist() == [1, 0]


def test_equipment_ties_up_nobody() -> None:
    tanker = [Offer(1, 60, (3, 12000), crew=3, crew_for=(3, 0))]
    assert choose(tanker, [Want(3), Want(10000)]).role.tolist() == [[3, 12000]]


def test_three_crews_of_level_two_or_more_are_three_crews() -> None:
    three = Requirement("hazmat", 3, AddsUp.MAXIMUM, level=2)
    levels = np.array([3, 2, 1, 2], dtype=np.float64)
    rows = [
        Offer(i + 1, arrival_s, (share,))
        for i, (arrival_s, share) in enumerate(zip((60, 90, 100, 300), three.shares(levels), strict=True))
    ]
    together = choose(rows, [Want(three.needed)])
    assert ids(together, rows) == [1, 2, 4]
    assert together.met_at_s.tolist() == [300]


@pytest.mark.parametrize(
    ("deadlines_s", "met_at_s"), [((INF, 300), [400, 60]), ((300, INF), [60, 400]), ((300, 900), [60, 400])]
)
def test_the_scarce_crew_goes_where_the_deadline_presses(
    deadlines_s: tuple[float, float], met_at_s: list[float]
) -> None:
    rows = [Offer(1, 60, (1, 1)), Offer(2, 400, (1, 0)), Offer(3, 400, (0, 1))]
    together = choose(rows, [Want(1, deadline) for deadline in deadlines_s])
    assert together.met_at_s.tolist() == met_at_s
    assert values(together)["lateness"] == 0


def test_a_weight_decides_who_waits_where_both_are_late() -> None:
    rows = [Offer(1, 60, (1, 1)), Offer(2, 400, (1, 0)), Offer(3, 400, (0, 1))]
    together = choose(rows, [Want(1, 50), Want(1, 50, weight=2)])
    assert together.met_at_s.tolist() == [400, 60]
    assert values(together)["lateness"] == 350 + 2 * 10


def test_within_the_tolerance_one_engine_does_for_two_and_without_it_both_go() -> None:
    rows = [Offer(1, 60, (2, 0)), Offer(2, 100, (2, 0)), Offer(3, 130, (3, 1), crew_for=(3, 1))]
    wants = [Want(4), Want(1)]
    exact = choose(rows, wants)
    assert ids(exact, rows) == [1, 2, 3]
    assert exact.met_at_s.tolist() == [100, 130]
    near = choose(rows, wants, ChoiceRules(tolerance_s=30.0, time_limit_s=60.0))
    assert ids(near, rows) == [1, 3]
    assert near.met_at_s.tolist() == [130, 130]
    assert near.soonest_met_s.tolist() == [100, 130]


def test_a_near_tie_is_shown_as_one() -> None:
    rows = [Offer(1, 60, (1, 0)), Offer(2, 100, (0, 1)), Offer(3, 130, (0, 1)), Offer(4, 161, (0, 1))]
    near = choose(rows, [Want(1), Want(1)], ChoiceRules(tolerance_s=60.0, time_limit_s=60.0))
    assert ids(near, rows) == [1, 2]
    assert near.swaps == (Swap(sent=1, instead=2, later_s=30.0),)
    assert choose(rows, [Want(1), Want(1)], ChoiceRules(tolerance_s=20.0, time_limit_s=60.0)).swaps == ()


def test_our_own_unit_goes_before_a_borrowed_one_that_is_hardly_sooner() -> None:
    rows = [Offer(1, 60, (1, 0)), Offer(2, 100, (0, 1), tier=3), Offer(3, 130, (0, 1), tier=1)]
    near = choose(rows, [Want(1), Want(1)], ChoiceRules(tolerance_s=60.0, time_limit_s=60.0))
    assert ids(near, rows) == [1, 3]
    assert near.swaps == ()
    assert ids(choose(rows, [Want(1), Want(1)]), rows) == [1, 2]


def test_the_own_team_of_a_site_is_always_alerted_and_the_first_due_goes_too() -> None:
    rows = [Offer(1, 500, (0, 0), always=True), Offer(2, 60, (1, 0)), Offer(3, 90, (9, 9), crew_for=(4, 0))]
    together = choose(rows, [Want(9), Want(9)])
    assert ids(together, rows) == [2, 3, 1]
    assert together.role.tolist() == [[1, 0], [9, 9], [0, 0]]
    assert values(together)["first_capable"] == 60


def test_at_most_so_many_of_a_group_go() -> None:
    site = [Offer(1, 60, (1,), group=0), Offer(2, 70, (1,), group=0)]
    rows = [*site, Offer(3, 400, (1,))]
    assert ids(choose(rows, [Want(2)], group_limit=[2]), rows) == [1, 2]
    assert ids(choose(rows, [Want(2)], group_limit=[1]), rows) == [1, 3]
    assert ids(choose(rows, [Want(2)], group_limit=[0]), rows) == [3]


def test_where_everything_is_tied_the_lowest_ids_go() -> None:
    rows = [Offer(id_, 300, (2,)) for id_ in (9, 4, 7, 1, 5, 8)]
    together = choose(rows, [Want(6)])
    assert ids(together, rows) == [1, 4, 5]
    assert together.proved


def test_what_nobody_can_ever_meet_still_gets_what_there_is_and_is_never_met() -> None:
    rows = [Offer(1, 60, (2, 0, 0)), Offer(2, 300, (1, 0, 0)), Offer(3, 90, (0, 1, 0))]
    together = choose(rows, [Want(5), Want(1), Want(7)])
    assert ids(together, rows) == [1, 3, 2]
    assert together.missing.tolist() == [2, 0, 7]
    assert together.met_at_s.tolist() == [INF, 90, INF]
    assert together.soonest_met_s.tolist() == [INF, 90, INF]
    assert values(together)["met"] == 300 + 90
    assert values(together)["shortfall"] == pytest.approx(2 / 5 + 1)


def test_where_nobody_is_free_nobody_goes_and_all_is_missing() -> None:
    together = choose([], [Want(2), Want(1)])
    assert len(together.sent) == 0
    assert together.role.shape == (0, 2)
    assert together.missing.tolist() == [2, 1]
    assert together.met_at_s.tolist() == [INF, INF]
    assert values(together)["first_capable"] == INF
    assert together.proved


def test_where_nothing_is_wanted_only_those_always_alerted_go() -> None:
    rows = [Offer(1, 60, ()), Offer(2, 90, (), always=True)]
    together = choose(rows, [])
    assert ids(together, rows) == [2]
    assert len(together.met_at_s) == 0
    assert together.proved


def torn_town() -> tuple[list[Offer], list[Want]]:
    """Thirty crews that can each do any of three things, one at a time."""
    rng = np.random.default_rng(3)
    rows = [
        Offer(i, float(rng.integers(60, 900)), tuple(float(s) for s in rng.integers(1, 4, 3)))
        for i in range(1, 31)
    ]
    return rows, [Want(11, 200), Want(9, 300, weight=2), Want(13)]


def test_where_the_time_runs_out_the_best_so_far_goes_out_and_says_it_is_not_proved() -> None:
    rows, wants = torn_town()
    cut = choose(rows, wants, ChoiceRules(tolerance_s=0.0, time_limit_s=0.0))
    whole = choose(rows, wants)
    assert not cut.proved
    assert whole.proved
    assert cut.missing.tolist() == [0, 0, 0]
    assert np.isfinite(cut.met_at_s).all()
    assert ((cut.role > 0).sum(axis=1) <= 1).all()
    for level, best in zip(cut.levels[:4], whole.levels[:4], strict=True):
        assert level.bound <= best.value + 1e-6
    unproved = next(level for level in cut.levels if not level.proved)
    assert unproved.gap > 0
    assert unproved.bound < unproved.value


@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("arrival_s", Offer(1, INF, (1,))),
        ("arrival_s", Offer(1, float("nan"), (1,))),
        ("share", Offer(1, 60, (-1,))),
        ("share", Offer(1, 60, (1,), crew=INF)),
        ("tier", Offer(1, 60, (1,), tier=-1)),
        ("id", Offer(2, 60, (1,))),
        ("group_limit", Offer(1, 60, (1,), always=True, group=0)),
    ],
)
def test_offers_that_make_no_sense_are_refused_by_name(field: str, row: Offer) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: "):
        in_columns([row, Offer(2, 90, (1,))], [Want(1)], group_limit=[0])


@pytest.mark.parametrize(
    ("field", "want"),
    [
        ("needed", Want(0)),
        ("needed", Want(-1)),
        ("needed", Want(INF)),
        ("weight", Want(1, weight=0)),
        ("deadline_s", Want(1, deadline_s=0)),
        ("deadline_s", Want(1, deadline_s=float("nan"))),
    ],
)
def test_a_demand_that_makes_no_sense_is_refused_by_name(field: str, want: Want) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: "):
        demand_of([want])


@pytest.mark.parametrize("field", ["tolerance_s", "time_limit_s"])
@pytest.mark.parametrize("value", [-1.0, INF, float("nan")])
def test_rules_that_are_no_time_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field}: "):
        ChoiceRules(**{field: value})


def test_demand_of_requirements_is_in_the_measure_of_their_shares() -> None:
    wanted = Requirement("hazmat", 2, AddsUp.MAXIMUM, deadline_s=600, weight=3)
    demand = Demand.of([wanted])
    assert (demand.needed.tolist(), demand.deadline_s.tolist(), demand.weight.tolist()) == ([1], [600], [3])
