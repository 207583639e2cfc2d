"""The papers of incidents over HTTP: as pages to print, and the same as JSON."""

from typing import Annotated

from fastapi import APIRouter, Body, Path
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.http.dependencies import CentreDep
from api.papers.after_action import after_action, after_action_html
from api.papers.after_action_said import AfterActionSaid
from api.papers.entered_facts import FactSaid, FactsIn, enter_facts
from api.papers.errors_of_estimates import TravelErrorsSaid, errors_of_estimates
from api.papers.handover import HandoverSaid, handover, handover_html
from api.papers.order import order_of, orders_of
from api.papers.order_page import orders_html
from api.papers.order_said import OrderSaid
from api.papers.report_drafts import report_draft, report_html
from api.papers.report_said import ReportSaid, Which

LARGEST_ID = 2**63 - 1
router = APIRouter(tags=["papers"])
IncidentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
AssignmentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
ReportName = Annotated[Which, Path(description="`first` for 初报, `follow-up` for 续报")]


class FactsOut(BaseModel):
    """All that was entered about an incident: every value of each fact, the one that counts last."""

    incident_id: int
    facts: dict[str, list[FactSaid]] = Field(description="what is not here is not known")


@router.get("/assignments/{assignment_id}/order", response_class=HTMLResponse)
def read_order(assignment_id: AssignmentId, centre: CentreDep) -> HTMLResponse:
    """Return the order of a unit (调度令): one A4 page that asks nothing of any network."""
    order = order_of(assignment_id, centre)
    return HTMLResponse(orders_html([order], centre.roads.network, centre.settings.time_zone))


@router.get("/assignments/{assignment_id}/order.json")
def read_order_json(assignment_id: AssignmentId, centre: CentreDep) -> OrderSaid:
    """Return the order of a unit."""
    return order_of(assignment_id, centre)


@router.get("/incidents/{incident_id}/orders", response_class=HTMLResponse)
def read_orders(incident_id: IncidentId, centre: CentreDep) -> HTMLResponse:
    """Return the orders of every unit of an incident that is not on its way back, a page each."""
    orders = orders_of(incident_id, centre)
    return HTMLResponse(orders_html(orders, centre.roads.network, centre.settings.time_zone))


@router.get("/incidents/{incident_id}/orders.json")
def read_orders_json(incident_id: IncidentId, centre: CentreDep) -> list[OrderSaid]:
    """Return the orders of every unit of an incident that is not on its way back."""
    return orders_of(incident_id, centre)


@router.get("/handover", response_class=HTMLResponse)
def read_handover(centre: CentreDep) -> HTMLResponse:
    """Return the sheet a shift hands over: open incidents, open promises, units out, short stock."""
    return HTMLResponse(handover_html(handover(centre), centre.settings.time_zone))


@router.get("/handover.json")
def read_handover_json(centre: CentreDep) -> HandoverSaid:
    """Return what a shift hands over."""
    return handover(centre)


@router.post("/incidents/{incident_id}/facts", status_code=201)
def add_facts(incident_id: IncidentId, centre: CentreDep, facts: Annotated[FactsIn, Body()]) -> FactsOut:
    """Enter what no step tells: casualties, losses, the scene. The newest by when it was so counts."""
    entered = enter_facts(incident_id, facts, centre)
    return FactsOut(
        incident_id=incident_id, facts={name: list(said) for name, said in entered.history.items()}
    )


@router.get("/incidents/{incident_id}/reports/{which}.json")
def read_report_json(incident_id: IncidentId, which: ReportName, centre: CentreDep) -> ReportSaid:
    """Return a draft of an accident report, under the headings of the rule and with its clocks."""
    return report_draft(incident_id, which, centre)


@router.get("/incidents/{incident_id}/reports/{which}", response_class=HTMLResponse)
def read_report(incident_id: IncidentId, which: ReportName, centre: CentreDep) -> HTMLResponse:
    """Return a draft of an accident report; what the record does not know is 待补, not yet known."""
    return HTMLResponse(report_html(report_draft(incident_id, which, centre), centre.settings.time_zone))


@router.get("/incidents/{incident_id}/after-action", response_class=HTMLResponse)
def read_after_action(incident_id: IncidentId, centre: CentreDep) -> HTMLResponse:
    """Return the report after the action as one file, with its map inside."""
    return HTMLResponse(after_action_html(after_action(incident_id, centre), centre))


@router.get("/incidents/{incident_id}/after-action.json")
def read_after_action_json(incident_id: IncidentId, centre: CentreDep) -> AfterActionSaid:
    """Return the report after the action; the decisions acted on are replayed for it now."""
    return after_action(incident_id, centre)


@router.get("/travel-errors")
def read_travel_errors(centre: CentreDep) -> list[TravelErrorsSaid]:
    """Return how far estimates were off, by class of road, local hour and surroundings."""
    return errors_of_estimates(centre)
