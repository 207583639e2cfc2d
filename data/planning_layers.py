"""Layers a planner brings: people, districts, and structures that close as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from data.places_file import PlacesFileError, read_layer, read_places
from data.roads.osm_rules import Tags
from data.roads.osm_ways import read_ways
from geo.errors import InvalidInputError

WGS84 = 4326
PEOPLE = "population"
NAME = "name"
OSM_ENDINGS = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
NOT_BUILT = ("no", "")
NEAR_DEG = 3e-4
"""Parts of one structure lie no farther apart: about thirty metres."""


@dataclass(frozen=True)
class People:
    """How many people are where, shape (places,) each; WGS84 degrees."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    people: NDArray[np.float64]


@dataclass(frozen=True)
class Districts:
    """Named areas in WGS84."""

    name: tuple[str, ...]
    area: NDArray[np.object_]

    def holding(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return which district each place is in, the first of several, -1 for none."""
        found = np.full(len(lon), -1)
        place, district = shapely.STRtree(self.area).query(shapely.points(lon, lat), predicate="intersects")
        order = np.lexsort((-district, place))
        found[place[order]] = district[order]
        return found


@dataclass(frozen=True)
class Structure:
    """A bridge, a tunnel or whatever else closes as a whole: its kind, its name and its lines or area."""

    kind: str
    name: str
    shapes: tuple[BaseGeometry, ...]


def read_people(path: Path) -> People:
    """
    Read people from a CSV file with columns id, lon, lat and population, or a layer with a column population.

    An area counts at a point on it.
    """
    places = read_places(path)
    table = pd.read_csv(path, skipinitialspace=True) if path.suffix.lower() == ".csv" else _layer(path)
    if PEOPLE not in table:
        raise InvalidInputError("population", f"{path.name} has no column {PEOPLE!r} that says how many")
    people = pd.to_numeric(table[PEOPLE], errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(people) & (people >= 0)))
    if len(wrong):
        raise InvalidInputError("population", f"{path.name} row {wrong[0] + 1} is no number of people")
    return People(places.lon, places.lat, people)


def read_districts(path: Path) -> Districts:
    """Read named areas from a layer with a column name."""
    layer = _layer(path)
    areas = layer.geometry.to_numpy()
    flat = np.isin(
        shapely.get_type_id(areas), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    if NAME not in layer or not flat.all():
        raise InvalidInputError("districts", f"{path.name} must hold areas with a column {NAME!r}")
    return Districts(tuple(layer[NAME].astype(str)), areas)


def read_structures(path: Path) -> tuple[Structure, ...]:
    """
    Read what closes as a whole: the bridges and tunnels of an OpenStreetMap file, or a layer's features.

    Ways of one name that lie within 30 m of each other are one bridge, so that both carriageways close.
    """
    if path.name.lower().endswith(OSM_ENDINGS):
        return tuple(_osm_structures(path))
    layer = _layer(path)
    names = layer[NAME].astype(str) if NAME in layer else [f"row {i + 1}" for i in range(len(layer))]
    return tuple(
        Structure("structure", name, (shape,)) for name, shape in zip(names, layer.geometry, strict=True)
    )


def _layer(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise PlacesFileError(f"{path}: there is no such file")
    layer = read_layer(path)
    if layer.geometry.isna().any() or not layer.geometry.is_valid.all():
        raise PlacesFileError(f"{path}: some of its shapes are missing or not valid; mend them")
    return layer.to_crs(WGS84)


def _osm_structures(path: Path) -> Iterator[Structure]:
    roads = read_ways([path])
    lines = roads.lines
    shapes = shapely.linestrings(np.column_stack((lines.lon, lines.lat)), indices=lines.line_of_point)
    for kind in ("bridge", "tunnel"):
        built = np.flatnonzero([tags.get(kind, "") not in NOT_BUILT for tags in roads.tags])
        names = np.array([_name(roads.tags[i], kind) for i in built.tolist()], dtype=np.str_)
        part = _parts(names, shapes[built])
        for each in np.unique(part).tolist():
            own = np.flatnonzero(part == each)
            yield Structure(kind, str(names[own[0]]), tuple(shapes[built[own]]))


def _name(tags: Tags, kind: str) -> str:
    return tags.get(f"{kind}:name") or tags.get("name") or tags.get("ref") or ""


def _parts(names: NDArray[np.str_], shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return which structure each line belongs to: near ones of one name are of one."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_DEG)
    same = names[a] == names[b]
    size = len(names)
    links = coo_array((np.ones(same.sum(), dtype=np.int8), (a[same], b[same])), shape=(size, size))
    return (
        np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)
        if size
        else np.zeros(0, int)
    )
