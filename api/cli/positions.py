"""``rescuegrid positions``: hand in the fixes of a file, and let go of old ones."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DEFAULT_VAR, VarDir
from api.fix_rows import CSV, JSON, NDJSON, READERS
from api.opening import open_centre, open_database
from api.positions import prune_positions, take_positions
from api.settings import Settings
from geo.errors import InvalidInputError

ROADS = Settings.model_fields["roads"].default
MEDIA_TYPES = {".json": JSON, ".ndjson": NDJSON, ".jsonl": NDJSON, ".csv": CSV}

positions_app = typer.Typer(
    help="Hand in where units were, and let go of old positions.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@positions_app.command()
def add(
    file: Annotated[
        Path,
        typer.Argument(help="JSON, JSON lines (.ndjson) or CSV: unit_id, lon, lat, at.", show_default=False),
    ],
    *,
    roads: Annotated[str, typer.Option(envvar="RESCUEGRID_ROADS", help="Name of the road network.")] = ROADS,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Take the positions in a file, up to 10,000 of them, in any order; the bad ones are named on stderr.

    Examples
    --------
    - `rescuegrid positions add fixes.csv`
    """
    if file.suffix not in MEDIA_TYPES:
        raise InvalidInputError("file", f"{file.name} does not end in one of {', '.join(MEDIA_TYPES)}")
    rows = READERS[MEDIA_TYPES[file.suffix]](file.read_bytes())
    with open_centre(Settings(var=var, roads=roads)) as centre:
        done = take_positions(rows, centre)
    for one in done.refused:
        typer.echo(f"row {one.row}: {one.field}: {one.reason}", err=True)
    typer.echo(
        f"taken {done.taken}, doubled {done.doubled}, refused {len(done.refused)}; units moved {done.moved}"
    )


@positions_app.command("prune")
def prune_command(
    *,
    before: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="The first day that stays.", show_default=False
        ),
    ],
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Remove the positions of the days before a day.

    Where units went while they were assigned to an incident stays: it is part of that incident's record.

    Examples
    --------
    - `rescuegrid positions prune --before 2026-01-01`
    """
    settings = Settings(var=var)
    with open_database(settings) as sessions:
        removed = prune_positions(before.date(), sessions, settings)
    typer.echo(f"removed {removed}")
