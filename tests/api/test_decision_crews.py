"""One crew fills one role at a time, at the level that is asked for, on certificates that hold."""

from datetime import UTC, date, datetime

import pytest

from data.registry import Share
from tests.decision_town import TURNOUT_S, Crew, Town, up_mill_road

NEAR_S, FAR_S = TURNOUT_S + 100, TURNOUT_S + 180
NEAR, FAR = up_mill_road(1000), up_mill_road(1800)


def test_a_crew_for_hazmat_is_not_medical_at_the_same_time(town: Town) -> None:
    town.write(Crew("engine", NEAR, {"hazmat": 2, "medical": 6}), Crew("ambulance", FAR, {"medical": 6}))
    told = town.report("hazmat=2,medical=6")
    assert told.roles == {"engine": {"hazmat": 1}, "ambulance": {"medical": 6}}
    assert told.answer.choice.met_at_s == pytest.approx({"hazmat": NEAR_S, "medical": FAR_S}, abs=0.1)


def test_with_one_crew_for_two_roles_the_answer_says_that_it_is_torn(town: Town) -> None:
    town.write(Crew("engine", NEAR, {"hazmat": 2, "medical": 6}))
    told = town.report("hazmat=2,medical=6")
    assert len(told.roles["engine"]) == 1
    (short,) = told.answer.choice.shortfall
    reason = next(one.reason for one in told.answer.requirements if one.name == short)
    assert reason is not None
    assert reason.endswith("but their crews are needed in other roles at the same time")


def test_a_crew_is_split_where_there_are_people_for_both_roles(town: Town) -> None:
    town.write(Crew("rescue truck", NEAR, {"rescue": 9, "medical": 3}, crew=9))
    told = town.report("rescue=6,medical=3")
    assert told.roles == {"rescue truck": {"rescue": 6, "medical": 3}}
    assert not told.answer.choice.shortfall
    assert sum(town.report("rescue=7,medical=3").answer.choice.shortfall.values()) == 1


def test_the_water_aboard_ties_up_nobody(town: Town) -> None:
    town.write(Crew("engine", NEAR, {"rescue": 6, "water": 3000}))
    assert town.report("rescue=6,water=3000").roles == {"engine": {"rescue": 6, "water": 3000}}


def test_three_crews_of_level_two_are_three_crews(town: Town) -> None:
    town.write(
        *(
            Crew(f"level {level} at {metres} m", up_mill_road(metres), {"hazmat": level})
            for level, metres in ((3, 1000), (1, 1100), (2, 1200), (2, 1300), (3, 1400))
        )
    )
    told = town.report("hazmat@2=3")
    assert list(told.sent) == ["level 3 at 1000 m", "level 2 at 1200 m", "level 2 at 1300 m"]
    assert told.answer.choice.met_at_s == pytest.approx({"hazmat@2": TURNOUT_S + 130}, abs=0.1)
    (reason,) = told.unlisted["level 1 at 1100 m"].reasons
    assert "hazmat 1 of 2 needed" in reason
    five = town.report("hazmat@2=5", "sandbag=1").answer
    assert (five.choice.shortfall, five.shortfall) == ({"hazmat@2": 1}, {"hazmat@2": 1, "sandbag": 1})


def test_an_expired_certificate_does_not_count_and_says_so_in_both_languages(town: Town) -> None:
    lapsed = Share(quantity=3, valid_until=date(2024, 2, 29))
    town.write(Crew("near", NEAR, {"hazmat": lapsed}), Crew("far", FAR, {"hazmat": 2}))
    told = town.report("hazmat=2")
    assert list(told.sent) == ["far"]
    assert told.unlisted["near"].reasons == ["certificate expired: hazmat on 2024-02-29"]
    assert told.unlisted["near"].reasons_zh == ["危化品处置资质已于2024-02-29过期"]


def test_an_expired_certificate_is_told_once_though_two_needs_ask_for_it(town: Town) -> None:
    lapsed = Share(quantity=3, valid_until=date(2024, 2, 29))
    town.write(Crew("near", NEAR, {"hazmat": lapsed}), Crew("far", FAR, {"hazmat": 2}))
    told = town.report("hazmat=2,hazmat@2=1")
    assert told.unlisted["near"].reasons == ["certificate expired: hazmat on 2024-02-29"]


def test_who_is_listed_for_something_else_says_which_certificate_has_expired(town: Town) -> None:
    lapsed = Share(quantity=3, valid_until=date(2024, 2, 29))
    town.write(Crew("near", NEAR, {"rescue": 4}), Crew("far", FAR, {"hazmat": lapsed, "rescue": 4}))
    told = town.report("hazmat=2,rescue=4")
    assert told.listed["far"].brings == {"rescue": 4}
    assert [said.en for said in told.listed["far"].not_counted] == [
        "certificate expired: hazmat on 2024-02-29"
    ]
    why = told.listed["far"].why_not_sent
    assert why is not None
    assert why.en == "rescue: met without it; certificate expired: hazmat on 2024-02-29"
    assert why.zh.endswith("；危化品处置资质已于2024-02-29过期")


def test_the_last_day_of_a_certificate_still_counts_by_the_local_clock(town: Town) -> None:
    town.write(Crew("crew", NEAR, {"hazmat": Share(quantity=2, valid_until=date(2027, 3, 31))}))
    before_midnight = datetime(2027, 3, 31, 15, 59, tzinfo=UTC)
    after_midnight = datetime(2027, 3, 31, 16, 1, tzinfo=UTC)
    assert town.centre.settings.time_zone == "Asia/Shanghai"
    assert list(town.told_at(before_midnight, "hazmat=2").sent) == ["crew"]
    assert town.told_at(after_midnight, "hazmat=2").unlisted["crew"].reasons == [
        "certificate expired: hazmat on 2027-03-31"
    ]


def test_who_is_sent_for_something_else_says_as_well_which_certificate_has_expired(town: Town) -> None:
    lapsed = Share(quantity=3, valid_until=date(2024, 2, 29))
    town.write(Crew("engine", NEAR, {"hazmat": lapsed, "rescue": 4}))
    told = town.report("hazmat=2,rescue=4")
    assert told.roles == {"engine": {"rescue": 4}}
    (said,) = told.listed["engine"].not_counted
    assert (said.en, said.zh) == (
        "certificate expired: hazmat on 2024-02-29",
        "危化品处置资质已于2024-02-29过期",
    )
