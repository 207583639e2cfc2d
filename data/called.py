"""Who is called, and where to: a unit and how to reach it, and a hazard source with what it holds."""

from dataclasses import dataclass

from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.incidents import NotFoundError
from data.models import HazardKind, HazardSource, IncidentKind, Unit
from geo.places import Place


@dataclass(frozen=True)
class CrewFacts:
    """A unit and how to reach it; ``authority`` is whom it is requested from, None where it is ours."""

    unit_id: int
    unit: str
    vehicle_profile: str
    crew: int
    team: str
    tier: str
    contact: str
    phone: str
    call_sign: str
    radio: str
    base: str
    base_phone: str
    base_place: Place
    authority: str | None
    approver: str | None
    authority_phone: str | None


@dataclass(frozen=True)
class HeldSubstance:
    """A substance a site holds, and in which of its units."""

    name: str
    cas: str | None
    gb_unit: str
    design_max_t: float


@dataclass(frozen=True)
class SiteFacts:
    """A hazard source, whom to call there, and what it holds; ``grade`` None where it has none."""

    id: int
    name: str
    enterprise: str
    kind_zh: str
    kind_en: str
    grade: int | None
    contact: str
    phone: str
    substances: tuple[HeldSubstance, ...]
    synthetic: bool


@dataclass(frozen=True)
class KindFacts:
    """What a kind of incident is called."""

    zh: str
    en: str


def crew_facts(session: Session, unit_id: int) -> CrewFacts:
    """Return a unit and how to reach it."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFoundError(f"there is no unit {unit_id}")
    team, base, authority = unit.team, unit.team.base, unit.team.authority
    spot = to_shape(base.place)
    return CrewFacts(
        unit_id=unit.id,
        unit=unit.name,
        vehicle_profile=unit.vehicle_profile,
        crew=unit.crew,
        team=team.name,
        tier=team.tier,
        contact=team.contact,
        phone=team.phone,
        call_sign=team.call_sign,
        radio=team.radio,
        base=base.name,
        base_phone=base.phone,
        base_place=Place(spot.x, spot.y),
        authority=authority.name if authority else None,
        approver=authority.approver if authority else None,
        authority_phone=authority.phone if authority else None,
    )


def site_facts(session: Session, hazard_source_id: int | None) -> SiteFacts | None:
    """Return a hazard source, or None where there is none."""
    found = session.execute(
        select(HazardSource, HazardKind.name_zh, HazardKind.name_en)
        .join(HazardKind, HazardSource.kind == HazardKind.code)
        .where(HazardSource.id == hazard_source_id)
    ).one_or_none()
    if found is None:
        return None
    source, kind_zh, kind_en = found
    return SiteFacts(
        id=source.id,
        name=source.name,
        enterprise=source.enterprise,
        kind_zh=kind_zh,
        kind_en=kind_en,
        grade=source.grade,
        contact=source.contact,
        phone=source.phone,
        substances=tuple(
            HeldSubstance(held.name, held.cas, gb_unit.name, held.design_max_t)
            for gb_unit in source.gb_units
            for held in gb_unit.substances
        ),
        synthetic=source.synthetic,
    )


def kind_facts(session: Session, code: str) -> KindFacts:
    """Return what a kind of incident is called; its code where it is not known."""
    kind = session.get(IncidentKind, code)
    return KindFacts(code, code) if kind is None else KindFacts(kind.name_zh, kind.name_en)
