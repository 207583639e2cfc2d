"""``rescuegrid site``: where the next bases should go."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from api.cli.files_asked import check_files
from api.cli.long_work import Scheduler, interruptible, told_of
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.shapes import closure_of
from api.cli.site_tables import print_siting
from api.cli.times import Roads
from api.opening import open_centre
from api.settings import Settings
from api.siting.answer import SitingAnswer
from api.siting.asked import (
    HOLDING_NEED,
    SPREAD,
    TURNOUT_S,
    BaseAsked,
    BusyAsked,
    CandidatesAsked,
    Clocked,
    RoadsAsked,
    SitingAsked,
)
from api.siting.mapping import save_siting_map, write_siting_layers
from api.siting.plan import plan_sites
from geo.errors import InvalidInputError

DEFAULT_MAP = Path("siting.html")


def site_command(
    *,
    roads: Roads,
    new: Annotated[int, typer.Option(help="How many bases to add; one or two are scored exhaustively.")] = 2,
    standard: Annotated[
        str | None, typer.Option(metavar="CODE", help="A standard of the registry, e.g. cover-grade-1.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Or the seconds from the order to the source.")
    ] = None,
    need: Annotated[
        str | None,
        typer.Option(
            metavar="NAME@LEVEL", help="What a base must hold. Default: the standard's, else hazmat@2."
        ),
    ] = None,
    candidates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="New sites: CSV or layer with name and cost.")
    ] = None,
    candidates_near: Annotated[
        int, typer.Option(metavar="N", help="Without it: so many road nodes spread near the sources.")
    ] = SPREAD,
    site_cost: Annotated[
        float | None, typer.Option(help="Cost of a new site where the layer has none.")
    ] = None,
    upgrade: Annotated[
        str | None,
        typer.Option(
            metavar="COST|FILE", help="Existing stations as candidates: one cost, or CSV with name, cost."
        ),
    ] = None,
    keep_off: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exits of hospitals and schools: 50 m are kept.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(help="What new sites and upgrades may cost together.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="What a new base drives. Default: the standard's, else heavy-hazmat-truck."),
    ] = None,
    turnout_s: Annotated[float, typer.Option(help="How long a new base takes to turn out.")] = TURNOUT_S,
    holding_s: Annotated[
        float | None,
        typer.Option(help="A local force holds so long; the base comes before that ends, e.g. 3600."),
    ] = None,
    holding_need: Annotated[
        str, typer.Option(metavar="NAME", help="What a local force must hold.")
    ] = HOLDING_NEED,
    preset: Annotated[
        list[str] | None, typer.Option(help="In winter too: ice (or night, fog). May be repeated.")
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|WKT", help="With this closed too, each alone. May be repeated."),
    ] = None,
    structures: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Bridges and tunnels: each that lies on a way from a site to a source is closed alone. The "
            "OpenStreetMap file of the roads, or a layer with a column name.",
        ),
    ] = None,
    busy: Annotated[
        float | None, typer.Option(help="Bases are out this fraction of the time, e.g. 0.2.")
    ] = None,
    calls_per_day: Annotated[float | None, typer.Option(help="Or how many calls a day there are,")] = None,
    service_min: Annotated[float | None, typer.Option(help="and how many minutes each keeps a team.")] = None,
    why_not: Annotated[
        list[str] | None, typer.Option(metavar="SITE", help="Why not there? May be repeated.")
    ] = None,
    p_curve: Annotated[
        bool, typer.Option("--p-curve", help="Best cover for one new site up to ten.")
    ] = False,
    time_limit_s: Annotated[float, typer.Option(help="After so long a model says what gap is left.")] = 60.0,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    no_map: Annotated[bool, typer.Option("--no-map", help="Write no map.")] = False,
    map_file: Annotated[
        Path, typer.Option("--map", metavar="FILE", help="Where the map goes.")
    ] = DEFAULT_MAP,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.gpkg", help="Write sites and sources as a GeoPackage.")
    ] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say where the next bases should go: options scored, what is proved, plans side by side on a map.

    Bases that hold what is needed stay. Candidates are new sites and, with --upgrade, stations
    that do not hold it yet. Levels 1 and 2 come first. More than two are chosen by optimisation, which
    says how near the best it is proved to be.

    Examples
    --------
    - `rescuegrid site --roads wuhan --new 2 --standard cover-grade-1`

    - `rescuegrid site --roads wuhan --new 2 --seconds 900 --candidates sites.gpkg --upgrade 0.4 --site-cost 1
      --budget 1.5 --why-not 'node 512' --p-curve`

    - `rescuegrid site --roads wuhan --new 1 --seconds 600 --holding-s 3600 --preset ice
      --close tunnel.geojson`

    - `rescuegrid site --roads wuhan --new 2 --seconds 900 --structures wuhan.osm.pbf --calls-per-day 12
      --service-min 180`
    """
    asked = SitingAsked(
        new=new,
        clock=Clocked(standard, seconds, holding_s, holding_need),
        base=_base(need, profile, turnout_s),
        candidates=CandidatesAsked(candidates, candidates_near, site_cost, _upgrade(upgrade), keep_off),
        roads=RoadsAsked(
            tuple(preset or ()),
            tuple((_called(text), closure_of("close", text)) for text in close or []),
            structures,
        ),
        busy=_busy(busy, calls_per_day, service_min),
        budget=budget,
        why_not=tuple(why_not or ()),
        curve=p_curve,
        time_limit_s=time_limit_s,
    )
    check_files(out, None if no_map else map_file)
    with told_of("Searching", scheduler) as told, open_centre(Settings(var=var, roads=roads)) as centre:
        answer = interruptible(lambda: plan_sites(asked, centre, told))
        if as_json:
            typer.echo(TypeAdapter(SitingAnswer).dump_json(answer, indent=1).decode())
        else:
            print_siting(answer)
        if out is not None:
            write_siting_layers(answer, out)
        if not no_map:
            save_siting_map(answer, centre.roads, map_file)
            typer.echo(f"map: {map_file}", err=True)


def _base(need: str | None, profile: str | None, turnout_s: float) -> BaseAsked:
    if need is None:
        return BaseAsked(profile=profile, turnout_s=turnout_s)
    name, _, level = need.replace("@", "=").partition("=")
    try:
        return BaseAsked(name.strip(), float(level or 0), profile, turnout_s)
    except ValueError:
        raise InvalidInputError("need", f"{need!r} is not NAME@LEVEL, e.g. hazmat@2") from None


def _busy(fraction: float | None, calls_per_day: float | None, service_min: float | None) -> BusyAsked | None:
    given = (fraction, calls_per_day, service_min)
    return None if given == (None, None, None) else BusyAsked(*given)


def _called(text: str) -> str:
    return Path(text).stem if text.lower().endswith((".geojson", ".json")) else text[:40]


def _upgrade(text: str | None) -> float | Path | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return Path(text)
