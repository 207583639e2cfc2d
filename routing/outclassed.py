"""Who need not be looked at: units that as many others as may go outdo in everything."""

import numpy as np
from numpy.typing import NDArray

from routing.roles import SPARE, Case

NO_GROUP = -1

Positions = NDArray[np.int64]


def outclassed(case: Case, come: int, most_units: float) -> NDArray[np.bool_]:
    """
    Return which of the first so many units to arrive need not go where at most so many go.

    One of as many others is not sent; it comes no later, has at least the share of each role for at most the
    people (for any, where the other has none left for anything else), at least the crew and at most the tier.
    It can go instead, whatever the outdone one would do there.
    """
    out = np.zeros(len(case.crew), dtype=np.bool_)
    others = np.flatnonzero(~case.forced[:come] & (case.most[:come] > 0).any(axis=1))
    kinds = np.unique(case.most[others] > 0, axis=0, return_inverse=True)[1].reshape(-1)
    for kind in range(int(kinds.max(initial=-1)) + 1):
        alike = others[kinds == kind]
        out[alike] = _outdoing(case, alike) >= most_units
    left = others[~out[others]]
    out[left] = _outdoing(case, left) >= most_units
    return out


def _outdoing(case: Case, units: Positions) -> NDArray[np.int64]:
    """Return for each how many before it outdo it."""
    better = np.tri(len(units), k=-1, dtype=np.bool_)
    group = _groups(case)[units]
    better &= (group[None, :] == group[:, None]) | (group[None, :] == NO_GROUP)
    for at_most in (-case.crew[units], case.tier[units]):
        better &= at_most[None, :] <= at_most[:, None]
    for r in range(case.share.shape[1]):
        share, crew = case.share[units, r], case.role_crew[units, r]
        helps = case.most[units, r] > 0
        takes_all = np.zeros(len(units), dtype=np.bool_)
        if case.divisible[r]:
            crew = np.divide(crew, share, out=np.zeros(len(units)), where=helps)
        else:
            takes_all = (crew > 0) & (crew >= case.crew[units] - SPARE)
        outdone = (share[None, :] >= share[:, None]) & (takes_all[:, None] | (crew[None, :] <= crew[:, None]))
        better &= outdone & helps[None, :] | ~helps[:, None]
    outdoing: NDArray[np.int64] = better.sum(axis=1)
    return outdoing


def _groups(case: Case) -> NDArray[np.int64]:
    """Return a number for each combination of groups."""
    if not case.groups:
        return np.full(len(case.crew), NO_GROUP)
    within = np.zeros((len(case.crew), len(case.groups)), dtype=np.bool_)
    for g, group in enumerate(case.groups):
        within[group.members, g] = True
    numbers: NDArray[np.int64] = np.unique(within, axis=0, return_inverse=True)[1].reshape(-1)
    return np.where(within.any(axis=1), numbers, NO_GROUP)
