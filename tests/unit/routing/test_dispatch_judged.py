"""Random needs and candidates, judged: the choice is the one made by plain loops."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.dispatch import Choice, Rules, choose_depots, choose_units
from routing.needs import AddsUp, Requirement
from tests.unit.routing.candidates import Candidate, in_columns
from tests.unit.routing.plain_choice import plain_choice

RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
TESTS_BY_WORD = {
    "service": "out of service",
    "capability": "lacks capability",
    "network": "off the network",
    "unreachable": "unreachable",
    "future": "position dated in the future",
}
NEEDS = st.lists(
    st.builds(Requirement, st.just("it"), st.sampled_from((0.5, 1, 2, 3.5, 7)), st.sampled_from(AddsUp)),
    max_size=3,
)


def candidates(requirements: int) -> st.SearchStrategy[list[Candidate]]:
    shares = st.tuples(*[st.sampled_from((0, 0, 0.5, 1, 1.5, 2, 4))] * requirements)
    one = st.builds(
        Candidate,
        id=st.integers(1, 99),
        travel_s=st.sampled_from((0.0, 30, 60, 60, 90, float("inf"))),
        offered=shares,
        ready_s=st.sampled_from((0.0, 30, 60)),
        off_m=st.sampled_from((0.0, 499.9, 500, 500.1)),
        straight_m=st.sampled_from((0.0, 10, 200, 200, 3000)),
        in_service=st.sampled_from((True, True, True, False)),
        ahead_s=st.sampled_from((-600.0, 0, 60, 60.1)),
    )
    return st.lists(one, max_size=8, unique_by=lambda row: row.id)


def words(reasons: tuple[str, ...]) -> list[str]:
    """Return which tests failed; a depot's *no stock* is a unit's *lacks capability*."""
    told = [reason.replace("no stock of", "lacks capability:") for reason in reasons]
    return [word for r in told for word, begins in TESTS_BY_WORD.items() if r.startswith(begins)]


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
