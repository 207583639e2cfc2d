"""
The peer as judge: spopt's models as documented, solved by CBC.

Its conventions differ: ``p_facilities`` counts what stands too, what stands is an array of 0 and 1, and where
no road leads there must be a finite number, for its travel is weight times seconds.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

BUILT = 0.5
PROVED = 1
"""What PuLP calls a solution that is optimal, not only the best in time."""

needs_it = pytest.mark.skipif(find_spec("spopt") is None, reason="spopt is not installed")


@dataclass(frozen=True)
class Judgement:
    """The sites that the peer builds, what stands among them, and whether it says that nothing is better."""

    chosen: tuple[int, ...]
    proved: bool


@dataclass(frozen=True, eq=False)
class Case:
    """Times, what each demand counts, what stands, how many more, and how long the peer may think."""

    seconds: NDArray[np.float64]
    weight: NDArray[np.float64]
    existing: list[int]
    new: int
    limit_s: float = 60

    @property
    def facilities(self) -> int:
        """How many sites there are in the end."""
        return len(self.existing) + self.new

    @property
    def standing(self) -> NDArray[np.int64] | None:
        """What stands as the peer wants it."""
        if not self.existing:
            return None
        marks = np.zeros(self.seconds.shape[1], dtype=np.int64)
        marks[self.existing] = 1
        return marks


class _Problem(Protocol):
    sol_status: int


class _Model(Protocol):
    fac_vars: list[object]
    problem: _Problem

    def solve(self, solver: object) -> "_Model": ...


def cover(case: Case, standard_s: float) -> Judgement:
    """Ask for the maximum cover."""
    given = (case.seconds, case.weight, standard_s, case.facilities, case.standing)
    return _solved(lambda: import_module("spopt.locate").MCLP.from_cost_matrix(*given), case.limit_s)


def fewest(case: Case, standard_s: float) -> Judgement:
    """Ask for the fewest sites that reach everything."""
    given = (case.seconds, standard_s, case.standing)
    return _solved(lambda: import_module("spopt.locate").LSCP.from_cost_matrix(*given), case.limit_s)


def centre(case: Case) -> Judgement:
    """Ask for the soonest latest arrival."""
    given = (case.seconds, case.facilities, case.standing)
    return _solved(lambda: import_module("spopt.locate").PCenter.from_cost_matrix(*given), case.limit_s)


def median(case: Case) -> Judgement:
    """Ask for the least weighted travel."""
    given = (case.seconds, case.weight, case.facilities, case.standing)
    return _solved(lambda: import_module("spopt.locate").PMedian.from_cost_matrix(*given), case.limit_s)


def _solved(build: Callable[[], _Model], limit_s: float) -> Judgement:
    pulp = import_module("pulp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        solved = build().solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit_s))
    built = tuple(at for at, site in enumerate(solved.fac_vars) if pulp.value(site) > BUILT)
    return Judgement(built, solved.problem.sol_status == PROVED)
