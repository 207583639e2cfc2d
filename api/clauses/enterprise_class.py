"""GB 30077: the class of an enterprise by its size and its gravest source, and the kinds of its vehicles."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

SMALL, MIDDLE, LARGE = 0, 1, 2
HEADCOUNT_FROM = (300, 1000)
REVENUE_FROM_YUAN = (20e6, 400e6)
CLASS_OF = ((2, 3, 3, 3), (2, 2, 2, 3), (1, 2, 2, 2))
"""By size, then by level 1 to 4 of GB 18218."""
FIRE_FIGHTING = frozenset({"foam", "water", "pumping"})
GAS_PROTECTION = frozenset({"detection"})
HAZMAT = frozenset({"hazmat", "decontamination"})
KINDS = (FIRE_FIGHTING, GAS_PROTECTION, HAZMAT)
"""By what a vehicle can do: fire-fighting; gas protection or multipurpose; hazmat or decontamination."""


def possible_classes(headcount: int | None, revenue_yuan: float | None, level: int) -> frozenset[int]:
    """
    Return the classes an enterprise may have, one where its size tells; the lower of the two sizes decides.

    A size that nobody told may be any, so an enterprise known to be small by one is small.
    """
    by_people = _sizes(headcount, HEADCOUNT_FROM)
    by_money = _sizes(revenue_yuan, REVENUE_FROM_YUAN)
    return frozenset(CLASS_OF[min(a, b)][level - 1] for a in by_people for b in by_money)


def kinds_filled(vehicles: Sequence[frozenset[str]]) -> int:
    """Return how many kinds of vehicle are there at once, each vehicle counting for one kind only."""
    fits = np.array([[bool(kind & can) for kind in KINDS] for can in vehicles], dtype=np.int8)
    if not fits.size:
        return 0
    return int(np.count_nonzero(maximum_bipartite_matching(csr_array(fits)) >= 0))


def _sizes(value: float | None, begins: Sequence[float]) -> tuple[int, ...]:
    if value is None:
        return (SMALL, MIDDLE, LARGE)
    return (sum(value >= begin for begin in begins),)
