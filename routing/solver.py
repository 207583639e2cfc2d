"""A mixed-integer programme as columns and rows, and the one place where a solver is asked to minimise it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Columns = NDArray[np.int64]
Numbers = NDArray[np.float64]

LEAST_TIME_LIMIT_S = 1e-3
OPTIMAL, OUT_OF_TIME, INFEASIBLE = 0, 1, 2
"""What the solver says: an answer that can be taken, the best in time, or that there is none."""


@dataclass(frozen=True)
class Objective:
    """What is minimised or bounded: some columns, a coefficient for each, and a constant."""

    columns: Columns
    coefficients: Numbers
    constant: float = 0.0


@dataclass(frozen=True)
class Solved:
    """
    What the solver said: the best values found, if any, and a bound that no solution is below.

    ``impossible`` is proved: no values keep within every row.
    """

    values: Numbers | None
    bound: float
    impossible: bool = False


@dataclass
class Model:
    """Columns and rows, added bit by bit."""

    lower: list[Numbers] = field(default_factory=list)
    upper: list[Numbers] = field(default_factory=list)
    whole: list[NDArray[np.bool_]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0
    _entries: list[tuple[Columns, Columns, Numbers]] = field(default_factory=list)
    _least: list[Numbers] = field(default_factory=list)
    _most: list[Numbers] = field(default_factory=list)

    def add_columns(self, lower: Numbers, upper: Numbers, whole: NDArray[np.bool_]) -> Columns:
        """Add columns with their limits; return their numbers."""
        first, self.columns = self.columns, self.columns + len(upper)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return np.arange(first, self.columns)

    def add_rows(
        self, entries: Sequence[tuple[Columns, Columns, Numbers]], least: Numbers, most: Numbers
    ) -> None:
        """Add rows: entries are (row counted from 0 here, column, coefficient)."""
        for row, column, coefficient in entries:
            self._entries.append((row + self.rows, column, coefficient))
        self.rows += len(most)
        self._least.append(least)
        self._most.append(most)

    def bound(self, objective: Objective, at_most: float, at_least: float = -np.inf) -> None:
        """Add one row: this objective stays at or below a value, and is known to be at or above another."""
        zeros = np.zeros(len(objective.columns), dtype=np.int64)
        self.add_rows(
            [(zeros, objective.columns, objective.coefficients)],
            np.array([at_least - objective.constant]),
            np.array([at_most - objective.constant]),
        )

    def minimise(self, objective: Objective, within_s: float) -> Solved:
        """Return the best found in time and the bound proved by then; the same for the same model."""
        cost = np.zeros(self.columns)
        np.add.at(cost, objective.columns, objective.coefficients)
        result = milp(
            cost,
            integrality=np.concatenate(self.whole).astype(np.int64),
            bounds=Bounds(np.concatenate(self.lower), np.concatenate(self.upper)),
            constraints=self._constraints(),
            options={"time_limit": max(within_s, LEAST_TIME_LIMIT_S), "mip_rel_gap": 0.0},
        )
        if result.status not in {OPTIMAL, OUT_OF_TIME}:
            return Solved(None, -np.inf, impossible=result.status == INFEASIBLE)
        bound = result.fun if result.mip_dual_bound is None else result.mip_dual_bound
        return Solved(result.x, objective.constant + (-np.inf if bound is None else float(bound)))

    def _constraints(self) -> list[LinearConstraint]:
        if not self.rows:
            return []
        row, column, coefficient = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        matrix = sparse.csr_array((coefficient, (row, column)), shape=(self.rows, self.columns))
        return [LinearConstraint(matrix, np.concatenate(self._least), np.concatenate(self._most))]
