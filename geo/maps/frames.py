"""Frames checked before they are drawn: the columns are there, and the coordinates are WGS84 degrees."""

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
