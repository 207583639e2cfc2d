"""``rescuegrid roads``: import road files and look at the networks made of them."""

import re
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.options import DEFAULT_VAR, VarDir, roads_root
from api.roadworks import import_files, open_roads
from data.roads.files import RoadFiles
from data.roads.layer_columns import LayerColumns
from data.roads.store import StoredRoads
from geo.errors import InvalidInputError

roads_app = typer.Typer(
    help="Import road files and look at the networks made of them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@roads_app.command("import")
def import_command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="The road file, or several to join.", show_default=False),
    ],
    *,
    name: Annotated[
        str | None,
        typer.Option(
            help="Name of the network: letters, digits, - and _. Default: from the name of a single file."
        ),
    ] = None,
    oneway_column: Annotated[
        str | None,
        typer.Option(
            help="yes, true, 1, F, FT: along the drawing; -1, T, TF, reverse: against; no, 0, B: both."
        ),
    ] = None,
    speed_column: Annotated[str | None, typer.Option(help="km/h, or text such as '30 mph'.")] = None,
    seconds_column: Annotated[str | None, typer.Option(help="Seconds for the whole line.")] = None,
    class_column: Annotated[
        str | None, typer.Option(help="Class of road, e.g. primary: gives the speed where no column does.")
    ] = None,
    name_column: Annotated[str | None, typer.Option(help="Name of the street.")] = None,
    from_column: Annotated[str | None, typer.Option(help="Id of the node at one end of the line.")] = None,
    to_column: Annotated[str | None, typer.Option(help="Id of the node at its other end.")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a Shapefile's text where it does not say, e.g. GBK.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Licence of the file, kept with the network.")] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Make one road network of a FILE, or of several, and keep it.

    FILE is OpenStreetMap (.osm.pbf, .osm, .osm.gz, .osm.bz2) or a line layer (.gpkg, .geojson, .shp,
    .parquet). OpenStreetMap's tags say which roads an emergency vehicle may drive, in which direction and how
    fast; of a layer you name the columns that do. Without them every line is driven both ways at the speed of
    its class. Lines of a layer meet where they share a vertex, or at their nodes where columns give node ids
    (which keeps a bridge apart from the road right below it).

    Several FILEs of one kind are joined: OpenStreetMap extracts at their common nodes, layers where lines
    share a vertex or a node id. What two of them hold counts once, as the first has it.

    Importing the same file again changes nothing; importing a newer one keeps the old version beside it.

    Examples
    --------
    - `rescuegrid roads import andorra.osm.pbf`

    - `rescuegrid roads import city.gpkg --name city --oneway-column oneway --speed-column maxspeed`

    - `rescuegrid roads import hubei.osm.pbf henan.osm.pbf --name border`

    - `rescuegrid roads import wuhan.parquet --class-column highway --from-column u --to-column v`
    """
    columns = LayerColumns(
        oneway_column, speed_column, seconds_column, class_column, name_column, from_column, to_column
    )
    with Console(stderr=True).status(f"Importing {', '.join(path.name for path in paths)} …"):
        roads = import_files(
            RoadFiles(paths, columns, encoding), name or _name_of(paths), roads_root(var), licence
        )
    for warning in roads.warnings:
        typer.echo(f"note: {warning}", err=True)
    typer.echo(
        f"{roads.name}: {roads.nodes:,} nodes, {roads.junctions:,} junctions, "
        f"{roads.directed_edges:,} directed edges, {roads.kilometres:,.0f} km ({roads.hash[:16]})"
    )


@roads_app.command("info")
def info_command(
    *,
    name: Annotated[str, typer.Option(help="A network imported before.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say what is known of a network, after checking its files against their hashes.

    *nodes* are the ends of lines and every vertex used more than once; roads are cut there. *junctions* are
    the nodes without exactly two neighbours, parallel roads counted once. *directed edges* are the directions
    in which the stretches between nodes may be driven. *components* are the pieces that no road joins.

    Examples
    --------
    - `rescuegrid roads info --name andorra`

    - `rescuegrid roads info --name andorra --json`
    """
    facts = open_roads(roads_root(var), name).facts
    if as_json:
        typer.echo(TypeAdapter(StoredRoads).dump_json(facts, indent=2).decode())
    else:
        Console().print(_table(facts))


def _name_of(paths: list[Path]) -> str:
    """Return the file's name up to its first dot, with - for what a network's name cannot hold."""
    if len(paths) > 1:
        raise InvalidInputError("name", "several files make one network; name it with --name")
    return re.sub(r"[^A-Za-z0-9_-]+", "-", paths[0].name.split(".")[0])


def _table(facts: StoredRoads) -> Table:
    west, south, east, north = facts.bounds
    table = Table(show_header=False, box=None, title=f"Road network {facts.name}", title_justify="left")
    table.add_column()
    table.add_column(overflow="fold")
    for label, value in (
        ("nodes", f"{facts.nodes:,}"),
        ("junctions", f"{facts.junctions:,}"),
        ("directed edges", f"{facts.directed_edges:,}"),
        ("kilometres", f"{facts.kilometres:,.1f}"),
        ("components", f"{facts.components:,}"),
        ("bounds", f"{west:.5f}, {south:.5f} to {east:.5f}, {north:.5f}"),
        ("source", f"{facts.source} (sha256 {facts.source_sha256})"),
        ("licence", facts.licence or "not stated"),
        ("hash", facts.hash),
        ("imported at", f"{facts.imported_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("metric system", facts.metric_system),
        *(("assumed", assumption) for assumption in facts.assumptions),
        *(("note", warning) for warning in facts.warnings),
    ):
        table.add_row(label, Text(value))
    return table
