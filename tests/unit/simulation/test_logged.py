"""A log replayed: a street with stations at 0 and 1,000 m, and a unit that the log has in two places."""

import numpy as np

from routing.simulation.logged import NO_AREA, Logged, homes, replay_as_logged, replay_nearest

ENGINE, MEDIC = 0, 1
NOT_LOGGED = float("nan")


def log(*rows: tuple[int, int, float, float, float, float, float], types: list[int]) -> Logged:
    """Return a log of (unit, area, x, out, rolling, arrived, free)."""
    columns = [np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)]
    unit, area, x_m, out_s, rolling_s, arrived_s, free_s = columns
    return Logged(
        unit=unit.astype(np.int64),
        unit_type=np.array(types),
        severity=np.ones(len(rows), dtype=np.int64),
        area=area.astype(np.int64),
        x_m=x_m,
        y_m=np.zeros(len(rows)),
        out_s=out_s,
        rolling_s=rolling_s,
        arrived_s=arrived_s,
        free_s=free_s,
    )


TWICE = log(
    (0, 1, 10, 0, 60, 300, 1000),
    (1, 2, 990, 5, 65, 305, 400),
    (0, 1, 20, 500, 560, 800, 1500),
    (2, 2, 970, 600, 660, 900, 1200),
    types=[ENGINE, ENGINE, MEDIC],
)


def test_a_second_dispatch_before_the_first_ends_is_a_double_booking() -> None:
    assert [(one.unit, one.first, one.second) for one in TWICE.clashes] == [(0, 0, 2)]


def test_it_goes_to_another_free_unit_of_its_type_with_the_logged_durations() -> None:
    record = replay_as_logged(TWICE)
    assert record.trips.unit.tolist() == [0, 1, 1, 2]
    assert record.trips.back_s.tolist() == TWICE.free_s.tolist()
    assert record.trips.arrived_s.tolist() == [300, 305, 800, 900]
    assert record.trips.clashes == ()


def test_where_no_other_is_free_it_waits_for_one() -> None:
    alone = log((0, 1, 10, 0, 60, 300, 1000), (0, 1, 20, 500, 560, 800, 1500), types=[ENGINE])
    record = replay_as_logged(alone)
    assert record.trips.ordered_s.tolist() == [0, 1000]
    assert record.trips.back_s.tolist() == [1000, 2000]
    assert record.waited.tolist() == [False, True]


def test_the_nearest_free_unit_of_the_type_goes_whoever_went() -> None:
    swapped = log(
        (0, 1, 10, 0, 60, 300, 400),
        (1, 2, 990, 1000, 1060, 1300, 1400),
        (1, 2, 995, 2000, 2060, 2300, 2400),
        (0, 1, 15, 3000, 3060, 3300, 3400),
        (1, 1, 12, 4000, 4060, 4300, 4400),
        types=[ENGINE, ENGINE],
    )
    assert replay_nearest(swapped).trips.unit.tolist() == [0, 1, 1, 0, 0]


def test_a_unit_stands_at_the_middle_of_the_area_where_most_of_its_responses_lie() -> None:
    home_x, _ = homes(TWICE)
    assert home_x.tolist() == [15, 980, 980]


def test_a_unit_whose_places_have_no_area_stands_in_the_middle_of_them() -> None:
    home_x, _ = homes(log((0, NO_AREA, 10, 0, 1, 2, 3), (0, NO_AREA, 30, 5, 6, 7, 8), types=[ENGINE]))
    assert home_x.tolist() == [20]


def test_moments_that_were_not_logged_or_are_out_of_order_leave_the_whole_as_it_is() -> None:
    legs = log(
        (0, 1, 0, 0, NOT_LOGGED, 300, 1000),
        (0, 1, 0, 2000, 2060, NOT_LOGGED, 2500),
        (0, 1, 0, 3000, 3100, 3050, 3200),
        types=[ENGINE],
    ).legs
    assert legs.turnout_s.tolist() == [0, 60, 100]
    assert legs.drive_s.tolist() == [300, 440, 0]
    assert legs.scene_s.tolist() == [700, 0, 100]
