"""
Who answers what when teams are busy: the hypercube queueing model.

A state says which teams are out; a call goes to the first free team in its own order, and is lost if none is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.siting.question import Numbers, Positions

CLOSE = 1e-13
"""Sweeps end once no chance moves by more."""
TINY = 1e-200
MOST_SWEEPS = 20_000


@dataclass(frozen=True, eq=False)
class Calls:
    """
    Calls and the teams that answer them.

    Attributes
    ----------
    load : float64, shape (demand,)
        Calls of each demand in the mean time that one takes.
    order : int64, shape (demand, teams)
        Teams in the order in which they are asked.
    asked : int64, shape (demand,)
        So many of them can come at all.
    """

    load: Numbers
    order: Positions
    asked: Positions

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return int(self.order.shape[1])

    @property
    def offered(self) -> float:
        """All calls that some team could answer, in the mean time that one takes."""
        return float(self.load[self.asked > 0].sum())


@dataclass(frozen=True, eq=False)
class Answered:
    """
    Who answers.

    Attributes
    ----------
    busy : float64, shape (teams,)
        Fraction of time each team is out.
    share : float64, shape (demand, teams)
        Fraction of the calls of each demand that each team answers; what is missing to 1 is lost.
    """

    busy: Numbers
    share: Numbers


def exact(calls: Calls) -> Answered:
    """
    Return who answers, from the balance of all 2^teams states (Larson, 1974).

    What counts of an order is the set of teams asked before one: sums over the states that hold a set give
    every rate and every share at once.
    """
    before = _asked_before(calls)
    states, teams = 2**calls.teams, calls.teams
    demand, rank = np.nonzero(np.arange(teams) < calls.asked[:, None])
    team = calls.order[demand, rank]
    rate = np.zeros((teams, states))
    np.add.at(rate, (team, before[demand, rank]), calls.load[demand])
    free = (np.arange(states)[None, :] >> np.arange(teams)[:, None]) & 1 == 0
    rate = np.where(free, _over_subsets(rate), 0.0)
    chance = _balanced(rate, free)
    reached = _over_supersets(np.where(free, chance, 0.0))
    share = np.zeros(calls.order.shape)
    share[demand, team] = reached[team, before[demand, rank]]
    return Answered(np.where(free, 0.0, chance).sum(axis=1), share)


def _asked_before(calls: Calls) -> Positions:
    """Return the set of teams asked before each, as bits, shape (demand, teams)."""
    bits = np.left_shift(1, calls.order)
    return np.asarray(np.cumsum(bits, axis=1) - bits, dtype=np.int64)


def _over_subsets(values: Numbers) -> Numbers:
    """Return for each set the sum over the sets it holds; sets are bits along the last axis."""
    total = values.copy()
    for bit in _bits(values.shape[-1]):
        halves = total.reshape(len(values), -1, 2, bit)
        halves[:, :, 1] += halves[:, :, 0]
    return total


def _over_supersets(values: Numbers) -> Numbers:
    """Return for each set the sum over the sets that hold it."""
    total = values.copy()
    for bit in _bits(values.shape[-1]):
        halves = total.reshape(len(values), -1, 2, bit)
        halves[:, :, 0] += halves[:, :, 1]
    return total


def _bits(states: int) -> list[int]:
    return [1 << at for at in range(states.bit_length() - 1)]


def _balanced(rate: Numbers, free: NDArray[np.bool_]) -> Numbers:
    """
    Return the chance of each state, in which each busy team is free again at rate 1.

    Even and odd numbers of busy teams are solved in turn, each from the other; then levels are weighed so
    that as many calls lead up from each as down to it.
    """
    states = np.arange(rate.shape[1])
    level = np.count_nonzero(~free, axis=0)
    leave = rate.sum(axis=0) + level
    odd = level % 2 == 1
    chance = np.full(len(states), 1 / len(states))
    for _ in range(MOST_SWEEPS):
        before = chance
        for half in (odd, ~odd):
            arriving = np.zeros(len(states))
            for team, bit in enumerate(_bits(len(states))):
                other = states ^ bit
                arriving += np.where(free[team], chance[other], chance[other] * rate[team, other])
            chance = np.where(half & (leave > 0), arriving / np.where(leave > 0, leave, 1), chance)
        chance = _levelled(chance, rate.sum(axis=0), level)
        if np.abs(chance - before).max() < CLOSE:
            break
    return chance


def _levelled(chance: Numbers, rate: Numbers, level: Positions) -> Numbers:
    """Return chances with each level weighed anew and all summing to 1, levels staying as they are within."""
    held = np.bincount(level, chance)
    up = np.bincount(level, chance * rate) / np.maximum(held, TINY)
    steps = up[:-1] / np.arange(1, len(held))
    weighed = np.concatenate([[1.0], np.cumprod(steps)])
    factor = weighed / weighed.sum() / np.maximum(held, TINY)
    return np.asarray(chance * factor[level], dtype=np.float64)
