"""Records of a safety bureau: what a row must say, and writing it. Nothing here commits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal, Self

import shapely
from geoalchemy2.shape import from_shape
from pydantic import BeforeValidator, Field, field_validator, model_validator
from shapely import GEOSException, Polygon
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import (
    Depot,
    Drill,
    DrillForm,
    DrillOrganiser,
    Enterprise,
    HazardSource,
    RescueBase,
    ResponsePlan,
    StationArea,
    StationClass,
    Stock,
    Team,
    Unit,
)
from data.models.base import WGS84_SRID
from data.records import verified_rows
from data.registry.checks import flush, ids_by_name, refuse_unknown
from data.registry.conditions import check_shape, read_shape
from data.registry.rows import Checked, Day, Line, Name, NewRow, Quantity
from geo.errors import InvalidInputError

LARGEST_HEADCOUNT = 10_000_000
BY_NUMBER = "#"
STANDING = {table.__tablename__: table for table in (HazardSource, RescueBase, Team, Unit, Depot, Stock)}
"""The tables whose rows stand for something out there."""

TableName = Literal["hazard_source", "rescue_base", "team", "unit", "depot", "stock"]


def _outline(given: object) -> object:
    """Read WKT; GeoJSON and shapes are read as everywhere."""
    if not isinstance(given, str):
        return read_shape(given)
    try:
        return shapely.from_wkt(given)
    except GEOSException:
        raise ValueError(f"{given[:40]!r} is not WKT, e.g. POLYGON((114.2 30.5, 114.3 30.5, …))") from None


class NewEnterprise(NewRow):
    """An enterprise under the name that hazard sources know it by, and its size as far as known."""

    name: Name
    headcount: Annotated[int, Field(ge=0, le=LARGEST_HEADCOUNT)] | None = None
    revenue_yuan: Quantity | None = None


class NewDrill(NewRow):
    """A drill that was held; the team and the response plan are named as in the registry."""

    held_on: Day
    form: DrillForm
    organiser: DrillOrganiser
    team: Name | None = None
    plan: Name | None = None
    note: Line = ""

    @model_validator(mode="after")
    def _team_is_named(self) -> Self:
        if self.organiser is DrillOrganiser.TEAM and self.team is None:
            raise ValueError("a drill that a team organised names the team")
        return self


class NewStationArea(NewRow):
    """The area a base answers for in WGS84, longitude first, and the class of the station."""

    base: Name
    station_class: StationClass
    area: Annotated[Polygon, BeforeValidator(_outline)]

    @field_validator("area")
    @classmethod
    def _is_an_area(cls, area: Polygon) -> Polygon:
        check_shape(area)
        return Polygon(shapely.force_2d(area))


class Verification(Checked):
    """That somebody checked a row against the place; a row is named, or given as ``#`` and its number."""

    table: TableName
    name: Name
    verified_on: Day
    verified_by: Name


class PlanDates(NewRow):
    """When a response plan was revised and filed; what is not said stays as it is."""

    plan: Name
    revised_on: Day | None = None
    filed_on: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.revised_on is None and self.filed_on is None:
            raise ValueError("give revised_on, filed_on or both")
        return self


def refuse_still_to_come(rows: Sequence[Checked], today: date) -> None:
    """Raise ``InvalidInputError`` for the first row that tells of a day after today."""
    for number, row in enumerate(rows, start=1):
        for field, value in row:
            if isinstance(value, date) and value > today:
                raise InvalidInputError(field, f"{value} (number {number}) is still to come")


def put_enterprises(session: Session, rows: Sequence[NewEnterprise]) -> None:
    """Add enterprises, or change of those known by the same name what is said of them."""
    _refuse_twice("name", (row.name for row in rows))
    for row in rows:
        said = row.model_dump(exclude_unset=True) | {"synthetic": row.synthetic}
        session.execute(
            insert(Enterprise).values(said).on_conflict_do_update(index_elements=["name"], set_=said)
        )


def add_drills(session: Session, rows: Sequence[NewDrill]) -> None:
    """Add drills; one that is on file already is refused."""
    teams = ids_by_name(session, Team.id, Team.name)
    plans = ids_by_name(session, ResponsePlan.id, ResponsePlan.name)
    refuse_unknown("team", (row.team for row in rows), teams)
    refuse_unknown("plan", (row.plan for row in rows), plans)
    on_file = {
        tuple(drill)
        for drill in session.execute(
            select(Drill.held_on, Drill.form, Drill.organiser, Drill.team_id, Drill.plan_id)
        )
    }
    for number, row in enumerate(rows, start=1):
        team_id, plan_id = row.team and teams[row.team], row.plan and plans[row.plan]
        key = (row.held_on, row.form.value, row.organiser.value, team_id, plan_id)
        if key in on_file:
            raise InvalidInputError(
                "held_on", f"the drill of {row.held_on} (number {number}) is on file already"
            )
        on_file.add(key)
        session.add(Drill(**row.model_dump(exclude={"team", "plan"}), team_id=team_id, plan_id=plan_id))
    flush(session)


def put_station_areas(session: Session, rows: Sequence[NewStationArea]) -> None:
    """Say which area each base answers for, in place of what was said before."""
    _refuse_twice("base", (row.base for row in rows))
    bases = ids_by_name(session, RescueBase.id, RescueBase.name)
    refuse_unknown("base", (row.base for row in rows), bases)
    for row in rows:
        said = {
            "base_id": bases[row.base],
            "station_class": row.station_class.value,
            "area": from_shape(row.area, WGS84_SRID),
            "synthetic": row.synthetic,
        }
        session.execute(
            insert(StationArea).values(said).on_conflict_do_update(index_elements=["base_id"], set_=said)
        )


def verify(session: Session, rows: Sequence[Verification]) -> None:
    """Write down who checked which rows against the place."""
    known = verified_rows(session)
    by_name = {(row.table, row.name): row.id for row in known}
    bearers = Counter((row.table, row.name) for row in known)
    numbers = {(row.table, f"{BY_NUMBER}{row.id}"): row.id for row in known}
    changes: dict[str, list[dict[str, object]]] = {}
    for number, row in enumerate(rows, start=1):
        key = (row.table, row.name)
        if bearers[key] > 1:
            raise InvalidInputError(
                "name", f"{row.name!r} (number {number}) is the name of {bearers[key]} rows: give #NUMBER"
            )
        row_id = by_name.get(key) or numbers.get(key)
        if row_id is None:
            raise InvalidInputError("name", f"{row.name!r} (number {number}) is in no row of {row.table}")
        said = {"id": row_id, "verified_on": row.verified_on, "verified_by": row.verified_by}
        changes.setdefault(row.table, []).append(said)
    for table, said_of in changes.items():
        session.execute(update(STANDING[table]), said_of)


def date_plans(session: Session, rows: Sequence[PlanDates]) -> None:
    """Write down when response plans were revised and filed."""
    _refuse_twice("plan", (row.plan for row in rows))
    plans = ids_by_name(session, ResponsePlan.id, ResponsePlan.name)
    refuse_unknown("plan", (row.plan for row in rows), plans)
    for row in rows:
        said = row.model_dump(exclude={"plan"}, exclude_unset=True, exclude_none=True)
        session.execute(update(ResponsePlan).where(ResponsePlan.id == plans[row.plan]).values(said))


def _refuse_twice(field: str, words: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, word in enumerate(words, start=1):
        if word in seen:
            raise InvalidInputError(field, f"{word!r} (number {number}) stands there twice")
        seen.add(word)
