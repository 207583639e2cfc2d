"""Tables of road times, and how far one gets: the planner's questions to the roads, no database needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from api.long_work import Told, say_memory
from data.places_file import TIMES, NamedPlaces, read_places, times_file
from geo.crs import to_degrees
from routing.isochrones import Reached, area_around, lines_of, reached_from, reaching
from routing.lengths import Table, TablePart, times_and_metres
from routing.network import RoadNetwork
from routing.router import Router
from routing.snapping import RoadIndex, Snapped

GRID_DEG = 1e-6
METRE_DECIMALS = 1


@dataclass(frozen=True)
class Trip:
    """Who travels on which roads, and how far off them a place may lie."""

    router: Router
    index: RoadIndex
    snap_limit_m: float


@dataclass(frozen=True)
class TimesWritten:
    """What was written: how many rows, and how many places lie too far off the road to have a time."""

    rows: int
    unreachable: int
    off_origins: int
    off_destinations: int


@dataclass(frozen=True)
class Isochrone:
    """What is reached within a time: the stretches, their length, and the area around them in WGS84."""

    within_s: float
    reached: Reached
    kilometres: float
    area: shapely.Geometry


def write_times(trip: Trip, origins: Path, destinations: Path, out: Path, told: Told) -> TimesWritten:
    """
    Write the seconds and metres from every origin to every destination; ``inf`` where no road leads.

    A place farther off the road than the limit has no road to it: its rows are ``inf``.

    Raises
    ------
    TooLargeError
        When it takes more memory than is free.
    """
    start, end = read_places(origins), read_places(destinations)
    from_place, to_place = trip.index.snap(start.lon, start.lat), trip.index.snap(end.lon, end.lat)
    off_start, off_end = from_place.off_m > trip.snap_limit_m, to_place.off_m > trip.snap_limit_m
    asked = Table(trip.router, from_place, to_place)
    what = f"searches between {len(start.id):,} origins and {len(end.id):,} destinations"
    say_memory(what, asked.needs_bytes, told.say, "ask for fewer at a time")
    found = times_and_metres(trip.router, from_place, to_place, told.workers)
    parts = told.progress(found, asked.searches)
    rows = unreachable = 0
    with times_file(out) as file:
        for part in parts:
            table = _table(part, start, end, off_start[part.origin] | off_end[part.destination])
            file.write_table(table)
            rows += len(table)
            unreachable += int(np.count_nonzero(np.isinf(table["seconds"].to_numpy())))
    return TimesWritten(rows, unreachable, int(off_start.sum()), int(off_end.sum()))


def isochrones(trip: Trip, place: Snapped, minutes: Sequence[float], *, outward: bool) -> list[Isochrone]:
    """Return what is reached from a place within each of some times, or from where the place is reached."""
    found = []
    for within_s in sorted(60.0 * m for m in minutes):
        search = reached_from if outward else reaching
        reached = search(trip.router, place, within_s)
        network = trip.router.network
        found.append(Isochrone(within_s, reached, reached.kilometres(network), area_around(network, reached)))
    return found


def isochrone_features(trip: Trip, found: Sequence[Isochrone]) -> dict[str, object]:
    """Return isochrones as GeoJSON: for each time its area, then its stretches of road as one feature."""
    network = trip.router.network
    features = []
    for isochrone in found:
        facts = {"within_s": isochrone.within_s, "kilometres": round(isochrone.kilometres, 3)}
        roads = shapely.multilinestrings(lines_of(network, isochrone.reached))
        lines = shapely.transform(roads, lambda xy: _degrees(network, xy))
        for kind, shape in (("area", isochrone.area), ("roads", lines)):
            geometry = shapely.geometry.mapping(shapely.set_precision(shape, GRID_DEG, mode="pointwise"))
            features.append({"type": "Feature", "properties": {"kind": kind, **facts}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _degrees(network: RoadNetwork, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(to_degrees(network.metric_system, xy[:, 0], xy[:, 1]))


def _table(part: TablePart, start: NamedPlaces, end: NamedPlaces, off: NDArray[np.bool_]) -> pa.Table:
    return pa.table(
        {
            "origin": start.id[part.origin].tolist(),
            "destination": end.id[part.destination].tolist(),
            "seconds": np.where(off, np.inf, part.seconds),
            "metres": np.where(off, np.inf, np.round(part.metres, METRE_DECIMALS)),
        },
        schema=TIMES,
    )
