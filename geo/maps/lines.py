"""Lines as short integer runs: the form in which roads and routes travel inside a page."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.maps.elements import Json

ROAD_STEP_DEG = 1e-5
ROUTE_STEP_DEG = 1e-6
CELL_STEPS = 500
LAT_BITS = 32


def flat_lines(geometry: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the coordinates of lines (several for a MultiLineString) and the number of points of each."""
    parts = shapely.get_parts(geometry)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return shapely.get_coordinates(parts), shapely.get_num_coordinates(parts).astype(np.int64)


def on_grid(lonlat: NDArray[np.float64], step_deg: float) -> NDArray[np.int64]:
    """Return coordinates as whole numbers of steps."""
    return np.rint(lonlat / step_deg).astype(np.int64)


def packed_lines(grid: NDArray[np.int64], counts: NDArray[np.int64], step_deg: float) -> dict[str, Json]:
    """
    Return lines as ``{"per_degree", "counts", "moves"}``.

    ``moves`` holds one (lon, lat) pair a point, in steps from the point before it, the first from zero; it
    runs on from one line to the next, so lines that lie together in the list cost few digits.
    """
    moves = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return {"per_degree": round(1 / step_deg), "counts": counts.tolist(), "moves": moves.ravel().tolist()}


def each_once(
    grid: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lines ordered so that neighbours follow each other, those drawn in both directions once."""
    if not len(counts):
        return grid, counts
    starts = np.cumsum(counts) - counts
    code = (grid[:, 0] << LAT_BITS) + grid[:, 1]
    ends = np.sort(np.stack([code[starts], code[starts + counts - 1]]), axis=0)
    cell = _cell(ends[0])
    shape = np.add.reduceat(grid.sum(axis=1), starts)
    order = np.lexsort((shape, ends[1], ends[0], cell))
    key = np.stack([ends[0], ends[1], shape])[:, order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (np.diff(key, axis=1) != 0).any(axis=0)
    kept = order[fresh]
    return _points_of(kept, starts, counts, grid), counts[kept]


def _cell(code: NDArray[np.int64]) -> NDArray[np.int64]:
    lat = ((code + (1 << (LAT_BITS - 1))) & ((1 << LAT_BITS) - 1)) - (1 << (LAT_BITS - 1))
    lon = (code - lat) >> LAT_BITS
    return (lon // CELL_STEPS << LAT_BITS) + lat // CELL_STEPS


def _points_of(
    lines: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64], grid: NDArray[np.int64]
) -> NDArray[np.int64]:
    size = counts[lines]
    before = np.cumsum(size) - size
    points: NDArray[np.int64] = grid[np.repeat(starts[lines] - before, size) + np.arange(size.sum())]
    return points
