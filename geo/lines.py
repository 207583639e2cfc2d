"""Many polylines as flat arrays, with the identity of the vertices they share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Lines:
    """
    Polylines in WGS84, line ``i`` holding points ``first[i]`` up to (not including) ``first[i + 1]``.

    Attributes
    ----------
    vertex : int64, shape (points,)
        Equal where two points are the same vertex of the source, whatever their coordinates: a bridge and the
        road below it may share coordinates, never a vertex.
    lon, lat : float64, shape (points,)
        Degrees.
    first : int64, shape (lines + 1,)
        Where each line's points begin; the last entry is the number of points.
    ele_m : float64, shape (points,), or None
        Height above sea level, nan where it is not known; None where the source has none.
    """

    vertex: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    first: NDArray[np.int64]
    ele_m: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def line_of_point(self) -> NDArray[np.int64]:
        """The line each point belongs to, shape (points,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.first))
