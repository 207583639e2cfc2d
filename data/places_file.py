"""Read places with their ids from a table or a layer, and write a table of times between them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.errors import InvalidInputError, RescueError
from geo.places import LARGEST_LAT, LARGEST_LON, Place

COLUMNS = ("id", "lon", "lat")
TIMES = pa.schema(
    [
        ("origin", pa.string()),
        ("destination", pa.string()),
        ("seconds", pa.float64()),
        ("metres", pa.float64()),
    ]
)


class PlacesFileError(RescueError):
    """A file that places cannot be read from."""


@dataclass(frozen=True)
class NamedPlaces:
    """Places with the ids a file gives them, shape (places,); longitude and latitude in WGS84 degrees."""

    id: NDArray[np.str_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def read_places(path: Path) -> NamedPlaces:
    """
    Read places from a CSV file with columns id, lon and lat, or from any layer of geometries.

    A layer's ids are its column ``id``, or the number of the row; a line or an area counts as a point on it.

    Raises
    ------
    PlacesFileError
        When the file cannot be read or holds no place.
    InvalidInputError
        When a coordinate is none, or two places have one id; it names the row.
    """
    if not path.is_file():
        raise PlacesFileError(f"{path}: there is no such file")
    places = _from_table(path) if path.suffix.lower() == ".csv" else _from_layer(path)
    if not len(places.id):
        raise PlacesFileError(f"{path}: it holds no place")
    _check(path, places)
    return places


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """
    Read a layer of any format.

    Raises
    ------
    PlacesFileError
        When it cannot be read, has no geometries or does not say its reference system.
    """
    try:
        layer = gpd.read_parquet(path) if path.suffix.lower() == ".parquet" else gpd.read_file(path)
    except (ValueError, OSError, RuntimeError) as error:
        raise PlacesFileError(f"{path}: it is not a layer: {' '.join(str(error).split())}") from None
    if not isinstance(layer, gpd.GeoDataFrame):
        raise PlacesFileError(f"{path}: it is a table without geometries; give a layer that has some")
    if layer.crs is None:
        raise PlacesFileError(f"{path}: it does not say its reference system; write it again with one")
    return layer


def _from_table(path: Path) -> NamedPlaces:
    try:
        table = pd.read_csv(path, dtype={"id": str}, skipinitialspace=True)
    except (ValueError, OSError) as error:
        raise PlacesFileError(f"{path}: it is not a CSV file: {' '.join(str(error).split())}") from None
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise PlacesFileError(f"{path}: it needs columns id, lon and lat; {', '.join(missing)} is missing")
    lon, lat = (
        pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64) for name in ("lon", "lat")
    )
    return NamedPlaces(table["id"].fillna("").to_numpy(dtype=np.str_), lon, lat)


def _from_layer(path: Path) -> NamedPlaces:
    layer = read_layer(path)
    points = layer.geometry.representative_point().to_crs(4326)
    ids = layer["id"] if "id" in layer else pd.Series(range(1, len(layer) + 1))
    return NamedPlaces(
        ids.astype(str).to_numpy(dtype=np.str_), points.x.to_numpy(np.float64), points.y.to_numpy(np.float64)
    )


def _check(path: Path, places: NamedPlaces) -> None:
    outside = ~((np.abs(places.lon) <= LARGEST_LON) & (np.abs(places.lat) <= LARGEST_LAT))
    if outside.any():
        _refuse_place(path, int(np.argmax(outside)), places)
    repeated = pd.Series(places.id).duplicated()
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        raise InvalidInputError(f"{path} row {row + 1}, id", f"{str(places.id[row])!r} stands there twice")


def _refuse_place(path: Path, row: int, places: NamedPlaces) -> None:
    try:
        Place(float(places.lon[row]), float(places.lat[row]))
    except InvalidInputError as error:
        raise InvalidInputError(f"{path} row {row + 1}, {error.field}", error.reason) from None


@contextmanager
def times_file(path: Path) -> Iterator[pacsv.CSVWriter | pq.ParquetWriter]:
    """Write a table of times, CSV or Parquet by the file's ending; it appears whole or not at all."""
    writer = {".csv": pacsv.CSVWriter, ".parquet": pq.ParquetWriter}.get(path.suffix.lower())
    if writer is None:
        raise InvalidInputError("out", f"{path.name} is neither .csv nor .parquet")
    if not path.parent.is_dir():
        raise InvalidInputError("out", f"there is no folder {path.parent}")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".times-") as folder:
        half = Path(folder) / path.name
        with writer(half, TIMES) as rows:
            yield rows
        half.replace(path)
