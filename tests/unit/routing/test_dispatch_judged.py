"""Random needs and candidates, judged: the choice is the one made by plain loops."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import reasons
from routing.dispatch import Choice, Rules, choose_depots, choose_units
from routing.needs import AddsUp, Requirement
from routing.reasons import FailedTest, Failure, Share
from tests.unit.routing.candidates import Candidate, in_columns
from tests.unit.routing.plain_choice import plain_choice

RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
WORDS = {
    FailedTest.OUT_OF_SERVICE: "service",
    FailedTest.OFF_NETWORK: "network",
    FailedTest.UNREACHABLE: "unreachable",
    FailedTest.FUTURE_POSITION: "future",
    FailedTest.HELD_AT_HOME: "home",
}
EXPIRED = reasons.certificate_expired(Share("it", 2), date(2026, 3, 1))
HOME = reasons.held_at_home("the chlorine works")
NEEDS = st.lists(
    st.builds(
        Requirement,
        st.just("it"),
        st.sampled_from((0.5, 1, 2, 3.5, 7)),
        st.sampled_from(AddsUp),
        st.sampled_from((0.0, 0, 1, 2)),
    ),
    max_size=3,
)


def candidates(requirements: int) -> st.SearchStrategy[list[Candidate]]:
    shares = st.tuples(*[st.sampled_from((0, 0, 0.5, 1, 1.5, 2, 4))] * requirements)
    one = st.builds(
        Candidate,
        id=st.integers(1, 99),
        travel_s=st.sampled_from((0.0, 30, 60, 60, 90, float("inf"))),
        offered=shares,
        level=st.tuples(*[st.sampled_from((0.0, 1, 2, 3))] * requirements),
        ready_s=st.sampled_from((0.0, 30, 60)),
        off_m=st.sampled_from((0.0, 499.9, 500, 500.1)),
        straight_m=st.sampled_from((0.0, 10, 200, 200, 3000)),
        in_service=st.sampled_from((True, True, True, False)),
        ahead_s=st.sampled_from((-600.0, 0, 60, 60.1)),
        expired=st.sampled_from(((), (), (EXPIRED,))),
        held=st.sampled_from((None, None, None, HOME)),
    )
    return st.lists(one, max_size=8, unique_by=lambda row: row.id)


def words(failures: tuple[Failure, ...]) -> list[str]:
    """Return which tests failed; whatever is said of what it offers is one test."""
    return list(dict.fromkeys(WORDS.get(failure.test, "capability") for failure in failures))


@pytest.mark.parametrize("choose", [choose_units, choose_depots])
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_choice_is_that_of_plain_loops(choose: Callable[..., Choice], data: st.DataObject) -> None:
    needs = data.draw(NEEDS)
    rows = data.draw(candidates(len(needs)))
    choice = choose(needs, in_columns(rows, len(needs)), RULES)
    judged = plain_choice(needs, rows, RULES)
    assert [rows[i].id for i in choice.listed] == judged.listed
    assert [(o.met_at_s, o.available, o.missing) for o in choice.outcomes] == judged.fares
    assert [o.requirement for o in choice.outcomes] == needs
    assert [(rows[p.position].id, words(p.reasons)) for p in choice.passed_over] == judged.passed_over
