"""The shipped vocabularies, and writing them into a database without touching what a city has added."""

import csv
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import Base, Capability, HazardKind, IncidentKind

SHIPPED: tuple[tuple[type[Base], str], ...] = (
    (Capability, "capabilities.csv"),
    (IncidentKind, "incident_kinds.csv"),
    (HazardKind, "hazard_kinds.csv"),
)


def shipped_rows(file_name: str) -> list[dict[str, str]]:
    """Return the rows of a table shipped beside this module, every value as text."""
    with (files(__name__) / file_name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def typed_rows(table: type[Base], file_name: str) -> list[dict[str, Any]]:
    """Return the rows of a shipped table as the columns of a table of the database want them; empty is null."""
    columns = table.__table__.columns
    return [
        {name: _typed(columns[name].type.python_type, text) for name, text in row.items()}
        for row in shipped_rows(file_name)
    ]


def _typed(wanted: type, text: str) -> object:
    if not text:
        return None
    return text == "true" if wanted is bool else wanted(text)


def kind_name(session: Session, code: str) -> str:
    """Return the name of a kind of incident, Chinese then English; its code where it is not known."""
    kind = session.get(IncidentKind, code)
    return code if kind is None else f"{kind.name_zh} {kind.name_en}"


def capability_names(session: Session) -> dict[str, str]:
    """Return the Chinese name of every capability by its code."""
    return dict(session.execute(select(Capability.code, Capability.name_zh)).all())


def write_vocabulary(connection: Connection) -> None:
    """Insert the shipped words a database does not have yet; words it has are left as they are."""
    for table, file_name in SHIPPED:
        connection.execute(insert(table).on_conflict_do_nothing(), typed_rows(table, file_name))
