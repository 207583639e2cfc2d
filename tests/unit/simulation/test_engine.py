"""Time driven event by event: a street with two stations, one place at each end, all by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidInputError
from routing.simulation import (
    Calls,
    Counted,
    Itinerary,
    Order,
    Record,
    Sent,
    SoonestFree,
    Standing,
    Trip,
    Waiting,
    clashes,
    figures,
    poisson_times,
    simulate,
)

WEST, EAST = 0, 1
NEVER = float("inf")


def calls(*rows: tuple[float, int, int, float]) -> Calls:
    """Return calls from (at, place, severity, time on scene)."""
    at_s, place, severity, scene_s = (np.array(column) for column in zip(*rows, strict=True))
    return Calls(
        at_s.astype(np.float64),
        place.astype(np.int64),
        np.zeros(len(rows), dtype=np.int64),
        severity.astype(np.int64),
        scene_s.astype(np.float64),
    )


class Legs:
    """Sends the first free units a call wants; every trip takes 10 s to turn out, drives out and back."""

    def __init__(self, of: Calls, drive_s: list[list[float]], wanted: int = 1) -> None:
        self.calls, self.drive_s, self.wanted = of, drive_s, wanted

    def send(self, call: int, standing: Standing) -> Sent:
        missing = self.wanted - len(standing.engaged)
        going = np.flatnonzero(standing.free)[:missing].tolist()
        way_s = self.drive_s[int(self.calls.place[call])]
        orders = tuple(
            Order(unit, 10.0, way_s[unit], float(self.calls.scene_s[call]), way_s[unit]) for unit in going
        )
        there_s = [10.0 + way_s[unit] for unit in going]
        due_s = [at_s - standing.now_s for at_s in standing.engaged.values()]
        return Sent(orders, max(there_s + due_s) if len(going) == missing else NEVER)

    def helps(self, call: int, unit: int) -> bool:
        return bool(np.isfinite(self.drive_s[int(self.calls.place[call])][unit]))


def trip(record: Record, number: int) -> tuple[float, ...]:
    """Return when a trip was ordered, rolled, arrived, left and was back."""
    t = record.trips
    return tuple(
        float(column[number]) for column in (t.ordered_s, t.rolling_s, t.arrived_s, t.left_s, t.back_s)
    )


def test_a_trip_is_turnout_driving_work_and_the_way_back() -> None:
    one = calls((100, WEST, 3, 600))
    assert trip(simulate(one, 1, Legs(one, [[50.0]])), 0) == (100, 110, 160, 760, 810)


def test_a_second_call_waits_until_the_only_unit_is_back() -> None:
    two = calls((0, WEST, 3, 600), (30, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]))
    assert trip(record, 1) == (710, 720, 770, 830, 880)
    assert record.waited.tolist() == [False, True]
    assert record.met_s.tolist() == [60, 770]


def test_of_those_that_wait_the_gravest_goes_first_then_the_one_that_waits_longest() -> None:
    many = calls((0, WEST, 3, 600), (1, WEST, 4, 60), (2, WEST, 1, 60), (3, WEST, 4, 60))
    assert simulate(many, 1, Legs(many, [[50.0]])).trips.call.tolist() == [0, 2, 1, 3]


def test_who_is_back_at_the_moment_of_a_call_is_free_for_it() -> None:
    two = calls((0, WEST, 3, 600), (710, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]))
    assert record.trips.ordered_s.tolist() == [0, 710]
    assert not record.waited.any()


def test_without_waiting_a_call_that_finds_nobody_free_is_lost() -> None:
    two = calls((0, WEST, 3, 600), (30, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]), Waiting.LOST)
    assert (record.trips.call.tolist(), record.met_s.tolist()) == ([0], [60, NEVER])


def test_a_call_that_is_short_of_a_second_unit_gets_it_as_soon_as_that_is_back() -> None:
    pair = calls((0, WEST, 3, 100), (20, WEST, 3, 5000))

    class First(Legs):
        def send(self, call: int, standing: Standing) -> Sent:
            self.wanted = 1 if call == 0 else 2
            return super().send(call, standing)

    record = simulate(pair, 2, First(pair, [[50.0, 50.0]]))
    assert [(u, c) for u, c in zip(record.trips.unit, record.trips.call, strict=True)] == [
        (0, 0),
        (1, 1),
        (0, 1),
    ]
    assert record.trips.ordered_s.tolist() == [0, 20, 210]
    assert record.met_s[1] == 210 + 10 + 50


def test_a_call_whose_last_unit_has_left_is_over_though_it_was_never_met() -> None:
    two = calls((0, WEST, 3, 100), (20, WEST, 3, 100))
    record = simulate(two, 1, Legs(two, [[50.0]], wanted=2))
    assert record.trips.call.tolist() == [0, 1]
    assert record.met_s.tolist() == [NEVER, NEVER]


def test_units_no_road_leads_from_are_never_sent() -> None:
    one = calls((0, WEST, 3, 60))
    record = simulate(one, 2, SoonestFree(one, np.array([[NEVER, NEVER]])))
    assert len(record.trips) == 0
    found = figures(record, 2, Counted((0, 10), np.array([True]), 60, from_wheels=False))
    assert (found.unanswered, found.in_time, found.busy.tolist()) == (1, 0, [0, 0])


def test_what_a_run_comes_to() -> None:
    two = calls((0, WEST, 3, 600), (30, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]))
    found = figures(record, 1, Counted((0, 1000), np.array([True, True]), 60, from_wheels=False))
    assert (found.calls, found.in_time, found.met, found.waited) == (2, 0.5, 1, 0.5)
    assert (found.mean_first_s, found.mean_wait_s) == ((60 + 740) / 2, (0 + 680) / 2)
    assert found.busy.tolist() == [0.71 + 0.17]


def test_a_clock_that_starts_with_the_wheels_counts_the_driving_alone() -> None:
    two = calls((0, WEST, 3, 600), (30, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]))
    found = figures(record, 1, Counted((0, 1000), np.array([True, True]), 50, from_wheels=True))
    assert found.in_time == 1


def test_calls_of_the_warm_up_and_calls_no_standard_speaks_about_are_not_counted() -> None:
    two = calls((0, WEST, 3, 600), (30, WEST, 3, 60))
    record = simulate(two, 1, Legs(two, [[50.0]]))
    found = figures(record, 1, Counted((10, 1000), np.array([True, False]), 60, from_wheels=False))
    assert (found.calls, found.waited) == (1, 1)
    assert np.isnan(found.in_time)


@pytest.mark.parametrize(
    ("out_s", "free_s", "found"),
    [([0, 10], [10, 20], []), ([0, 9], [10, 20], [(0, 1)]), ([0, 2, 4], [10, 3, 12], [(0, 1), (0, 2)])],
)
def test_an_entry_that_begins_before_another_ends_is_a_clash(
    out_s: list[float], free_s: list[float], found: list[tuple[int, int]]
) -> None:
    unit = np.zeros(len(out_s), dtype=np.int64)
    listed = clashes(unit, np.array(out_s, dtype=float), np.array(free_s, dtype=float))
    assert [(one.first, one.second) for one in listed] == found


def in_two_places(trips: Itinerary) -> bool:
    """Say it by comparing every pair of trips of one unit: slow, and owes nothing to ``clashes``."""
    return any(
        trips.unit[a] == trips.unit[b]
        and trips.ordered_s[a] < trips.back_s[b]
        and trips.ordered_s[b] < trips.back_s[a]
        for a in range(len(trips))
        for b in range(a)
    )


def test_the_checker_sees_a_unit_in_two_places() -> None:
    twice = [
        Trip(7, 0, 0, 1, 2, 3, 10, capable=True, counts=True),
        Trip(7, 1, 9, 10, 11, 12, 20, capable=True, counts=True),
    ]
    assert in_two_places(Itinerary.of(twice))
    assert len(Itinerary.of(twice).clashes) == 1


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.floats(0, 5000),
            st.integers(0, 2),
            st.integers(1, 4),
            st.floats(0, 2000),
        ),
        min_size=1,
        max_size=25,
    ),
    drive_s=st.lists(st.lists(st.floats(0, 900), min_size=3, max_size=3), min_size=3, max_size=3),
    wanted=st.integers(1, 3),
    waiting=st.sampled_from(Waiting),
)
def test_no_unit_is_ever_in_two_places(
    rows: list[tuple[float, int, int, float]], drive_s: list[list[float]], wanted: int, waiting: Waiting
) -> None:
    some = calls(*sorted(rows))
    record = simulate(some, 3, Legs(some, drive_s, wanted), waiting)
    assert not in_two_places(record.trips)
    assert record.trips.clashes == ()
    assert (record.trips.ordered_s >= some.at_s[record.trips.call] - 1e-6).all()


def test_calls_come_as_often_as_was_asked_and_always_the_same_by_one_seed() -> None:
    first, again = (poisson_times(24, 100, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, again)
    assert len(first) == pytest.approx(2400, abs=3 * np.sqrt(2400))
    assert (np.diff(first) >= 0).all()


@pytest.mark.parametrize(("per_day", "days"), [(0, 1), (-1, 1), (NEVER, 1), (1, 0), (1, float("nan"))])
def test_a_rate_or_a_length_that_is_none_is_refused(per_day: float, days: float) -> None:
    with pytest.raises(InvalidInputError):
        poisson_times(per_day, days, np.random.default_rng(1))
