"""Candidate sites and costs of upgrades as files give them, and plans written as a GeoPackage."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.places_file import PlacesFileError, read_layer
from geo.errors import InvalidInputError
from geo.places import Place

PLACE_COLUMNS = ("lon", "lat")
NAME, COST = "name", "cost"


@dataclass(frozen=True)
class CandidateRows:
    """
    Places where something could be built.

    Attributes
    ----------
    name : str, shape (n,)
        All different.
    lon, lat : float64, shape (n,)
        WGS84 degrees.
    cost : float64, shape (n,), or None
        What each would cost; None where the file does not say.
    """

    name: NDArray[np.str_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    cost: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.name)


def read_candidates(path: Path) -> CandidateRows:
    """
    Read candidate sites from a CSV file with columns name, lon and lat, or from a layer with a column name.

    A column ``cost`` is read where there is one. A line or an area counts as a point on it.

    Raises
    ------
    PlacesFileError
        When the file cannot be read or holds no candidate.
    InvalidInputError
        When a row is none; it names the row.
    """
    table = _table(path)
    _require(path, table, (NAME, *PLACE_COLUMNS))
    if not len(table):
        raise PlacesFileError(f"{path}: it holds no candidate")
    names = table[NAME].fillna("").astype(str).str.strip().to_numpy(dtype=np.str_)
    _check_names(path, names)
    lon, lat = (_numbers(table, column) for column in PLACE_COLUMNS)
    for row, at in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), start=1):
        _check_place(path, row, *at)
    return CandidateRows(names, lon, lat, _costs(path, table) if COST in table else None)


def read_costs(path: Path) -> dict[str, float]:
    """
    Read what upgrading each station costs from a CSV file with columns name and cost.

    Raises
    ------
    PlacesFileError
        When the file cannot be read or names no station.
    InvalidInputError
        When a cost is none, or a station is named twice; it names the row.
    """
    table = _table(path)
    _require(path, table, (NAME, COST))
    if not len(table):
        raise PlacesFileError(f"{path}: it names no station")
    names = table[NAME].fillna("").astype(str).str.strip().to_numpy(dtype=np.str_)
    _check_names(path, names)
    return dict(zip(names.tolist(), _costs(path, table).tolist(), strict=True))


def read_points(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read longitudes and latitudes of a CSV file with lon and lat, or of a layer."""
    table = _table(path)
    _require(path, table, PLACE_COLUMNS)
    lon, lat = (_numbers(table, column) for column in PLACE_COLUMNS)
    for row, at in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), start=1):
        _check_place(path, row, *at)
    return lon, lat


def write_layers(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write frames as the layers of one GeoPackage; it appears whole or not at all."""
    check_layers_file(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".layers-") as folder:
        half = Path(folder) / path.name
        for name, frame in layers.items():
            frame.to_file(half, layer=name, driver="GPKG")
        half.replace(path)


def check_layers_file(path: Path) -> None:
    """Refuse a file that no GeoPackage can be written to."""
    if path.suffix.lower() != ".gpkg":
        raise InvalidInputError("out", f"{path.name} must end in .gpkg")
    if not path.parent.is_dir():
        raise InvalidInputError("out", f"there is no folder {path.parent}")


def _table(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise PlacesFileError(f"{path}: there is no such file")
    return _from_csv(path) if path.suffix.lower() == ".csv" else _from_layer(path)


def _from_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype={NAME: str}, skipinitialspace=True)
    except (ValueError, OSError) as error:
        raise PlacesFileError(f"{path}: it is not a CSV file: {' '.join(str(error).split())}") from None


def _from_layer(path: Path) -> pd.DataFrame:
    frame = read_layer(path)
    points = frame.geometry.representative_point().to_crs(4326)
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(lon=points.x, lat=points.y)


def _require(path: Path, table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise PlacesFileError(
            f"{path}: it needs columns {', '.join(columns)}; {', '.join(missing)} is missing"
        )


def _numbers(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=np.float64)
    return numbers


def _costs(path: Path, table: pd.DataFrame) -> NDArray[np.float64]:
    cost = _numbers(table, COST)
    wrong = np.flatnonzero(~(np.isfinite(cost) & (cost >= 0)))
    if len(wrong):
        row = int(wrong[0])
        said = str(table[COST].iloc[row])
        raise InvalidInputError(f"{path} row {row + 1}, cost", f"{said!r} is not a number from zero up")
    return cost


def _check_names(path: Path, names: NDArray[np.str_]) -> None:
    blank = np.flatnonzero(names == "")
    if len(blank):
        raise InvalidInputError(f"{path} row {int(blank[0]) + 1}, name", "it is empty; give every row a name")
    repeated = pd.Series(names).duplicated().to_numpy()
    if repeated.any():
        row = int(repeated.argmax())
        raise InvalidInputError(f"{path} row {row + 1}, name", f"{str(names[row])!r} stands there twice")


def _check_place(path: Path, row: int, lon: float, lat: float) -> None:
    try:
        Place(lon, lat)
    except InvalidInputError as error:
        raise InvalidInputError(f"{path} row {row}, {error.field}", error.reason) from None
