"""``rescuegrid papers`` and ``rescuegrid after-action``: orders, the handover sheet, reports, as files."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, TypeAdapter

from api.cli.options import DEFAULT_VAR, VarDir
from api.opening import open_centre
from api.papers.after_action import after_action, after_action_html
from api.papers.entered_facts import NAMES, FactsIn, enter_facts
from api.papers.errors_of_estimates import errors_of_estimates
from api.papers.handover import handover, handover_html
from api.papers.order import order_of, orders_of
from api.papers.order_page import orders_html
from api.papers.order_said import OrderSaid
from api.papers.report_drafts import report_draft, report_html
from api.papers.report_said import Which
from api.settings import Settings
from geo.errors import InvalidInputError

LARGEST_ID = 2**63 - 1
ROADS = Settings.model_fields["roads"].default
INDENT = 1
ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)

Roads = Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write one HTML file that needs no internet."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Incident = Annotated[
    int, typer.Argument(min=1, max=LARGEST_ID, help="The number of the incident.", show_default=False)
]

papers_app = typer.Typer(
    help="Papers to print: orders, the handover sheet, report drafts.", no_args_is_help=True
)


@papers_app.command("order")
def order_command(
    assignment: Annotated[
        int, typer.Argument(min=1, max=LARGEST_ID, help="The number of the assignment.", show_default=False)
    ],
    *,
    out: Out = None,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write the order of a unit (调度令), one A4 page.

    Examples
    --------
    - `rescuegrid papers order 7 --out order.html`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        order = order_of(assignment, centre)
        page = orders_html([order], centre.roads.network, centre.settings.time_zone)
    _give(order, page, out, as_json=as_json)


@papers_app.command("orders")
def orders_command(
    incident: Incident,
    *,
    out: Out = None,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write the orders of all units of an incident, a page each.

    Examples
    --------
    - `rescuegrid papers orders 3 --out orders.html`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        orders = orders_of(incident, centre)
        page = orders_html(orders, centre.roads.network, centre.settings.time_zone)
    _give(orders, page, out, as_json=as_json)


@papers_app.command("handover")
def handover_command(
    *, out: Out = None, as_json: AsJson = False, roads: Roads = ROADS, var: VarDir = DEFAULT_VAR
) -> None:
    """
    Write the sheet a shift hands over (交接班单).

    Examples
    --------
    - `rescuegrid papers handover --out handover.html`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        sheet = handover(centre)
        page = handover_html(sheet, centre.settings.time_zone)
    _give(sheet, page, out, as_json=as_json)


@papers_app.command("report")
def report_command(
    which: Annotated[Which, typer.Argument(help="first (初报) or follow-up (续报).", show_default=False)],
    incident: Incident,
    *,
    out: Out = None,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write a draft of an accident report; what the record does not know is 待补, not yet known.

    Examples
    --------
    - `rescuegrid papers report first 3 --out first.html`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        report = report_draft(incident, which, centre)
        page = report_html(report, centre.settings.time_zone)
    _give(report, page, out, as_json=as_json)


@papers_app.command("facts")
def facts_command(
    incident: Incident,
    *,
    who: Annotated[str, typer.Option(help="Who says so.")],
    fact: Annotated[
        list[str], typer.Option(metavar="NAME=VALUE", help=f"One of {', '.join(NAMES)}. May be repeated.")
    ],
    happened_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was so, with time zone. Default: now.")
    ] = None,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Enter what no step tells: casualties, losses, the scene. The newest by when it was so counts.

    Examples
    --------
    - `rescuegrid papers facts 3 --who 'duty officer' --fact missing=2 --fact deaths=0`
    """
    told = dict(one.split("=", 1) for one in fact if "=" in one)
    if len(told) < len(fact):
        raise InvalidInputError("fact", "write each as NAME=VALUE, once, e.g. missing=2")
    entered = FactsIn.model_validate({"who": who, "happened_at": happened_at, **told})
    with open_centre(Settings(var=var, roads=roads)) as centre:
        facts = enter_facts(incident, entered, centre)
    typer.echo(ANYTHING.dump_json(facts.history, indent=INDENT))


@papers_app.command("travel-errors")
def travel_errors_command(*, roads: Roads = ROADS, var: VarDir = DEFAULT_VAR) -> None:
    """
    Print how far estimates were off, by class of road, hour and surroundings, as JSON.

    Examples
    --------
    - `rescuegrid papers travel-errors`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        found = errors_of_estimates(centre)
    typer.echo(ANYTHING.dump_json(found, indent=INDENT))


def after_action_command(
    incident: Incident,
    *,
    out: Out = None,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write the report after the action: timeline, predicted against actual, requirement by requirement, map.

    The decisions that units were sent by are replayed now, and the report says whether they are the same.

    Examples
    --------
    - `rescuegrid after-action 3 --out after-action.html`

    - `rescuegrid after-action 3 --json`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        said = after_action(incident, centre)
        page = after_action_html(said, centre)
    _give(said, page, out, as_json=as_json)


def _give(said: BaseModel | list[OrderSaid], page: str, out: Path | None, *, as_json: bool) -> None:
    """Write the page to a file; print the JSON where it was asked for, or where there is no file."""
    if out is not None:
        out.write_text(page, encoding="utf-8")
        typer.echo(f"written: {out}", err=True)
    if as_json or out is None:
        typer.echo(ANYTHING.dump_json(said, indent=INDENT))
