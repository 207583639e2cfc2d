"""Write response plans. Nothing here commits: whoever opened the transaction does, or all of it is undone."""

from collections.abc import Mapping, Sequence

from geoalchemy2.shape import from_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import (
    AddsUp,
    Capability,
    IncidentKind,
    PlanContact,
    PlanNeed,
    PlanSupply,
    ResponsePlan,
    Standard,
)
from data.models.base import WGS84_SRID
from data.registry.checks import flush, refuse_names_in_use, refuse_unknown, words_of
from data.registry.plans import NewContact, NewNeed, NewPlan
from geo.errors import InvalidInputError

_Case = tuple[str, int | None, int | None, str | None]


def add_plans(session: Session, rows: Sequence[NewPlan]) -> None:
    """Add response plans; two for the same case contradict each other and are refused."""
    refuse_names_in_use(session, ResponsePlan.name, rows)
    refuse_unknown("incident_kind", (row.incident_kind for row in rows), words_of(session, IncidentKind.code))
    adds_up = dict(session.execute(select(Capability.code, Capability.adds_up)).all())
    standards = {standard.code: standard for standard in session.scalars(select(Standard))}
    for row in rows:
        refuse_unknown(f"capability of plan {row.name!r}", (need.capability for need in row.needs), adds_up)
        refuse_unknown(f"standard of plan {row.name!r}", row.standards, standards)
        _refuse_capabilities_as_supplies(row, adds_up)
        _refuse_parts_of_crews(row, adds_up)
    _refuse_contradictions(session, rows)
    session.add_all(_plan(row, standards) for row in rows)
    flush(session)


def _refuse_capabilities_as_supplies(row: NewPlan, capabilities: Mapping[str, str]) -> None:
    for supply in row.supplies:
        if supply.item in capabilities:
            raise InvalidInputError(
                f"supply of plan {row.name!r}", f"{supply.item!r} is a capability: say it as a need"
            )


def _refuse_parts_of_crews(row: NewPlan, adds_up: Mapping[str, str]) -> None:
    for need in row.needs:
        counts_crews = adds_up[need.capability] == AddsUp.MAXIMUM and need.level > 0
        if counts_crews and not need.quantity.is_integer():
            raise InvalidInputError(
                f"quantity of plan {row.name!r}",
                f"{need.quantity:g} crews of {need.capability!r} are no whole number of crews",
            )


def _refuse_contradictions(session: Session, rows: Sequence[NewPlan]) -> None:
    written = session.execute(
        select(
            ResponsePlan.incident_kind,
            ResponsePlan.severity,
            ResponsePlan.grade,
            ResponsePlan.substance,
            ResponsePlan.name,
        )
    ).all()
    known: dict[_Case, str] = {
        (kind, severity, grade, substance): name for kind, severity, grade, substance, name in written
    }
    for row in rows:
        case = (row.incident_kind, row.severity, row.grade, row.substance)
        if case in known:
            raise InvalidInputError(
                "plan", f"{known[case]!r} and {row.name!r} contradict each other: both are for {_said(case)}"
            )
        known[case] = row.name


def _said(case: _Case) -> str:
    kind, severity, grade, substance = case
    return f"{kind}, severity {severity or 'any'}, grade {grade or 'any'}, substance {substance or 'any'}"


def _plan(row: NewPlan, standards: Mapping[str, Standard]) -> ResponsePlan:
    return ResponsePlan(
        **row.model_dump(exclude={"needs", "supplies", "contacts", "standards"}),
        needs=[_need(need) for need in row.needs],
        supplies=[PlanSupply(**supply.model_dump()) for supply in row.supplies],
        contacts=[_contact(contact) for contact in row.contacts],
        standards=[standards[code] for code in row.standards],
    )


def _need(row: NewNeed) -> PlanNeed:
    return PlanNeed(**row.model_dump())


def _contact(row: NewContact) -> PlanContact:
    return PlanContact(
        **row.model_dump(exclude={"area"}),
        area=None if row.area is None else from_shape(row.area, WGS84_SRID),
    )
