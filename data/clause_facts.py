"""What clauses are held against: units graded by GB 18218, crews, stores of enterprises, scopes of plans."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from data.models import (
    Audit,
    AuditAction,
    Authority,
    Depot,
    DepotTier,
    GbSubstance,
    GbUnit,
    HazardSource,
    IncidentKind,
    RescueBase,
    ResponsePlan,
    Stock,
    Team,
    Unit,
    UnitCapability,
)

KEY_RESOURCES = ("rescue_base", "team", "depot")


@dataclass(frozen=True)
class HeldSubstance:
    """A substance of a unit, with the threshold and the beta that its grade rests on."""

    name: str
    cas: str | None
    hazard_class: str | None
    design_max_t: float
    threshold_t: float
    beta: float


@dataclass(frozen=True)
class RecordedUnit:
    """A unit in the sense of GB 18218 as it was graded."""

    name: str
    residents_500m: int
    alpha: float
    s: float
    grade: int | None
    substances: tuple[HeldSubstance, ...]


@dataclass(frozen=True)
class GradedSource:
    """A hazard source, a place on it in WGS84 degrees, and its units."""

    id: int
    name: str
    kind: str
    enterprise: str
    grade: int | None
    lon: float
    lat: float
    synthetic: bool
    units: tuple[RecordedUnit, ...]


@dataclass(frozen=True)
class CrewFacts:
    """
    A unit with its team and its base.

    ``authority`` is None where it is ours, ``enterprise`` whose hazard source its team guards.
    """

    unit: str
    profile: str
    crew: int
    turnout_s: float
    in_service: bool
    can: frozenset[str]
    team: str
    tier: str
    authority: str | None
    enterprise: str | None
    base: str
    lon: float
    lat: float
    synthetic: bool


@dataclass(frozen=True)
class StoredItem:
    """What a depot of an enterprise holds today and may be used."""

    depot: str
    item: str
    unit_of_measure: str
    quantity: float


@dataclass(frozen=True)
class PlanScope:
    """For which kind and severity of incident a plan is, None for each; not ``general``: for some alone."""

    kind: str
    severity: int | None
    general: bool


@dataclass(frozen=True)
class KindName:
    """A kind of incident."""

    code: str
    name_en: str
    name_zh: str


def graded_sources(session: Session) -> tuple[GradedSource, ...]:
    """Read every hazard source with its units and their substances."""
    rows = session.scalars(
        select(HazardSource)
        .options(selectinload(HazardSource.gb_units).selectinload(GbUnit.substances))
        .order_by(HazardSource.id)
    )
    return tuple(_source(row) for row in rows)


def crews(session: Session) -> tuple[CrewFacts, ...]:
    """Read every unit with what it can do and where it stands by its base."""
    can: defaultdict[int, set[str]] = defaultdict(set)
    for unit_id, capability in session.execute(select(UnitCapability.unit_id, UnitCapability.capability)):
        can[unit_id].add(capability)
    rows = session.execute(
        select(Unit, Team, RescueBase, Authority.name, HazardSource.enterprise)
        .join(Unit.team)
        .join(Team.base)
        .outerjoin(Team.authority)
        .outerjoin(Team.hazard_source)
        .order_by(Unit.id)
    )
    return tuple(_crew(*row, frozenset(can[row[0].id])) for row in rows)


def stores_of_enterprises(session: Session, today: date) -> tuple[StoredItem, ...]:
    """Read what depots of enterprises hold that has not run out and need not be produced first."""
    rows = session.execute(
        select(Depot.name, Stock.item, Stock.unit_of_measure, Stock.quantity)
        .join(Stock.depot)
        .where(
            Depot.tier == DepotTier.ENTERPRISE,
            Stock.available_after_s == 0,
            or_(Stock.expires_on.is_(None), Stock.expires_on >= today),
        )
        .order_by(Stock.id)
    )
    return tuple(StoredItem(*row) for row in rows)


def enterprise_depots(session: Session) -> tuple[str, ...]:
    """Read the names of the depots of enterprises."""
    wanted = select(Depot.name).where(Depot.tier == DepotTier.ENTERPRISE).order_by(Depot.id)
    return tuple(session.scalars(wanted))


def plan_scopes(session: Session) -> tuple[PlanScope, ...]:
    """Read for what each response plan is."""
    rows = session.execute(
        select(
            ResponsePlan.incident_kind, ResponsePlan.severity, ResponsePlan.grade, ResponsePlan.substance
        ).order_by(ResponsePlan.id)
    )
    return tuple(
        PlanScope(kind, severity, grade is None and substance is None)
        for kind, severity, grade, substance in rows
    )


def incident_kinds(session: Session) -> tuple[KindName, ...]:
    """Read every kind of incident."""
    rows = session.scalars(select(IncidentKind).order_by(IncidentKind.code))
    return tuple(KindName(row.code, row.name_en, row.name_zh) for row in rows)


def resources_changed_at(session: Session) -> tuple[datetime, datetime] | None:
    """Return when a base, a team or a depot first and last came or went, None where none ever did."""
    first, last = session.execute(
        select(func.min(Audit.at), func.max(Audit.at)).where(
            Audit.table_name.in_(KEY_RESOURCES), Audit.action.in_((AuditAction.INSERT, AuditAction.DELETE))
        )
    ).one()
    return None if first is None or last is None else (first, last)


def _source(row: HazardSource) -> GradedSource:
    spot = to_shape(row.place).representative_point()
    return GradedSource(
        id=row.id,
        name=row.name,
        kind=row.kind,
        enterprise=row.enterprise,
        grade=row.grade,
        lon=spot.x,
        lat=spot.y,
        synthetic=row.synthetic,
        units=tuple(_unit(unit) for unit in row.gb_units),
    )


def _unit(row: GbUnit) -> RecordedUnit:
    held = tuple(_held(each) for each in row.substances)
    return RecordedUnit(row.name, row.residents_500m, row.alpha, row.s, row.grade, held)


def _held(row: GbSubstance) -> HeldSubstance:
    return HeldSubstance(row.name, row.cas, row.hazard_class, row.design_max_t, row.threshold_t, row.beta)


def _crew(
    unit: Unit,
    team: Team,
    base: RescueBase,
    authority: str | None,
    enterprise: str | None,
    can: frozenset[str],
) -> CrewFacts:
    place = Point(to_shape(base.place))
    return CrewFacts(
        unit=unit.name,
        profile=unit.vehicle_profile,
        crew=unit.crew,
        turnout_s=unit.turnout_s,
        in_service=unit.in_service,
        can=can,
        team=team.name,
        tier=team.tier,
        authority=authority,
        enterprise=enterprise,
        base=base.name,
        lon=place.x,
        lat=place.y,
        synthetic=unit.synthetic,
    )
