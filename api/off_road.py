"""A sentence on places too far from any road to start from or to be reached."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NAMED = 5


def off_road_note(
    what: str, names: Sequence[str] | NDArray[np.object_], off_m: NDArray[np.float64], limit_m: float
) -> tuple[str, ...]:
    """Return a sentence that names the first of those farther off than the limit; none where none is."""
    far = [str(names[i]) for i in np.flatnonzero(off_m > limit_m).tolist()]
    if not far:
        return ()
    more = f" and {len(far) - NAMED:,} more" if len(far) > NAMED else ""
    return (f"no road leads to {what} more than {limit_m:g} m off it: {', '.join(far[:NAMED])}{more}",)
