"""Who speaks, and what they changed. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Audit


@dataclass(frozen=True)
class Change:
    """
    One change of one row.

    ``old`` and ``new`` hold the whole row of an insert or a delete, what differs of an update.
    """

    id: int
    at: datetime
    who: str
    source: str
    table_name: str
    row_key: str
    action: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def speaking_as(session: Session, who: str, source: str) -> None:
    """Tell the audit who makes this transaction's changes, and from where; its end forgets it."""
    session.execute(
        select(
            func.set_config("rescuegrid.who", who, True),
            func.set_config("rescuegrid.source", source, True),
        )
    )


def changes_of(session: Session, table_name: str, row_key: str | int) -> tuple[Change, ...]:
    """Return what was done to a row, oldest first; a key of several columns is joined by ``/``."""
    rows = session.scalars(
        select(Audit).where(Audit.table_name == table_name, Audit.row_key == str(row_key)).order_by(Audit.id)
    )
    return tuple(_change(row) for row in rows)


def newest_changes(session: Session, limit: int, before_id: int | None = None) -> tuple[Change, ...]:
    """Return the last changes of any row, newest first; those before a change to turn pages."""
    wanted = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if before_id is not None:
        wanted = wanted.where(Audit.id < before_id)
    return tuple(_change(row) for row in session.scalars(wanted))


def _change(row: Audit) -> Change:
    return Change(
        row.id, row.at, row.who, row.source, row.table_name, row.row_key, row.action, row.old, row.new
    )
