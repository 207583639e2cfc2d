"""What decisions rest on, over HTTP: plans, standards, authorities and agreements, seen and written."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.http.dependencies import CentreDep
from api.http.incidents import LARGEST_ID
from api.http.registry import Limit, Link, Offset, page_links
from api.plans import one_plan, read_rows, write_rows
from api.webhooks import Speaker
from data.registry import (
    NewAgreement,
    NewAuthority,
    NewPlan,
    NewStandard,
    add_agreements,
    add_authorities,
    add_plans,
    add_standards,
)
from data.registry.rows import Name
from data.rulebook import (
    AgreementRow,
    AuthorityRow,
    PlanRow,
    RowsPage,
    StandardRow,
    agreements_page,
    authorities_page,
    plans_page,
    standards_page,
)

Row = TypeVar("Row")
JSON = "application/json"
SOURCE, UNSAID = "api", "unknown"

router = APIRouter(tags=["what decisions rest on"])


class PlanIn(NewPlan):
    """A response plan; without a severity, a grade or a substance it is for every one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "ammonia from a cold store",
                    "incident_kind": "chemical-leak",
                    "severity": 2,
                    "substance": "ammonia",
                    "lead_department": "应急管理局 Emergency Management Bureau",
                    "order_text": "Go to {place}: {kind}, {substance}; arrival {arrival}.",
                    "action_card": "Approach from upwind.",
                    "needs": [
                        {"capability": "hazmat", "level": 2, "quantity": 3, "deadline_s": 900},
                        {"capability": "medical", "quantity": 4, "deadline_s": 720, "weight": 2},
                    ],
                    "supplies": [{"item": "chemical-suit", "quantity": 20, "unit_of_measure": "piece"}],
                    "contacts": [{"role": "control room", "name": "duty officer", "phone": "119"}],
                }
            ]
        }
    )


class StandardIn(NewStandard):
    """A time to keep, from when its clock runs, whom it binds and who says so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "our-first-engine",
                    "name_en": "the first engine in our city",
                    "name_zh": "本市首车到场",
                    "strength": "should",
                    "clock_start": "alarm",
                    "seconds": 420,
                    "percentile": 90,
                    "applies_to": "the built-up area",
                    "source": "a decision of the city",
                }
            ]
        }
    )


class AuthorityIn(NewAuthority):
    """Who commands teams that are not ours, the office that approves a request, and how long that takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "the next county", "approver": "its duty office", "phone": "", "approval_s": 300}
            ]
        }
    )


class AgreementIn(NewAgreement):
    """What an authority in the registry has promised; ``valid_until`` is its last day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "authority": "the next county",
                    "number": "2026-17",
                    "incident_kind": "chemical-leak",
                    "capability": "hazmat",
                    "mobilise_within_s": 600,
                    "call_out_cost_yuan": 2000,
                    "cost_per_hour_yuan": 800,
                    "valid_from": "2026-01-01",
                    "valid_until": "2028-12-31",
                }
            ]
        }
    )


class RowsOut(BaseModel, Generic[Row]):
    """A page of rows; follow the link ``next`` until there is none."""

    number_matched: int = Field(serialization_alias="numberMatched")
    number_returned: int = Field(serialization_alias="numberReturned")
    rows: list[Row]
    links: list[Link]


class PlansOut(RowsOut[PlanRow]):
    """A page of response plans."""


class StandardsOut(RowsOut[StandardRow]):
    """A page of standards."""


class AuthoritiesOut(RowsOut[AuthorityRow]):
    """A page of authorities."""


class AgreementsOut(RowsOut[AgreementRow]):
    """A page of mutual-aid agreements."""


class WrittenOut(BaseModel):
    """The rows are written, all of them: every answer from now on minds them."""

    written: list[str] = Field(description="what the rows are called, in the order given")
    links: dict[str, str]


Who = Annotated[Name, Query(description="who writes it: the audit tells", examples=["planning desk"])]


def _listed(given: object) -> object:
    return given if isinstance(given, list) else [given]


Some = Field(min_length=1)
PlansIn = Annotated[
    tuple[PlanIn, ...], BeforeValidator(_listed, json_schema_input_type=PlanIn | list[PlanIn]), Some, Body()
]
StandardsIn = Annotated[
    tuple[StandardIn, ...],
    BeforeValidator(_listed, json_schema_input_type=StandardIn | list[StandardIn]),
    Some,
    Body(),
]
AuthoritiesIn = Annotated[
    tuple[AuthorityIn, ...],
    BeforeValidator(_listed, json_schema_input_type=AuthorityIn | list[AuthorityIn]),
    Some,
    Body(),
]
AgreementsIn = Annotated[
    tuple[AgreementIn, ...],
    BeforeValidator(_listed, json_schema_input_type=AgreementIn | list[AgreementIn]),
    Some,
    Body(),
]


@router.get("/plans")
def list_plans(request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0) -> PlansOut:
    """Return response plans: what an incident of a kind needs, by when, and what its people are told."""
    page = read_rows(plans_page, limit, offset, centre.sessions)
    return PlansOut(**_paged(request, page, limit, offset))


@router.get("/plans/{plan_id}")
def read_plan(plan_id: Annotated[int, Path(ge=1, le=LARGEST_ID)], centre: CentreDep) -> PlanRow:
    """Return a response plan."""
    return one_plan(plan_id, centre.sessions)


@router.post("/plans", status_code=201)
def write_plans(plans: PlansIn, centre: CentreDep, who: Who = UNSAID) -> WrittenOut:
    """Write one response plan or a list of them: all, or none where one contradicts what is there."""
    write_rows(add_plans, plans, Speaker(who, SOURCE), centre.sessions)
    return _written("/plans", [plan.name for plan in plans])


@router.get("/standards")
def list_standards(
    request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0
) -> StandardsOut:
    """Return standards: how fast something must be, from when the clock runs, and who says so."""
    page = read_rows(standards_page, limit, offset, centre.sessions)
    return StandardsOut(**_paged(request, page, limit, offset))


@router.post("/standards", status_code=201)
def write_standards(standards: StandardsIn, centre: CentreDep, who: Who = UNSAID) -> WrittenOut:
    """Write one standard or a list of them, all or none."""
    write_rows(add_standards, standards, Speaker(who, SOURCE), centre.sessions)
    return _written("/standards", [standard.code for standard in standards])


@router.get("/authorities")
def list_authorities(
    request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0
) -> AuthoritiesOut:
    """Return authorities: who commands teams that are not ours, and who approves lending them."""
    page = read_rows(authorities_page, limit, offset, centre.sessions)
    return AuthoritiesOut(**_paged(request, page, limit, offset))


@router.post("/authorities", status_code=201)
def write_authorities(authorities: AuthoritiesIn, centre: CentreDep, who: Who = UNSAID) -> WrittenOut:
    """Write one authority or a list of them, all or none."""
    write_rows(add_authorities, authorities, Speaker(who, SOURCE), centre.sessions)
    return _written("/authorities", [authority.name for authority in authorities])


@router.get("/agreements")
def list_agreements(
    request: Request, centre: CentreDep, limit: Limit = 100, offset: Offset = 0
) -> AgreementsOut:
    """Return mutual-aid agreements: what an authority has promised, for what, how fast and at what cost."""
    page = read_rows(agreements_page, limit, offset, centre.sessions)
    return AgreementsOut(**_paged(request, page, limit, offset))


@router.post("/agreements", status_code=201)
def write_agreements(agreements: AgreementsIn, centre: CentreDep, who: Who = UNSAID) -> WrittenOut:
    """Write one agreement or a list of them, all or none."""
    write_rows(add_agreements, agreements, Speaker(who, SOURCE), centre.sessions)
    return _written("/agreements", [agreement.number for agreement in agreements])


def _paged(request: Request, page: RowsPage[Row], limit: int, offset: int) -> dict[str, Any]:
    return {
        "number_matched": page.matched,
        "number_returned": len(page.rows),
        "rows": list(page.rows),
        "links": page_links(request, limit, offset, page.matched, JSON),
    }


def _written(home: str, names: Sequence[str]) -> WrittenOut:
    return WrittenOut(written=list(names), links={"rows": home})
