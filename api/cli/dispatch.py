"""``rescuegrid dispatch``, ``assignments`` and ``divert``: who is sent, and sent elsewhere."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.assigned import AssignmentTold, assignments_of_incident
from api.assigning import dispatch
from api.cli.decision_tables import clock, table
from api.cli.options import DEFAULT_VAR, LARGEST_ID, LARGEST_NUMBER, VarDir
from api.cli.tables import console
from api.cli.telling import At, Note, Source, Who, told
from api.dispatched import Dispatched, NextBest, Order
from api.http.assigned import AssignmentOut
from api.http.assignments import DispatchedOut
from api.opening import open_centre
from api.settings import Settings
from api.stepping import divert

ROADS = Settings.model_fields["roads"].default
Roads = Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")]
Incident = Annotated[int, typer.Argument(min=1, max=LARGEST_ID, show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def dispatch_command(
    incident: Incident,
    *,
    who: Who,
    number: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_NUMBER, help="The recommendation to follow. Default: the newest."),
    ] = None,
    unit: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            max=LARGEST_ID,
            help="A unit to send, even if not recommended; --note says why. Repeatable.",
        ),
    ] = None,
    supplies: Annotated[
        bool | None,
        typer.Option(help="Reserve the supplies recommended. Default: where no unit is named."),
    ] = None,
    order: Annotated[bool, typer.Option("--order", help="Give the word at once.")] = False,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    as_json: AsJson = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Claim what was recommended, or the units named, and reserve the supplies, in one go.

    What others took meanwhile is named, and the next best proposed; only what is confirmed is claimed.

    Examples
    --------
    - `rescuegrid dispatch 1 --who Lin --order`

    - `rescuegrid dispatch 1 --who Lin --unit 7 --note 'they know the plant'`
    """
    named = None if not unit else tuple(unit)
    wants_supplies = named is None if supplies is None else supplies
    confirmed = Order(told(who, source, at, note), number, named, wants_supplies, order)
    with open_centre(Settings(var=var, roads=roads)) as centre:
        done = dispatch(incident, confirmed, centre)
    if as_json:
        typer.echo(DispatchedOut.of(done).model_dump_json(indent=1))
    else:
        _print(done)


def assignments_command(
    incident: Incident, *, roads: Roads = ROADS, as_json: AsJson = False, var: VarDir = DEFAULT_VAR
) -> None:
    """
    Show whom an incident has or had, how far each has come, and how it is reached.

    Examples
    --------
    - `rescuegrid assignments 1`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        found = assignments_of_incident(incident, centre)
    if as_json:
        for one in found:
            typer.echo(AssignmentOut.of(one).model_dump_json())
    else:
        console().print(assigned_table(found))


def divert_command(
    assignment: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, show_default=False)],
    incident: Incident,
    *,
    who: Who,
    source: Source = "desk",
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Take a unit from the incident it is sent to and send it to another, in one go.

    Examples
    --------
    - `rescuegrid divert 4 2 --who Lin --note 'children trapped'`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        after = divert(assignment, incident, told(who, source, None, note), centre)
    console().print(assigned_table([after]))


def assigned_table(found: Sequence[AssignmentTold]) -> Table:
    """Return assignments as a person reads them."""
    rows = table("Assignments")
    for heading in (
        "no.",
        "unit",
        "state",
        "since",
        "by",
        "call sign",
        "phone",
        "deputy",
        "may become",
    ):
        rows.add_column(heading)
    for one in found:
        facts, reach = one.facts, one.reach
        rows.add_row(
            str(facts.id),
            Text(f"{facts.unit} ({facts.unit_id})"),
            Text(facts.state, style="bold" if facts.active else "dim"),
            facts.state_at.astimezone().strftime("%m-%d %H:%M:%S"),
            Text(f"{facts.state_by}, {facts.state_source}"),
            Text(reach.call_sign),
            Text(reach.phone),
            Text(" ".join(filter(None, (reach.deputy, reach.deputy_phone)))),
            ", ".join(one.next_states),
        )
    return rows


def _print(done: Dispatched) -> None:
    paper = console()
    paper.print(assigned_table(done.claimed))
    if done.reservations:
        paper.print(Text(f"Supplies set aside: reservations {', '.join(map(str, done.reservations))}"))
    for why in (*(one.why for one in done.taken), *(one.why for one in done.short)):
        paper.print(Text(f"Not had: {why}", style="bold red"))
    if done.next_best is not None:
        paper.print(_proposed(done.incident_id, done.next_best))


def _proposed(incident: int, best: NextBest) -> Text:
    if best.number is None:
        return Text(f"Nothing can be proposed: {best.why_none}", style="yellow")
    names = ", ".join(f"{name} ({unit}) after {clock(at_s)}" for unit, name, at_s in best.units) or "nobody"
    how = f"confirm it with: rescuegrid dispatch {incident} --number {best.number} --who NAME"
    return Text(f"Proposed instead, by recommendation {best.number}: {names}; {how}", style="yellow")
