"""Several incidents at once: each unit to one of them."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.levels import Measure, first_capable
from routing.offers import ChoiceRules, Demand, Offers
from routing.roles import Case, Group
from routing.swaps import Swap
from routing.together import (
    Together,
    choose_in_order,
    may_be_first,
)

NOT_HERE = 1e12
"""Seconds that no first arrival takes: who cannot be first there."""


@dataclass(frozen=True)
class Incident:
    """
    One of several: an id among the offers of more than one is one unit; the least priority is first.

    ``group_name`` has a name for each group of the offers, or none at all. Groups of one name are one: of
    its units no more go to all incidents together than may go to the one that allows fewest.
    """

    offers: Offers
    demand: Demand
    priority: int
    group_name: tuple[str, ...] = ()

    def within(self, name: str) -> NDArray[np.bool_]:
        """Return which of the offers are within the group of a name."""
        if name not in self.group_name:
            return np.zeros(len(self.offers.id), dtype=np.bool_)
        within: NDArray[np.bool_] = self.offers.group == self.group_name.index(name)
        return within


@dataclass(frozen=True)
class _Shared:
    """A group that several incidents have: the ids of its units, and how many of them go to all together."""

    name: str
    id: NDArray[np.int64]
    at_most: int

    @classmethod
    def of(cls, name: str, incidents: Sequence[Incident]) -> "_Shared":
        """Return the group of a name, at its lowest limit."""
        limits = [
            int(i.offers.group_limit[i.group_name.index(name)]) for i in incidents if name in i.group_name
        ]
        return cls(name, np.concatenate([i.offers.id[i.within(name)] for i in incidents]), min(limits))

    def room(self, taken: NDArray[np.int64]) -> int:
        """Return how many may go once some have gone."""
        return max(self.at_most - len(np.intersect1d(self.id, taken)), 0)


def choose_jointly(incidents: Sequence[Incident], rules: ChoiceRules) -> tuple[Together, ...]:
    """
    Choose for several incidents, each unit to one of them at most, in the order given.

    More urgent incidents choose first; those of one priority are one choice, and each has its own first-due
    unit: those that together arrive soonest. Who is always alerted for several goes to the most urgent, and
    of equal ones to the first given. But for the first capable arrival, the levels of incidents of one
    priority are those of their joint choice.
    """
    together: dict[int, Together] = {}
    taken = np.zeros(0, dtype=np.int64)
    until = time.perf_counter() + rules.time_limit_s
    names = sorted({name for incident in incidents for name in incident.group_name})
    shared = [_Shared.of(name, incidents) for name in names]
    for priority in sorted({incident.priority for incident in incidents}):
        alike = [k for k, incident in enumerate(incidents) if incident.priority == priority]
        left_s = max(until - time.perf_counter(), 0.0)
        joint = _joined([incidents[k] for k in alike], taken, shared)
        chosen = _choose_alike(joint, [incidents[k] for k in alike], replace(rules, time_limit_s=left_s))
        together |= dict(zip(alike, chosen, strict=True))
        sent = [incidents[k].offers.id[together[k].sent] for k in alike]
        taken = np.concatenate([taken, *sent])
    return tuple(together[k] for k in range(len(incidents)))


@dataclass(frozen=True)
class _Joint:
    """Incidents as one case, and where each of its rows comes from."""

    case: Case
    incident: NDArray[np.int64]
    position: NDArray[np.int64]
    id: NDArray[np.int64]


def _choose_alike(joint: _Joint, incidents: Sequence[Incident], rules: ChoiceRules) -> tuple[Together, ...]:
    forced = joint.case.forced | _first_due_of_each(joint, len(incidents))
    chosen = choose_in_order(replace(joint.case, forced=forced), rules)
    return tuple(_part(joint, chosen, k, incidents) for k in range(len(incidents)))


def _joined(incidents: Sequence[Incident], taken: NDArray[np.int64], shared: Sequence[_Shared]) -> _Joint:
    """Return one case: a row for each unit and incident, and each unit a group of which one row is chosen."""
    offers = [i.offers for i in incidents]
    incident = np.concatenate([np.full(len(o.id), k) for k, o in enumerate(offers)]).astype(np.int64)
    position = np.concatenate([np.arange(len(o.id)) for o in offers]).astype(np.int64)
    ids = np.concatenate([o.id for o in offers])
    arrival_s = np.concatenate([o.arrival_s for o in offers])
    free = np.flatnonzero(~np.isin(ids, taken))
    order = free[np.lexsort((incident[free], ids[free], arrival_s[free]))]
    always = _always_once(np.concatenate([o.always for o in offers]), ids)
    demands = [i.demand for i in incidents]
    case = Case(
        arrival_s=arrival_s[order],
        share=_blocks([o.share for o in offers])[order],
        role_crew=_blocks([o.role_crew for o in offers])[order],
        crew=np.concatenate([o.crew for o in offers])[order],
        divisible=np.concatenate([o.divisible for o in offers]),
        tier=np.concatenate([o.tier for o in offers])[order],
        forced=always[order],
        groups=(
            *_units(ids[order]),
            *_own_groups(offers, incident[order], position[order]),
            *_shared_groups(incidents, shared, taken, order),
        ),
        target=np.concatenate([d.needed for d in demands]),
        deadline_s=np.concatenate([d.deadline_s for d in demands]),
        weight=np.concatenate([d.weight for d in demands]),
    )
    return _Joint(case, incident[order], position[order], ids[order])


def _always_once(always: NDArray[np.bool_], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return who is always alerted, for several incidents only to the first."""
    once = np.zeros_like(always)
    rows = np.flatnonzero(always)
    once[rows[np.unique(ids[rows], return_index=True)[1]]] = True
    return once


def _blocks(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return one array with each incident's rows in its own columns."""
    whole = np.zeros((sum(p.shape[0] for p in parts), sum(p.shape[1] for p in parts)))
    row = column = 0
    for part in parts:
        whole[row : row + part.shape[0], column : column + part.shape[1]] = part
        row, column = row + part.shape[0], column + part.shape[1]
    return whole


def _units(ids: NDArray[np.int64]) -> list[Group]:
    """Return a group of each unit that several incidents might have."""
    several, rows = np.unique(ids, return_counts=True)
    return [Group(np.flatnonzero(ids == id_), 1) for id_ in several[rows > 1]]


def _own_groups(
    offers: Sequence[Offers], incident: NDArray[np.int64], position: NDArray[np.int64]
) -> list[Group]:
    return [
        Group(np.flatnonzero((incident == k) & np.isin(position, np.flatnonzero(own.group == g))), int(limit))
        for k, own in enumerate(offers)
        for g, limit in enumerate(own.group_limit)
    ]


def _shared_groups(
    incidents: Sequence[Incident],
    shared: Sequence[_Shared],
    taken: NDArray[np.int64],
    order: NDArray[np.int64],
) -> list[Group]:
    within = [np.concatenate([i.within(one.name) for i in incidents]) for one in shared]
    return [
        Group(np.flatnonzero(rows[order]), one.room(taken)) for rows, one in zip(within, shared, strict=True)
    ]


def _first_due_of_each(joint: _Joint, incidents: int) -> NDArray[np.bool_]:
    """Return the first-due unit of each incident: different units, as many of a group as it has room for."""
    may_be = may_be_first(joint.case)
    while True:
        first = _together_soonest(joint, incidents, np.flatnonzero(may_be))
        too_many = _one_too_many(joint.case, first)
        if too_many is None:
            return first
        may_be[too_many] = False


def _together_soonest(joint: _Joint, incidents: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return a row for each incident, of different units, that together arrive soonest."""
    first = np.zeros(len(joint.id), dtype=np.bool_)
    units, unit = np.unique(joint.id[rows], return_inverse=True)
    cost_s = np.full((incidents, len(units)), NOT_HERE)
    cost_s[joint.incident[rows], unit] = joint.case.arrival_s[rows]
    chosen = {(int(k), int(units[u])) for k, u in zip(*linear_sum_assignment(cost_s), strict=True)}
    for row in rows:
        first[row] = (int(joint.incident[row]), int(joint.id[row])) in chosen
    return first


def _one_too_many(case: Case, first: NDArray[np.bool_]) -> int | None:
    """Return the last to arrive of those for whom their group has no room; None where all have room."""
    comes = first & ~case.forced
    for group, room in zip(case.groups, case.room, strict=True):
        come = group.members[comes[group.members]]
        if len(come) > max(int(room), 0):
            return int(come[-1])
    return None


def _part(joint: _Joint, chosen: Together, k: int, incidents: Sequence[Incident]) -> Together:
    """Return what was chosen for one of the incidents, by the positions of its own offers."""
    widths = [len(i.demand.needed) for i in incidents]
    columns = slice(sum(widths[:k]), sum(widths[: k + 1]))
    mine = joint.incident[chosen.sent] == k
    able = chosen.sent[mine & (joint.case.most[chosen.sent] > 0).any(axis=1)]
    first_s = float(joint.case.arrival_s[able].min(initial=math.inf))
    return replace(
        chosen,
        sent=joint.position[chosen.sent[mine]],
        role=chosen.role[mine][:, columns],
        met_at_s=chosen.met_at_s[columns],
        missing=chosen.missing[columns],
        soonest_met_s=chosen.soonest_met_s[columns],
        levels=tuple(
            first_capable(first_s) if level.name == Measure.FIRST_CAPABLE else level
            for level in chosen.levels
        ),
        swaps=tuple(
            Swap(int(joint.position[s.sent]), int(joint.position[s.instead]), s.later_s)
            for s in chosen.swaps
            if joint.incident[s.sent] == k
        ),
    )
