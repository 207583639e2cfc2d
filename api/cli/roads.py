"""``rescuegrid roads``: import road files and look at the networks made of them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.options import DEFAULT_VAR, VarDir, places_folder, roads_root
from api.kept_roads import find_names, open_roads
from api.roadworks import import_files, import_place
from data.roads.files import RoadFiles
from data.roads.layer_columns import LayerColumns
from data.roads.store import StoredRoads
from geo.errors import InvalidInputError

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")

roads_app = typer.Typer(
    help="Import road files and look at the networks made of them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@roads_app.command("import")
def import_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="The road file, or several to join.", show_default=False),
    ] = None,
    *,
    place: Annotated[
        str | None,
        typer.Option(help="Fetch the roads of a place, e.g. 'Andorra la Vella', instead of reading a FILE."),
    ] = None,
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

    FILE is OpenStreetMap (.osm.pbf, .osm, .osm.gz, .osm.bz2), a line layer (.gpkg, .geojson, .shp, .parquet)
    or a graph saved by OSMnx (.graphml). OpenStreetMap's tags say which roads an emergency vehicle may drive,
    in which direction and how fast; of a layer you name the columns that do. Without them every line is
    driven both ways at the speed of its class. Lines of a layer meet where they share a vertex, or at their
    nodes where columns give node ids (which keeps a bridge apart from the road right below it).

    Several FILEs of one kind are joined: OpenStreetMap extracts at their common nodes, layers where lines
    share a vertex or a node id. What two of them hold counts once, as the first has it.

    With --place the roads come from OpenStreetMap's public services, without its turn restrictions; what was
    fetched stays in DIR/downloads, so that the same place again needs no internet.

    Importing the same file again changes nothing; importing a newer one keeps the old version beside it.

    Examples
    --------
    - `rescuegrid roads import andorra.osm.pbf`

    - `rescuegrid roads import city.gpkg --name city --oneway-column oneway --speed-column maxspeed`

    - `rescuegrid roads import hubei.osm.pbf henan.osm.pbf --name border`

    - `rescuegrid roads import --place "十堰市, 湖北, 中国" --name shiyan`

    - `rescuegrid roads import wuhan.parquet --class-column highway --from-column u --to-column v`
    """
    columns = LayerColumns(
        oneway_column, speed_column, seconds_column, class_column, name_column, from_column, to_column
    )
    files = RoadFiles(paths or [], columns, encoding)
    with Console(stderr=True).status(f"Importing {place or ', '.join(path.name for path in files.paths)} …"):
        if place is None:
            roads = import_files(files, name or _name_of(files.paths), roads_root(var), licence)
        else:
            _require_place_alone(files, licence)
            roads = import_place(place, name or _name_of_place(place), roads_root(var), places_folder(var))
    for warning in roads.warnings:
        typer.echo(f"note: {warning}", err=True)
    typer.echo(
        f"{roads.name}: {roads.nodes:,} nodes, {roads.junctions:,} junctions, "
        f"{roads.directed_edges:,} directed edges, {roads.kilometres:,.0f} km ({roads.hash[:16]})"
    )
    if roads.near_miss_count:
        typer.echo(f"{roads.near_miss_count:,} near misses: see roads info --name {roads.name} --json")


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
    *barriers* and *limits* count stretches. With --json, *near_misses* are the positions of the first 100
    dead ends that lie a step away from a road they do not touch.

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


@roads_app.command("find")
def find_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Part of a name, in any case.")],
    *,
    name: Annotated[str, typer.Option(help="A network imported before.")],
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 20,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    List what the road file calls so: streets, places, kilometre posts, tunnels and exits, and where they lie.

    Names in Chinese and English are searched too where the file has them. Whole names come first, then
    beginnings of names. A street is listed once for each stretch that hangs together, at its middle.

    Examples
    --------
    - `rescuegrid roads find --name andorra "gran via"`

    - `rescuegrid roads find --name wuhan 长江大道 --limit 5`
    """
    found = find_names(roads_root(var), name, text)
    for row in found.head(limit).itertuples(index=False):
        others = ", ".join(other for other in (row.name_zh, row.name_en) if other and other != row.name)
        called = f"{row.name} ({others})" if others else row.name
        typer.echo(f"{row.lon:.5f},{row.lat:.5f}  {row.kind}  {called}")
    if found.empty:
        typer.echo(f"{name} names nothing like {text!r}", err=True)
    elif len(found) > limit:
        typer.echo(f"… and {len(found) - limit:,} more; --limit shows them", err=True)


def _require_place_alone(files: RoadFiles, licence: str | None) -> None:
    if files != RoadFiles([]) or licence is not None:
        raise InvalidInputError(
            "place", "comes from OpenStreetMap as it is; give no FILE and no word about one"
        )


def _name_of(paths: Sequence[Path]) -> str:
    """Return the file's name up to its first dot, with - for what a network's name cannot hold."""
    if not paths:
        raise InvalidInputError("FILE", "name a road file, or a place with --place")
    if len(paths) > 1:
        raise InvalidInputError("name", "several files make one network; name it with --name")
    return NOT_IN_A_NAME.sub("-", paths[0].name.split(".")[0])


def _name_of_place(place: str) -> str:
    name = NOT_IN_A_NAME.sub("-", place).strip("-")
    if not name:
        raise InvalidInputError("name", f"{place!r} cannot be the name of a network; name it with --name")
    return name


def _limits(facts: StoredRoads) -> str:
    return f"{facts.height_limits:,} height, {facts.weight_limits:,} weight, {facts.width_limits:,} width"


def _table(facts: StoredRoads) -> Table:
    west, south, east, north = facts.bounds
    table = Table(show_header=False, box=None, title=f"Road network {facts.name}", title_justify="left")
    table.add_column()
    table.add_column(overflow="fold")
    for label, value in (
        ("nodes", f"{facts.nodes:,}"),
        ("junctions", f"{facts.junctions:,}"),
        ("directed edges", f"{facts.directed_edges:,}"),
        ("forbidden turns", f"{facts.forbidden_turns:,}"),
        ("barriers", f"{facts.barriers:,}"),
        ("limits", _limits(facts)),
        ("names", f"{facts.names:,}"),
        ("kilometres", f"{facts.kilometres:,.1f}"),
        ("components", f"{facts.components:,}"),
        ("bounds", f"{west:.5f}, {south:.5f} to {east:.5f}, {north:.5f}"),
        ("source", f"{facts.source} (sha256 {facts.source_sha256})"),
        ("licence", facts.licence or "not stated"),
        ("near misses", f"{facts.near_miss_count:,}"),
        ("hash", facts.hash),
        ("imported at", f"{facts.imported_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("metric system", facts.metric_system),
        *(("assumed", assumption) for assumption in facts.assumptions),
        *(("note", warning) for warning in facts.warnings),
    ):
        table.add_row(label, Text(value))
    return table
