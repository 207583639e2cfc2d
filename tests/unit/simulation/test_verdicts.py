"""What a difference between two plans says in words."""

import pytest

from api.simulating.saying import SECONDS, SHARE, Measure, said, verdict
from routing.simulation import difference, estimate

MORE = Measure("in_time", "in time", SHARE, True, lambda run: run.in_time)
SOONER = Measure("mean_first_s", "first arrival", SECONDS, False, lambda run: run.mean_first_s)
NAN = float("nan")


@pytest.mark.parametrize(
    ("measure", "before", "after", "words"),
    [
        (MORE, [0.5, 0.6, 0.7], [0.53, 0.63, 0.73], "better by 3.0 points (95 %: 3.0 to 3.0)"),
        (MORE, [0.5, 0.5, 0.5, 0.5], [0.4, 0.3, 0.4, 0.3], "worse by 15.0 points (95 %: 5.8 to 24.2)"),
        (SOONER, [100, 110, 120], [90, 101, 109], "better by 10.0 s (95 %: 7.5 to 12.5)"),
        (SOONER, [100, 110, 120], [110, 121, 129], "worse by 10.0 s (95 %: 7.5 to 12.5)"),
        (MORE, [0.5, 0.5], [0.5, 0.5], "no difference: every run came out the same"),
        (MORE, [0.5], [0.7], "cannot tell: one run has no interval; ask for more"),
        (MORE, [NAN, 0.5], [0.7, NAN], "nothing to compare: no run had such a call under both plans"),
        (MORE, [0.0, 0.0], [0.1, -0.1], "cannot tell: the interval holds zero"),
    ],
)
def test_a_difference_is_said_only_where_there_is_one(
    measure: Measure, before: list[float], after: list[float], words: str
) -> None:
    assert verdict(difference(before, after), measure) == words


def test_where_nobody_can_tell_it_says_about_how_many_runs_would() -> None:
    found = difference([0, 0, 0, 0], [0.0, 0.02, -0.01, 0.03])
    assert verdict(found, MORE) == (
        "cannot tell: the interval holds zero; about 16 runs would, if it is what it seems"
    )


def test_an_interval_is_cut_to_what_a_share_can_be_and_one_run_has_none() -> None:
    cut = said(estimate([0.9, 1.0]), most=1.0)
    assert (cut.mean, cut.high, cut.runs) == (0.95, 1.0, 2)
    alone = said(estimate([0.5]), most=1.0)
    assert (alone.mean, alone.low, alone.high) == (0.5, None, None)
