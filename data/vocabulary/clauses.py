"""The clauses of the standards: the table ``clauses.csv``, with what a city says of its own standards."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Standard
from data.vocabulary.shipped import shipped_rows

NOT_CONFIRMED = "not confirmed"


class DecidedBy(StrEnum):
    """What decides a clause: where things lie, how long something takes, or what is on record."""

    GEOMETRY = "geometry"
    TIME = "time"
    RECORD = "record"


class Bound(StrEnum):
    """On which side of its threshold a value keeps a clause; the threshold itself keeps it."""

    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True)
class Clause:
    """
    A *shall* (应) or a *should* (宜) of a standard.

    Attributes
    ----------
    bound : Bound or None
        None where a value is compared with nothing, such as a level that must merely be the right one.
    threshold : float or None
        In ``unit``.
    clock_start : str
        From when a time counts; empty for what is no time.
    percentile : float or None
        How many of a hundred must keep it, None for every one.
    stricter_of : str
        Of clauses with one such word only the strictest is judged; empty where it stands alone.
    confirmed : bool
        Whether it was seen in a printed source.
    missing_en, missing_zh : str
        What would have to be known to decide it, and what supplies that.
    absent_en, absent_zh : str
        What to say where nothing stands in the registry that it is for; empty where that is the same.
    """

    code: str
    name_en: str
    name_zh: str
    clause: str
    strength: str
    decided_by: DecidedBy
    bound: Bound | None
    threshold: float | None
    unit: str
    clock_start: str
    percentile: float | None
    stricter_of: str
    source: str
    confirmed: bool
    missing_en: str
    missing_zh: str
    absent_en: str = ""
    absent_zh: str = ""


def shipped_clauses() -> tuple[Clause, ...]:
    """Return the shipped clauses in the order of the standards."""
    return tuple(_clause(row) for row in shipped_rows("clauses.csv"))


def clauses(session: Session) -> tuple[Clause, ...]:
    """
    Return every clause, with what the standards in the database say in place of what was shipped.

    A standard that a city has added, and that ends with an arrival, is a clause after the others.
    """
    stored = {row.code: row for row in session.scalars(select(Standard).order_by(Standard.code))}
    shipped = shipped_clauses()
    known = {clause.code for clause in shipped}
    own = [_of_standard(row) for code, row in stored.items() if code not in known]
    return (*(_as_stored(clause, stored.get(clause.code)) for clause in shipped), *own)


def _clause(row: dict[str, str]) -> Clause:
    return Clause(
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        clause=row["clause"],
        strength=row["strength"],
        decided_by=DecidedBy(row["decided_by"]),
        bound=Bound(row["bound"]) if row["bound"] else None,
        threshold=_number(row["threshold"]),
        unit=row["unit"],
        clock_start=row["clock_start"],
        percentile=_number(row["percentile"]),
        stricter_of=row["stricter_of"],
        source=row["source"],
        confirmed=row["confirmed"] == "true",
        missing_en=row["missing_en"],
        missing_zh=row["missing_zh"],
        absent_en=row["absent_en"],
        absent_zh=row["absent_zh"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _as_stored(clause: Clause, row: Standard | None) -> Clause:
    if row is None:
        return clause
    return replace(
        clause,
        clause=row.clause or clause.clause,
        strength=row.strength,
        threshold=row.seconds,
        clock_start=row.clock_start,
        percentile=row.percentile,
        source=row.source if NOT_CONFIRMED not in row.source else clause.source,
        confirmed=clause.confirmed and NOT_CONFIRMED not in row.source,
    )


def _of_standard(row: Standard) -> Clause:
    return Clause(
        code=row.code,
        name_en=row.name_en,
        name_zh=row.name_zh,
        clause=row.clause,
        strength=row.strength,
        decided_by=DecidedBy.TIME,
        bound=Bound.MOST,
        threshold=row.seconds,
        unit="s",
        clock_start=row.clock_start,
        percentile=row.percentile,
        stricter_of="",
        source=row.source,
        confirmed=NOT_CONFIRMED not in row.source,
        missing_en="no hazard source that it is for stands in the registry",
        missing_zh="登记中无适用的危险源",
    )
