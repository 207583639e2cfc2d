"""What decisions rested on is kept once under its hash, never changed, and missed by name when it is gone."""

import hashlib

import pytest
from sqlalchemy import Executable, delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from data.database import Sessions, transaction
from data.decisions import LostInputError, keep_inputs, read_inputs
from data.models import DecisionInput

NOBODY = "0" * 64


def kept(sessions: Sessions) -> int:
    with transaction(sessions) as session:
        return session.scalar(select(func.count(DecisionInput.hash))) or 0


def test_what_is_kept_comes_back_under_the_hash_of_its_content(sessions: Sessions) -> None:
    parts = {"units": b"three engines", "stock": bytes(range(256)) * 99, "plan": b""}
    with transaction(sessions) as session:
        hashes = keep_inputs(session, parts)
    assert hashes["units"] == hashlib.sha256(b"three engines").hexdigest()
    with transaction(sessions) as session:
        assert read_inputs(session, hashes) == parts


def test_an_unchanged_part_is_kept_once(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        first = keep_inputs(session, {"roads": b"wuhan", "positions": b"at noon"})
    before = kept(sessions)
    with transaction(sessions) as session:
        second = keep_inputs(session, {"roads": b"wuhan", "positions": b"one second later"})
    assert kept(sessions) == before + 1
    assert first["roads"] == second["roads"]


def test_two_parts_that_say_the_same_are_kept_once(sessions: Sessions) -> None:
    before = kept(sessions)
    with transaction(sessions) as session:
        hashes = keep_inputs(session, {"here": b"the same words", "there": b"the same words"})
        assert read_inputs(session, hashes) == {"here": b"the same words", "there": b"the same words"}
    assert kept(sessions) == before + 1


def test_two_who_keep_the_same_at_once_both_succeed(sessions: Sessions) -> None:
    with sessions() as one, sessions() as other:
        mine = keep_inputs(one, {"a": b"said by both", "b": b"said by one"})
        one.commit()
        theirs = keep_inputs(other, {"b": b"said by the other", "a": b"said by both"})
        other.commit()
    assert mine["a"] == theirs["a"]


def test_a_missing_part_is_named(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        there = keep_inputs(session, {"needs": b"hazmat"})
        with pytest.raises(LostInputError, match="the part 'units' is missing: nothing is kept under 0000"):
            read_inputs(session, there | {"units": NOBODY})


def test_a_part_that_is_not_what_its_hash_says_is_named(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        (real,) = keep_inputs(session, {"needs": b"as it was"}).values()
        content = session.scalar(select(DecisionInput.content).where(DecisionInput.hash == real))
        session.add(DecisionInput(hash="f" * 64, content=content))
        session.add(DecisionInput(hash="e" * 64, content=b"scribbled over"))
        session.flush()
        with pytest.raises(LostInputError, match="the part 'needs' was altered"):
            read_inputs(session, {"needs": "f" * 64})
        with pytest.raises(LostInputError, match="the part 'depots' cannot be read"):
            read_inputs(session, {"depots": "e" * 64})


@pytest.mark.parametrize(
    "change",
    [
        delete(DecisionInput),
        update(DecisionInput).values(content=b"otherwise"),
        text("TRUNCATE decision_input"),
    ],
)
def test_the_database_refuses_to_change_or_forget_one(sessions: Sessions, change: Executable) -> None:
    with transaction(sessions) as session:
        keep_inputs(session, {"needs": b"for good"})
    with pytest.raises(DatabaseError), transaction(sessions) as session:
        session.execute(change)
