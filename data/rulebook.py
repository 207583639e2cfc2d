"""What decisions rest on, as written: response plans, standards, authorities and agreements, in pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Generic, TypeVar

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.incidents import NotFoundError
from data.models import Agreement, Authority, Base, PlanContact, ResponsePlan, Standard
from data.plans import Features, PlannedNeed, PlannedSupply, fitting_plans

Table = TypeVar("Table", bound=Base)
Said = TypeVar("Said")


@dataclass(frozen=True)
class RowsPage(Generic[Said]):
    """Some of the rows, in ascending order of their key, and how many there are in all."""

    rows: tuple[Said, ...]
    matched: int


@dataclass(frozen=True)
class PlacedContact:
    """Whom to call for incidents within an area, a GeoJSON polygon, or everywhere where it is None."""

    role: str
    name: str
    phone: str
    area: Mapping[str, Any] | None


@dataclass(frozen=True)
class PlanRow:
    """A response plan; without a severity, a grade or a substance it is for every one."""

    id: int
    name: str
    incident_kind: str
    severity: int | None
    grade: int | None
    substance: str | None
    lead_department: str
    order_text: str
    action_card: str
    needs: tuple[PlannedNeed, ...]
    supplies: tuple[PlannedSupply, ...]
    contacts: tuple[PlacedContact, ...]
    standards: tuple[str, ...]
    synthetic: bool

    @property
    def names(self) -> tuple[str, ...]:
        """What it names, which must be so for it to fit: the more, the closer it fits."""
        said = {
            "kind": self.incident_kind,
            "severity": self.severity,
            "grade": self.grade,
            "substance": self.substance,
        }
        return tuple(f"{what} {value}" for what, value in said.items() if value is not None)


@dataclass(frozen=True)
class StandardRow:
    """A time to keep, from when its clock runs, whom it binds and who says so."""

    code: str
    name_en: str
    name_zh: str
    clause: str
    strength: str
    clock_start: str
    seconds: float
    percentile: float | None
    vehicle_profile: str | None
    capability: str | None
    capability_level: float | None
    applies_to: str
    grade: int | None
    source: str


@dataclass(frozen=True)
class AuthorityRow:
    """Who commands teams that are not ours, the office that approves a request, and how long that takes."""

    id: int
    name: str
    approver: str
    phone: str
    approval_s: float
    synthetic: bool


@dataclass(frozen=True)
class AgreementRow:
    """What an authority has promised; without a kind of incident or a capability it holds for every one."""

    id: int
    authority: str
    number: str
    incident_kind: str | None
    capability: str | None
    mobilise_within_s: float
    call_out_cost_yuan: float
    cost_per_hour_yuan: float
    consents_to_bare_site: bool
    valid_from: date
    valid_until: date | None
    synthetic: bool


def plans_page(session: Session, limit: int, offset: int) -> RowsPage[PlanRow]:
    """Read response plans in order of id."""
    return _page(session, ResponsePlan, _plan_row, limit, offset)


def standards_page(session: Session, limit: int, offset: int) -> RowsPage[StandardRow]:
    """Read standards in order of their codes."""
    return _page(session, Standard, _standard_row, limit, offset)


def authorities_page(session: Session, limit: int, offset: int) -> RowsPage[AuthorityRow]:
    """Read authorities in order of id."""
    return _page(session, Authority, _authority_row, limit, offset)


def agreements_page(session: Session, limit: int, offset: int) -> RowsPage[AgreementRow]:
    """Read agreements in order of id."""
    return _page(session, Agreement, _agreement_row, limit, offset)


def plan_by_id(session: Session, plan_id: int) -> PlanRow:
    """Return a response plan by its number."""
    row = session.get(ResponsePlan, plan_id)
    if row is None:
        raise NotFoundError(f"there is no response plan {plan_id}")
    return _plan_row(row)


def plan_by_name(session: Session, name: str) -> PlanRow:
    """Return a response plan by its name."""
    row = session.scalars(select(ResponsePlan).where(ResponsePlan.name == name)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no response plan {name!r}; `plans list` names them all")
    return _plan_row(row)


def plans_that_fit(session: Session, features: Features) -> tuple[PlanRow, ...]:
    """Return the plans that fit, the one that speaks first."""
    return tuple(_plan_row(row) for row in fitting_plans(session, features))


def _page(
    session: Session, table: type[Table], say: Callable[[Table], Said], limit: int, offset: int
) -> RowsPage[Said]:
    matched = session.scalar(select(func.count()).select_from(table)) or 0
    key = table.__mapper__.primary_key
    rows = session.scalars(select(table).order_by(*key).limit(limit).offset(offset))
    return RowsPage(tuple(say(row) for row in rows), matched)


def _plan_row(row: ResponsePlan) -> PlanRow:
    parts = {
        "needs": tuple(PlannedNeed(**_columns(PlannedNeed, need)) for need in row.needs),
        "supplies": tuple(PlannedSupply(**_columns(PlannedSupply, supply)) for supply in row.supplies),
        "contacts": tuple(_contact(contact) for contact in row.contacts),
        "standards": tuple(standard.code for standard in row.standards),
    }
    return PlanRow(**(_columns(PlanRow, row) | parts))


def _contact(contact: PlanContact) -> PlacedContact:
    area = None if contact.area is None else shapely.geometry.mapping(to_shape(contact.area))
    return PlacedContact(contact.role, contact.name, contact.phone, area)


def _standard_row(row: Standard) -> StandardRow:
    return StandardRow(**_columns(StandardRow, row))


def _authority_row(row: Authority) -> AuthorityRow:
    return AuthorityRow(**_columns(AuthorityRow, row))


def _agreement_row(row: Agreement) -> AgreementRow:
    return AgreementRow(**(_columns(AgreementRow, row) | {"authority": row.authority.name}))


def _columns(kind: type[Any], row: Base) -> dict[str, Any]:
    """Return the columns of a row that a kind of row says under the same name."""
    return {field.name: getattr(row, field.name) for field in fields(kind)}
