"""Requests that name themselves, so that one sent twice is done once. Nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import IdempotencyKey
from geo.errors import RescueError


class IdempotencyConflictError(RescueError):
    """A key that named another request before, or one whose answer was never kept."""


@dataclass(frozen=True)
class Remembered:
    """The answer that a request was given, to be given again."""

    status: int
    response: str


def remembered(session: Session, key: str, what: str, body_sha256: str) -> Remembered | None:
    """
    Return the answer that this very request was given before, or None where it is the first of its key.

    The first writes the key and goes on to do what is asked, in this transaction; a second one that comes
    meanwhile waits here until that ends, and is the first itself if it was undone.

    Parameters
    ----------
    session : Session
    key : str
        How the request names itself.
    what : str
        The method and the path.
    body_sha256 : str
        The hash of the body.

    Raises
    ------
    IdempotencyConflictError
        Where the key named another request, or one that ended with no answer to repeat.
    """
    first = session.scalar(
        insert(IdempotencyKey)
        .values(key=key, method_path=what, body_sha256=body_sha256)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if first is not None:
        return None
    kept = session.scalars(select(IdempotencyKey).where(IdempotencyKey.key == key)).one()
    if (kept.method_path, kept.body_sha256) != (what, body_sha256):
        raise IdempotencyConflictError(
            f"the key {key!r} named another request, {kept.method_path}: send this one under a new key"
        )
    if kept.status is None or kept.response is None:
        raise IdempotencyConflictError(
            f"the request {key!r} ended and its answer was not kept: see what it did before asking again"
        )
    return Remembered(kept.status, kept.response)


def remember(session: Session, key: str, status: int, response: str) -> None:
    """Keep the answer to the request that a key names, to be given again."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.key == key)
        .values(status=status, response=response)
        .execution_options(synchronize_session=False)
    )
