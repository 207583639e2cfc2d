"""``rescuegrid clocks``: who is silent, who could go instead, who is late now, whose relief is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel, TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.options import DEFAULT_VAR, VarDir
from api.clocks import acknowledgements
from api.http.clocks import AcknowledgementsOut, AwaitedOut, RedispatchOut, SuccessorOut, reliefs
from api.opening import open_centre, open_database
from api.redispatch import redispatch_of
from api.settings import Settings
from api.succession import successor_of

S_PER_MIN = 60
CUT_OFF = "cut off"

clocks_app = typer.Typer(
    help="Who is silent, who could go instead, whose arrival became worse, whose relief is due.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Roads = Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")]
ROADS: str = Settings.model_fields["roads"].default


@clocks_app.command("acknowledgements")
def acknowledgements_command(*, as_json: AsJson = False, var: VarDir = DEFAULT_VAR) -> None:
    """
    List who has had the word and not acknowledged it, with the numbers to call.

    Examples
    --------
    - `rescuegrid clocks acknowledgements`
    """
    with open_database(Settings(var=var)) as sessions:
        found = AcknowledgementsOut.of(acknowledgements(sessions))
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    _print(
        "Awaited",
        ("assignment", "unit", "call sign", "phone", "deputy", "state", "left"),
        [_awaited(one) for one in (*found.overdue, *found.running)],
    )


@clocks_app.command("successor")
def successor_command(
    assignment_id: Annotated[int, typer.Argument(metavar="ASSIGNMENT", min=1, show_default=False)],
    *,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say who could go instead of a unit, and how much later each need is then met. Nothing is claimed.

    Examples
    --------
    - `rescuegrid clocks successor 7`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        found = SuccessorOut.of(successor_of(assignment_id, centre))
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    _print(
        "Instead",
        ("id", "unit", "call sign", "phone", "for", "arrives after"),
        [
            (
                str(one.unit_id),
                one.unit,
                one.call_sign,
                one.phone,
                ", ".join(f"{role.requirement}={role.amount:g}" for role in one.roles),
                _minutes(one.arrival_s),
            )
            for one in found.instead
        ],
    )
    for need in found.needs:
        later = "never" if need.later_min is None else f"{need.later_min:+.1f} min"
        short = f", {need.missing:g} missing" if need.missing else ""
        typer.echo(f"{need.need}: {later}{short}")


@clocks_app.command("redispatch")
def redispatch_command(
    incident_id: Annotated[int, typer.Argument(metavar="INCIDENT", min=1, show_default=False)],
    *,
    as_json: AsJson = False,
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    List the units of an incident whose road is cut, or who are late by more than the threshold.

    Examples
    --------
    - `rescuegrid clocks redispatch 3`
    """
    settings = Settings(var=var, roads=roads)
    with open_centre(settings) as centre:
        found = [RedispatchOut.of(one) for one in redispatch_of(incident_id, centre)]
    if as_json:
        _echo_all(found)
        return
    zone = ZoneInfo(settings.time_zone)
    _print(
        f"Worse, by the clock of {settings.time_zone}",
        ("assignment", "unit", "promised", "now", "why", "instead"),
        [
            (
                str(one.assignment_id),
                one.unit,
                _clock(one.promised_at, zone),
                CUT_OFF if one.cut_off else _clock(one.arrival_at, zone),
                one.why,
                ", ".join(each.unit for each in one.successor.instead) if one.successor else "",
            )
            for one in found
        ],
    )


@clocks_app.command("relief")
def relief_command(*, as_json: AsJson = False, var: VarDir = DEFAULT_VAR) -> None:
    """
    List the units that are out, the one longest at work first, and when each is to be relieved.

    Examples
    --------
    - `rescuegrid clocks relief`
    """
    settings = Settings(var=var)
    with open_database(settings) as sessions:
        found = reliefs(sessions, settings.relief_after_s)
    if as_json:
        _echo_all(found)
        return
    zone = ZoneInfo(settings.time_zone)
    _print(
        f"Out, by the clock of {settings.time_zone}",
        ("incident", "unit", "since", "hours", "relief at", "due"),
        [
            (
                str(one.incident_id),
                one.unit,
                _clock(one.since, zone),
                "" if one.hours is None else f"{one.hours:.1f}",
                _clock(one.due_at, zone),
                "due" if one.due else "",
            )
            for one in found
        ],
    )


def _awaited(one: AwaitedOut) -> tuple[str, ...]:
    left = f"{one.left_s:.0f} s" if one.left_s > 0 else f"overdue by {-one.left_s:.0f} s"
    deputy = f"{one.deputy} {one.deputy_phone}".strip()
    return (str(one.assignment_id), one.unit, one.call_sign, one.phone, deputy, one.state, left)


def _minutes(seconds: float) -> str:
    return f"{seconds / S_PER_MIN:.1f} min"


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):%m-%d %H:%M:%S}"


def _echo_all(found: Sequence[BaseModel]) -> None:
    typer.echo(TypeAdapter(list[BaseModel]).dump_json(list(found), indent=1, serialize_as_any=True))


def _print(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
