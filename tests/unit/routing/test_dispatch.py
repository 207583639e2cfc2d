"""Who is listed, in which order, and why each nearer one was passed over."""

from datetime import date

import numpy as np
import pytest

from routing import reasons
from routing.dispatch import Choice, Outcome, PassedOver, Rules, choose_depots, choose_units
from routing.needs import AddsUp, Requirement
from routing.reasons import FailedTest, Failure, Share, TooLow
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
    return {passed.position: tuple(f.en for f in passed.reasons) for passed in choice.passed_over}


def failed_tests(choice: Choice) -> dict[int, list[FailedTest]]:
    return {passed.position: [f.test for f in passed.reasons] for passed in choice.passed_over}


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
        PassedOver(5, (reasons.lacks_capability(["medical"]),)),
        PassedOver(2, (reasons.out_of_service(),)),
    )


def test_of_those_passed_over_equally_near_the_lower_id_comes_first() -> None:
    choice = units(Candidate(8, in_service=False), Candidate(3, in_service=False))
    assert [passed.position for passed in choice.passed_over] == [1, 0]


def test_whom_another_incident_has_is_not_listed_and_says_which() -> None:
    choice = units(Candidate(1, straight_m=100, busy=reasons.busy(7, "on-scene")), Candidate(2))
    assert choice.listed.tolist() == [1]
    (told,) = choice.passed_over
    assert [(one.en, one.zh) for one in told.reasons] == [
        ("busy with incident 7 (on-scene)", "正在处置第7号事件（到场）")
    ]


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


NO_HAZMAT_CERTIFICATE = reasons.certificate_expired(Share("hazmat", 3), date(2026, 3, 1))
SORBENT = Share("sorbent", 200)
AT_HOME = reasons.held_at_home("the chlorine works")


def test_who_has_only_an_expired_certificate_is_told_that_and_not_that_it_lacks_the_capability() -> None:
    choice = units(Candidate(1, offered=(0, 0), expired=(NO_HAZMAT_CERTIFICATE,)), needs=(MEDICAL, HAZMAT_3))
    assert why(choice) == {0: ("certificate expired: hazmat on 2026-03-01",)}


def test_an_expired_certificate_is_told_beside_a_level_that_is_too_low() -> None:
    needs = (HAZMAT_3, Requirement("detection", 2, AddsUp.MAXIMUM))
    choice = units(Candidate(1, offered=(0, 1), expired=(NO_HAZMAT_CERTIFICATE,)), needs=needs)
    assert failed_tests(choice) == {0: [FailedTest.BELOW_LEVEL, FailedTest.CERTIFICATE_EXPIRED]}


def test_who_still_offers_another_need_is_listed_whatever_certificate_has_expired() -> None:
    choice = units(Candidate(1, offered=(2, 0), expired=(NO_HAZMAT_CERTIFICATE,)), needs=(MEDICAL, HAZMAT_3))
    assert choice.listed.tolist() == [0]


def test_an_expired_certificate_is_no_reason_where_another_offer_would_have_done() -> None:
    row = Candidate(1, offered=(2, 0), in_service=False, expired=(NO_HAZMAT_CERTIFICATE,))
    assert why(units(row, needs=(MEDICAL, HAZMAT_3))) == {0: ("out of service",)}


def test_who_is_held_at_home_neither_goes_nor_brings_anything() -> None:
    choice = units(Candidate(1, held=AT_HOME), Candidate(2, travel_s=900))
    assert choice.listed.tolist() == [1]
    assert choice.outcomes == (Outcome(MEDICAL, 900, 1, 0),)
    assert units(Candidate(1, held=AT_HOME)).passed_over == (PassedOver(0, (AT_HOME,)),)


def test_a_depot_tells_what_is_expired_held_and_late_and_not_that_it_has_no_stock() -> None:
    withheld = (
        reasons.stock_expired(Share("foam", 200), "L", date(2026, 3, 1)),
        reasons.stock_held(Share("foam", 300), "L"),
        reasons.stock_later(Share("foam", 900), "L", 4 * 3600),
    )
    assert why(depots(Candidate(1, offered=(0,), expired=withheld))) == {
        0: (
            "stock expired: 200 L of foam on 2026-03-01",
            "stock held: 300 L of foam kept as its minimum",
            "stock later: 900 L of foam only after 4 h",
        )
    }


def test_a_reason_reads_in_chinese_as_a_dispatcher_would_write_it() -> None:
    row = Candidate(1, in_service=False, offered=(0,), off_m=812.4, travel_s=INF, ahead_s=3600, held=AT_HOME)
    (told,) = units(row).passed_over
    assert [failure.zh for failure in told.reasons] == [
        "停勤",
        "不具备医疗救护能力",
        "偏离路网812米",
        "没有道路通往事发地",
        "定位时间超前3600秒",
        "须留守the chlorine works且对方尚未同意调出",
    ]


@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        (NO_HAZMAT_CERTIFICATE, "危化品处置资质已于2026-03-01过期"),
        (
            reasons.below_level([TooLow("hazmat", 2, 3, is_crew_level=False)]),
            "危化品处置2级低于所需3级",
        ),
        (
            reasons.below_level([TooLow("ladder-reach", 32, 50, is_crew_level=False)]),
            "举高32米低于所需50米",
        ),
        (reasons.below_level([TooLow("medical", 1, 2)]), "医疗救护1级低于所需2级"),
        (reasons.no_stock(["sorbent", "dry ice"]), "无吸附材料、dry ice库存"),
        (
            reasons.stock_expired(SORBENT, "kg", date(2026, 3, 1)),
            "吸附材料200kg已于2026-03-01过期",
        ),
        (reasons.stock_held(SORBENT, "kg"), "吸附材料200kg属须经批准方可动用的最低储备"),
        (reasons.stock_later(SORBENT, "kg", 1800), "吸附材料200kg须30分钟后方可提供"),
    ],
)
def test_names_amounts_and_dates_are_said_in_chinese(reason: Failure, zh: str) -> None:
    assert reason.zh == zh


MEDICAL_2 = Requirement("medical", 3, level=2)
TWO_CREWS_OF_2 = Requirement("hazmat", 2, AddsUp.MAXIMUM, level=2)


def test_crews_below_the_level_count_nothing_and_are_told_theirs() -> None:
    choice = units(
        Candidate(1, offered=(2,), level=(2,), travel_s=100),
        Candidate(2, offered=(9,), level=(1,), travel_s=10, straight_m=10),
        Candidate(3, offered=(1,), level=(3,), travel_s=200),
        needs=(MEDICAL_2,),
    )
    assert choice.listed.tolist() == [0, 2]
    assert choice.outcomes == (Outcome(MEDICAL_2, 200, 3, 0),)
    assert why(choice) == {1: ("lacks capability: medical level 1 of 2 needed",)}
    assert failed_tests(choice) == {1: [FailedTest.BELOW_LEVEL]}


def test_whole_crews_of_a_level_are_counted_one_by_one() -> None:
    choice = units(
        Candidate(1, offered=(3,), travel_s=100),
        Candidate(2, offered=(1,), travel_s=10, straight_m=10),
        Candidate(3, offered=(2,), travel_s=200),
        needs=(TWO_CREWS_OF_2,),
    )
    assert choice.listed.tolist() == [0, 2]
    assert choice.outcomes == (Outcome(TWO_CREWS_OF_2, 200, 2, 0),)
    assert why(choice) == {1: ("lacks capability: hazmat 1 of 2 needed",)}


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
