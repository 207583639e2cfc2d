"""Read the rows of many fixes from JSON, from JSON lines and from CSV: a bad row never hides a good one."""

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from types import MappingProxyType

from pydantic_core import from_json

from api.positions import FixIn, UnreadableRow
from geo.errors import InvalidInputError

COLUMNS = tuple(FixIn.model_fields)
JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"


def json_rows(body: bytes) -> list[object]:
    """Return the members of a JSON list."""
    try:
        rows = from_json(body)
    except ValueError as error:
        raise InvalidInputError("body", f"it is not JSON: {error}") from None
    if not isinstance(rows, list):
        raise InvalidInputError("body", "it is not a JSON list of fixes: write [{...}, {...}]")
    return rows


def ndjson_rows(body: bytes) -> list[object]:
    """Return one object a line."""
    return [_json_line(line) for line in body.split(b"\n") if line.strip()]


def csv_rows(body: bytes) -> list[object]:
    """Return one row a line; the first line names the columns, in any order."""
    try:
        lines = csv.reader(StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        heading = [name.strip() for name in next(lines, [])]
        if sorted(heading) != sorted(COLUMNS):
            raise InvalidInputError("body", f"its first line must name the columns {','.join(COLUMNS)}")
        return list(_csv_lines(lines, heading))
    except UnicodeDecodeError:
        raise InvalidInputError("body", "it is not UTF-8: send the file in that encoding") from None
    except csv.Error as error:
        raise InvalidInputError("body", f"it is not CSV: {error}") from None


READERS: Mapping[str, Callable[[bytes], list[object]]] = MappingProxyType(
    {JSON: json_rows, NDJSON: ndjson_rows, CSV: csv_rows}
)
"""How to read a body, by its media type."""


def rows_of(body: bytes, media_type: str) -> list[object]:
    """Return the rows of a body by its media type, which may carry parameters."""
    name = media_type.partition(";")[0].strip().lower()
    if name not in READERS:
        raise InvalidInputError("content-type", f"{name!r} is not one of {', '.join(READERS)}")
    return READERS[name](body)


def _json_line(line: bytes) -> object:
    try:
        return from_json(line)
    except ValueError as error:
        return UnreadableRow(f"it is not JSON: {error}")


def _csv_lines(lines: Iterator[list[str]], heading: list[str]) -> Iterator[object]:
    for cells in lines:
        if len(cells) == len(heading):
            yield dict(zip(heading, cells, strict=True))
        elif cells:
            yield UnreadableRow(f"it has {len(cells)} columns, not {len(heading)}")
