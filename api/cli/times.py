"""``rescuegrid times`` and ``rescuegrid isochrone``: road times for planners, no database needed."""

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from api.cli.long_work import Scheduler, told_of
from api.cli.options import DEFAULT_VAR, VarDir, roads_root
from api.cli.shapes import closure_of
from api.live_roads import LiveRoads, open_live_roads
from api.mapping import road_frame
from api.settings import Settings
from api.timetable import Isochrone, Trip, isochrone_features, isochrones, write_times
from geo.errors import InvalidInputError
from geo.maps.offline import save_offline
from geo.maps.reach_map import ReachedArea, reach_map
from geo.places import WGS84, Place
from routing.conditions import effect
from routing.profiles import CAR

Roads = Annotated[str, typer.Option(help="Name of the road network, as given to `roads import`.")]
Vehicle = Annotated[
    str,
    typer.Option(
        "--profile",
        help="car, passenger, fire-engine, heavy-hazmat-truck, ambulance, supply-truck or on-foot.",
    ),
]
Weather = Annotated[str | None, typer.Option("--preset", help="night, ice or fog: roads take longer.")]
Closed = Annotated[
    list[str] | None,
    typer.Option(
        "--close", metavar="FILE|WKT", help="What if this area or line were closed? May be repeated."
    ),
]
INSIDE_M = 50_000.0
MOST_MINUTES = 1440
M2_PER_KM2 = 1e6


def times(
    *,
    roads: Roads,
    origins: Annotated[
        Path, typer.Option(help="CSV with columns id, lon, lat, or any layer with a column id.")
    ],
    destinations: Annotated[Path, typer.Option(help="The same for where they go.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write: .csv or .parquet.")],
    profile: Vehicle = CAR,
    preset: Weather = None,
    close: Closed = None,
    scheduler: Scheduler = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Write the road time and distance from every origin to every destination.

    Rows are `origin,destination,seconds,metres`; `inf` where no road leads, or where a place lies more than
    500 m from any road. One search answers a whole row or column, whichever are fewer.

    Examples
    --------
    - `rescuegrid times --roads wuhan --origins bases.csv --destinations plants.gpkg --out times.parquet`

    - `rescuegrid times --roads wuhan --origins blocks.csv --destinations bases.csv --out times.csv
      --scheduler tcp://10.0.0.5:8786`
    """
    live = open_live_roads(roads_root(var), roads)
    trip = _trip(live, profile, preset, _closed(live, close))
    with told_of("Searching", scheduler) as told:
        written = write_times(trip, origins, destinations, out, told)
    typer.echo(f"{out}: {written.rows:,} rows, {written.unreachable:,} without a road")
    off = written.off_origins + written.off_destinations
    if off:
        typer.echo(f"note: {off:,} places lie more than {trip.snap_limit_m:g} m from any road", err=True)


def isochrone(
    *,
    roads: Roads,
    at: Annotated[str, typer.Option(metavar="LON,LAT", help="The place, WGS84 degrees.")],
    minutes: Annotated[str, typer.Option(metavar="N,…", help="How many minutes, e.g. 5,10,15.")] = "5,10,15",
    inward: Annotated[
        bool, typer.Option("--to/--from", help="Where the place is reached from, or where one gets from it.")
    ] = False,
    profile: Vehicle = CAR,
    preset: Weather = None,
    close: Closed = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write areas and roads as GeoJSON.")
    ] = None,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Write the map.")] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Say how far one gets by road in a few minutes: kilometres reached, GeoJSON, map.

    Areas are drawn around the roads reached, 50 m to each side, with small blocks between them filled.

    Examples
    --------
    - `rescuegrid isochrone --roads wuhan --at 114.295,30.595 --minutes 5,10 --map reach.html`
    """
    place = Place.parse(at)
    live = open_live_roads(roads_root(var), roads)
    closed = _closed(live, close)
    trip = _trip(live, profile, preset, closed)
    snapped = live.snap_incident(place, INSIDE_M, ~closed)
    if closed[live.snap_incident(place, INSIDE_M).segment[0]]:
        where = f"{snapped.lon[0]:.6f},{snapped.lat[0]:.6f}, {snapped.off_m[0]:,.0f} m away"
        typer.echo(
            f"note: the nearest road is closed; times are counted at the nearest open one, {where}", err=True
        )
    with Console(stderr=True).status("Searching …"):
        found = isochrones(trip, snapped, _minutes(minutes), outward=not inward)
    for reached in found:
        square_km = abs(WGS84.geometry_area_perimeter(reached.area)[0]) / M2_PER_KM2
        typer.echo(
            f"{reached.within_s / 60:g} min: {reached.kilometres:,.1f} km of road, {square_km:,.1f} km²"
        )
    if out is not None:
        out.write_text(json.dumps(isochrone_features(trip, found)), encoding="utf-8")
    if map_file is not None:
        _save_map(live, place, found, map_file)


def _closed(live: LiveRoads, close: list[str] | None) -> NDArray[np.bool_]:
    areas = [closure_of("close", text) for text in close or []]
    return effect(live.network, live.index, areas).closed


def _trip(live: LiveRoads, profile: str, preset: str | None, closed: NDArray[np.bool_]) -> Trip:
    router = live.routers.get(profile, preset)
    if closed.any():
        router = router.under(router.metric.under(closed, np.ones(len(closed))))
    return Trip(router, live.index, Settings.model_fields["snap_limit_m"].default)


def _minutes(text: str) -> list[float]:
    try:
        minutes = [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidInputError("minutes", f"{text!r} is not a list of numbers, e.g. 5,10,15") from None
    if not all(0 < m <= MOST_MINUTES for m in minutes):
        raise InvalidInputError("minutes", f"{text!r}: each must be above 0 and at most {MOST_MINUTES}")
    return minutes


def _save_map(live: LiveRoads, place: Place, found: list[Isochrone], path: Path) -> None:
    areas = [ReachedArea(one.within_s, one.area, one.kilometres) for one in found]
    title = f"{live.stored.name} {place.lon},{place.lat}"
    save_offline(reach_map(title, place, areas, road_frame(live.network), live.licence), path)
