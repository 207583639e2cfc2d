"""Heights above sea level, told from what stands where one is not known."""

import numpy as np
from numpy.typing import NDArray

LOWEST_M, HIGHEST_M = -500.0, 9000.0


def known_heights_m(height_m: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the heights with nan for those no road on Earth has, such as -9999; None where none is known."""
    possible = (height_m >= LOWEST_M) & (height_m <= HIGHEST_M)
    return np.where(possible, height_m, np.nan) if possible.any() else None
