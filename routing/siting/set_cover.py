"""
The fewest or cheapest columns that reach every row, solved on few rows that grow until all are reached.

Most rows of a city are reached along with others. A programme that holds only some rows is small, and what it
says is a bound for all of them; where its columns reach everything, they are the answer.
"""

import math
from dataclasses import dataclass

import numpy as np

from routing.siting.answer import rounding
from routing.siting.question import Clock, Flags, Numbers, Positions, even_scale
from routing.solver import Model, Objective

BUILT = 0.5
"""Whole values come back as 0.9999: above this a column is chosen."""
EASY_S = 2.0
MOST_ENTRIES = 500_000
"""A programme of all rows is tried up to so many places where a column reaches a row."""
MOST_ADDED = 40
"""So many unreached rows are added at once."""


@dataclass(frozen=True)
class Held:
    """Columns that reach every row a programme holds, if some were found, and the least any must cost."""

    columns: list[int] | None
    bound: float


@dataclass(frozen=True, eq=False)
class SetCover:
    """
    Rows to reach by columns that cost.

    Attributes
    ----------
    reach : bool, shape (rows, columns)
        Which column reaches which row; every row is reached by some.
    cost : float64, shape (columns,)
        What each column costs.
    whole : bool
        Whether every choice costs a whole number.
    """

    reach: Flags
    cost: Numbers
    whole: bool


def solve_set_cover(problem: SetCover, clock: Clock) -> Held:
    """
    Return columns that reach every row, and a bound on what any that do must cost.

    Where growing rows do not settle it in a few seconds and all rows are no large programme, all are held.
    """
    known = thinned(problem, greedy(problem))
    small = np.count_nonzero(problem.reach) <= MOST_ENTRIES
    found = _on_growing_rows(problem, known, clock.within(EASY_S) if small else clock)
    if not small or _enough(problem, found.columns or known, found.bound) or clock.left_s <= 0:
        return found
    solved = solve_rows(problem, np.arange(len(problem.reach)), math.inf, clock)
    choices = [columns for columns in (found.columns, solved.columns) if columns is not None]
    return Held(min(choices, key=lambda c: price(problem, c)), max(found.bound, solved.bound))


def _on_growing_rows(problem: SetCover, known: list[int], clock: Clock) -> Held:
    held = spread(problem.reach, np.arange(len(problem.reach)))
    bound = 0.0
    while True:
        solved = solve_rows(problem, held, math.inf, clock)
        bound = max(bound, solved.bound)
        if solved.columns is None or _enough(problem, known, bound):
            break
        missed = missed_rows(problem.reach, solved.columns)
        known = min(known, thinned(problem, greedy(problem, solved.columns)), key=lambda c: price(problem, c))
        if not len(missed) or _enough(problem, known, bound) or clock.left_s <= 0:
            break
        held = np.union1d(held, spread(problem.reach, missed))
    return Held(known, bound)


def price(problem: SetCover, columns: list[int]) -> float:
    """Return what some columns cost together."""
    return float(problem.cost[columns].sum())


def _enough(problem: SetCover, known: list[int], bound: float) -> bool:
    """Return whether a bound says that no columns are cheaper."""
    if problem.whole:
        bound = math.ceil(bound - rounding(bound))
    return price(problem, known) <= bound * (1 + 1e-9)


def solve_rows(problem: SetCover, rows: Positions, most: float, clock: Clock) -> Held:
    """Return the cheapest columns that reach some rows, at most so many; the bound is ``inf`` if none do."""
    reach = problem.reach[rows]
    model, columns = Model(), reach.shape[1]
    built = model.add_columns(np.zeros(columns), np.ones(columns), np.ones(columns, dtype=np.bool_))
    row, column = np.nonzero(reach)
    model.add_rows([(row, built[column], np.ones(len(row)))], np.ones(len(rows)), np.full(len(rows), np.inf))
    if math.isfinite(most):
        model.bound(Objective(built, np.ones(columns)), most)
    scale = 1.0 if problem.whole else even_scale(problem.cost)
    solved = model.minimise(Objective(built, problem.cost * scale), clock.left_s)
    if solved.values is None:
        return Held(None, math.inf if solved.impossible else solved.bound / scale)
    return Held(np.flatnonzero(solved.values[built] > BUILT).tolist(), solved.bound / scale)


def missed_rows(reach: Flags, columns: list[int]) -> Positions:
    """Return the rows that no chosen column reaches."""
    return np.flatnonzero(~reach[:, columns].any(axis=1))


def spread(reach: Flags, rows: Positions) -> Positions:
    """Return some rows that share no column, few reached first: each needs a column of its own."""
    left = rows[np.argsort(reach[rows].sum(axis=1), kind="stable")]
    taken: list[int] = []
    while len(left) and len(taken) < MOST_ADDED:
        taken.append(int(left[0]))
        left = left[~(reach[left] & reach[left[0]]).any(axis=1)]
    return np.asarray(taken, dtype=np.int64)


def greedy(problem: SetCover, start: list[int] | None = None) -> list[int]:
    """Return columns taken one by one until every row is reached, most rows for their cost first."""
    columns = list(start or [])
    missed = missed_rows(problem.reach, columns)
    dear = np.maximum(problem.cost, np.finfo(np.float64).tiny)
    while len(missed):
        with np.errstate(over="ignore"):
            worth = problem.reach[missed].sum(axis=0) / dear
        best = int(np.argmax(worth))
        columns.append(best)
        missed = missed[~problem.reach[missed, best]]
    return columns


def thinned(problem: SetCover, columns: list[int]) -> list[int]:
    """Return columns without those that are not needed beside the rest, the dearest dropped first."""
    times = np.count_nonzero(problem.reach[:, columns], axis=1)
    kept = sorted(columns)
    for column in sorted(columns, key=lambda c: (-problem.cost[c], -c)):
        reached = problem.reach[:, column]
        if not np.any(times[reached] == 1):
            times = times - reached
            kept.remove(column)
    return kept
