"""``rescuegrid waiting`` and ``rescuegrid incident``: who waits for what, and what becomes of incidents."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import table
from api.cli.dispatch import ROADS, AsJson, Incident, Roads
from api.cli.options import DEFAULT_VAR, LARGEST_ID, VarDir
from api.cli.tables import console
from api.cli.telling import At, Note, Source, Who, told
from api.http.waiting import WaitingOut
from api.incident_life import bring_under_control, close, merge, possible_duplicates, reopen
from api.opening import open_centre
from api.settings import Settings
from api.waiting import Unmet, Waiting, offer_again, waiting_list
from data.incidents import IncidentFacts

incident_app = typer.Typer(
    help="What becomes of an incident: under control, merged, closed, opened again.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


def waiting_command(
    *,
    offer: Annotated[
        bool, typer.Option("--offer", help="First recommend anew, where that is better than the last offer.")
    ] = False,
    roads: Roads = ROADS,
    as_json: AsJson = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Show the open incidents that were not sent all they need, the gravest first.

    Examples
    --------
    - `rescuegrid waiting`

    - `rescuegrid waiting --offer`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        offered = offer_again(centre) if offer else ()
        found = waiting_list(centre)
    if as_json:
        for one in found:
            typer.echo(WaitingOut.of(one).model_dump_json())
        return
    for new in offered:
        typer.echo(f"incident {new.incident_id}: recommendation {new.number} is better than the last one")
    console().print(_waiting_table(found))


@incident_app.command("under-control")
def under_control_command(
    incident: Incident,
    *,
    who: Who,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """Say that an incident is under control."""
    with open_centre(Settings(var=var, roads=roads)) as centre:
        _say(bring_under_control(incident, told(who, source, at, note), centre))


@incident_app.command("close")
def close_command(
    incident: Incident,
    *,
    who: Who,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """Close an incident: every unit released, every supply settled."""
    with open_centre(Settings(var=var, roads=roads)) as centre:
        _say(close(incident, told(who, source, at, note), centre))


@incident_app.command("reopen")
def reopen_command(
    incident: Incident,
    *,
    who: Who,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """Open an incident again."""
    with open_centre(Settings(var=var, roads=roads)) as centre:
        _say(reopen(incident, told(who, source, at, note), centre))


@incident_app.command("merge")
def merge_command(
    incident: Incident,
    into: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, show_default=False)],
    *,
    who: Who,
    source: Source = "desk",
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """Merge an incident into another, for good: its units and supplies become the other's."""
    with open_centre(Settings(var=var, roads=roads)) as centre:
        _say(merge(incident, into, told(who, source, None, note), centre))


@incident_app.command("duplicates")
def duplicates_command(incident: Incident, *, roads: Roads = ROADS, var: VarDir = DEFAULT_VAR) -> None:
    """Show the incidents that may be the same; a person merges them, or does not."""
    with open_centre(Settings(var=var, roads=roads)) as centre:
        found = possible_duplicates(incident, centre)
    for one in found:
        typer.echo(f"{one.incident_id}: {one.kind}, {one.distance_m:.0f} m off, {one.later_s:+.0f} s")
    if not found:
        typer.echo("none")


def _say(incident: IncidentFacts) -> None:
    into = f" into {incident.merged_into_id}" if incident.merged_into_id else ""
    typer.echo(f"incident {incident.id}: {incident.status}{into}")


def _waiting_table(found: tuple[Waiting, ...]) -> Table:
    rows = table("Waiting")
    for heading in ("incident", "kind", "severity", "since", "still needs", "recommendation"):
        rows.add_column(heading)
    for one in found:
        rows.add_row(
            str(one.incident.id),
            one.incident.kind,
            str(one.incident.severity),
            one.since.astimezone().strftime("%m-%d %H:%M:%S"),
            Text(one.why_unknown or ", ".join(map(_unmet, one.unmet)), "bold red"),
            "none" if one.number is None else str(one.number),
        )
    if not found:
        rows.caption = "nobody waits"
    return rows


def _unmet(one: Unmet) -> str:
    unit = f" {one.unit_of_measure}" if one.unit_of_measure else ""
    return f"{one.name} {one.missing:g}{unit}"
