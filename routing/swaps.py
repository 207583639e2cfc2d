"""Choices that are as good: the lowest ids where all else is equal, and who could go in place of whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.levels import Measure, Search, slack, time_values
from routing.roles import ENOUGH, SPARE, Case, Parts

MOST_SWAPS = 3
"""So many are shown for each that is sent, the soonest first."""


@dataclass(frozen=True)
class Swap:
    """
    A near-equal choice: positions of one that is sent and of one that could go in its place.

    ``later_s`` is how much later, at most, a requirement it helps with would be met; below zero: sooner.
    """

    sent: int
    instead: int
    later_s: float


@dataclass(frozen=True)
class _Stead:
    """What would be if each unit took over the roles of one that is sent."""

    able: NDArray[np.bool_]
    parts: Parts
    met_s: NDArray[np.float64]


def near_equal(search: Search, parts: Parts) -> tuple[Swap, ...]:
    """Return who could go in place of whom and keep the bounds that every level has set."""
    case, swaps = search.case, list[Swap]()
    met_s = case.met_s(parts)
    for sent in np.flatnonzero(case.sent(parts) & ~case.forced):
        stead = _in_the_stead_of(case, parts, int(sent))
        near = np.flatnonzero(stead.able & _keeps_bounds(search, stead.met_s))
        roles = parts[sent] > 0
        later_s = (stead.met_s[near][:, roles] - met_s[roles]).max(axis=1)
        soonest = np.lexsort((near, later_s))[:MOST_SWAPS]
        swaps.extend(Swap(int(sent), int(near[k]), float(later_s[k])) for k in soonest)
    return tuple(swaps)


def with_lowest_ids(search: Search, parts: Parts) -> Parts:
    """Return the same choice with the lowest ids where arrival and tier are equal."""
    case, parts = search.case, parts.copy()
    for sent in np.flatnonzero(case.sent(parts) & ~case.forced):
        first = int(np.searchsorted(case.arrival_s, case.arrival_s[sent]))
        if not (case.tier[first:sent] == case.tier[sent]).any():
            continue
        stead = _in_the_stead_of(case, parts, int(sent))
        as_good = stead.able & (stead.met_s <= case.met_s(parts)).all(axis=1) & (case.tier == case.tier[sent])
        lower = first + np.flatnonzero(as_good[first:sent])
        if len(lower):
            parts[sent], parts[lower[0]] = 0.0, stead.parts[lower[0]]
    return parts


def _in_the_stead_of(case: Case, parts: Parts, sent: int) -> _Stead:
    roles = np.flatnonzero(parts[sent] > 0)
    others = parts.copy()
    others[sent] = 0.0
    came = (case.share * others).cumsum(axis=0)
    taken = np.zeros_like(parts)
    met_s = np.tile(case.met_s(parts), (len(parts), 1))
    for r in roles:
        taken[:, r] = _taken(case, int(r), float(case.share[sent, r] * parts[sent, r]))
        met_s[:, r] = _met_with(case, came[:, r], int(r), case.share[:, r] * taken[:, r])
    worked = (taken * case.role_crew).sum(axis=1)
    able = ~case.sent(parts) & (case.tier <= case.tier[sent]) & (worked <= case.crew + SPARE)
    able &= np.isfinite(met_s).all(axis=1) & (taken > 0).any(axis=1)
    return _Stead(able & _has_room(case, parts, sent), taken, met_s)


def _taken(case: Case, r: int, amount: float) -> NDArray[np.float64]:
    """Return which part of its share each needs to bring so much in this role, or the most it can."""
    most = case.most[:, r]
    if not case.divisible[r]:
        return most
    share = case.share[:, r]
    return np.minimum(most, np.divide(amount, share, out=np.ones_like(share), where=share > 0))


def _met_with(
    case: Case, came: NDArray[np.float64], r: int, brings: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return when the target is met by those who come anyway and one more who brings so much."""
    times_s = np.append(case.arrival_s, np.inf)
    target = case.target[r] * ENOUGH
    without_s = times_s[np.searchsorted(came, target)]
    rest_there_s = times_s[np.searchsorted(came, target - brings)]
    met_s: NDArray[np.float64] = np.minimum(without_s, np.maximum(rest_there_s, case.arrival_s))
    return met_s


def _has_room(case: Case, parts: Parts, sent: int) -> NDArray[np.bool_]:
    has_room = np.ones(len(parts), dtype=np.bool_)
    going = case.sent(parts)
    going[sent] = False
    for group in case.groups:
        if going[group.members].sum() >= group.at_most:
            has_room[group.members] = False
    return has_room


def _keeps_bounds(search: Search, met_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    keeps = np.ones(len(met_s), dtype=np.bool_)
    for measure in (Measure.LATENESS, Measure.MET, Measure.COMPLETION):
        bound = search.at_most[measure]
        keeps &= time_values(search.case, measure, met_s) <= bound + slack(bound)
    return keeps
