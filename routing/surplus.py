"""Sending nobody home too early, and nobody for nothing: a way to fill the roles without its surplus."""

import numpy as np

from routing.roles import ENOUGH, Case, Parts


def without_surplus(case: Case, parts: Parts) -> Parts:
    """Return the way without what comes after its target is met, and without units it can do without."""
    in_time = case.arrival_s[:, None] <= case.met_s(parts)
    kept = np.where(in_time, parts, 0.0)
    spare = (case.share * kept).sum(axis=0) - case.target * ENOUGH
    for i in np.flatnonzero((kept > 0).any(axis=1) & ~case.forced)[::-1]:
        brings = case.share[i] * kept[i]
        if (brings <= spare).all():
            spare -= brings
            kept[i] = 0.0
    return _cut_to_measure(case, kept)


def _cut_to_measure(case: Case, parts: Parts) -> Parts:
    """Use no more of what can be divided than its target takes, the last to come giving least."""
    for r in np.flatnonzero(case.divisible):
        brings = case.share[:, r] * parts[:, r]
        before = brings.cumsum() - brings
        used = np.minimum(brings, np.maximum(case.target[r] - before, 0.0))
        filled = brings > 0
        parts[filled, r] *= used[filled] / brings[filled]
    return parts
