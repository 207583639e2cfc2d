"""What is asked of a siting model, checked at the door."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInputError
from routing.siting.amounts import checked_count, checked_number, checked_numbers, checked_whole

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

MATRIX = 2
"""Dimensions of a matrix."""
LEAST_EVEN, MOST_EVEN, EVEN_EXPONENT = 100.0, 1e6, 10
"""Solvers tell numbers apart by fixed small amounts: the largest of a question should lie between these."""


@dataclass(frozen=True, eq=False)
class Question:
    """
    Sites that stand and a number of new ones beside them.

    Attributes
    ----------
    seconds : float64, shape (demand, sites)
        Arrival at every demand from every site; ``inf`` where no road leads.
    existing : int64, shape (k,)
        Columns of the sites that stand, ascending.
    new : int
        How many more are asked for.
    """

    seconds: Numbers
    existing: Positions
    new: int

    @classmethod
    def of(cls, seconds: ArrayLike, existing: Sequence[int] | Positions, new: SupportsIndex) -> "Question":
        """
        Check and return a question.

        Raises
        ------
        InvalidInputError
            Naming the argument and what is wrong with it.
        """
        times = checked_seconds(seconds)
        standing = checked_existing(existing, times.shape[1])
        wanted = checked_count("new", new)
        free = times.shape[1] - len(standing)
        if wanted > free:
            reason = f"{wanted} new sites are asked for and only {free} candidates are left; ask for fewer"
            raise InvalidInputError("new", reason)
        return cls(times, standing, wanted)

    @cached_property
    def candidates(self) -> Positions:
        """Columns of the sites that could be built, ascending."""
        free = np.ones(self.seconds.shape[1], dtype=np.bool_)
        free[self.existing] = False
        return np.flatnonzero(free)

    @cached_property
    def standing_s(self) -> Numbers:
        """Soonest arrival from what stands, shape (demand,)."""
        return soonest(self.seconds, self.existing)

    def sites(self, added: Sequence[int] | Positions) -> tuple[int, ...]:
        """Return the columns of what stands and what is added, ascending."""
        return tuple(int(site) for site in np.union1d(self.existing, np.asarray(added, dtype=np.int64)))


@dataclass(frozen=True, eq=False)
class Purse:
    """What each site costs, and what may be spent on new ones; ``inf`` where nothing limits it."""

    cost: Numbers
    budget: float

    @classmethod
    def of(cls, cost: ArrayLike | None, budget: float | None, sites: int) -> "Purse | None":
        """Check and return costs and budget; None where there are no costs."""
        if cost is None:
            if budget is not None:
                raise InvalidInputError(
                    "budget", "says nothing without costs; give the cost of every site too"
                )
            return None
        return cls(checked_amounts("cost", cost, sites), _checked_budget(budget))

    @property
    def limits(self) -> bool:
        """Whether the budget could forbid anything."""
        return math.isfinite(self.budget)


@dataclass(frozen=True)
class Clock:
    """A time limit that runs since it was set."""

    limit_s: float
    started: float

    @classmethod
    def start(cls, limit_s: float) -> "Clock":
        """Check a limit and start to count."""
        limit = checked_number("time_limit_s", limit_s)
        if not limit > 0:
            raise InvalidInputError("time_limit_s", f"must be above zero seconds, not {limit}")
        return cls(limit, time.perf_counter())

    @property
    def spent_s(self) -> float:
        """How long it has run."""
        return time.perf_counter() - self.started

    @property
    def left_s(self) -> float:
        """How long it may still run; below zero once the limit is passed."""
        return self.limit_s - self.spent_s

    def within(self, further_s: float) -> "Clock":
        """Return a clock for a part of the work: it ends so much later than now, or with this one."""
        return Clock(min(self.limit_s, self.spent_s + further_s), self.started)


def soonest(seconds: Numbers, sites: Sequence[int] | Positions) -> Numbers:
    """Return the soonest arrival at every demand from some sites; ``inf`` where there are none."""
    best = np.full(len(seconds), np.inf)
    for site in sites:
        np.minimum(best, seconds[:, site], out=best)
    return best


def checked_seconds(seconds: ArrayLike) -> Numbers:
    """Return times as an array, or say what is wrong with them."""
    if np.ma.is_masked(seconds):
        raise InvalidInputError("seconds", "is masked; fill it with inf where no road leads")
    times = checked_numbers("seconds", seconds)
    if times.ndim != MATRIX:
        raise InvalidInputError("seconds", f"must have the shape (demand, sites), not {times.shape}")
    if not len(times):
        raise InvalidInputError("seconds", "has no demand: give at least one row to reach")
    if not times.shape[1]:
        raise InvalidInputError("seconds", "has no site: give at least one column to choose from")
    least = times.min()
    if np.isnan(least):
        row, column = np.argwhere(np.isnan(times))[0]
        reason = f"row {row}, column {column} is not a number; write inf where no road leads"
        raise InvalidInputError("seconds", reason)
    if least < 0:
        row, column = np.argwhere(times < 0)[0]
        raise InvalidInputError("seconds", f"row {row}, column {column} is below zero: {times[row, column]}")
    return times


def checked_amounts(field: str, amounts: ArrayLike, length: int) -> Numbers:
    """Return weights or costs as an array: finite, none below zero, one for each."""
    values = checked_numbers(field, amounts)
    if values.shape != (length,):
        raise InvalidInputError(
            field, f"must hold {length} numbers, one for each, not the shape {values.shape}"
        )
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        at = wrong[0]
        raise InvalidInputError(
            field, f"position {at} must be a finite number from zero up, not {values[at]}"
        )
    return values


def checked_existing(existing: Sequence[int] | Positions, sites: int) -> Positions:
    """Return the columns of what stands, ascending, or say what is wrong with them."""
    standing = np.sort(checked_columns("existing", existing, sites))
    twice = standing[1:][standing[1:] == standing[:-1]]
    if len(twice):
        raise InvalidInputError("existing", f"column {twice[0]} is named twice")
    return standing


def checked_columns(field: str, columns: Sequence[int] | Positions, sites: int) -> Positions:
    """Return column positions as they are given, or say what is wrong with them."""
    given = checked_whole(field, columns)
    if given.ndim != 1:
        raise InvalidInputError(field, "must be a list of column positions, whole numbers counted from 0")
    outside = given[(given < 0) | (given >= sites)]
    if len(outside):
        raise InvalidInputError(field, f"column {outside[0]} is not among 0 to {sites - 1}")
    return given


def checked_standard(standard_s: float) -> float:
    """Return a standard in seconds, or say why it is none."""
    standard = checked_number("standard_s", standard_s)
    if not (math.isfinite(standard) and standard > 0):
        reason = f"must be a finite number of seconds above zero, not {standard}"
        raise InvalidInputError("standard_s", reason)
    return standard


def checked_busy(busy: float) -> float:
    """Return a busy fraction, or say why it is none."""
    fraction = checked_number("busy", busy)
    if not 0 <= fraction < 1:
        raise InvalidInputError("busy", f"must be a fraction from 0 up to but not 1, not {fraction}")
    return fraction


def whole(values: Numbers) -> bool:
    """Return whether all are whole numbers whose sums are exact."""
    return bool(np.all(values == np.floor(values)) and values.sum() < 2**53)


def even_scale(values: Numbers) -> float:
    """Return a power of two by which the largest value is neither tiny nor huge to a solver; mostly 1."""
    largest = float(values.max(initial=0.0, where=np.isfinite(values)))
    if largest == 0 or LEAST_EVEN <= largest <= MOST_EVEN:
        return 1.0
    return math.ldexp(1.0, EVEN_EXPONENT - math.frexp(largest)[1])


def _checked_budget(budget: float | None) -> float:
    if budget is None:
        return math.inf
    most = checked_number("budget", budget)
    if not most >= 0:
        raise InvalidInputError("budget", f"must be a number from zero up, not {most}")
    return most
