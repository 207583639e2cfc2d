"""
A town that needs no download: a warped grid of streets with a river, a few bridges and a lake.

Rows and columns of crossings stand 250 m apart and are then shifted, turned and bent a little. Streets join
neighbours, so none crosses another except at a crossing. What is drawn depends on the seed alone.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

CENTRE_LON, CENTRE_LAT = 114.3, 30.6
WGS84 = 4326
SIDE = 54
SPACING_M = 250.0
SHIFT_M = 55.0
TURN_RAD = 0.3
BEND_M, BEND_LENGTH_M = 160.0, 5200.0
PRIMARY_EVERY, SECONDARY_EVERY, ONE_WAY_EVERY = 8, 4, 6
RIVER_HALF_WIDTH_M, RIVER_SWING_M, RIVER_LENGTH_M = 430.0, 1500.0, 9000.0
BRIDGE_ROWS = (8, 24, 32, 48)
LAKE_X_M, LAKE_Y_M, LAKE_RADIUS_M = 4200.0, -2600.0, 1100.0
MISSING_SHARE = 0.10
YARD_SHARE = 0.16
YARD_DEPTH = 0.42
COORDINATE_DIGITS = 7


@dataclass(frozen=True)
class _Crossings:
    """Crossings in rows from south to north, ``x`` and ``y`` in metres, those in the water not ``dry``."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    dry: NDArray[np.bool_]


def generated_town(seed: int = 1) -> gpd.GeoDataFrame:
    """
    Return the streets of a town of about 3,000 junctions, every place of which can be driven to and from.

    Columns: ``highway`` (primary, secondary, residential, service), ``name``, ``oneway`` (bool, along the
    drawing) and ``geometry`` in EPSG:4326. Streets meet where they have equal coordinates.
    """
    rng = np.random.default_rng(seed)
    crossings = _crossings(rng)
    streets = pd.concat([_rows(crossings), _columns(crossings), _bridges(crossings)], ignore_index=True).pipe(
        _without_some, rng
    )
    streets = _drivable(streets, SIDE * SIDE)
    x, y, yards = _yards(crossings, streets, rng)
    return _drawn(pd.concat([streets, yards], ignore_index=True), x, y)


def write_generated_town(path: Path, seed: int = 1) -> None:
    """Write the streets of the town as GeoParquet; an older file is replaced only by a whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix="town-") as folder:
        partial = Path(folder, path.name)
        generated_town(seed).to_parquet(partial)
        partial.replace(path)


def _crossings(rng: np.random.Generator) -> _Crossings:
    along = _along()
    x, y = (grid.ravel() for grid in np.meshgrid(along, along))
    dry = (np.abs(x - _river_x(y)) > RIVER_HALF_WIDTH_M) & (
        np.hypot(x - LAKE_X_M, y - LAKE_Y_M) > LAKE_RADIUS_M
    )
    x = x + rng.uniform(-SHIFT_M, SHIFT_M, x.shape) + BEND_M * np.sin(y / BEND_LENGTH_M * 2 * np.pi)
    y = y + rng.uniform(-SHIFT_M, SHIFT_M, y.shape) + BEND_M * np.cos(x / BEND_LENGTH_M * 2 * np.pi)
    cos, sin = np.cos(TURN_RAD), np.sin(TURN_RAD)
    return _Crossings(cos * x - sin * y, sin * x + cos * y, dry)


def _along() -> NDArray[np.float64]:
    """Return how far the crossings of a row, or of a column, are from its middle."""
    return np.linspace(-(SIDE - 1) / 2, (SIDE - 1) / 2, SIDE) * SPACING_M


def _river_x(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far east the middle of the river is, for how far north: it winds once through the town."""
    middle: NDArray[np.float64] = RIVER_SWING_M * np.sin(y / RIVER_LENGTH_M * 2 * np.pi)
    return middle


def _rows(crossings: _Crossings) -> pd.DataFrame:
    """Join each dry crossing with its eastern neighbour."""
    a = np.flatnonzero(np.arange(SIDE * SIDE) % SIDE < SIDE - 1)
    return _streets(a, a + 1, a // SIDE, "纬{}路", crossings)


def _columns(crossings: _Crossings) -> pd.DataFrame:
    """Join each dry crossing with its northern neighbour."""
    a = np.arange(SIDE * (SIDE - 1))
    return _streets(a, a + SIDE, a % SIDE, "经{}路", crossings)


def _streets(
    a: NDArray[np.int64], b: NDArray[np.int64], line: NDArray[np.int64], name: str, crossings: _Crossings
) -> pd.DataFrame:
    """Return streets from a to b; some of the small ones are one-way, in turn one way and the other."""
    one_way = (line % ONE_WAY_EVERY == 1) & (line % SECONDARY_EVERY != 0)
    turned = one_way & (line // ONE_WAY_EVERY % 2 == 1)
    streets = pd.DataFrame(
        {
            "a": np.where(turned, b, a),
            "b": np.where(turned, a, b),
            "highway": np.select(
                [line % PRIMARY_EVERY == 0, line % SECONDARY_EVERY == 0],
                ["primary", "secondary"],
                "residential",
            ),
            "name": [name.format(number + 1) for number in line],
            "oneway": one_way,
        }
    )
    return streets[crossings.dry[a] & crossings.dry[b]]


def _bridges(crossings: _Crossings) -> pd.DataFrame:
    """Join the two banks of the river in a few rows."""
    along = _along()
    banks = []
    for row in BRIDGE_ROWS:
        dry = np.flatnonzero(crossings.dry.reshape(SIDE, SIDE)[row])
        east = int(np.searchsorted(along[dry], _river_x(along)[row]))
        banks.append((row * SIDE + dry[east - 1], row * SIDE + dry[east]))
    west_bank, east_bank = zip(*banks, strict=True)
    return pd.DataFrame(
        {
            "a": west_bank,
            "b": east_bank,
            "highway": "primary",
            "name": [f"{number}号大桥" for number in range(1, len(banks) + 1)],
            "oneway": False,
        }
    )


def _without_some(streets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Leave out a share of the small streets, as no town is a perfect grid."""
    missing = (streets["highway"] == "residential") & (rng.random(len(streets)) < MISSING_SHARE)
    return streets[~missing]


def _drivable(streets: pd.DataFrame, crossings: int) -> pd.DataFrame:
    """Keep the streets of the largest piece in which every crossing can be driven to from every other."""
    back = streets[~streets["oneway"]]
    tail, head = np.concatenate((streets[["a", "b"]], back[["b", "a"]])).T
    links = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(crossings, crossings))
    _, piece = connected_components(links, connection="strong")
    in_largest = piece == np.bincount(piece).argmax()
    return streets[in_largest[streets["a"]] & in_largest[streets["b"]]]


def _yards(
    crossings: _Crossings, streets: pd.DataFrame, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], pd.DataFrame]:
    """Add dead ends that lead from some crossings into the block to their north-east."""
    used = np.unique(streets[["a", "b"]])
    inner = used[(used % SIDE < SIDE - 1) & (used // SIDE < SIDE - 1)]
    opposite = inner + SIDE + 1
    a = inner[crossings.dry[opposite] & (rng.random(len(inner)) < YARD_SHARE)]
    ends = {
        axis: np.concatenate((at, at[a] + YARD_DEPTH * (at[a + SIDE + 1] - at[a])))
        for axis, at in (("x", crossings.x), ("y", crossings.y))
    }
    b = len(crossings.x) + np.arange(len(a))
    yards = pd.DataFrame({"a": a, "b": b, "highway": "service", "name": "", "oneway": False})
    return ends["x"], ends["y"], yards


def _drawn(streets: pd.DataFrame, x: NDArray[np.float64], y: NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Draw the streets in degrees around the centre of the town."""
    local = CRS.from_string(f"+proj=tmerc +lat_0={CENTRE_LAT} +lon_0={CENTRE_LON} +datum=WGS84 +units=m")
    lon, lat = Transformer.from_crs(local, CRS.from_epsg(WGS84), always_xy=True).transform(x, y)
    place = np.round(np.column_stack((lon, lat)), COORDINATE_DIGITS)
    lines = shapely.linestrings(place[streets[["a", "b"]].to_numpy()])
    return gpd.GeoDataFrame(streets[["highway", "name", "oneway"]], geometry=lines, crs=WGS84)
