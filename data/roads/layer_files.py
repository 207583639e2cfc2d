"""The files a line layer may come in, each opened as one frame with numbered rows."""

from dataclasses import astuple
from pathlib import Path

import geopandas as gpd
import pyogrio

from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError

TABLE_SUFFIXES = (".parquet", ".geoparquet")
SHAPEFILE = ".shp"
SUFFIXES = (".gpkg", ".geojson", ".json", SHAPEFILE, *TABLE_SUFFIXES)


def open_layer(path: Path, columns: LayerColumns, encoding: str | None) -> gpd.GeoDataFrame:
    """
    Return the one line layer of a file.

    ``encoding`` is that of a Shapefile's text; where it is ``None``, the file's own word for it counts.
    """
    layer = _open(path, encoding)
    _require_columns(path, layer, columns)
    if layer.crs is None:
        raise RoadFileError(path, "has no coordinate reference system; store it with one (e.g. a .prj file)")
    return layer


def _open(path: Path, encoding: str | None) -> gpd.GeoDataFrame:
    if encoding is not None and path.suffix.lower() != SHAPEFILE:
        raise RoadFileError(path, "says itself how its text is encoded; only Shapefiles take an encoding")
    try:
        if path.suffix.lower() in TABLE_SUFFIXES:
            return _with_numbered_rows(gpd.read_parquet(path))
        if path.suffix.lower() == SHAPEFILE:
            _require_whole_shapefile(path)
        return _with_numbered_rows(gpd.read_file(path, layer=_line_layer(path), encoding=encoding))
    except (UnicodeDecodeError, LookupError) as error:
        told = f"{encoding} text" if encoding else "text as it says"
        raise RoadFileError(path, f"does not hold {told}; name its encoding, e.g. GBK or UTF-8") from error
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
