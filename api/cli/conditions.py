"""``rescuegrid conditions``: close and slow roads, list what stands, withdraw."""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text
from shapely import Point

from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.shapes import shape_of
from api.conditions import (
    ConditionAsked,
    add_condition,
    feature_of,
    list_conditions,
    withdraw_condition,
)
from api.opening import open_centre, open_database
from api.settings import Settings
from data.condition_facts import ConditionFacts, ConditionsPage, Standing
from data.models import ConditionKind, RoadPreset
from data.registry.rows import Name
from geo.errors import InvalidInputError
from geo.places import Place

MOST_LISTED = 1000

conditions_app = typer.Typer(
    help="Close and slow roads, list what stands, withdraw.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


class StandingAsked(StrEnum):
    """Which road conditions to list."""

    IN_FORCE = Standing.IN_FORCE
    COMING = Standing.COMING
    PAST = Standing.PAST
    WITHDRAWN = Standing.WITHDRAWN
    ALL = "all"


Roads = Annotated[str, typer.Option(help="Name of the road network, as given to `roads import`.")]
At = Annotated[
    str | None, typer.Option(metavar="LON,LAT", help="The nearest road to a point, e.g. 114.295,30.595.")
]
ShapeText = Annotated[
    str | None,
    typer.Option(
        "--shape",
        metavar="FILE|WKT",
        help="An area (all roads that enter it) or a line (the roads it runs along), GeoJSON or WKT.",
    ),
]
SegmentList = Annotated[
    str | None, typer.Option("--segments", metavar="N,N,…", help="Segments of the network by number.")
]
Reason = Annotated[str, typer.Option(help="Why, for all who will read it.")]
Author = Annotated[str, typer.Option(help="Who says so.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="With time zone, e.g. 2030-05-01T08:00+08:00. Default: at once."
    ),
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="With time zone. Default: until withdrawn.")]


@conditions_app.command("close")
def close_command(
    *,
    roads: Roads,
    reason: Reason,
    author: Author,
    at: At = None,
    shape: ShapeText = None,
    segments: SegmentList = None,
    since: Since = None,
    until: Until = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Close roads: from the next answer on no route uses them.

    Examples
    --------
    - `rescuegrid conditions close --roads wuhan --at 114.295,30.595 --reason 'burst main' --author desk`

    - `rescuegrid conditions close --roads wuhan --shape cloud.geojson --until 2030-05-01T18:00+08:00
      --reason 'chlorine cloud' --author desk`
    """
    terms = {"kind": ConditionKind.CLOSURE, "reason": reason, "author": author}
    _add(terms | _where(at, shape, segments) | {"valid_from": since, "valid_to": until}, roads, var)


@conditions_app.command("slow")
def slow_command(
    *,
    roads: Roads,
    reason: Reason,
    author: Author,
    factor: Annotated[
        float | None, typer.Option(help="What driving times are multiplied by, from 1 to 100.")
    ] = None,
    preset: Annotated[
        RoadPreset | None, typer.Option(help="Instead: a factor for each class of road.")
    ] = None,
    at: At = None,
    shape: ShapeText = None,
    segments: SegmentList = None,
    since: Since = None,
    until: Until = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Slow roads down: from the next answer on they take longer. Of several slow-downs the largest counts.

    Examples
    --------
    - `rescuegrid conditions slow --roads wuhan --at 114.295,30.595 --factor 2.5
      --reason 'one lane' --author desk`

    - `rescuegrid conditions slow --roads wuhan --shape hills.geojson --preset ice --reason frost
      --author desk`
    """
    terms = {"kind": ConditionKind.SLOWDOWN, "factor": factor, "preset": preset}
    said = {"reason": reason, "author": author, "valid_from": since, "valid_to": until}
    _add(terms | said | _where(at, shape, segments), roads, var)


@conditions_app.command("list")
def list_command(
    *,
    standing: Annotated[StandingAsked, typer.Option(help="Which.")] = StandingAsked.IN_FORCE,
    as_json: Annotated[bool, typer.Option("--json", help="Print GeoJSON.")] = False,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    List road conditions, by default those in force, with the version they are of.

    Examples
    --------
    - `rescuegrid conditions list`

    - `rescuegrid conditions list --standing all --json`
    """
    wanted = None if standing is StandingAsked.ALL else Standing(standing.value)
    with open_database(Settings(var=var)) as sessions:
        page = list_conditions(wanted, MOST_LISTED, 0, sessions)
    if as_json:
        typer.echo(json.dumps(_collection(page), ensure_ascii=False, indent=1))
        return
    Console().print(_table(page))
    if page.matched > len(page.conditions):
        typer.echo(f"note: the first {len(page.conditions):,} of {page.matched:,}", err=True)


@conditions_app.command("withdraw")
def withdraw_command(
    condition_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="Its number.", show_default=False)],
    *,
    reason: Reason,
    author: Author,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Withdraw a road condition: from the next answer on it is gone. It stays on record.

    Examples
    --------
    - `rescuegrid conditions withdraw 3 --reason 'main mended' --author desk`
    """
    said = TypeAdapter(Name)
    who, why = said.validate_python(author), said.validate_python(reason)
    with open_database(Settings(var=var)) as sessions:
        withdrawal = withdraw_condition(condition_id, who, why, sessions)
    typer.echo(f"{condition_id}: withdrawn (conditions version {withdrawal.version})")


def _add(said: dict[str, Any], roads: str, var: Path) -> None:
    asked = ConditionAsked.model_validate(said)
    with open_centre(Settings(var=var, roads=roads)) as centre:
        added = add_condition(asked, centre)
    streets = f": {', '.join(added.streets)}" if added.streets else ""
    typer.echo(
        f"{added.condition.id}: {added.condition.kind} of {added.segments:,} segments, "
        f"{added.kilometres:,.2f} km{streets} (conditions version {added.condition.added_in})"
    )


def _where(at: str | None, shape: str | None, segments: str | None) -> dict[str, Any]:
    if [at, shape, segments].count(None) != len((at, shape, segments)) - 1:
        raise InvalidInputError("where", "give one of --at, --shape and --segments")
    if at is not None:
        place = Place.parse(at)
        return {"geometry": Point(place.lon, place.lat)}
    if shape is not None:
        return {"geometry": shape_of(shape)}
    return {"segments": (segments or "").split(",")}


def _collection(page: ConditionsPage) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "conditions_version": page.version,
        "at": page.at.isoformat(),
        "features": [feature_of(facts, page.at) for facts in page.conditions],
    }


def _table(page: ConditionsPage) -> Table:
    table = Table(box=None, title=f"Road conditions, version {page.version}", title_justify="left")
    for heading in ("id", "what", "stands", "from", "until", "reason", "author"):
        table.add_column(heading, overflow="fold")
    for facts in page.conditions:
        row = (
            str(facts.id),
            _what(facts),
            facts.standing(page.at).value,
            _moment(facts.valid_from),
            _moment(facts.valid_to) if facts.valid_to else "withdrawn",
            facts.reason,
            facts.author,
        )
        table.add_row(*(Text(cell) for cell in row))
    return table


def _what(facts: ConditionFacts) -> str:
    if facts.kind is ConditionKind.CLOSURE:
        return "closed"
    return f"slower by {facts.factor:g}" if facts.factor is not None else f"slower by {facts.preset}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
