"""Steps taken again and again beside the service."""

import threading

import pytest

from api.working import repeatedly
from geo.errors import RescueError

PATIENCE_S = 20.0


def test_a_step_that_fails_for_a_reason_that_can_be_mended_is_taken_again() -> None:
    taken = _until_taken([RescueError("the roads are away"), None])
    assert taken == ["failed", "went well"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_fails_for_any_other_reason_does_not_end_the_watch() -> None:
    taken = _until_taken([KeyError("a row that nobody foresaw"), None])
    assert taken == ["failed", "went well"]


def _until_taken(outcomes: list[Exception | None]) -> list[str]:
    """Take a step with these outcomes, one after the other, until the last was had."""
    taken: list[str] = []
    over = threading.Event()

    def step() -> None:
        outcome = outcomes[min(len(taken), len(outcomes) - 1)]
        taken.append("went well" if outcome is None else "failed")
        if len(taken) == len(outcomes):
            over.set()
        if outcome is not None:
            raise outcome

    with repeatedly(step, 0.01, "tried"):
        assert over.wait(PATIENCE_S)
    return taken[: len(outcomes)]
