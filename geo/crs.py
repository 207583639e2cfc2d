"""One door between degrees and metres: a projected system chosen for an extent and recorded with it."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection

WIDEST_TRANSVERSE_MERCATOR_DEG = 8.0


def metric_system(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> str:
    """
    Return the PROJ string of a system in metres centred on the points.

    Centring it on the data rather than taking a UTM zone keeps a city on a zone border in one piece. Extents
    wider than 8 degrees get an equal-area azimuthal system, since a transverse Mercator stretches there.
    """
    west, east = float(lon.min()), float(lon.max())
    lon_0 = round((west + east) / 2, 4)
    lat_0 = round((float(lat.min()) + float(lat.max())) / 2, 4)
    kind = "tmerc +k=1" if east - west <= WIDEST_TRANSVERSE_MERCATOR_DEG else "laea"
    return f"+proj={kind} +lat_0={lat_0} +lon_0={lon_0} +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"


@cache
def _door(system: str) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(4326), CRS.from_string(system), always_xy=True)


def to_degrees(
    system: str, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude in WGS84 degrees of points in ``system``, in metres."""
    lon, lat = _door(system).transform(x, y, direction=TransformDirection.INVERSE)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def to_metres(
    system: str, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project WGS84 degrees into ``system``: x and y in metres, ``inf`` outside its domain."""
    x, y = _door(system).transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
