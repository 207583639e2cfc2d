"""A quick way to fill the roles: soonest first, each crew where doing without it would cost most."""

import numpy as np
from numpy.typing import NDArray

from routing.roles import ENOUGH, SPARE, Case, Parts

LATE_COSTS = 1e4
"""A late second weighs so much more than one before the deadline."""
NEVER_COSTS_S = 1e9
"""Never to be met weighs more than any time."""


def fill_soonest_first(case: Case) -> Parts:
    """Return one possible way to fill the roles; good, and not always the best."""
    return _Filling(case).fill()


class _Filling:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._parts = np.zeros_like(case.share)
        self._left = case.target.copy()
        self._room = case.room.copy()
        self._within = _memberships(case)
        self._could = (case.share * case.most).cumsum(axis=0)

    def fill(self) -> Parts:
        for i in range(len(self._case.crew)):
            wanted = self._wanted
            if not wanted.any():
                break
            self._use(i, wanted & (self._case.most[i] > 0))
        return self._parts

    @property
    def _wanted(self) -> NDArray[np.bool_]:
        wanted: NDArray[np.bool_] = self._left > self._case.target * (1 - ENOUGH)
        return wanted

    def _use(self, i: int, roles: NDArray[np.bool_]) -> None:
        groups = self._within.get(i, [])
        if not roles.any() or (not self._case.forced[i] and any(self._room[g] <= 0 for g in groups)):
            return
        crew = float(self._case.crew[i])
        for r in self._by_regret(i, np.flatnonzero(roles)):
            crew -= self._fill_role(i, int(r), crew)
        if self._parts[i].any() and not self._case.forced[i]:
            self._room[groups] -= 1

    def _fill_role(self, i: int, r: int, crew: float) -> float:
        """Fill one role as far as the crew left allows; return the crew it takes."""
        case = self._case
        whole_crew = float(case.role_crew[i, r])
        part = 1.0 if whole_crew <= crew + SPARE else max(crew, 0.0) / whole_crew
        if case.divisible[r]:
            part = min(part, float(self._left[r] / case.share[i, r]))
        elif part < 1:
            return 0.0
        self._parts[i, r] = part
        self._left[r] = max(self._left[r] - part * case.share[i, r], 0.0)
        return part * whole_crew

    def _by_regret(self, i: int, roles: NDArray[np.int64]) -> NDArray[np.int64]:
        if len(roles) == 1 or not self._case.torn[i]:
            return roles
        regret = [self._regret(i, int(r)) for r in roles]
        return roles[np.argsort(np.negative(regret), kind="stable")]

    def _regret(self, i: int, r: int) -> float:
        """Return what it would cost this requirement to do without the unit."""
        share = float(self._case.share[i, r] * self._case.most[i, r])
        without_s = self._met_if(i, r, self._left[r] + share)
        return self._cost(r, without_s) - self._cost(r, self._met_if(i, r, self._left[r]))

    def _met_if(self, i: int, r: int, left: float) -> float:
        """Return when so much has come since before this unit, were all to fill this role."""
        could = self._could[:, r]
        before = could[i - 1] if i else 0.0
        at = int(np.searchsorted(could, before + left * ENOUGH))
        return float(self._case.arrival_s[at]) if at < len(could) else NEVER_COSTS_S

    def _cost(self, r: int, met_s: float) -> float:
        late_s = max(met_s - float(self._case.deadline_s[r]), 0.0)
        return float(self._case.weight[r]) * (met_s + LATE_COSTS * late_s)


def _memberships(case: Case) -> dict[int, list[int]]:
    within: dict[int, list[int]] = {}
    for g, group in enumerate(case.groups):
        for i in group.members:
            within.setdefault(int(i), []).append(g)
    return within
