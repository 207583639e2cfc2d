"""Line layers: GeoPackage, GeoJSON, Shapefile and GeoParquet, with columns named by whoever imports them."""

from dataclasses import astuple
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from data.roads.layer_columns import (
    LayerColumns,
    UnreadableValueError,
    directions,
    node_ids,
    seconds,
    speeds_kmh,
    words,
)
from data.roads.layer_nodes import ContradictingNodesError, joined_by_ids
from data.roads.source import RoadFileError, RoadSource, SourceFile, counted
from geo.lines import Lines
from geo.places import LARGEST_LAT, LARGEST_LON, geodesic_m

TABLE_SUFFIXES = (".parquet", ".geoparquet")
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", *TABLE_SUFFIXES)
LINE_TYPES = ("LineString", "MultiLineString", "LinearRing")
WGS84 = 4326
GRID_M = 0.01
GRID_DEG = 1e-7


def read_layer(path: Path, columns: LayerColumns) -> RoadSource:
    """
    Read every line of a layer as a road, in WGS84.

    Two lines meet where they have a vertex in common: equal coordinates in the layer, to about a centimetre,
    or the same node id where the layer has those.
    Multi-part lines become one road a part; what has no geometry or is no line is left out and counted.
    """
    layer = _open(path)
    _require_columns(path, layer, columns)
    if layer.crs is None:
        raise RoadFileError(path, "has no coordinate reference system; store it with one (e.g. a .prj file)")
    roads, unreadable = _roads(path, layer, columns)
    kept, left_out = _only_lines(layer)
    parts = layer.geometry[kept].reset_index(drop=True).explode()
    if parts.empty:
        raise RoadFileError(path, "holds no line, so no road")
    lines = _lines(path, parts)
    row = parts.index.to_numpy()
    if columns.from_node is not None:
        lines = _join_by_ids(path, lines, layer[kept].iloc[row], columns)
    roads = roads[kept].iloc[row].reset_index(drop=True)
    roads["seconds"] *= _share_of_row(lines, row)
    return RoadSource(lines, roads, None, SourceFile.of(path), columns.assumptions, (*left_out, *unreadable))


def _open(path: Path) -> gpd.GeoDataFrame:
    try:
        if path.suffix.lower() in TABLE_SUFFIXES:
            return _with_numbered_rows(gpd.read_parquet(path))
        if path.suffix.lower() == ".shp":
            _require_whole_shapefile(path)
        return _with_numbered_rows(gpd.read_file(path, layer=_line_layer(path)))
    except (ValueError, OSError, RuntimeError) as error:
        reason = str(error).splitlines()[0].partition(";")[0].rstrip(".")
        raise RoadFileError(path, f"cannot be read as a line layer ({reason})") from error


def _require_whole_shapefile(path: Path) -> None:
    """Refuse a shapefile shorter than its header says: its missing lines would read as empty ones."""
    with path.open("rb") as file:
        said_bytes = 2 * int.from_bytes(file.read(28)[24:], "big")
    if path.stat().st_size < said_bytes:
        raise RoadFileError(path, "is cut short; copy it again")


def _with_numbered_rows(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make columns of what stands in a named index, e.g. u, v and key of OSMnx, and number the rows."""
    named = [name for name in layer.index.names if name is not None and name not in layer.columns]
    return (layer.reset_index(level=named) if named else layer).reset_index(drop=True)


def _line_layer(path: Path) -> str:
    """Return the one layer of a file that can hold lines."""
    layers = pyogrio.list_layers(path)
    names = [
        name for name, kind in layers if kind is not None and ("LineString" in kind or kind == "Unknown")
    ]
    if len(names) > 1:
        raise RoadFileError(path, f"holds several line layers ({', '.join(names)}); store the roads alone")
    return str(names[0] if names else layers[0][0])


def _require_columns(path: Path, layer: gpd.GeoDataFrame, columns: LayerColumns) -> None:
    there = [name for name in layer.columns if name != layer.geometry.name]
    missing = [name for name in astuple(columns) if name is not None and name not in there]
    if missing:
        raise RoadFileError(path, f"has no column {', '.join(missing)}; it has {', '.join(there) or 'none'}")


def _roads(
    path: Path, layer: gpd.GeoDataFrame, columns: LayerColumns
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the columns, row by row of the layer; a column nobody named is empty."""
    nothing = pd.Series("", index=layer.index)
    oneway, speed, time, road_class, name = (
        nothing if column is None else layer[column]
        for column in (columns.oneway, columns.speed, columns.seconds, columns.road_class, columns.name)
    )
    try:
        forward, backward = directions(oneway)
        seconds_of_row = seconds(time)
    except UnreadableValueError as error:
        raise RoadFileError(path, str(error)) from error
    kmh = speeds_kmh(speed)
    unreadable = int(((words(speed) != "") & kmh.isna()).sum())
    roads = pd.DataFrame(
        {
            "road_class": words(road_class),
            "street": words(name),
            "forward": forward,
            "backward": backward,
            "kmh_forward": kmh,
            "kmh_backward": kmh,
            "seconds": seconds_of_row,
        }
    )
    return roads, counted(unreadable, "speeds cannot be read; those roads take the speed of their class")


def _only_lines(layer: gpd.GeoDataFrame) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which rows hold a line, and what is said about the others."""
    nowhere = (layer.geometry.isna() | layer.geometry.is_empty).to_numpy()
    line: NDArray[np.bool_] = layer.geom_type.isin(LINE_TYPES).to_numpy() & ~nowhere
    return line, (
        *counted(int(nowhere.sum()), "rows without a geometry were left out"),
        *counted(int((~line & ~nowhere).sum()), "rows that are no line were left out"),
    )


def _lines(path: Path, parts: gpd.GeoSeries) -> Lines:
    """Give equal coordinates one vertex, and every vertex one place in WGS84."""
    source_xy, line = shapely.get_coordinates(parts.array, return_index=True)
    vertex, at = _vertices(source_xy, _grid(parts))
    try:
        places = gpd.GeoSeries.from_xy(*source_xy[at].T, crs=parts.crs).to_crs(WGS84)
    except ProjError as error:
        raise RoadFileError(path, f"its reference system does not lead to WGS84 ({error})") from error
    if not (places.x.between(-LARGEST_LON, LARGEST_LON) & places.y.between(-LARGEST_LAT, LARGEST_LAT)).all():
        raise RoadFileError(path, "has coordinates that do not fit its reference system")
    return Lines(
        vertex=vertex,
        lon=places.x.to_numpy()[vertex],
        lat=places.y.to_numpy()[vertex],
        first=np.concatenate(([0], np.cumsum(np.bincount(line, minlength=len(parts))))),
    )


def _join_by_ids(path: Path, lines: Lines, layer: gpd.GeoDataFrame, columns: LayerColumns) -> Lines:
    """Let lines meet at their nodes alone; ``layer`` holds the row of every line."""
    if layer.index.has_duplicates:
        raise RoadFileError(path, "has lines of several parts, which cannot have one node at each end")
    try:
        return joined_by_ids(lines, node_ids(layer[columns.from_node]), node_ids(layer[columns.to_node]))
    except UnreadableValueError as error:
        raise RoadFileError(path, str(error)) from error
    except ContradictingNodesError as error:
        row = layer.index[error.line] + 1
        raise RoadFileError(path, f"row {row} does not end where the other lines of its nodes do") from error


def _grid(parts: gpd.GeoSeries) -> float:
    """Return about one centimetre in the units of the layer."""
    if parts.crs.is_geographic:
        return GRID_DEG
    return GRID_M / float(parts.crs.axis_info[0].unit_conversion_factor)


def _vertices(xy: NDArray[np.float64], grid: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of each point's cell, counted from west to east, and a point of each cell."""
    _, column = np.unique(np.rint(xy[:, 0] / grid), return_inverse=True)
    _, row = np.unique(np.rint(xy[:, 1] / grid), return_inverse=True)
    _, at, vertex = np.unique(column * np.int64(len(xy)) + row, return_index=True, return_inverse=True)
    return vertex, at


def _share_of_row(lines: Lines, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each line's part of the length of all lines of its row."""
    within = np.diff(lines.line_of_point) == 0
    step_m = geodesic_m(lines.lon[:-1], lines.lat[:-1], lines.lon[1:], lines.lat[1:])
    length_m = np.bincount(lines.line_of_point[1:][within], weights=step_m[within], minlength=len(lines))
    row_m = np.bincount(row, weights=length_m)[row]
    parts = np.bincount(row)[row]
    return np.where(row_m > 0, length_m / np.where(row_m > 0, row_m, 1.0), 1.0 / parts)
