"""Write registry rows. Nothing here commits: whoever opened the transaction does, or all of it is undone."""

from collections import Counter
from collections.abc import Mapping, Sequence

from geoalchemy2.shape import from_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import (
    AddsUp,
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
from data.registry.checks import flush, ids_by_name, refuse_names_in_use, refuse_unknown
from data.registry.rows import NewBase, NewDepot, NewHazardSource, NewStock, NewTeam, NewUnit, point
from geo import grading
from geo.errors import InvalidInputError


def add_bases(session: Session, rows: Sequence[NewBase]) -> None:
    """Add rescue bases; their names must be new."""
    refuse_names_in_use(session, RescueBase.name, rows)
    session.add_all(
        RescueBase(**row.model_dump(exclude={"place"}), place=from_shape(point(row.place), WGS84_SRID))
        for row in rows
    )
    flush(session)


def add_teams(session: Session, rows: Sequence[NewTeam]) -> None:
    """Add teams to bases, authorities and hazard sources named in the registry."""
    refuse_names_in_use(session, Team.name, rows)
    bases = ids_by_name(session, RescueBase.id, RescueBase.name)
    authorities = ids_by_name(session, Authority.id, Authority.name)
    sources = _source_ids(session, rows)
    refuse_unknown("base", (row.base for row in rows), bases)
    refuse_unknown("authority", (row.authority for row in rows), authorities)
    refuse_unknown("hazard_source", (row.hazard_source for row in rows), sources)
    session.add_all(
        Team(
            **row.model_dump(exclude={"base", "authority", "hazard_source"}),
            base_id=bases[row.base],
            authority_id=row.authority and authorities[row.authority],
            hazard_source_id=row.hazard_source and sources[row.hazard_source],
        )
        for row in rows
    )
    flush(session)


def add_units(session: Session, rows: Sequence[NewUnit]) -> None:
    """Add units to teams named in the registry, with capabilities it knows."""
    teams = ids_by_name(session, Team.id, Team.name)
    refuse_unknown("team", (row.team for row in rows), teams)
    adds_up = dict(session.execute(select(Capability.code, Capability.adds_up)).all())
    for row in rows:
        refuse_unknown(f"capability of unit {row.name!r}", row.capabilities, adds_up)
        _refuse_two_levels(row, adds_up)
    session.add_all(_unit(row, teams[row.team]) for row in rows)
    flush(session)


def add_depots(session: Session, rows: Sequence[NewDepot]) -> None:
    """Add supply depots with their stock; their names must be new."""
    refuse_names_in_use(session, Depot.name, rows)
    session.add_all(
        Depot(
            **row.model_dump(exclude={"place", "stock"}),
            place=from_shape(point(row.place), WGS84_SRID),
            stock=[_stock(item) for item in row.stock],
        )
        for row in rows
    )
    flush(session)


def add_hazard_sources(session: Session, rows: Sequence[NewHazardSource]) -> None:
    """Add hazard sources, grading each GB 18218 unit; the source carries the worst grade."""
    kinds = set(session.scalars(select(HazardKind.code)))
    refuse_unknown("kind", (row.kind for row in rows), kinds)
    session.add_all(_hazard_source(row) for row in rows)
    flush(session)


def _source_ids(session: Session, rows: Sequence[NewTeam]) -> dict[str, int]:
    """Return the numbers of the hazard sources that teams guard, whose names must tell them apart."""
    wanted = {row.hazard_source for row in rows if row.hazard_source}
    found = session.execute(
        select(HazardSource.name, HazardSource.id).where(HazardSource.name.in_(wanted))
    ).all()
    for name, count in Counter(name for name, _ in found).items():
        if count > 1:
            raise InvalidInputError("hazard_source", f"{name!r} is the name of {count} hazard sources")
    return dict(found)


def _refuse_two_levels(row: NewUnit, adds_up: Mapping[str, str]) -> None:
    """Where the best counts, the quantity is the level: another one beside it cannot be true."""
    for code, share in row.capabilities.items():
        if adds_up[code] == AddsUp.MAXIMUM and share.level not in (0.0, share.quantity):
            raise InvalidInputError(
                f"capability of unit {row.name!r}",
                f"{code!r} is of level {share.quantity:g} by its quantity, not {share.level:g}: give one",
            )


def _unit(row: NewUnit, team_id: int) -> Unit:
    return Unit(
        **row.model_dump(exclude={"team", "capabilities", "position"}),
        team_id=team_id,
        position=None if row.position is None else from_shape(point(row.position), WGS84_SRID),
        capabilities=[
            UnitCapability(capability=code, **share.model_dump()) for code, share in row.capabilities.items()
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
