"""Cover in towns of two tank farms and a depot, and random ones judged by trying every move by hand."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.cover import (
    GradeCover,
    HomeCover,
    MoveUp,
    NoMoveUp,
    VacatedPosts,
    best_move_up,
    cover_of,
)

FIVE_MINUTES, NO_STANDARD = 300.0, np.inf


def home(
    seconds: list[list[float]], leaving: list[bool], grade: list[int], standard_s: list[float] | None = None
) -> HomeCover:
    units, sources = len(leaving), len(grade)
    return HomeCover(
        unit=np.arange(10, 10 + units),
        seconds=np.array(seconds, dtype=np.float64).reshape(units, sources),
        counts=np.ones((units, 1), dtype=np.bool_),
        standard_s=np.array(standard_s or [FIVE_MINUTES] * sources, dtype=np.float64),
        grade=np.array(grade, dtype=np.int64),
        leaving=np.array(leaving, dtype=np.bool_),
    )


def posts(drive_s: Sequence[Sequence[float]], seconds: Sequence[Sequence[float]]) -> VacatedPosts:
    return VacatedPosts(np.arange(len(seconds)), np.array(drive_s), np.array([seconds], dtype=np.float64))


FIRST_AWAY = home([[200, 250, 100], [400, 300, 900]], leaving=[True, False], grade=[2, 1, 1])
"""The first unit covers all; the second only the farm in the middle, in exactly five minutes."""


def test_the_sources_only_the_leaving_unit_covered_are_lost_the_gravest_first() -> None:
    cover = cover_of(FIRST_AWAY)
    assert cover.lost.tolist() == [2, 0]
    assert cover.by_grade == (GradeCover(1, 2, 2, 1), GradeCover(2, 1, 1, 0))


def test_a_source_without_a_standard_or_of_a_lower_grade_or_bare_before_cannot_lose_cover() -> None:
    town = home(
        [[200, 200, 900]],
        leaving=[True],
        grade=[1, 3, 1],
        standard_s=[NO_STANDARD, FIVE_MINUTES, FIVE_MINUTES],
    )
    cover = cover_of(town)
    assert cover.lost.tolist() == []
    assert cover.by_grade[0] == GradeCover(1, 1, 0, 0)


def test_a_near_ambulance_is_no_cover_where_the_standard_asks_for_foam() -> None:
    foam = np.array([[True, True, True], [True, False, True]])
    assert cover_of(replace(FIRST_AWAY, counts=foam)).lost.tolist() == [1, 2, 0]


def test_nobody_leaving_loses_nothing_and_nobody_should_move() -> None:
    town = replace(FIRST_AWAY, leaving=np.zeros(2, dtype=np.bool_))
    advice = best_move_up(town, posts([[10], [10]], [[200, 250, 100]]))
    assert cover_of(town).lost.tolist() == []
    assert (advice.move, advice.why_not) == (None, NoMoveUp.NOTHING_LOST)


def test_the_second_unit_moves_up_to_the_first_ones_post_and_all_is_covered_again() -> None:
    move = moved(FIRST_AWAY, posts([[0], [480]], [[200, 250, 100]]))
    assert (move.unit, move.post, move.drive_s) == (1, 0, 480.0)
    assert (move.regained.tolist(), move.newly_lost.tolist()) == ([2, 0], [])


def test_one_grave_source_regained_outweighs_two_lesser_ones_left_bare() -> None:
    town = home([[100, 900, 900], [900, 100, 100]], leaving=[True, False], grade=[1, 2, 2])
    move = moved(town, posts([[0], [60]], [[100, 900, 900]]))
    assert (move.regained.tolist(), move.newly_lost.tolist()) == ([0], [1, 2])


def test_a_grave_source_at_the_price_of_two_lesser_ones_is_better_than_two_more_lesser_ones() -> None:
    nobody: list[float] = [900, 900, 900, 900, 900]
    town = home(
        [[100, 900, 900, 100, 100], [900, 100, 100, 900, 900], nobody], [True, False, False], [1, 2, 2, 2, 2]
    )
    move = moved(
        town, posts([[0, 0], [60, np.inf], [np.inf, 10]], [[100] + [900] * 4, [900] * 3 + [100] * 2])
    )
    assert (move.unit, move.post) == (1, 0)


def test_a_move_that_leaves_as_much_bare_as_it_brings_back_is_none() -> None:
    town = home([[100, 900], [900, 100]], leaving=[True, False], grade=[1, 1])
    assert best_move_up(town, posts([[0], [60]], [[100, 900]])).why_not is NoMoveUp.NONE_HELPS


def test_where_no_road_leads_to_the_post_nobody_can_move() -> None:
    advice = best_move_up(FIRST_AWAY, posts([[0], [np.inf]], [[200, 250, 100]]))
    assert advice.why_not is NoMoveUp.NOBODY_CAN
    assert all(why.zh for why in NoMoveUp)


def test_of_equal_moves_the_shorter_drive_is_taken_then_the_lower_unit_then_the_lower_post() -> None:
    town = home([[100], [900], [900]], leaving=[True, False, False], grade=[1])
    shorter = moved(town, posts([[0, 0], [70, 60], [60, 50]], [[100], [100]]))
    lower = moved(town, posts([[0, 0], [60, 60], [60, 60]], [[100], [100]]))
    assert (shorter.unit, shorter.post) == (2, 1)
    assert (lower.unit, lower.post) == (1, 0)


def moved(town: HomeCover, vacated: VacatedPosts) -> MoveUp:
    advice = best_move_up(town, vacated)
    assert advice.move is not None
    return advice.move


@st.composite
def towns(draw: st.DrawFn) -> tuple[HomeCover, VacatedPosts]:
    units, sources, vacated = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 3))

    def some(values: tuple[float, ...], *shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        size = int(np.prod(shape))
        drawn = draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))
        return np.array(drawn, dtype=np.float64).reshape(shape)

    alike = draw(st.booleans())
    town = HomeCover(
        unit=np.array(draw(st.permutations(range(units)))),
        seconds=some((100, 300, 301, np.inf), units, sources),
        counts=some((0, 1, 1), units, sources).astype(np.bool_),
        standard_s=some((300, 300, np.inf), sources),
        grade=some((1, 1, 2, 2, 3), sources).astype(np.int64),
        leaving=some((0, 1), units).astype(np.bool_),
    )
    there = some((100, 300, 301, np.inf), 1 if alike else units, vacated, sources)
    return town, VacatedPosts(
        np.array(draw(st.permutations(range(vacated)))), some((50, 60, np.inf), units, vacated), there
    )


def covered_by_hand(
    town: HomeCover, seconds: dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]]
) -> set[int]:
    """Return the graded sources that somebody who counts reaches within the standard."""
    return {
        s
        for s in range(len(town.grade))
        for u, takes_s in seconds.items()
        if town.grade[s] in (1, 2)
        and town.standard_s[s] < np.inf
        and town.counts[u, s]
        and takes_s[s] <= town.standard_s[s]
    }


@settings(max_examples=300, deadline=None)
@given(towns())
def test_cover_and_the_best_move_are_those_of_trying_everything(case: tuple[HomeCover, VacatedPosts]) -> None:
    town, vacated = case
    everybody = dict(enumerate(town.seconds))
    staying = {u: takes_s for u, takes_s in everybody.items() if not town.leaving[u]}
    before, after = covered_by_hand(town, everybody), covered_by_hand(town, staying)
    cover = cover_of(town)
    assert cover.lost.tolist() == sorted(before - after, key=lambda s: (town.grade[s], s))
    assert [(g.before, g.after) for g in cover.by_grade] == [
        (sum(town.grade[s] == g for s in before), sum(town.grade[s] == g for s in after)) for g in (1, 2)
    ]
    tried = []
    for u in staying:
        for p in range(len(vacated.post)):
            from_there = vacated.seconds[u if len(vacated.seconds) > 1 else 0, p]
            then = covered_by_hand(town, staying | {u: from_there})
            worth = [
                sum(town.grade[s] == g for s in then) - sum(town.grade[s] == g for s in after) for g in (1, 2)
            ]
            if vacated.drive_s[u, p] < np.inf and worth > [0, 0]:
                ids = (int(town.unit[u]), int(vacated.post[p]))
                tried.append(
                    (-worth[0], -worth[1], vacated.drive_s[u, p], ids, u, p, then - after, after - then)
                )
    advice = best_move_up(town, vacated)
    if advice.move is None:
        assert not tried or advice.why_not is NoMoveUp.NOTHING_LOST
        return
    *_, unit, post, regained, newly_lost = min(tried, key=lambda move: move[:4])
    assert (advice.move.unit, advice.move.post) == (unit, post)
    assert set(advice.move.regained.tolist()) == regained
    assert set(advice.move.newly_lost.tolist()) == newly_lost
    assert advice.move.drive_s == pytest.approx(vacated.drive_s[unit, post])
