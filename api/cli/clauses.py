"""``rescuegrid clauses``: every *shall* and *should* of the standards, green, red or cannot tell."""

from pathlib import Path
from typing import Annotated

import typer

from api.clauses.checking import ClausesAsked, check_clauses
from api.clauses.files import clauses_chart, save_clause_layers
from api.cli.clauses_tables import print_clauses
from api.cli.files_asked import check_files
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.plan_options import Roads, Weather
from api.opening import open_centre
from api.settings import Settings
from geo.maps.offline import save_offline

A_SHALL_IS_BROKEN = 1


def clauses_command(
    *,
    roads: Roads,
    strength: Annotated[
        str | None, typer.Option(metavar="shall|should", help="Only what binds, or only what advises.")
    ] = None,
    clause: Annotated[
        list[str] | None, typer.Option("--clause", metavar="CODE", help="Only this clause. May be repeated.")
    ] = None,
    exits: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exits of hospitals and schools: CSV or layer.")
    ] = None,
    population: Annotated[
        Path | None, typer.Option(metavar="FILE", help="People: CSV or layer with a column population.")
    ] = None,
    borders: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Main railways and large rivers: a layer.")
    ] = None,
    wind_from: Annotated[
        float | None, typer.Option(metavar="DEG", help="Where the prevailing wind comes from, 0 is north.")
    ] = None,
    preset: Weather = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 1 when a shall is broken.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write layers as a GeoPackage.")] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Write the map of the reds.")
    ] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Hold stations, sources, enterprises, plans and the log against every shall and should of the standards.

    Each finding is green, red or cannot tell, with value, threshold and source; what cannot be told says what
    would decide it. A red is a finding and no error: the exit code is 0, unless `--strict` is given.

    Examples
    --------
    - `rescuegrid clauses --roads wuhan --map reds.html --out clauses.gpkg`

    - `rescuegrid clauses --roads wuhan --strength shall --strict --json`

    - `rescuegrid clauses --roads wuhan --clause station-upwind --clause station-from-hazmat --wind-from 20`
    """
    check_files(out, map_file)
    asked = ClausesAsked(strength, tuple(clause or ()), exits, population, borders, wind_from, preset)
    with open_centre(Settings(var=var, roads=roads)) as centre:
        answer = check_clauses(centre, asked, _said)
        if as_json:
            typer.echo(answer.model_dump_json(indent=1))
        else:
            print_clauses(answer)
        if out is not None:
            save_clause_layers(answer, out)
        if map_file is not None:
            save_offline(clauses_chart(answer, centre.roads), map_file)
    if strict and answer.totals.red_shall:
        raise typer.Exit(A_SHALL_IS_BROKEN)


def _said(sentence: str) -> None:
    typer.echo(sentence, err=True)
