"""The choice as a mixed-integer programme: who fills which role, who goes, and by when each target is met."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.roles import Case, Parts
from routing.solver import Columns, Model, Objective, Solved

LAST_DIGITS = 1e-4
"""How far from a whole number of people, or of litres, the solver may leave an amount that is one."""
NO_COLUMN = -1


@dataclass(frozen=True)
class Steps:
    """
    When one target may be met: ascending times, and a column for each but the last that says *met by then*.

    The last time has no column: by then the target must be met.
    """

    time_s: NDArray[np.float64]
    column: Columns

    def cost(self, of_time: NDArray[np.float64]) -> Objective:
        """Return a cost that grows with the time as an objective, given its value at each of the times."""
        return Objective(self.column, -np.diff(of_time), float(of_time[-1]))


class Program:
    """
    One case as columns and rows.

    Parameters
    ----------
    case : Case
    until_s : float64, shape (r,)
        Only units that arrive by then are given this role, and the target must be met by then; ``inf`` where
        everybody may be given it.
    counted : bool, shape (n,)
        Units that have a column that says *goes*; the others may fill roles freely.
    left_out : bool, shape (n,)
        Units that are given no role.
    """

    def __init__(
        self,
        case: Case,
        until_s: NDArray[np.float64],
        counted: NDArray[np.bool_],
        left_out: NDArray[np.bool_],
    ) -> None:
        self.case, self.model = case, Model()
        in_time = case.arrival_s[:, None] <= until_s
        self._could = np.where(in_time & ~left_out[:, None], case.most, 0.0)
        self._role = np.full(case.share.shape, NO_COLUMN, dtype=np.int64)
        self._goes = np.full(len(case.crew), NO_COLUMN, dtype=np.int64)
        self._add_roles(counted | case.grouped)
        self._add_goes(counted | case.grouped)
        self._keep_crews()
        self._keep_groups()

    def _add_roles(self, counted: NDArray[np.bool_]) -> None:
        unit, role = np.nonzero(self._could)
        upper = self._could[unit, role]
        torn = (self._could * self.case.role_crew).sum(axis=1) > self.case.crew
        lower = np.where(torn[unit] | counted[unit], 0.0, upper)
        whole = ~self.case.divisible[role]
        self._role[unit, role] = self.model.add_columns(lower, upper, whole)

    def _add_goes(self, counted: NDArray[np.bool_]) -> None:
        """Say who goes; who has one role that cannot be divided goes when it is filled."""
        has = self._role != NO_COLUMN
        units = np.flatnonzero(counted & ~self.case.forced & has.any(axis=1))
        only = (has[units].sum(axis=1) == 1) & ~(has[units] & self.case.divisible).any(axis=1)
        self._goes[units[only]] = self._role[units[only]].max(axis=1)
        several = units[~only]
        ones = np.ones(len(several))
        self._goes[several] = self.model.add_columns(0 * ones, ones, ones.astype(np.bool_))
        at, role = np.nonzero(has[several])
        row = np.arange(len(at))
        filled, goes = self._role[several[at], role], self._goes[several[at]]
        most = self._could[several[at], role]
        self.model.add_rows([(row, filled, np.ones(len(at))), (row, goes, -most)], -np.inf * most, 0.0 * most)

    def _keep_crews(self) -> None:
        wanted = self._could * self.case.role_crew
        units = np.flatnonzero(wanted.sum(axis=1) > self.case.crew)
        crew = self.case.crew[units]
        at, role = np.nonzero(wanted[units])
        entries = [(at, self._role[units[at], role], self.case.role_crew[units[at], role])]
        choosing = np.flatnonzero(self._goes[units] != NO_COLUMN)
        entries.append((choosing, self._goes[units[choosing]], -crew[choosing]))
        most = crew.copy()
        most[choosing] = 0.0
        self.model.add_rows(entries, np.full(len(units), -np.inf), most)

    def _keep_groups(self) -> None:
        for group, room in zip(self.case.groups, self.case.room, strict=True):
            columns = self._goes[group.members]
            columns = columns[columns != NO_COLUMN]
            self.model.bound(Objective(columns, np.ones(len(columns))), float(room))

    def _brought(self, r: int) -> tuple[NDArray[np.int64], Columns, NDArray[np.float64]]:
        """Return who may fill a role, by which column, and what each brings of its target, at most all."""
        units = np.flatnonzero(self._role[:, r] != NO_COLUMN)
        brings = self.case.share[units, r] / self.case.target[r]
        if not self.case.divisible[r]:
            brings = np.minimum(brings, 1.0)
        return units, self._role[units, r], brings

    def fall_short(self) -> Objective:
        """Let every target be missed; return the weighted relative shortfall."""
        r = len(self.case.target)
        short = self.model.add_columns(np.zeros(r), np.ones(r), np.zeros(r, dtype=np.bool_))
        entries = [(np.arange(r), short, np.ones(r))]
        for j in range(r):
            _, columns, brings = self._brought(j)
            entries.append((np.full(len(columns), j), columns, brings))
        self.model.add_rows(entries, np.ones(r), np.full(r, np.inf))
        return Objective(short, self.case.weight)

    def steps(self, r: int, from_s: float) -> Steps:
        """Ask for a target to be met in time; times before ``from_s`` are one to its cost."""
        units, columns, brings = self._brought(r)
        arrival_s = self.case.arrival_s[units]
        times_s = np.unique(arrival_s[arrival_s >= self.case.earliest_s[r]])
        times_s = times_s[max(int(np.searchsorted(times_s, from_s, side="right")) - 1, 0) :]
        met = self._add_met(len(times_s) - 1)
        come = np.searchsorted(arrival_s, times_s, side="right")
        row = np.repeat(np.arange(len(times_s)), come)
        entry = np.concatenate([np.arange(c) for c in come])
        entries = [(row, columns[entry], brings[entry])]
        entries.append((np.arange(len(met)), met, np.full(len(met), -1.0)))
        least = np.zeros(len(times_s))
        least[-1] = 1.0
        self.model.add_rows(entries, least, np.full(len(times_s), np.inf))
        return Steps(times_s, met)

    def _add_met(self, steps: int) -> Columns:
        """Add columns that say *met by then*: once met, met ever after."""
        met = self.model.add_columns(np.zeros(steps), np.ones(steps), np.ones(steps, dtype=np.bool_))
        row = np.arange(max(steps - 1, 0))
        ones = np.ones(len(row))
        self.model.add_rows([(row, met[:-1], ones), (row, met[1:], -ones)], -np.inf * ones, 0.0 * ones)
        return met

    def all_steps(self, steps: list[Steps], from_s: float) -> Steps:
        """Say when all targets are met: not before the last of them."""
        times_s = np.unique(np.concatenate([[from_s], *(s.time_s[s.time_s > from_s] for s in steps)]))
        met = self._add_met(len(times_s) - 1)
        for one in steps:
            last = np.searchsorted(one.time_s, times_s[:-1], side="right") - 1
            row = np.flatnonzero(last < len(one.column))
            ones = np.ones(len(row))
            entries = [
                (np.arange(len(row)), met[row], ones),
                (np.arange(len(row)), one.column[last[row]], -ones),
            ]
            self.model.add_rows(entries, -np.inf * ones, 0.0 * ones)
        return Steps(times_s, met)

    def going(self, price: NDArray[np.float64]) -> Objective:
        """Return the sum of a price of each who goes; those sent whatever else are in its constant."""
        units = np.flatnonzero(self._goes != NO_COLUMN)
        return Objective(self._goes[units], price[units], float(price[self.case.forced].sum()))

    def minimise(self, objective: Objective, within_s: float) -> tuple[Parts | None, float]:
        """Return the best way found to fill the roles, rounded, and the bound no way is below."""
        solved: Solved = self.model.minimise(objective, within_s)
        return (None if solved.values is None else self._parts(solved.values)), solved.bound

    def _parts(self, values: NDArray[np.float64]) -> Parts:
        parts = np.zeros(self.case.share.shape)
        unit, role = np.nonzero(self._role != NO_COLUMN)
        filled = values[self._role[unit, role]]
        whole = ~self.case.divisible[role]
        parts[unit, role] = np.where(whole, filled.round(), filled.round(9).clip(0, self._could[unit, role]))
        return self._in_whole_amounts(self._within_crews(parts))

    def _in_whole_amounts(self, parts: Parts) -> Parts:
        """Return amounts that miss a whole number by the solver's last digits as that number."""
        share = self.case.share
        amount = parts * share
        whole = amount.round()
        near = self.case.divisible & (share > 0) & (np.abs(amount - whole) < LAST_DIGITS)
        tidy = np.where(near, (whole / np.where(share > 0, share, 1.0)).clip(0, 1), parts)
        return tidy if self.case.is_possible(tidy) else parts

    def _within_crews(self, parts: Parts) -> Parts:
        """Take back what the solver's last digits ask of a crew too much, from what can be divided."""
        work = parts * self.case.role_crew
        divided = work[:, self.case.divisible].sum(axis=1)
        left = np.maximum(self.case.crew - work[:, ~self.case.divisible].sum(axis=1), 0.0)
        too_much = np.flatnonzero(divided > left)
        scaled = np.ix_(too_much, np.flatnonzero(self.case.divisible))
        within = (left[too_much] / divided[too_much])[:, None]
        parts[scaled] = np.where(self.case.role_crew[scaled] > 0, parts[scaled] * within, parts[scaled])
        return parts
