"""When units would be there: the median, nine times of ten, by night, and from an old position."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import hypot

import pytest

from api.answering import make_answer
from data.models import Staffing
from tests.decision_town import TURNOUT_S, Crew, Told, Town, over_the_bridge, up_mill_road
from tests.river_town import NORTH_STREET

ROAD_S = 120.0
PLACE = up_mill_road(1200)
BY_DAY = datetime(2027, 3, 31, 2, tzinfo=UTC)
"""Ten in the morning in Wuhan."""
BY_NIGHT = datetime(2027, 3, 31, 19, tzinfo=UTC)
"""Three in the morning there."""


def p90_s(turnout_s: float, turnout_ratio: float, road_s: float, road_ratio: float) -> float:
    """Add medians, and what lies above them at right angles."""
    return turnout_s + road_s + hypot(turnout_s * (turnout_ratio - 1), road_s * (road_ratio - 1))


def test_nine_times_of_ten_is_that_of_the_sum_and_less_than_the_sum_of_both(town: Town) -> None:
    town.write(Crew("engine", PLACE, {"rescue": 6}))
    engine = town.told_at(BY_DAY, "rescue=1").listed["engine"]
    assert engine.arrival_s == pytest.approx(TURNOUT_S + ROAD_S, abs=0.1)
    assert engine.arrival_p90_s == pytest.approx(p90_s(TURNOUT_S, 1.7, ROAD_S, 1.6), abs=0.1)
    assert engine.arrival_p90_s < TURNOUT_S * 1.7 + ROAD_S * 1.6 - 10


def test_at_night_a_part_time_crew_takes_twice_as_long_to_turn_out(town: Town) -> None:
    town.write(
        Crew("full", PLACE, {"rescue": 6}),
        Crew("part", PLACE, {"rescue": 6}, staffing=Staffing.PART_TIME),
        Crew("volunteers", PLACE, {"rescue": 6}, staffing=Staffing.VOLUNTEER),
    )
    day, night = town.told_at(BY_DAY, "rescue=18").listed, town.told_at(BY_NIGHT, "rescue=18").listed
    assert [day[name].turnout_s for name in ("full", "part", "volunteers")] == [60, 60, 90]
    assert [night[name].turnout_s for name in ("full", "part", "volunteers")] == [60, 120, 90]
    part = night["part"]
    assert part.arrival_s == pytest.approx(2 * TURNOUT_S + ROAD_S, abs=0.1)
    assert part.arrival_p90_s == pytest.approx(p90_s(2 * TURNOUT_S, 2.0, ROAD_S, 1.6), abs=0.1)


def test_the_wait_for_an_approval_is_no_doubt(town: Town) -> None:
    town.authority("county", 400.0)
    town.write(Crew("county engine", PLACE, {"rescue": 6}, authority="county"))
    engine = town.told_at(BY_DAY, "rescue=1").listed["county engine"]
    assert engine.arrival_p90_s == pytest.approx(400 + p90_s(TURNOUT_S, 1.7, ROAD_S, 1.6), abs=0.1)


def old_fix(town: Town, *, minutes: float) -> Told:
    """Answer where a patrol was last seen some minutes ago, 1,000 m up the West Bank."""
    picture = town.picture("rescue=18")
    seen_s = picture.read_at.timestamp() - minutes * 60
    units = replace(picture.units, position_at_s=picture.units.position_at_s * 0 + seen_s)
    return Told(0, make_answer(replace(picture, units=units), town.centre.settings))


def patrolled(town: Town, *engines: Crew) -> None:
    a_while_ago = datetime.now(UTC) - timedelta(minutes=5)
    town.write(*engines, Crew("patrol", PLACE, {"rescue": 6}, seen=(NORTH_STREET, a_while_ago)))


def test_a_stale_position_is_a_disc_from_which_it_is_soonest_at_best_and_latest_at_worst(
    town: Town,
) -> None:
    patrolled(town, Crew("engine", over_the_bridge(7000), {"rescue": 6}))
    fresh = old_fix(town, minutes=29).listed["patrol"]
    assert (fresh.position_stale, fresh.best_s, fresh.worst_s) == (False, None, None)
    stale = old_fix(town, minutes=31).listed["patrol"]
    assert stale.position_stale
    assert stale.arrival_s == pytest.approx(TURNOUT_S + 100, abs=0.1)
    assert stale.best_s == pytest.approx(TURNOUT_S, abs=0.1), "it may stand at the quay by now"
    assert stale.worst_s is None, "and within 10 km as well on the island, from where no road leads"


def test_a_rank_survives_where_nobody_is_overtaken_wherever_the_patrol_is(town: Town) -> None:
    near = town.with_settings(stale_reach_m=1500.0)
    patrolled(
        near,
        Crew("at the quay", up_mill_road(0), {"rescue": 6}, turnout_s=30.0),
        Crew("far", over_the_bridge(9000), {"rescue": 6}),
    )
    told = old_fix(near, minutes=31).listed
    assert list(told) == ["at the quay", "patrol", "far"]
    assert told["patrol"].best_s == pytest.approx(TURNOUT_S, abs=0.1)
    assert told["patrol"].worst_s == pytest.approx(TURNOUT_S + 1020, abs=0.5)
    assert [unit.rank_survives for unit in told.values()] == [True, False, False]


def test_a_rank_survives_for_all_where_nobody_is_between_best_and_worst(town: Town) -> None:
    near = town.with_settings(stale_reach_m=500.0)
    patrolled(
        near,
        Crew("at the quay", up_mill_road(0), {"rescue": 6}, turnout_s=30.0),
        Crew("far", over_the_bridge(6000), {"rescue": 6}),
    )
    told = old_fix(near, minutes=31).listed
    patrol = told["patrol"]
    assert (patrol.best_s, patrol.worst_s) == (patrol.arrival_s, patrol.arrival_s), "no crossing in 500 m"
    assert [unit.rank_survives for unit in told.values()] == [True, True, True]
