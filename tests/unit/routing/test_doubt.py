"""Times with doubt: medians and p90s by hand, and by drawing a few hundred thousand mornings."""

import numpy as np
import pytest

from geo.errors import InvalidInputError
from routing.doubt import (
    CLEAR_ROADS,
    Staffing,
    Timed,
    certain,
    road_table,
    road_timed,
    turnout_now,
    turnout_table,
)
from routing.profiles import presets, profiles

NOON, THREE_AT_NIGHT = 12, 3
MORNINGS = 400_000


def one(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def test_a_full_time_crew_turns_out_in_its_recorded_time_at_every_hour() -> None:
    for hour in range(24):
        assert turnout_now(one(80), [Staffing.FULL_TIME], hour).p50_s.tolist() == [80.0]


def test_nine_in_ten_full_time_turnouts_by_day_take_less_than_1_7_times_the_median() -> None:
    assert turnout_now(one(80), ["full-time"], NOON).p90_s == pytest.approx([136.0])


def test_part_timers_are_late_by_night_and_volunteers_while_they_are_at_work() -> None:
    everybody = [Staffing.FULL_TIME, Staffing.PART_TIME, Staffing.VOLUNTEER]
    assert turnout_now(one(60, 60, 60), everybody, NOON).p50_s.tolist() == [60.0, 60.0, 90.0]
    assert turnout_now(one(60, 60, 60), everybody, THREE_AT_NIGHT).p50_s.tolist() == [60.0, 120.0, 90.0]


def test_the_medians_of_turnout_and_road_add_and_their_p90s_do_not() -> None:
    turnout, road = Timed(one(80), one(30)), Timed(one(150), one(40))
    arrival = turnout.then(road)
    assert arrival.p50_s.tolist() == [230.0]
    assert arrival.sd_s.tolist() == [50.0]
    assert arrival.p90_s == pytest.approx([230.0 + 1.28155 * 50], abs=0.001)
    assert (arrival.p90_s < turnout.p90_s + road.p90_s).all()


def test_the_p90_of_the_sum_is_that_of_many_drawn_mornings() -> None:
    chance = np.random.default_rng(20170101)
    turnout = turnout_now(one(80, 300, 600), list(Staffing), THREE_AT_NIGHT)
    road = road_timed(one(152, 900, 60), ["fire-engine", "supply-truck", "on-foot"], "ice")
    arrival = turnout.then(road).then(certain(one(0, 30, 0)))
    drawn = sum(chance.normal(part.p50_s, part.sd_s, (MORNINGS, 3)) for part in (turnout, road)) + one(
        0, 30, 0
    )
    judged_p50_s, judged_p90_s = np.quantile(drawn, (0.5, 0.9), axis=0)
    assert arrival.p50_s == pytest.approx(judged_p50_s, rel=0.005)
    assert arrival.p90_s == pytest.approx(judged_p90_s, rel=0.005)


def test_the_p90_is_nearly_right_too_where_times_lean_to_the_late_side() -> None:
    chance = np.random.default_rng(20170107)
    turnout = turnout_now(one(80), [Staffing.FULL_TIME], NOON)
    road = road_timed(one(152), ["fire-engine"])
    drawn = sum(
        part.p50_s * (part.p90_s / part.p50_s) ** (chance.normal(size=(MORNINGS, 1)) / 1.2816)
        for part in (turnout, road)
    )
    assert turnout.then(road).p90_s == pytest.approx(np.quantile(drawn, 0.9, axis=0), rel=0.05)


def test_no_road_stays_no_time_whatever_is_added() -> None:
    arrival = turnout_now(one(60, 60), ["volunteer"] * 2, NOON).then(
        road_timed(one(np.inf, 100), ["ambulance"] * 2, "fog")
    )
    assert np.isinf(arrival.p50_s).tolist() == [True, False]
    assert np.isinf(arrival.p90_s).tolist() == [True, False]
    assert np.isfinite(arrival.sd_s).all()


@pytest.mark.parametrize("preset", ["night", "ice", "fog"])
def test_night_ice_and_fog_widen_the_doubt_of_every_vehicle_and_leave_its_median(preset: str) -> None:
    every = list(profiles())
    travel_s = np.full(len(every), 200.0)
    clear, worse = road_timed(travel_s, every), road_timed(travel_s, every, preset)
    assert worse.p50_s.tolist() == clear.p50_s.tolist()
    assert (worse.p90_s > clear.p90_s).all()


def test_the_tables_speak_of_every_hour_staffing_profile_and_preset() -> None:
    assert set(turnout_table()) == set(Staffing)
    assert set(road_table()) == {CLEAR_ROADS, *presets()}
    assert all(set(by_profile) == set(profiles()) for by_profile in road_table().values())
    assert all(
        row.factor >= 1 and row.p90_over_p50 >= 1 for hours in turnout_table().values() for row in hours
    )


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_no_clock_shows_is_refused(hour: int) -> None:
    with pytest.raises(InvalidInputError, match="no hour of the day"):
        turnout_now(one(60), ["full-time"], hour)


def test_unknown_words_are_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInputError, match=r"'retired' is not a staffing.*full-time, part-time"):
        turnout_now(one(60), ["retired"], NOON)
    with pytest.raises(InvalidInputError, match=r"'sledge' is not a profile.*fire-engine"):
        road_timed(one(60), ["sledge"])
    with pytest.raises(InvalidInputError, match="not a road preset"):
        road_timed(one(60), ["ambulance"], "flood")


def test_nobody_takes_no_time() -> None:
    nobody = np.zeros(0)
    assert turnout_now(nobody, [], NOON).then(road_timed(nobody, [])).p90_s.tolist() == []
