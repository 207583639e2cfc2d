"""Read the rows of a CSV file as records: each checked, none guessed, the first that is wrong named."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from data.registry.rows import Checked
from geo.errors import InvalidInputError, RescueError

Record = TypeVar("Record", bound=Checked)

MOST_BYTES = 16_000_000
MOST_ROWS = 50_000


class RecordsFileError(RescueError):
    """A file that records cannot be read from."""


def columns_of(model: type[Checked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that a file of such records must have, and those it may have."""
    fields = model.model_fields
    must = tuple(name for name, field in fields.items() if field.is_required())
    return must, tuple(name for name in fields if name not in must)


def read_records(path: Path, model: type[Record]) -> list[Record]:
    """
    Read a CSV file in UTF-8 with a heading; an empty cell says nothing.

    Raises
    ------
    RecordsFileError
        When the file cannot be read, is too large, or holds no row.
    InvalidInputError
        When a column or a row is wrong; it names the row, the field and the reason.
    """
    if not path.is_file():
        raise RecordsFileError(f"{path}: there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise RecordsFileError(f"{path}: it is larger than {MOST_BYTES / 1e6:g} MB; cut it into several")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, skipinitialspace=True, strict=True)
            heading = [name.strip() for name in next(reader, [])]
            _check_heading(path, heading, model)
            records = [_record(path, number, row, model) for number, row in _rows(path, heading, reader)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise RecordsFileError(f"{path}: it is not a CSV file in UTF-8: {error}") from None
    if not records:
        raise RecordsFileError(f"{path}: it holds no row")
    return records


def _check_heading(path: Path, heading: Sequence[str], model: type[Checked]) -> None:
    must, may = columns_of(model)
    missing = [name for name in must if name not in heading]
    unknown = [name for name in heading if name not in (*must, *may)]
    if missing:
        raise InvalidInputError(
            str(path), f"it needs columns {', '.join(must)}; {', '.join(missing)} is missing"
        )
    if unknown or len(set(heading)) < len(heading):
        which = f"column {unknown[0]!r} is not known" if unknown else "a column stands there twice"
        raise InvalidInputError(str(path), f"{which}; there may be {', '.join((*must, *may))}")


def _rows(
    path: Path, heading: Sequence[str], reader: Iterator[list[str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows by their number, from 1 below the heading; blank lines do not count."""
    number = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if number > MOST_ROWS:
            raise RecordsFileError(f"{path}: it holds more than {MOST_ROWS:,} rows; cut it into several")
        if len(cells) != len(heading):
            raise InvalidInputError(
                f"{path} row {number}", f"it has {len(cells)} cells, the heading {len(heading)}"
            )
        yield number, {name: cell.strip() for name, cell in zip(heading, cells, strict=True) if cell.strip()}


def _record(path: Path, number: int, row: dict[str, str], model: type[Record]) -> Record:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ", ".join((f"{path} row {number}", *(str(part) for part in fault["loc"])))
        raise InvalidInputError(where, fault["msg"].removeprefix("Value error, ")) from None
    except InvalidInputError as error:
        raise InvalidInputError(f"{path} row {number}, {error.field}", error.reason) from None
