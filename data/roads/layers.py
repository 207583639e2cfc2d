"""Line layers: GeoPackage, GeoJSON, Shapefile and GeoParquet, with columns named by whoever imports them."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from data.roads.heights import known_heights_m
from data.roads.layer_columns import (
    LayerColumns,
    UnreadableValueError,
    directions,
    node_ids,
    seconds,
    speeds_kmh,
    words,
)
from data.roads.layer_files import open_layer
from data.roads.layer_nodes import ContradictingNodesError, joined_by_ids
from data.roads.source import ROAD_COLUMNS, RoadFileError, RoadSource, SourceFile, counted, street_names
from geo.lines import Lines
from geo.places import LARGEST_LAT, LARGEST_LON, geodesic_m

LINE_TYPES = ("LineString", "MultiLineString", "LinearRing")
WGS84 = 4326
GRID_M = 0.01
GRID_DEG = 1e-7
FROM_ID, TO_ID, FILE, ROW = "from_id", "to_id", "file", "row"


def read_layers(paths: Sequence[Path], columns: LayerColumns, encoding: str | None) -> RoadSource:
    """
    Read every line of layers as a road, in WGS84.

    Two lines meet where they have a vertex in common: equal coordinates, to about a centimetre, or the same
    node id where the layers have those. A row that an earlier file holds too counts once. Multi-part lines
    become one road a part; what has no geometry or is no line is left out and counted.
    """
    layers, warnings = zip(*(_read(path, columns, encoding) for path in paths), strict=True)
    rows, repeated = _joined(layers)
    if rows.empty:
        raise RoadFileError(paths[0], "holds no line, so no road")
    parts = rows.geometry.explode()
    lines = _lines(paths[0], parts)
    row = parts.index.to_numpy()
    if columns.from_node is not None:
        lines = _join_by_ids(paths, lines, rows)
    roads = pd.DataFrame(rows.drop(columns=rows.geometry.name)).iloc[row].reset_index(drop=True)
    roads["seconds"] *= _share_of_row(lines, row)
    return RoadSource(
        lines=lines,
        roads=roads[[name for name in ROAD_COLUMNS if name in roads]],
        licence=None,
        file=SourceFile.joined(paths),
        assumptions=columns.assumptions,
        warnings=(*(warning for of_file in warnings for warning in of_file), *repeated),
        names=street_names(lines, roads["street"]),
    )


def _read(
    path: Path, columns: LayerColumns, encoding: str | None
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Read the rows of a file that hold a line, and what is said about the others."""
    layer = open_layer(path, columns, encoding)
    kept, left_out = _only_lines(layer)
    try:
        roads, unreadable = _roads(layer, columns)
        roads = roads[kept]
        if columns.from_node is not None:
            roads = roads.assign(
                **{
                    FROM_ID: node_ids(layer.loc[kept, columns.from_node]),
                    TO_ID: node_ids(layer.loc[kept, columns.to_node]),
                }
            )
    except UnreadableValueError as error:
        raise RoadFileError(path, str(error)) from error
    return gpd.GeoDataFrame(roads, geometry=layer.geometry[kept]), (*left_out, *unreadable)


def _joined(layers: Sequence[gpd.GeoDataFrame]) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Put the rows of all files in one system, each once, with the number of its file and its row there."""
    system = layers[0].crs
    if any(layer.crs != system for layer in layers):
        system = WGS84
    rows = pd.concat(
        [layer.to_crs(system).assign(**{FILE: i, ROW: layer.index}) for i, layer in enumerate(layers)],
        ignore_index=True,
    )
    if len(layers) == 1:
        return rows, ()
    drawn = pd.Series(shapely.to_wkb(shapely.force_2d(rows.geometry.array)), index=rows.index)
    repeated = rows[FILE] > rows[FILE].groupby(drawn).transform("min")
    told = counted(int(repeated.sum()), "rows that an earlier file holds were left out")
    return rows[~repeated].reset_index(drop=True), told


def _roads(layer: gpd.GeoDataFrame, columns: LayerColumns) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the columns, row by row of the layer; a column nobody named is empty."""
    nothing = pd.Series("", index=layer.index)
    oneway, speed, time, road_class, name = (
        nothing if column is None else layer[column]
        for column in (columns.oneway, columns.speed, columns.seconds, columns.road_class, columns.name)
    )
    forward, backward = directions(oneway)
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
            "seconds": seconds(time),
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
    xyz, line = shapely.get_coordinates(parts.array, include_z=True, return_index=True)
    source_xy = xyz[:, :2]
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
        ele_m=known_heights_m(xyz[:, 2]),
    )


def _join_by_ids(paths: Sequence[Path], lines: Lines, rows: gpd.GeoDataFrame) -> Lines:
    """Let lines meet at their nodes alone."""
    if len(lines) > len(rows):
        several = shapely.get_num_geometries(rows.geometry.array) > 1
        path = paths[rows.loc[int(several.argmax()), FILE]]
        raise RoadFileError(path, "has lines of several parts, which cannot have one node at each end")
    try:
        return joined_by_ids(lines, rows[FROM_ID], rows[TO_ID])
    except ContradictingNodesError as error:
        path, row = paths[rows.loc[error.line, FILE]], rows.loc[error.line, ROW] + 1
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
