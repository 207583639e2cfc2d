"""``rescuegrid records``: what a safety bureau keeps on file, from CSV files and as lists."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table
from rich.text import Text

from api.cli.decision_tables import table
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.tables import console
from api.opening import open_database
from api.records import RecordKind, add_records, list_records, local_day
from api.settings import Settings
from api.webhooks import Speaker
from data.registry.rows import Name

SOURCE = "desk"
LONGEST_CELL = 60

records_app = typer.Typer(
    help="Enterprises, drills, station areas, and when rows and plans were last looked at.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Kind = Annotated[RecordKind, typer.Argument(metavar="KIND", help=f"One of {', '.join(RecordKind)}.")]


@records_app.command("add")
def add_command(
    *,
    kind: Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8, with a heading.")],
    who: Annotated[str, typer.Option(help="Who writes it; the audit tells.")],
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write the rows of a CSV file: all of them, or none; what is wrong is named by row and field.

    An empty cell says nothing. Columns in brackets may be left out; dates are 2026-05-31.

    Columns
    -------
    - `enterprises`: name, [headcount], [revenue_yuan]. Of a known name what is said is changed.

    - `drills`: held_on, form (tabletop, practical), organiser (government, enterprise, team), [team], [plan],
      [note].

    - `areas`: base, station_class (class-1, class-2, small, suburban), area as WKT in WGS84. A base's area is
      changed.

    - `verified`: table (hazard_source, rescue_base, team, unit, depot, stock), name, verified_on,
      verified_by. Names are as `records list verified` says them, or `#` and the number of the row.

    - `plans`: plan, [revised_on], [filed_on].

    Every file may have a column `synthetic` for what is made up, except `verified`. At most 50,000 rows and
    16 MB.

    Examples
    --------
    - `rescuegrid records add drills drills-2026.csv --who "Li, safety bureau"`
    """
    settings, speaker = Settings(var=var), Speaker(TypeAdapter(Name).validate_python(who), SOURCE)
    with open_database(settings) as sessions:
        day = local_day(settings.time_zone)
        count = add_records(kind, file, speaker, day, sessions)
    typer.echo(f"{kind}: {count} rows written")


@records_app.command("list")
def list_command(
    *,
    kind: Kind,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    List everything on file of a kind.

    Examples
    --------
    - `rescuegrid records list drills`

    - `rescuegrid records list verified --json`
    """
    with open_database(Settings(var=var)) as sessions:
        rows = list_records(kind, sessions)
    if as_json:
        typer.echo(TypeAdapter(list[object]).dump_json(list(rows), indent=1))
    elif rows:
        console().print(_table(kind, rows))
    else:
        typer.echo(f"{kind}: none on file; add some with `rescuegrid records add {kind} FILE.csv`")


def _table(kind: RecordKind, rows: Sequence[object]) -> Table:
    found = [vars(row) for row in rows]
    listed = table(f"{kind.value.capitalize()}: {len(rows)}")
    for heading in found[0]:
        listed.add_column(heading.replace("_", " "))
    for row in found:
        listed.add_row(*(Text(_cell(value)) for value in row.values()))
    return listed


def _cell(value: object) -> str:
    said = "-" if value is None else str(value)
    return said if len(said) <= LONGEST_CELL else f"{said[: LONGEST_CELL - 1]}…"
