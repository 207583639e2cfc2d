"""
A time that no choice is sooner than, from parts of sites: where even those do not suffice, whole ones do not.

A programme without whole numbers holds a few rows; those that its parts of sites miss are added (Elloumi,
Labbé and Pochet, 2004, hold all rows).
"""

import numpy as np

from routing.siting.nearest import Nearest
from routing.siting.question import Clock, Flags, Numbers, Positions
from routing.siting.set_cover import spread
from routing.solver import Model, Objective

CLOSE = 1e-3
"""The search for the time ends where it is known to this share."""
MISSED = 1e-6
MOST_ADDED = 200


def parts_bound(
    nearest: Nearest, new: int, rows: Positions, between_s: tuple[float, float], clock: Clock
) -> tuple[float, Positions]:
    """
    Return a time between two that no choice is sooner than, and the rows that say so.

    No choice is sooner than the first time; the second is possible.
    """
    low_s, high_s = between_s
    while high_s - low_s > CLOSE * high_s and clock.left_s > 0:
        middle_s = (low_s + high_s) / 2
        late = np.flatnonzero(nearest.standing_s > middle_s)
        reach = nearest.seconds[late] <= middle_s
        enough, held = _suffices(reach, new, np.searchsorted(late, np.intersect1d(rows, late)), clock)
        rows = np.union1d(rows, late[held])
        if enough is None:
            break
        low_s, high_s = (low_s, middle_s) if enough else (middle_s, high_s)
    return _next_time(nearest, low_s), rows


def _next_time(nearest: Nearest, after_s: float) -> float:
    """Return the least arrival there is after a time, or that time if it is one."""
    later = min(
        float(times.min(initial=np.inf, where=times >= after_s))
        for times in (nearest.seconds, nearest.standing_s)
    )
    return later if np.isfinite(later) else after_s


def _suffices(reach: Flags, new: int, held: Positions, clock: Clock) -> tuple[bool | None, Positions]:
    """Return whether so many candidates, in parts, reach every row, and the rows held; None: out of time."""
    if not reach.any(axis=1).all():
        return False, held
    held = np.union1d(held, spread(reach, np.arange(len(reach))))
    while clock.left_s > 0:
        parts, least = _parts(reach[held], clock)
        if parts is None or least > new + MISSED:
            return (False if least > new + MISSED else None), held
        filled = reach @ parts
        missed = np.flatnonzero(filled < 1 - MISSED)
        if not len(missed):
            return True, held
        held = np.union1d(held, missed[np.argsort(filled[missed], kind="stable")[:MOST_ADDED]])
    return None, held


def _parts(reach: Flags, clock: Clock) -> tuple[Numbers | None, float]:
    """Return the fewest candidates in parts that reach some rows, and how many any choice takes at least."""
    model, columns = Model(), reach.shape[1]
    built = model.add_columns(np.zeros(columns), np.ones(columns), np.zeros(columns, dtype=np.bool_))
    row, column = np.nonzero(reach)
    model.add_rows(
        [(row, built[column], np.ones(len(row)))], np.ones(len(reach)), np.full(len(reach), np.inf)
    )
    solved = model.minimise(Objective(built, np.ones(columns)), clock.left_s)
    return solved.values, solved.bound
