"""The door that positions of units come in by: none from the future, and the newest by its own time stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.dispatching import Centre
from api.settings import Settings
from data.database import Sessions, transaction
from data.positions import Fix, keep_fixes, place_unit, prune
from data.registry.rows import Moment
from geo.errors import InvalidInputError
from geo.places import Place

LARGEST_ID = 2**63 - 1
MOST_FIXES = 10_000
WHOLE_ROW = "row"


class FixIn(BaseModel):
    """One fix among many."""

    model_config = ConfigDict(extra="forbid")

    unit_id: int = Field(ge=1, le=LARGEST_ID)
    lon: float = Field(description="WGS84 longitude")
    lat: float = Field(description="WGS84 latitude")
    at: Moment = Field(description="when it was there by its own clock, with time zone; not in the future")


@dataclass(frozen=True)
class UnreadableRow:
    """A row that holds no fix at all."""

    reason: str


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken; rows count from 1, without a heading and empty lines."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True)
class Taken:
    """
    What became of many fixes; each is taken, doubled or refused.

    Attributes
    ----------
    taken : int
        Not known before.
    doubled : int
        Known already by unit and time, or standing there twice: the first stays.
    moved : int
        How many units now stand at one of them.
    refused : tuple of RefusedRow
        In the order of their rows.
    """

    received: int
    taken: int
    doubled: int
    moved: int
    refused: tuple[RefusedRow, ...]


def take_position(fix: Fix, centre: Centre) -> bool:
    """
    Take a position of a unit; whether it is now the newest.

    Raises
    ------
    InvalidInputError
        When it is dated further in the future than clocks differ; the last good position stays.
    """
    _check(fix, centre, datetime.now(UTC))
    with transaction(centre.sessions) as session:
        return place_unit(session, fix)


def take_positions(rows: Iterable[object], centre: Centre) -> Taken:
    """
    Take the good ones of many fixes, in any order, and name the others by row, field and reason.

    Raises
    ------
    InvalidInputError
        When there are more than ``MOST_FIXES``: none is taken.
    """
    given = list(rows)
    if len(given) > MOST_FIXES:
        raise InvalidInputError(
            "body", f"{len(given):,} fixes are too many: send at most {MOST_FIXES:,} at once"
        )
    now = datetime.now(UTC)
    good: dict[int, Fix] = {}
    refused: dict[int, RefusedRow] = {}
    for number, row in enumerate(given, start=1):
        try:
            fix = _read(row)
            _check(fix, centre, now)
        except InvalidInputError as error:
            refused[number] = RefusedRow(number, error.field, error.reason)
        else:
            good[number] = fix
    with transaction(centre.sessions) as session:
        kept = keep_fixes(session, list(good.values()))
    for number, fix in good.items():
        if fix.unit_id not in kept.known:
            refused[number] = RefusedRow(number, "unit_id", f"there is no unit {fix.unit_id}")
    return Taken(
        received=len(given),
        taken=kept.fixes,
        doubled=len(given) - len(refused) - kept.fixes,
        moved=len(kept.moved),
        refused=tuple(refused[number] for number in sorted(refused)),
    )


def prune_positions(before: date, sessions: Sessions, settings: Settings) -> int:
    """Remove the fixes of the days before a day, but for those of incidents; return how many."""
    midnight = datetime.combine(before, time(), ZoneInfo(settings.time_zone))
    if midnight > datetime.now(UTC):
        raise InvalidInputError("before", f"{before} has not come yet: name a past day")
    with transaction(sessions) as session:
        return prune(session, midnight)


def _read(row: object) -> Fix:
    if isinstance(row, UnreadableRow):
        raise InvalidInputError(WHOLE_ROW, row.reason)
    try:
        read = FixIn.model_validate(row)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(fault["loc"][0]) if fault["loc"] else WHOLE_ROW
        raise InvalidInputError(field, fault["msg"].removeprefix("Value error, ")) from None
    return Fix(read.unit_id, Place(read.lon, read.lat), read.at)


def _check(fix: Fix, centre: Centre, now: datetime) -> None:
    ahead_s = (fix.at - now).total_seconds()
    if ahead_s > centre.settings.clock_tolerance_s:
        raise InvalidInputError("at", f"it is {ahead_s:.0f} s in the future; the last good position stays")
    centre.roads.refuse_swapped(fix.place)
