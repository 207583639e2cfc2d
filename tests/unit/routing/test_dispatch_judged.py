"""Random needs and candidates, judged: the choice is the one made by plain loops."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.dispatch import Choice, Rules, choose_depots, choose_units
from routing.reasons import FailedTest, Failure
from tests.unit.routing.candidates import in_columns
from tests.unit.routing.plain_choice import plain_choice
from tests.unit.routing.random_candidates import NEEDS, candidates

RULES = Rules(snap_limit_m=500.0, clock_tolerance_s=60.0)
WORDS = {
    FailedTest.OUT_OF_SERVICE: "service",
    FailedTest.BUSY: "busy",
    FailedTest.REFUSED: "busy",
    FailedTest.OFF_NETWORK: "network",
    FailedTest.UNREACHABLE: "unreachable",
    FailedTest.FUTURE_POSITION: "future",
    FailedTest.HELD_AT_HOME: "home",
}


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
