"""``rescuegrid coverage``: what chosen bases reach today, by road and by circle."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.cli.coverage_tables import print_coverage
from api.cli.files_asked import check_files
from api.cli.long_work import Scheduler, told_of
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.plan_options import (
    DEFAULT_CLOCK,
    Bases,
    ClockStart,
    Closed,
    Roads,
    Seconds,
    StandardCode,
    TeamCapability,
    Teams,
    Vehicle,
    Weather,
    chosen,
)
from api.coverage.counting import CoverageAsked, coverage
from api.coverage.files import coverage_chart, save_coverage_layers
from api.opening import open_centre
from api.settings import Settings
from geo.maps.offline import save_offline


def coverage_command(
    *,
    roads: Roads,
    standard: StandardCode = None,
    seconds: Seconds = None,
    clock: ClockStart = DEFAULT_CLOCK,
    radius_km: Annotated[
        float | None, typer.Option(help="Hold circles of this radius around the bases against the road.")
    ] = None,
    team_capability: TeamCapability = None,
    bases: Bases = None,
    teams: Teams = None,
    profile: Vehicle = None,
    preset: Weather = None,
    close: Closed = None,
    population: Annotated[
        Path | None, typer.Option(metavar="FILE", help="People: CSV or layer with a column population.")
    ] = None,
    districts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Areas with a column name, counted one by one.")
    ] = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write layers as a GeoPackage.")] = None,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Write the map.")] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say which hazard sources, roads and people are reached in time, and what a circle only promises.

    Units count with the equipment they hold today, from their bases, none of them busy. Plants count by their
    worst gate, pipelines by share of length. Nothing is recorded.

    Examples
    --------
    - `rescuegrid coverage --roads wuhan --standard cover-grade-1 --map coverage.html`

    - `rescuegrid coverage --roads wuhan --seconds 600 --team-capability hazmat@2 --radius-km 5 --preset ice`
    """
    check_files(out, map_file)
    plan = replace(
        chosen(team_capability, bases, teams, close),
        standard=standard,
        seconds=seconds,
        clock=clock,
        profile=profile,
        preset=preset,
    )
    asked = CoverageAsked(plan, radius_km, population, districts)
    with told_of("Following", scheduler) as told, open_centre(Settings(var=var, roads=roads)) as centre:
        covered = coverage(centre, asked, told)
        if as_json:
            typer.echo(covered.answer.model_dump_json(indent=1))
        else:
            print_coverage(covered.answer)
        if out is not None:
            save_coverage_layers(covered, out)
        if map_file is not None:
            save_offline(coverage_chart(covered, centre.roads), map_file)
