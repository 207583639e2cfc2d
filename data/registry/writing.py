"""Write registry rows. Nothing here commits: whoever opened the transaction does, or all of it is undone."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from geoalchemy2.shape import from_shape
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.models import (
    Authority,
    Capability,
    Depot,
    GbSubstance,
    GbUnit,
    HazardKind,
    HazardSource,
    RescueBase,
    Stock,
    Team,
    Unit,
    UnitCapability,
)
from data.models.base import WGS84_SRID
from data.registry.rows import NewBase, NewDepot, NewHazardSource, NewStock, NewTeam, NewUnit, point
from geo import grading
from geo.errors import InvalidInputError


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def add_bases(session: Session, rows: Sequence[NewBase]) -> None:
    """Add rescue bases; their names must be new."""
    _refuse_names_in_use(session, RescueBase.name, rows)
    session.add_all(
        RescueBase(**row.model_dump(exclude={"place"}), place=from_shape(point(row.place), WGS84_SRID))
        for row in rows
    )
    _flush(session)


def add_teams(session: Session, rows: Sequence[NewTeam]) -> None:
    """Add teams to bases, authorities and hazard sources named in the registry."""
    _refuse_names_in_use(session, Team.name, rows)
    bases = _ids_by_name(session, RescueBase.id, RescueBase.name)
    authorities = _ids_by_name(session, Authority.id, Authority.name)
    sources = _ids_by_name(session, HazardSource.id, HazardSource.name)
    _refuse_unknown("base", (row.base for row in rows), bases)
    _refuse_unknown("authority", (row.authority for row in rows if row.authority), authorities)
    _refuse_unknown("hazard_source", (row.hazard_source for row in rows if row.hazard_source), sources)
    session.add_all(
        Team(
            **row.model_dump(exclude={"base", "authority", "hazard_source"}),
            base_id=bases[row.base],
            authority_id=row.authority and authorities[row.authority],
            hazard_source_id=row.hazard_source and sources[row.hazard_source],
        )
        for row in rows
    )
    _flush(session)


def add_units(session: Session, rows: Sequence[NewUnit]) -> None:
    """Add units to teams named in the registry, with capabilities it knows."""
    teams = _ids_by_name(session, Team.id, Team.name)
    _refuse_unknown("team", (row.team for row in rows), teams)
    known = set(session.scalars(select(Capability.code)))
    for row in rows:
        _refuse_unknown(f"capability of unit {row.name!r}", row.capabilities, known)
    session.add_all(_unit(row, teams[row.team]) for row in rows)
    _flush(session)


def add_depots(session: Session, rows: Sequence[NewDepot]) -> None:
    """Add supply depots with their stock; their names must be new."""
    _refuse_names_in_use(session, Depot.name, rows)
    session.add_all(
        Depot(
            **row.model_dump(exclude={"place", "stock"}),
            place=from_shape(point(row.place), WGS84_SRID),
            stock=[_stock(item) for item in row.stock],
        )
        for row in rows
    )
    _flush(session)


def add_hazard_sources(session: Session, rows: Sequence[NewHazardSource]) -> None:
    """Add hazard sources, grading each GB 18218 unit; the source carries the worst grade."""
    kinds = set(session.scalars(select(HazardKind.code)))
    _refuse_unknown("kind", (row.kind for row in rows), kinds)
    session.add_all(_hazard_source(row) for row in rows)
    _flush(session)


def _flush(session: Session) -> None:
    """Write what was added; a rule of the database that a row breaks is said in its own words."""
    try:
        session.flush()
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        detail = getattr(diagnosis, "message_detail", None) or str(error.orig).splitlines()[0]
        raise InvalidInputError(getattr(diagnosis, "table_name", None) or "row", detail) from error


def _unit(row: NewUnit, team_id: int) -> Unit:
    return Unit(
        **row.model_dump(exclude={"team", "capabilities", "position"}),
        team_id=team_id,
        position=None if row.position is None else from_shape(point(row.position), WGS84_SRID),
        capabilities=[
            UnitCapability(capability=code, quantity=quantity) for code, quantity in row.capabilities.items()
        ],
    )


def _stock(row: NewStock) -> Stock:
    return Stock(**row.model_dump())


def _hazard_source(row: NewHazardSource) -> HazardSource:
    graded = [grading.grade_gb_unit(unit) for unit in row.gb_units]
    return HazardSource(
        **row.model_dump(exclude={"place", "gb_units"}),
        place=from_shape(row.place, WGS84_SRID),
        grade=grading.worst_grade(graded),
        gb_units=[_gb_unit(unit, grade) for unit, grade in zip(row.gb_units, graded, strict=True)],
    )


def _gb_unit(unit: grading.GbUnit, graded: grading.GbUnitGrade) -> GbUnit:
    return GbUnit(
        name=unit.name,
        residents_500m=unit.residents_500m,
        alpha=graded.alpha,
        s=graded.s,
        r=graded.r,
        grade=graded.grade,
        substances=[
            GbSubstance(
                name=substance.name,
                cas=substance.cas,
                hazard_class=substance.hazard_class,
                design_max_t=substance.design_max_t,
                threshold_t=figures.threshold_t,
                beta=figures.beta,
                beta_source=figures.beta_source,
            )
            for substance, figures in zip(unit.substances, graded.substances, strict=True)
        ],
    )


def _ids_by_name(
    session: Session, ids: InstrumentedAttribute[int], names: InstrumentedAttribute[str]
) -> dict[str, int]:
    return dict(session.execute(select(names, ids)).all())


def _refuse_unknown(field: str, words: Iterable[str], known: Iterable[str]) -> None:
    known = set(known)
    for i, word in enumerate(words, start=1):
        if word not in known:
            raise InvalidInputError(field, f"{word!r} (number {i}) is not in the registry")


def _refuse_names_in_use(session: Session, names: InstrumentedAttribute[str], rows: Sequence[_Named]) -> None:
    used = set(session.scalars(select(names)))
    for i, row in enumerate(rows, start=1):
        if row.name in used:
            raise InvalidInputError("name", f"{row.name!r} (row {i}) is already in the registry")
        used.add(row.name)
