"""A place on the ground in WGS84 degrees, checked at the door."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geo.errors import InvalidInputError

WGS84 = Geod(ellps="WGS84")
LARGEST_LAT = 90
LARGEST_LON = 180


@dataclass(frozen=True)
class Place:
    """
    A point in WGS84 degrees.

    Raises
    ------
    InvalidInputError
        When a coordinate is not a finite number or out of range. A latitude beyond ±90 whose partner would
        fit is called what it almost always is: longitude and latitude swapped.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        for field, value in (("lon", self.lon), ("lat", self.lat)):
            if not math.isfinite(value):
                raise InvalidInputError(field, f"{value} is not a number of degrees")
        if LARGEST_LAT < abs(self.lat) <= LARGEST_LON and abs(self.lon) <= LARGEST_LAT:
            raise InvalidInputError(
                "lat", f"{self.lat} is no latitude; longitude comes first, latitude second: swapped?"
            )
        if abs(self.lat) > LARGEST_LAT:
            raise InvalidInputError("lat", f"{self.lat} is outside -90..90")
        if abs(self.lon) > LARGEST_LON:
            raise InvalidInputError("lon", f"{self.lon} is outside -180..180")

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read ``lon,lat`` as people type it, e.g. ``114.295,30.595``."""
        try:
            lon, lat = (float(part) for part in text.split(","))
        except ValueError:
            raise InvalidInputError("place", f"{text!r} is not LON,LAT, e.g. 114.295,30.595") from None
        return cls(lon, lat)


def geodesic_m(
    lon_a: NDArray[np.float64],
    lat_a: NDArray[np.float64],
    lon_b: NDArray[np.float64],
    lat_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the geodesic length in metres between points a and b on the WGS84 ellipsoid, pair by pair."""
    _, _, length_m = WGS84.inv(lon_a, lat_a, lon_b, lat_b)
    return np.asarray(length_m, dtype=np.float64)
