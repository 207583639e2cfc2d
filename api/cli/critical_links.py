"""``rescuegrid critical-links``: the roads, bridges and tunnels whose closing alone does most harm."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.coverage_tables import headline
from api.cli.decision_tables import clock as minutes
from api.cli.decision_tables import table
from api.cli.files_asked import check_files
from api.cli.long_work import Scheduler, Threaded, told_of
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
from api.cli.tables import console
from api.critical_links.answer import CriticalLinksAnswer, LinkSaid
from api.critical_links.chart import critical_links_chart, link_name
from api.critical_links.ranking import LinksAsked, critical_links
from api.opening import open_centre
from api.settings import Settings
from geo.maps.offline import save_offline

MOST_RANKED = 10_000


def critical_links_command(
    *,
    roads: Roads,
    standard: StandardCode = None,
    seconds: Seconds = None,
    clock: ClockStart = DEFAULT_CLOCK,
    most: Annotated[int, typer.Option(min=1, max=MOST_RANKED, help="How many to list.")] = 20,
    structures: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Bridges and tunnels that close as a whole: the OpenStreetMap file of the roads, or a layer "
            "with a column name.",
        ),
    ] = None,
    team_capability: TeamCapability = None,
    bases: Bases = None,
    teams: Teams = None,
    profile: Vehicle = None,
    preset: Weather = None,
    close: Closed = None,
    scheduler: Scheduler = None,
    workers: Threaded = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Write the map.")] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Rank the roads whose closing alone drops hazard sources out of cover or worsens the worst arrival.

    Every road on a fastest way is closed in turn and all times are found anew: the ranking is exact. Without
    a standard or seconds a source is dropped when nobody can come. Ctrl-C stops it.

    Examples
    --------
    - `rescuegrid critical-links --roads wuhan --standard cover-grade-1 --map links.html`

    - `rescuegrid critical-links --roads andorra --seconds 900 --structures andorra.osm.pbf`

    - `rescuegrid critical-links --roads wuhan --scheduler tcp://10.0.0.5:8786`
    """
    check_files(None, map_file)
    plan = replace(
        chosen(team_capability, bases, teams, close),
        standard=standard,
        seconds=seconds,
        clock=clock,
        profile=profile,
        preset=preset,
    )
    asked = LinksAsked(plan, structures, most)
    with (
        told_of("Closing", scheduler, workers) as told,
        open_centre(Settings(var=var, roads=roads)) as centre,
    ):
        ranked = critical_links(centre, asked, told)
        if as_json:
            typer.echo(ranked.answer.model_dump_json(indent=1))
        else:
            _print(ranked.answer)
        if map_file is not None:
            save_offline(critical_links_chart(ranked, centre.roads), map_file)


def _print(answer: CriticalLinksAnswer) -> None:
    paper = console()
    paper.print(headline(answer.question))
    paper.print(
        f"Worst arrival with everything open: {minutes(answer.before_s)} min; "
        f"{answer.tried:,} closings tried, {answer.harmful:,} change an arrival"
    )
    paper.print(_links(answer))
    for note in answer.notes:
        paper.print(Text(f"Note: {note}", style="dim"))


def _links(answer: CriticalLinksAnswer) -> Table:
    rows = table("Closed alone, the worst first")
    rows.add_column("rank", justify="right")
    rows.add_column("link")
    rows.add_column("at")
    for heading in ("km", "dropped", "grades 1, 2", "cut off", "worst", "delay, all"):
        rows.add_column(heading, justify="right")
    rows.add_column("waits longest")
    for link in answer.links:
        rows.add_row(*_cells(link, answer))
    rows.caption = None if answer.links else "no single closing changes an arrival"
    return rows


def _cells(link: LinkSaid, answer: CriticalLinksAnswer) -> tuple[str | Text, ...]:
    lon, lat = link.coordinates[0][len(link.coordinates[0]) // 2]
    return (
        str(link.rank),
        Text(link_name(link)),
        f"{lon:.5f},{lat:.5f}",
        f"{link.length_km:.2f}",
        str(len(link.lost)),
        str(link.lost_grades_1_2),
        str(len(link.cut_off)),
        minutes(link.worst_s),
        minutes(link.delay_s),
        Text(answer.sources[link.worst]),
    )
