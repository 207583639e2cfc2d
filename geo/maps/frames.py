"""Frames checked before they are drawn: the columns are there, and the coordinates are WGS84 degrees."""

from collections import Counter
from collections.abc import Sequence

from geopandas import GeoDataFrame
from pyproj import CRS

from geo.errors import InvalidInputError

WGS84 = CRS.from_epsg(4326)


def checked(frame: GeoDataFrame, field: str, columns: Sequence[str]) -> GeoDataFrame:
    """
    Return the rows of ``frame`` that have a geometry.

    Raises
    ------
    InvalidInputError
        When a column is missing, or the frame is not in WGS84 (EPSG:4326).
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InvalidInputError(field, f"column {missing[0]!r} is missing; a map needs {', '.join(columns)}")
    if frame.crs is None or not WGS84.equals(frame.crs, ignore_axis_order=True):
        raise InvalidInputError(field, "coordinates must be WGS84 degrees: use to_crs(4326) first")
    return frame[frame.geometry.notna() & ~frame.geometry.is_empty]


def keys_of(rows: GeoDataFrame, field: str, kind: str) -> list[str]:
    """
    Return a key for each row's mark: from its ``id`` where there is such a column, else from its position.

    Raises
    ------
    InvalidInputError
        When two rows have the same id.
    """
    ids = rows["id"] if "id" in rows.columns else range(len(rows))
    keys = [key_of(kind, each) for each in ids]
    for key, count in Counter(keys).items():
        if count > 1:
            raise InvalidInputError(field, f"{key} stands there {count} times: give each row its own id")
    return keys


def key_of(kind: str, row_id: object) -> str:
    """Return the key of the mark that stands for a row."""
    return f"{kind}-{row_id}"


def column_or(rows: GeoDataFrame, name: str, otherwise: object) -> list[object]:
    """Return a column that a frame may leave out."""
    return rows[name].tolist() if name in rows.columns else [otherwise] * len(rows)
