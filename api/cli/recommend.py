"""``rescuegrid recommend``: ask who could help, without recording anything."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.shapes import closure_of, opening_of
from api.cli.tables import print_answer
from api.dispatching import recommend_unrecorded
from api.mapping import save_answer_map
from api.needs import NeedsAsked, parse_capabilities, parse_supplies
from api.opening import open_centre
from api.settings import Settings
from api.situations import WhatIf
from data.registry import NewIncident
from geo.places import Place

ASKED_BY = "command line"
LARGEST_ID = 2**63 - 1


def recommend(
    *,
    roads: Annotated[str, typer.Option(help="Name of the road network, as given to `roads import`.")],
    kind: Annotated[str, typer.Option(help="What happened, e.g. chemical-leak, fire, explosion.")],
    severity: Annotated[int, typer.Option(help="1 is the worst (特别重大), 4 the least (一般).")],
    at: Annotated[
        str,
        typer.Option(metavar="LON,LAT", help="Where, WGS84 degrees, longitude first, e.g. 114.295,30.595."),
    ],
    substance: Annotated[str | None, typer.Option(help="What is leaking or burning.")] = None,
    need: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=N,…",
            help="Capabilities: a level for maximum ones (hazmat=2), else a quantity (medical=4). "
            "hazmat@2=3 counts crews of level 2 or more, /10min is when it should be met. "
            "Left out, the response plan speaks.",
        ),
    ] = None,
    supply: Annotated[
        str | None,
        typer.Option(
            metavar="ITEM=AMOUNT,…", help="Supplies with their unit, e.g. sorbent=500kg. As for --need."
        ),
    ] = None,
    below_minimum_by: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Who approves that depots go below their minimum stock. Default: it stays."
        ),
    ] = None,
    hazard_source: Annotated[
        int | None,
        typer.Option(
            metavar="ID",
            min=1,
            max=LARGEST_ID,
            help="The hazard source it happens at, by number. Default: the nearest one close by.",
        ),
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|WKT", help="What if this area or line were closed? May be repeated."),
    ] = None,
    open_: Annotated[
        list[str] | None,
        typer.Option("--open", metavar="FILE|WKT", help="What if nothing were closed here? May be repeated."),
    ] = None,
    preset: Annotated[str | None, typer.Option(help="What if it were night, ice or fog?")] = None,
    profile: Annotated[str | None, typer.Option(help="What if every unit drove such a vehicle?")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Write the map to one HTML file as well.")
    ] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say which teams and depots could help, how soon by road, and why not the others.

    Nothing is recorded, and a what-if touches no road condition. Every unit that offers a needed capability
    is listed by arrival, turnout and driving together; every nearer one that is not listed is passed over
    with all its reasons.

    Examples
    --------
    - `rescuegrid recommend --roads wuhan --kind chemical-leak --severity 2 --at 114.295,30.595`

    - `rescuegrid recommend --roads wuhan --kind fire --severity 3 --at 114.3,30.55 --need water=12000`

    - `rescuegrid recommend --roads wuhan --kind chemical-leak --severity 2 --at 114.295,30.595
      --supply sorbent=500kg --json --map answer.html`

    - `rescuegrid recommend --roads wuhan --kind chemical-leak --severity 1 --at 114.295,30.595
      --need 'hazmat@2=3,medical=4/10min' --below-minimum-by 'duty director' --hazard-source 3`
    """
    call = _call(kind, severity, at, substance).model_copy(update={"hazard_source_id": hazard_source})
    asked = NeedsAsked(
        None if need is None else parse_capabilities(need),
        None if supply is None else parse_supplies(supply),
        below_minimum_by,
    )
    what_if = _what_if(close or [], open_ or [], preset, profile)
    with open_centre(Settings(var=var, roads=roads)) as centre:
        answer = recommend_unrecorded(call, asked, centre, what_if)
        if as_json:
            typer.echo(answer.model_dump_json(indent=1))
        else:
            print_answer(answer)
        if map_file is not None:
            save_answer_map(answer, centre, map_file)


def _what_if(close: list[str], open_: list[str], preset: str | None, profile: str | None) -> WhatIf:
    closed = tuple(closure_of("close", text) for text in close)
    opened = tuple(opening_of("open", text) for text in open_)
    return WhatIf((*closed, *opened), preset, profile)


def _call(kind: str, severity: int, at: str, substance: str | None) -> NewIncident:
    return NewIncident(
        kind=kind,
        severity=severity,
        place=Place.parse(at),
        substance=substance,
        reported_at=datetime.now(UTC),
        reported_by=ASKED_BY,
    )
