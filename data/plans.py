"""Response plans as the database keeps them, and the one that speaks for an incident."""

import re
from dataclasses import dataclass

from geoalchemy2.shape import from_shape
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.models import PlanContact, ResponsePlan
from data.models.base import WGS84_SRID
from data.registry.rows import point
from geo.grading import other_names
from geo.places import Place


@dataclass(frozen=True)
class PlannedNeed:
    """A capability that a plan calls for; ``level`` 0 takes any, no deadline is None."""

    capability: str
    quantity: float
    level: float
    deadline_s: float | None
    weight: float


@dataclass(frozen=True)
class PlannedSupply:
    """An item that a plan calls for."""

    item: str
    quantity: float
    unit_of_measure: str
    deadline_s: float | None


@dataclass(frozen=True)
class Contact:
    """Whom to call."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True)
class Plan:
    """
    A response plan, with the contacts that hold at one place.

    ``needs_asked`` and ``supplies_asked`` tell that a person put others in the place of its own.
    """

    name: str
    lead_department: str
    order_text: str
    action_card: str
    needs: tuple[PlannedNeed, ...]
    supplies: tuple[PlannedSupply, ...]
    contacts: tuple[Contact, ...]
    standards: tuple[str, ...]
    needs_asked: bool = False
    supplies_asked: bool = False


@dataclass(frozen=True)
class Features:
    """What a plan is matched by."""

    kind: str
    severity: int
    grade: int | None
    substance: str | None
    place: Place


def matching_plan(session: Session, *cases: Features) -> Plan | None:
    """
    Return the plan that speaks: the one that fits most closely, or None where none fits.

    Of several cases it speaks for the one it fits most closely, the first of those it fits alike.
    """
    closest = [(fitting[0], case) for case in cases if (fitting := fitting_plans(session, case))]
    if not closest:
        return None
    row, case = max(closest, key=lambda found: _closeness(found[0]))
    return _plan(session, row, case.place)


def fitting_plans(session: Session, features: Features) -> list[ResponsePlan]:
    """
    Return the plans that fit, the one that fits most closely first.

    A plan fits when everything it names is so. Of those that fit, the one that names more speaks; of those
    that name as much, the one that names the substance, then the grade of the site, then the severity; of two
    that name a substance each, the one that was written first.
    """
    fitting = session.scalars(
        select(ResponsePlan)
        .where(
            ResponsePlan.incident_kind == features.kind,
            or_(ResponsePlan.severity.is_(None), ResponsePlan.severity == features.severity),
            or_(ResponsePlan.grade.is_(None), ResponsePlan.grade == features.grade),
            or_(ResponsePlan.substance.is_(None), ResponsePlan.substance.in_(names_of(features.substance))),
        )
        .order_by(ResponsePlan.id)
    )
    return sorted(fitting, key=_closeness, reverse=True)


def names_of(substance: str | None) -> set[str]:
    """
    Return the names a plan may know a substance by, in lower case.

    They are what was said, each word of it, and every name that GB 18218 knows one of these by, so that a
    plan for chlorine is found by 液氯.
    """
    said = (substance or "").strip().lower()
    words = {name for name in (said, *re.split(r"[^\w-]+", said)) if name}
    return words | {name.lower() for word in words for name in other_names(word)}


def _closeness(plan: ResponsePlan) -> tuple[int, bool, bool, bool]:
    named = (plan.substance is not None, plan.grade is not None, plan.severity is not None)
    return (sum(named), *named)


def _plan(session: Session, row: ResponsePlan, place: Place) -> Plan:
    contacts = session.scalars(
        select(PlanContact)
        .where(
            PlanContact.plan_id == row.id,
            or_(
                PlanContact.area.is_(None),
                func.ST_Intersects(PlanContact.area, from_shape(point(place), WGS84_SRID)),
            ),
        )
        .order_by(PlanContact.area.is_(None), PlanContact.id)
    ).all()
    return Plan(
        name=row.name,
        lead_department=row.lead_department,
        order_text=row.order_text,
        action_card=row.action_card,
        needs=tuple(
            PlannedNeed(need.capability, need.quantity, need.level, need.deadline_s, need.weight)
            for need in row.needs
        ),
        supplies=tuple(
            PlannedSupply(supply.item, supply.quantity, supply.unit_of_measure, supply.deadline_s)
            for supply in row.supplies
        ),
        contacts=tuple(Contact(each.role, each.name, each.phone) for each in contacts),
        standards=tuple(standard.code for standard in row.standards),
    )
