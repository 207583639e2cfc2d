"""A request sent twice is done once, and both are given one answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from data.cluster import Cluster
from data.database import Sessions, transaction
from data.idempotency import IdempotencyConflictError, Remembered, remember, remembered
from data.models import Event
from tests.db.duty import duty_room

POST = "POST /incidents"


@pytest.fixture(scope="module")
def room(migrated: Cluster) -> Iterator[Sessions]:
    with duty_room(migrated) as sessions:
        yield sessions


def ask(sessions: Sessions, key: str, body: str = "abc") -> Remembered:
    """Do what is asked once: write an event and answer with its number."""
    with transaction(sessions) as session:
        known = remembered(session, key, POST, body)
        if known is not None:
            return known
        event = Event(kind=f"asked.{key}", who="desk")
        session.add(event)
        session.flush()
        answer = Remembered(201, str(event.id))
        remember(session, key, answer.status, answer.response)
        return answer


def times_done(sessions: Sessions, key: str) -> int | None:
    with transaction(sessions) as session:
        return session.scalar(select(func.count(Event.id)).where(Event.kind == f"asked.{key}"))


def test_the_same_request_again_is_given_the_same_answer_and_nothing_is_done(room: Sessions) -> None:
    assert ask(room, "k1") == ask(room, "k1")
    assert times_done(room, "k1") == 1


def test_a_key_that_named_another_request_is_refused(room: Sessions) -> None:
    ask(room, "k2")
    with pytest.raises(IdempotencyConflictError, match="'k2' named another request, POST /incidents"):
        ask(room, "k2", body="other")


def test_a_request_that_was_undone_may_be_sent_again(room: Sessions) -> None:
    with room() as session:
        assert remembered(session, "k3", POST, "abc") is None
        session.rollback()
    ask(room, "k3")
    assert times_done(room, "k3") == 1


def test_a_request_that_ended_without_an_answer_says_so(room: Sessions) -> None:
    with transaction(room) as session:
        assert remembered(session, "k4", POST, "abc") is None
    with pytest.raises(IdempotencyConflictError, match="its answer was not kept"):
        ask(room, "k4")


def test_of_two_sent_at_once_one_is_done_and_the_other_waits_for_its_answer(room: Sessions) -> None:
    for i in range(10):
        start, key = Barrier(2), f"race {i}"

        def send(_: int, start: Barrier = start, key: str = key) -> Remembered:
            start.wait()
            return ask(room, key)

        with ThreadPoolExecutor(2) as two:
            first, second = two.map(send, range(2))
        assert first == second
        assert times_done(room, key) == 1
