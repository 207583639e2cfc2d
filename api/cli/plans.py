"""``rescuegrid plans``: see the response plans, add some, and ask which one speaks."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.options import DEFAULT_VAR, VarDir
from api.opening import open_database
from api.plans import Case, Matched, match_plan, plan_named, read_rows, write_rows
from api.settings import Settings
from api.webhooks import Speaker
from data.plans import PlannedNeed
from data.registry import NewPlan, add_plans
from data.registry.rows import Name
from data.rulebook import PlanRow, plans_page
from geo.errors import InvalidInputError
from geo.places import Place

SOURCE = "desk"

MOST_LISTED = 1000
S_PER_MIN = 60
RULE = (
    "The plan that names most speaks; of equals, the one that names the substance, then the grade, "
    "then the severity."
)

plans_app = typer.Typer(
    help="See the response plans, add some, and ask which one speaks.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@plans_app.command("list")
def list_command(*, as_json: AsJson = False, var: VarDir = DEFAULT_VAR) -> None:
    """
    List the response plans: what each is for, and what it calls for.

    Examples
    --------
    - `rescuegrid plans list`

    - `rescuegrid plans list --json`
    """
    with open_database(Settings(var=var)) as sessions:
        page = read_rows(plans_page, MOST_LISTED, 0, sessions)
    if as_json:
        typer.echo(TypeAdapter(tuple[PlanRow, ...]).dump_json(page.rows, indent=1))
        return
    Console().print(_table(page.rows))
    if page.matched > len(page.rows):
        typer.echo(f"note: the first {len(page.rows):,} of {page.matched:,}", err=True)


@plans_app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.", show_default=False)],
    *,
    as_json: AsJson = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Show a response plan: needs with their deadlines, supplies, contacts, order and action card.

    Examples
    --------
    - `rescuegrid plans show 'chemical-leak chlorine (default)'`
    """
    with open_database(Settings(var=var)) as sessions:
        plan = plan_named(name, sessions)
    if as_json:
        typer.echo(TypeAdapter(PlanRow).dump_json(plan, indent=1))
    else:
        typer.echo("\n".join(_told(plan)))


@plans_app.command("add")
def add_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.json", help="One plan, or a list of them.", show_default=False)
    ],
    *,
    who: Annotated[str, typer.Option(help="Who adds them: the audit tells.")] = "unknown",
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Add response plans from a file: all of them, or none where one of them cannot be.

    Examples
    --------
    - `rescuegrid plans add our-plans.json --who 'planning desk'`
    """
    plans, speaker = _read(file), Speaker(TypeAdapter(Name).validate_python(who), SOURCE)
    with open_database(Settings(var=var)) as sessions:
        write_rows(add_plans, plans, speaker, sessions)
    typer.echo("\n".join(f"added: {plan.name}" for plan in plans))


@plans_app.command("match")
def match_command(
    *,
    kind: Annotated[str, typer.Option(help="What happened, e.g. chemical-leak, fire, explosion.")],
    severity: Annotated[int, typer.Option(help="1 is the worst (特别重大), 4 the least (一般).")],
    at: Annotated[str, typer.Option(metavar="LON,LAT", help="Where, WGS84 degrees, e.g. 114.295,30.595.")],
    grade: Annotated[
        int | None,
        typer.Option(
            help="The level of the major hazard; left out, that of the hazard source at the place counts."
        ),
    ] = None,
    substance: Annotated[str | None, typer.Option(help="What is leaking or burning.")] = None,
    as_json: AsJson = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say which response plan would speak for an incident, and why: what it names.

    Examples
    --------
    - `rescuegrid plans match --kind chemical-leak --severity 2 --substance chlorine --at 114.295,30.595`
    """
    case = Case(kind=kind, severity=severity, place=Place.parse(at), grade=grade, substance=substance)
    settings = Settings(var=var)
    with open_database(settings) as sessions:
        matched = match_plan(case, settings.site_radius_m, sessions)
    if as_json:
        typer.echo(TypeAdapter(Matched).dump_json(matched, indent=1))
    else:
        typer.echo("\n".join(_reasons(matched)))


def _read(file: Path) -> list[NewPlan]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(str(file), f"it is not JSON: {error}") from None
    rows = given if isinstance(given, list) else [given]
    if not rows:
        raise InvalidInputError(str(file), "it holds no plan")
    return [_plan(number, row) for number, row in enumerate(rows, start=1)]


def _plan(number: int, row: object) -> NewPlan:
    try:
        return NewPlan.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        called = f" ({row['name']!r})" if isinstance(row, dict) and "name" in row else ""
        where = [f"row {number}{called}", *_path(fault["loc"])]
        raise InvalidInputError(", ".join(where), fault["msg"].removeprefix("Value error, ")) from None


def _path(parts: Sequence[int | str]) -> list[str]:
    """Return the way to a field in words: ``needs.0.quantity`` is in the first of the needs."""
    return [f"number {part + 1}" if isinstance(part, int) else part for part in parts]


def _table(plans: Sequence[PlanRow]) -> Table:
    table = Table(box=None, title="Response plans", title_justify="left")
    for heading in ("id", "name", "kind", "severity", "grade", "substance", "needs"):
        table.add_column(heading, overflow="fold")
    for plan in plans:
        row = (
            str(plan.id),
            plan.name,
            plan.incident_kind,
            _or_any(plan.severity),
            _or_any(plan.grade),
            _or_any(plan.substance),
            ", ".join(_need(need) for need in plan.needs),
        )
        table.add_row(*(Text(cell) for cell in row))
    return table


def _or_any(value: object) -> str:
    return "any" if value is None else str(value)


def _need(need: PlannedNeed) -> str:
    level = f"@{need.level:g}" if need.level else ""
    return f"{need.capability}{level}={need.quantity:g}{_within(need.deadline_s)}"


def _within(deadline_s: float | None) -> str:
    return "" if deadline_s is None else f"/{deadline_s / S_PER_MIN:g}min"


def _told(plan: PlanRow) -> list[str]:
    supplies = [
        f"{one.item}={one.quantity:g}{one.unit_of_measure}{_within(one.deadline_s)}" for one in plan.supplies
    ]
    contacts = [
        f"{one.role}: {one.name} {one.phone}{'' if one.area is None else ' (within an area)'}"
        for one in plan.contacts
    ]
    return [
        plan.name,
        f"For: {_named(plan)}",
        f"Led by: {plan.lead_department}",
        f"Needs: {', '.join(_need(need) for need in plan.needs)}",
        f"Supplies: {', '.join(supplies) or 'none'}",
        f"Standards: {', '.join(plan.standards) or 'none'}",
        f"Contacts: {'; '.join(contacts) or 'none'}",
        f"Order: {plan.order_text}",
        f"Action card:\n{plan.action_card or 'none'}",
    ]


def _reasons(matched: Matched) -> list[str]:
    return [
        matched.plan.name,
        f"It names {_named(matched.plan)}, all of which is so. {RULE}",
        f"Grade: {_grade(matched)}",
        *(f"It also fits, less closely: {plan.name}, which names {_named(plan)}" for plan in matched.others),
    ]


def _grade(matched: Matched) -> str:
    if matched.site is not None:
        return f"{matched.grade or 'none'}, of {matched.site.name}, the hazard source there"
    return "none: no hazard source is known there" if matched.grade is None else f"{matched.grade}, as given"


def _named(plan: PlanRow) -> str:
    return ", ".join(plan.names)
