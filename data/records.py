"""The records of a safety bureau: enterprises, drills, station areas, plans, and what was verified."""

from dataclasses import dataclass
from datetime import date

import shapely
from geoalchemy2.shape import to_shape
from shapely import Polygon
from sqlalchemy import Select, SQLColumnExpression, func, literal, select
from sqlalchemy.orm import Session

from data.models import (
    Depot,
    Drill,
    Enterprise,
    HazardSource,
    RescueBase,
    ResponsePlan,
    StationArea,
    Stock,
    Team,
    Unit,
)


@dataclass(frozen=True)
class EnterpriseFacts:
    """An enterprise and its size; what nobody said is None."""

    name: str
    headcount: int | None
    revenue_yuan: float | None


@dataclass(frozen=True)
class DrillFacts:
    """A drill that was held; the team and the plan by their names, None where it was of none."""

    held_on: date
    form: str
    organiser: str
    team: str | None
    plan: str | None


@dataclass(frozen=True)
class StationAreaFacts:
    """The area a base answers for in WGS84 degrees, and where the base stands."""

    base: str
    station_class: str
    area: Polygon
    lon: float
    lat: float


@dataclass(frozen=True)
class PlanRecord:
    """When a response plan was revised and filed; ``code`` is its number in the registry."""

    code: str
    name: str
    revised_on: date | None
    filed_on: date | None


@dataclass(frozen=True)
class VerifiedRow:
    """A row of the registry, and when who checked it against the place; None where nobody ever did."""

    table: str
    id: int
    name: str
    verified_on: date | None
    verified_by: str | None
    synthetic: bool


def enterprises(session: Session) -> tuple[EnterpriseFacts, ...]:
    """Read every enterprise."""
    rows = session.execute(
        select(Enterprise.name, Enterprise.headcount, Enterprise.revenue_yuan).order_by(Enterprise.id)
    )
    return tuple(EnterpriseFacts(*row) for row in rows)


def drills(session: Session) -> tuple[DrillFacts, ...]:
    """Read every drill."""
    rows = session.execute(
        select(Drill.held_on, Drill.form, Drill.organiser, Team.name, ResponsePlan.name)
        .outerjoin(Drill.team)
        .outerjoin(Drill.plan)
        .order_by(Drill.id)
    )
    return tuple(DrillFacts(*row) for row in rows)


def station_areas(session: Session) -> tuple[StationAreaFacts, ...]:
    """Read every station's area."""
    rows = session.execute(
        select(
            RescueBase.name,
            StationArea.station_class,
            StationArea.area,
            func.ST_X(RescueBase.place),
            func.ST_Y(RescueBase.place),
        )
        .join(StationArea.base)
        .order_by(StationArea.id)
    )
    return tuple(
        StationAreaFacts(base, station_class, shapely.Polygon(to_shape(area)), lon, lat)
        for base, station_class, area, lon, lat in rows
    )


def plan_records(session: Session) -> tuple[PlanRecord, ...]:
    """Read when every response plan was revised and filed."""
    rows = session.execute(
        select(ResponsePlan.id, ResponsePlan.name, ResponsePlan.revised_on, ResponsePlan.filed_on).order_by(
            ResponsePlan.id
        )
    )
    return tuple(PlanRecord(str(number), name, revised, filed) for number, name, revised, filed in rows)


def verified_rows(session: Session) -> tuple[VerifiedRow, ...]:
    """Read when every row that stands for something out there was verified, table by table."""
    team, depot = Team.name + literal(" / "), Depot.name + literal(" / ")
    batch = func.concat(Stock.item, literal(" "), Stock.batch)
    asked = (
        _verified(HazardSource, HazardSource.name),
        _verified(RescueBase, RescueBase.name),
        _verified(Team, Team.name),
        _verified(Unit, team + Unit.name).join(Unit.team),
        _verified(Depot, Depot.name),
        _verified(Stock, depot + func.rtrim(batch)).join(Stock.depot),
    )
    return tuple(VerifiedRow(*row) for query in asked for row in session.execute(query))


_Standing = type[HazardSource] | type[RescueBase] | type[Team] | type[Unit] | type[Depot] | type[Stock]


def _verified(
    table: _Standing, name: SQLColumnExpression[str]
) -> Select[str, int, str, date | None, str | None, bool]:
    return select(
        literal(table.__tablename__), table.id, name, table.verified_on, table.verified_by, table.synthetic
    ).order_by(table.id)
