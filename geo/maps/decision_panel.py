"""The decision's rows beside an incident map: who goes and how, what depots give, which cover is lost."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geo.maps.decision import MoveUpLine, Request, SentLine, SupplyLine, UncoveredLine
from geo.maps.frames import key_of
from geo.maps.incident_marks import GRADE_LOOKS, LOOKS, requested
from geo.maps.scene import Resource
from geo.maps.symbols import Look
from geo.maps.words import Word, clock

ONE_NUMBER = re.compile(r"\+?[\d\s().-]+")
NOT_DIALLED = re.compile(r"[^+\d]")
DELIVERED = Word("仓库送达", "delivered")
PICKED_UP = Word("顺路装载", "picked up by")
NEVER = Word("无", "none")


@dataclass(frozen=True)
class SentRow:
    """One unit that goes; ``key`` is empty where it has no mark on the map."""

    key: str
    css: str
    rank: str
    name: str
    under: str
    roles: str
    time: str
    time_p90: str
    request: Request | None
    synthetic: bool
    first: bool


@dataclass(frozen=True)
class SupplyRow:
    """What one depot gives."""

    key: str
    css: str
    rank: str
    name: str
    items: str
    how: Word
    by: str
    time: str
    synthetic: bool


@dataclass(frozen=True)
class UncoveredRow:
    """One hazard source that loses its cover."""

    key: str
    css: str
    grade: str
    name: str
    standard: str
    before: str
    after: str


@dataclass(frozen=True)
class MoveUpRow:
    """The move that repairs most."""

    unit: str
    base: str
    time: str
    regains: str


def sent_rows(lines: Sequence[SentLine], units: Sequence[Resource]) -> tuple[SentRow, ...]:
    """Return who goes, in the order given."""
    by_key = {unit.key: unit for unit in units}
    return tuple(_sent_row(line, by_key.get(key_of("unit", line.id))) for line in lines)


def supply_rows(lines: Sequence[SupplyLine], depots: Sequence[Resource]) -> tuple[SupplyRow, ...]:
    """Return what the depots give, in the order given."""
    by_key = {depot.key: depot for depot in depots}
    return tuple(_supply_row(line, by_key.get(key_of("depot", line.id))) for line in lines)


def uncovered_rows(lines: Sequence[UncoveredLine], keys: Collection[str]) -> tuple[UncoveredRow, ...]:
    """Return the sources that lose their cover; ``keys`` are those of the marks on the map."""
    rows = []
    for line in lines:
        key = key_of("hazard", line.id)
        look = GRADE_LOOKS.get(line.grade, GRADE_LOOKS[None])
        rows.append(
            UncoveredRow(
                key=key if key in keys else "",
                css=f"{look.css} uncovered",
                grade=str(line.grade or ""),
                name=line.name,
                standard=line.standard,
                before=clock(line.before_s),
                after=clock(line.after_s) if math.isfinite(line.after_s) else str(NEVER),
            )
        )
    return tuple(rows)


def move_up_row(move: MoveUpLine | None) -> MoveUpRow | None:
    """Return the move, ready to be read."""
    if move is None:
        return None
    return MoveUpRow(move.unit, move.base, clock(move.drive_s), move.regains)


def goes_word(lines: Sequence[SentLine]) -> tuple[Word, Word | None]:
    """Return how many are ordered and, where there are any, how many are requested."""
    asked = sum(line.how == "request" for line in lines)
    ordered = len(lines) - asked
    return Word(f"调派 {ordered}", "ordered"), Word(f"商请 {asked}", "requested") if asked else None


def dialled(phone: str) -> str | None:
    """Return what a telephone dials, or None for a text that is not exactly one number."""
    return NOT_DIALLED.sub("", phone) or None if ONE_NUMBER.fullmatch(phone) else None


def _sent_row(line: SentLine, unit: Resource | None) -> SentRow:
    first = unit is not None and unit.status == "first_due"
    look: Look = LOOKS["unit", "first_due" if first else "sent"]
    return SentRow(
        key=unit.key if unit else "",
        css=(requested(look) if line.request else look).css,
        rank=unit.rank_text if unit else "",
        name=line.name,
        under=" · ".join(part for part in (line.team, line.call_sign) if part),
        roles=line.roles,
        time=clock(line.arrival_s),
        time_p90=clock(line.arrival_p90_s),
        request=line.request,
        synthetic=unit is not None and unit.synthetic,
        first=first,
    )


def _supply_row(line: SupplyLine, depot: Resource | None) -> SupplyRow:
    return SupplyRow(
        key=depot.key if depot else "",
        css=LOOKS["depot", "supplies"].css,
        rank=depot.rank_text if depot else "",
        name=line.depot,
        items=line.items,
        how=DELIVERED if line.picked_up_by is None else PICKED_UP,
        by=line.picked_up_by or "",
        time=clock(line.arrival_s),
        synthetic=depot is not None and depot.synthetic,
    )
