"""The records of a safety bureau: write them from files, all rows or none, and list them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.webhooks import Speaker
from data import records
from data.audit import speaking_as
from data.database import Sessions, transaction
from data.records_file import read_records
from data.registry.records import (
    NewDrill,
    NewEnterprise,
    NewStationArea,
    PlanDates,
    Verification,
    add_drills,
    date_plans,
    put_enterprises,
    put_station_areas,
    refuse_still_to_come,
    verify,
)
from data.registry.rows import Checked
from geo.places import WGS84

M2_PER_KM2 = 1e6
AREA_DECIMALS = 3


class RecordKind(StrEnum):
    """What is kept on file."""

    ENTERPRISES = "enterprises"
    DRILLS = "drills"
    AREAS = "areas"
    VERIFIED = "verified"
    PLANS = "plans"


@dataclass(frozen=True)
class AreaListed:
    """The area a base answers for as WKT, and how large it is."""

    base: str
    station_class: str
    km2: float
    area: str


@dataclass(frozen=True)
class _Kind:
    """How records of a kind are written and read."""

    model: type[Checked]
    write: Callable[[Session, Sequence[Any]], None]
    read: Callable[[Session], Sequence[object]]


def add_records(kind: RecordKind, path: Path, speaker: Speaker, day: date, sessions: Sessions) -> int:
    """
    Write the rows of a CSV file and return how many they are: all of them, or none.

    Raises
    ------
    InvalidInputError
        Naming the row, the field and the reason, when one cannot be written.
    """
    known = KINDS[kind]
    rows = read_records(path, known.model)
    refuse_still_to_come(rows, day)
    with transaction(sessions) as session:
        speaking_as(session, speaker.who, speaker.source)
        known.write(session, rows)
    return len(rows)


def list_records(kind: RecordKind, sessions: Sessions) -> Sequence[object]:
    """Return everything on file of a kind, as frozen rows."""
    with transaction(sessions) as session:
        return KINDS[kind].read(session)


def local_day(time_zone: str) -> date:
    """Return today by a clock."""
    return datetime.now(UTC).astimezone(ZoneInfo(time_zone)).date()


def _areas(session: Session) -> tuple[AreaListed, ...]:
    return tuple(
        AreaListed(
            facts.base,
            facts.station_class,
            round(abs(WGS84.geometry_area_perimeter(facts.area)[0]) / M2_PER_KM2, AREA_DECIMALS),
            facts.area.wkt,
        )
        for facts in records.station_areas(session)
    )


KINDS = {
    RecordKind.ENTERPRISES: _Kind(NewEnterprise, put_enterprises, records.enterprises),
    RecordKind.DRILLS: _Kind(NewDrill, add_drills, records.drills),
    RecordKind.AREAS: _Kind(NewStationArea, put_station_areas, _areas),
    RecordKind.VERIFIED: _Kind(Verification, verify, records.verified_rows),
    RecordKind.PLANS: _Kind(PlanDates, date_plans, records.plan_records),
}
