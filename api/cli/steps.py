"""``rescuegrid step`` and ``settle``: log what a unit does, and what became of supplies."""

from typing import Annotated

import typer

from api.cli.dispatch import ROADS, Roads, assigned_table
from api.cli.options import DEFAULT_VAR, LARGEST_ID, VarDir
from api.cli.tables import console
from api.cli.telling import At, Note, Source, Who, told
from api.opening import open_centre
from api.settings import Settings
from api.settling import settle
from api.stepping import step


def step_command(
    assignment: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, show_default=False)],
    to: Annotated[str, typer.Argument(help="E.g. acknowledged, en-route, on-scene.", show_default=False)],
    *,
    who: Who,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Log what a unit does, by one message, at once or late.

    Steps may be left out, none taken back: what cannot follow is refused, and what can is named.

    Examples
    --------
    - `rescuegrid step 4 en-route --who Lin --source radio`

    - `rescuegrid step 4 on-scene --who Lin --source radio --at 2026-01-01T08:12+08:00`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        after = step(assignment, to, told(who, source, at, note), centre)
    console().print(assigned_table([after]))


def settle_command(
    reservation: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, show_default=False)],
    to: Annotated[str, typer.Argument(help="issued, used, returned or cancelled.", show_default=False)],
    *,
    who: Who,
    used: Annotated[
        float | None, typer.Option(min=0, help="How much was used, as the depot counts; the rest comes back.")
    ] = None,
    source: Source = "desk",
    at: At = None,
    note: Note = "",
    roads: Roads = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say what became of supplies that were set aside.

    Examples
    --------
    - `rescuegrid settle 3 used --used 150 --who Lin`
    """
    with open_centre(Settings(var=var, roads=roads)) as centre:
        after = settle(reservation, to, used, told(who, source, at, note), centre)
    what = f"{after.quantity:g} {after.unit_of_measure} of {after.item}"
    typer.echo(f"reservation {after.id}: {what} {after.state}")
