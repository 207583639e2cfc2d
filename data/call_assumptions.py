"""How often calls come from where, what they are, how long they take: tables that a city may replace."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.vocabulary import shipped_rows
from geo.errors import InvalidInputError

PLACES_FILE, KINDS_FILE = "call_places.csv", "call_kinds.csv"
PLACE_COLUMNS = ("where", "counted", "weight", "basis")
KIND_COLUMNS = ("where", "kind", "severity", "weight", "scene_median_min", "scene_p90_min", "basis")
GRADES = {"grade-1": 1, "grade-2": 2, "grade-3": 3, "grade-4": 4, "ungraded": 0}
STREETS, SOURCE = "streets", "source"
EACH, ALL = "each", "all"
SEVERITIES = range(1, 5)
FIRST_ROW = 2
S_PER_MIN = 60


@dataclass(frozen=True)
class PlaceRow:
    """
    How often calls come from a class of places, relative to others.

    ``where`` is ``grade-1`` to ``grade-4`` or ``ungraded`` for hazard sources, or ``streets``; the weight is
    that of each of them, or of all together.
    """

    where: str
    counted: str
    weight: float
    basis: str


@dataclass(frozen=True)
class KindRow:
    """
    What happens at hazard sources, or in streets, how often relative to others there, and how long it takes.

    ``scene_median_s`` and ``scene_p90_s`` are of a unit's stay on scene.
    """

    where: str
    kind: str
    severity: int
    weight: float
    scene_median_s: float
    scene_p90_s: float
    basis: str


def call_places(path: Path | None) -> tuple[PlaceRow, ...]:
    """
    Read where calls come from: a city's own table, or the one shipped.

    Raises
    ------
    InvalidInputError
        When a row is none; it names the row.
    """
    return tuple(_place(row, fields) for row, fields in _rows(path, PLACES_FILE, PLACE_COLUMNS))


def call_kinds(path: Path | None) -> tuple[KindRow, ...]:
    """
    Read what happens where: a city's own table, or the one shipped.

    Raises
    ------
    InvalidInputError
        When a row is none; it names the row.
    """
    return tuple(_kind(row, fields) for row, fields in _rows(path, KINDS_FILE, KIND_COLUMNS))


def _rows(path: Path | None, shipped: str, columns: Sequence[str]) -> list[tuple["_Row", Mapping[str, str]]]:
    name = shipped if path is None else path.name
    rows: Sequence[Mapping[str, str]] = shipped_rows(shipped) if path is None else _read(path)
    missing = [field for field in columns if not rows or field not in rows[0]]
    if missing:
        raise InvalidInputError(name, f"no rows with a column {missing[0]!r}; needed: {', '.join(columns)}")
    return [(_Row(name, number), fields) for number, fields in enumerate(rows, FIRST_ROW)]


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines, restval=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(path.name, f"it is no CSV file in UTF-8: {error}") from None


@dataclass(frozen=True)
class _Row:
    """A row of a file, and how what is wrong with it is said."""

    file: str
    number: int

    def refusal(self, field: str, reason: str) -> InvalidInputError:
        return InvalidInputError(f"{self.file}, row {self.number}, {field}", reason)

    def one_of(self, fields: Mapping[str, str], field: str, known: Sequence[str]) -> str:
        if fields[field] not in known:
            raise self.refusal(field, f"{fields[field]!r} is none of {', '.join(known)}")
        return fields[field]

    def above_zero(self, fields: Mapping[str, str], field: str) -> float:
        try:
            number = float(fields[field])
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0):
            raise self.refusal(field, f"{fields[field]!r} is not a finite number above zero")
        return number


def _place(row: _Row, fields: Mapping[str, str]) -> PlaceRow:
    return PlaceRow(
        where=row.one_of(fields, "where", (*GRADES, STREETS)),
        counted=row.one_of(fields, "counted", (EACH, ALL)),
        weight=row.above_zero(fields, "weight"),
        basis=fields["basis"],
    )


def _kind(row: _Row, fields: Mapping[str, str]) -> KindRow:
    median_min, p90_min = (row.above_zero(fields, field) for field in ("scene_median_min", "scene_p90_min"))
    if p90_min < median_min:
        raise row.refusal("scene_p90_min", f"{p90_min:g} is below the median, {median_min:g}")
    return KindRow(
        where=row.one_of(fields, "where", (SOURCE, STREETS)),
        kind=fields["kind"],
        severity=int(row.one_of(fields, "severity", [str(one) for one in SEVERITIES])),
        weight=row.above_zero(fields, "weight"),
        scene_median_s=median_min * S_PER_MIN,
        scene_p90_s=p90_min * S_PER_MIN,
        basis=fields["basis"],
    )
