"""What every writer checks before it writes, and how a refusal of the database is said."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from geo.errors import InvalidInputError


class Named(Protocol):
    """A row with a name."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...


def flush(session: Session) -> None:
    """Write what was added; a rule of the database that a row breaks is said in its own words."""
    try:
        session.flush()
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        detail = getattr(diagnosis, "message_detail", None) or str(error.orig).splitlines()[0]
        raise InvalidInputError(getattr(diagnosis, "table_name", None) or "row", detail) from error


def ids_by_name(
    session: Session, ids: InstrumentedAttribute[int], names: InstrumentedAttribute[str]
) -> dict[str, int]:
    """Return the number of every row by its name."""
    return dict(session.execute(select(names, ids)).all())


def words_of(session: Session, codes: InstrumentedAttribute[str]) -> set[str]:
    """Return the words of a vocabulary."""
    return set(session.scalars(select(codes)))


def refuse_unknown(field: str, words: Iterable[str | None], known: Iterable[str]) -> None:
    """Raise ``InvalidInputError`` for the first word that is not known; None says nothing."""
    known = set(known)
    for i, word in enumerate(words, start=1):
        if word is not None and word not in known:
            raise InvalidInputError(field, f"{word!r} (number {i}) is not in the registry")


def refuse_used(field: str, words: Iterable[str], used: Iterable[str]) -> None:
    """Raise ``InvalidInputError`` for the first word that is used already, or twice among the rows."""
    used = set(used)
    for i, word in enumerate(words, start=1):
        if word in used:
            raise InvalidInputError(field, f"{word!r} (row {i}) is already in the registry")
        used.add(word)


def refuse_names_in_use(session: Session, names: InstrumentedAttribute[str], rows: Sequence[Named]) -> None:
    """Raise ``InvalidInputError`` for the first row whose name is used already, or twice among the rows."""
    refuse_used("name", (row.name for row in rows), session.scalars(select(names)))
