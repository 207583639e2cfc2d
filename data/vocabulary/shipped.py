"""The tables shipped beside this module."""

import csv
from importlib.resources import files
from typing import Any

from sqlalchemy import Column

from data.models import Base


def shipped_rows(file_name: str) -> list[dict[str, str]]:
    """Return the rows of a table shipped beside this module, every value as text."""
    with (files("data.vocabulary") / file_name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def typed_rows(table: type[Base], file_name: str) -> list[dict[str, Any]]:
    """Return the rows of a shipped table as the columns of a table want them; an empty cell is null."""
    columns = Base.metadata.tables[table.__tablename__].columns
    return [
        {name: _typed(columns[name], text) for name, text in row.items()} for row in shipped_rows(file_name)
    ]


def _typed(column: Column[Any], text: str) -> object:
    wanted = column.type.python_type
    if not text and column.nullable:
        return None
    return text == "true" if wanted is bool else wanted(text)
