"""``rescuegrid replay``: make a decision again from what was kept of it."""

from typing import Annotated

import typer
from pydantic import TypeAdapter

from api.cli.options import DEFAULT_VAR, VarDir
from api.opening import open_database
from api.replaying import Replayed, replay_stored
from api.settings import Settings

LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1


def replay_command(
    incident: Annotated[
        int, typer.Argument(min=1, max=LARGEST_ID, help="The number of the incident.", show_default=False)
    ],
    *,
    number: Annotated[
        int | None,
        typer.Option(
            min=1, max=LARGEST_NUMBER, help="Which of its recommendations; the newest where left out."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Make a recommendation again from the inputs that were kept of it, and compare it byte for byte.

    Whatever happened since to teams, positions, stock, plans, road conditions or settings plays no part.
    Where the same bytes do not come out, or cannot, one sentence names what differs; the exit code is 2.

    Examples
    --------
    - `rescuegrid replay 12`

    - `rescuegrid replay 12 --number 1 --json`
    """
    settings = Settings(var=var)
    with open_database(settings) as sessions:
        replayed = replay_stored(incident, number, sessions, settings.roads_root)
    if as_json:
        typer.echo(TypeAdapter(Replayed).dump_json(replayed, indent=1))
    else:
        typer.echo(f"identical: {replayed.identical_bytes} bytes")
