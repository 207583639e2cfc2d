"""
Requests that name themselves: sent again, they are answered again and done once.

What a request does and the answer it is given are committed together, so that there is never the one without
the other, wherever a crash falls. Some commit on their way, because a call is never lost and nobody waits for
a route: a call keeps a first answer beside it, and a dispatch that is done again claims nothing twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from api.dispatching import Centre
from data.database import transaction
from data.idempotency import Remembered, remember, remembered
from geo.errors import InvalidInputError

LONGEST_KEY = 255


class AnsweredMeanwhileError(Exception):
    """The same request was answered while this one was on its way; nothing of this one stays."""

    def __init__(self, answer: Remembered) -> None:
        super().__init__("answered meanwhile")
        self.answer = answer


@dataclass(frozen=True)
class Named:
    """A request by the key it was given, what it asks, and the hash of its body."""

    key: str
    what: str
    body_sha256: str

    def __post_init__(self) -> None:
        if not (self.key.strip() and self.key.isprintable() and len(self.key) <= LONGEST_KEY):
            raise InvalidInputError(
                "Idempotency-Key", f"it is not 1 to {LONGEST_KEY} printable characters, e.g. a UUID"
            )

    def answered(self, session: Session) -> Remembered | None:
        """Return the answer it was given before, or begin to answer it in this transaction."""
        return remembered(session, self.key, self.what, self.body_sha256)

    def keep(self, session: Session, status: int, response: str) -> None:
        """
        Keep the answer with what is written in this transaction.

        Raises
        ------
        AnsweredMeanwhileError
            When the same request was answered by another transaction.
        """
        before = self.answered(session)
        if before is not None:
            raise AnsweredMeanwhileError(before)
        remember(session, self.key, status, response)


def answer_before(named: Named, centre: Centre) -> Remembered | None:
    """Return the answer that a request was given before; nothing is written."""
    with centre.sessions() as session:
        return named.answered(session)


def keep_answer(named: Named, answer: Remembered, centre: Centre) -> Remembered:
    """Keep the answer to a request that was done unless one was kept before; return the one that counts."""
    with transaction(centre.sessions) as session:
        before = named.answered(session)
        if before is None:
            remember(session, named.key, answer.status, answer.response)
    return before or answer


def correct_answer(named: Named, answer: Remembered, centre: Centre) -> None:
    """Put the whole answer in the place of what was kept when the request was half done."""
    with transaction(centre.sessions) as session:
        remember(session, named.key, answer.status, answer.response)


@dataclass(frozen=True)
class Together:
    """One transaction in which a request does all it does, and its answer is kept."""

    named: Named
    centre: Centre
    before: Remembered | None
    _connection: Connection

    def commit(self, answer: Remembered) -> None:
        """Keep the answer, and all that was done."""
        with transaction(self.centre.sessions) as session:
            remember(session, self.named.key, answer.status, answer.response)
        self._connection.commit()


@contextmanager
def together(named: Named, centre: Centre) -> Iterator[Together]:
    """Begin one transaction for a request: what is not committed by the end is undone."""
    engine = centre.sessions.kw["bind"]
    with engine.connect() as connection:
        connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        with transaction(sessions) as session:
            before = named.answered(session)
        yield Together(named, _within(centre, sessions), before, connection)


def _within(centre: Centre, sessions: sessionmaker[Session]) -> Centre:
    """Return the centre on other sessions; the roads it knows are handed on, what it learns stays its own."""
    inner = replace(centre, sessions=sessions)
    inner.__dict__["situations"] = replace(centre.situations)
    return inner
