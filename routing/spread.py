"""Some points out of many, spread evenly over where they lie."""

import numpy as np
from numpy.typing import NDArray

HALVINGS = 40


def spread(x: NDArray[np.float64], y: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """
    Return positions of at most so many points, one a cell of a square grid: the one nearest its middle.

    The grid is as fine as their number allows; cells without a point give none. All are returned where they
    are no more than ``most``; the same points always give the same choice.

    Parameters
    ----------
    x, y : float64, shape (points,)
        In metres.
    most : int
        How many at most, above zero.
    """
    if len(x) <= most:
        return np.arange(len(x))
    coarse = max(float(np.ptp(x)), float(np.ptp(y))) + 1.0
    fine = 0.0
    for _ in range(HALVINGS):
        middle = (coarse + fine) / 2
        if len(np.unique(_cells(x, y, middle))) <= most:
            coarse = middle
        else:
            fine = middle
    return _nearest_to_middles(x, y, coarse)


def _cells(x: NDArray[np.float64], y: NDArray[np.float64], side_m: float) -> NDArray[np.int64]:
    column = ((x - x.min()) / side_m).astype(np.int64)
    row = ((y - y.min()) / side_m).astype(np.int64)
    cell: NDArray[np.int64] = row * (int(column.max()) + 1) + column
    return cell


def _nearest_to_middles(x: NDArray[np.float64], y: NDArray[np.float64], side_m: float) -> NDArray[np.int64]:
    east, north = ((x - x.min()) / side_m) % 1 - 0.5, ((y - y.min()) / side_m) % 1 - 0.5
    cell = _cells(x, y, side_m)
    order = np.lexsort((np.hypot(east, north), cell))
    first = np.concatenate(([True], np.diff(cell[order]) > 0))
    return np.sort(order[first])
