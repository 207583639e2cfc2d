"""Weighted travel: what rows pay for the nearest site, and sites moved one by one while that pays."""

from dataclasses import dataclass

import numpy as np

from routing.siting.question import Clock, Numbers, Positions, soonest

ROWS_A_BLOCK = 2048
SAME = 1e-12
SEED, IN_VAIN, MOST_MOVED = 1, 100, 8


@dataclass(frozen=True, eq=False)
class Distances:
    """
    Finite times from candidates beside what stands, and the weights of rows.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
        Arrival from each candidate, never later than from what stands.
    standing_s : float64, shape (rows,)
        Arrival from what stands.
    weight : float64, shape (rows,)
        All above zero.
    """

    seconds: Numbers
    standing_s: Numbers
    weight: Numbers

    @classmethod
    def of(cls, seconds: Numbers, standing_s: Numbers, weight: Numbers) -> "Distances":
        """Cut times to those of what stands."""
        return cls(np.minimum(seconds, standing_s[:, None]), standing_s, weight)

    @property
    def candidates(self) -> int:
        """How many sites could be built."""
        return int(self.seconds.shape[1])

    def nearest_s(self, chosen: list[int]) -> Numbers:
        """Return the first arrival at each row."""
        return np.minimum(self.standing_s, soonest(self.seconds, chosen))

    def total(self, chosen: list[int]) -> float:
        """Return the weighted sum of first arrivals."""
        return float(self.weight @ self.nearest_s(chosen))

    def gains(self, arrival_s: Numbers) -> Numbers:
        """Return by how much each candidate would lessen the total beside these arrivals."""
        gain = np.zeros(self.candidates)
        for first in range(0, len(arrival_s), ROWS_A_BLOCK):
            rows = slice(first, first + ROWS_A_BLOCK)
            sooner = np.maximum(arrival_s[rows, None] - self.seconds[rows], 0)
            gain += self.weight[rows] @ sooner
        return gain

    def beside(self, forced: list[int], kept: Positions) -> "Distances":
        """Return the distances of some candidates once others are built."""
        return Distances.of(self.seconds[:, kept], self.nearest_s(forced), self.weight)


def greedy(distances: Distances, new: int, start: list[int] | None = None) -> list[int]:
    """Return candidates taken one by one, the one that lessens the total most first."""
    chosen = list(start or [])
    while len(chosen) < new:
        gain = distances.gains(distances.nearest_s(chosen))
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(gain)))
    return chosen


def swapped(distances: Distances, chosen: list[int], clock: Clock) -> list[int]:
    """Return a choice that no single swap betters: the best pair each time (Resende and Werneck, 2007)."""
    total = distances.total(chosen)
    while chosen and clock.left_s > 0:
        out, into, profit = _best_swap(distances, chosen)
        if profit <= SAME * max(total, 1):
            break
        chosen = [*chosen[:out], *chosen[out + 1 :], into]
        total -= profit
    return chosen


def shaken(distances: Distances, chosen: list[int], enough: float, clock: Clock) -> list[int]:
    """
    Return the best of a choice and of others that swaps lead to once some of its sites are moved at random.

    Ends once a total comes down to ``enough``. The same question is shaken alike, unless time runs out.
    """
    random, total, waited = np.random.default_rng(SEED), distances.total(chosen), 0
    while waited < IN_VAIN and total > enough and clock.left_s > 0 and len(chosen) < distances.candidates:
        moved = int(random.integers(1, min(MOST_MOVED, len(chosen)) + 1))
        kept = random.permutation(chosen)[moved:].tolist()
        free = np.setdiff1d(np.arange(distances.candidates), chosen)
        start = [*kept, int(random.choice(free))]
        tried = swapped(distances, greedy(distances, len(chosen), start), clock)
        waited += 1
        if distances.total(tried) < total * (1 - SAME):
            chosen, total, waited = tried, distances.total(tried), 0
    return chosen


def lowest(distances: Distances, chosen: list[int], clock: Clock) -> list[int]:
    """
    Return a choice with no greater total at the lowest positions that single swaps lead to, ascending.

    Once time has run out it is left as it is.
    """
    chosen = sorted(chosen)
    at = len(chosen) - 1
    while at >= 0 and clock.left_s > 0:
        others = chosen[:at] + chosen[at + 1 :]
        arrival = distances.nearest_s(others)
        gain = distances.gains(arrival)
        gain[others] = -np.inf
        equal = np.flatnonzero(gain >= gain[chosen[at]] - SAME * max(float(distances.weight @ arrival), 1))
        if equal[0] < chosen[at]:
            chosen, at = sorted([*others, int(equal[0])]), len(chosen)
        at -= 1
    return chosen


def _best_swap(distances: Distances, chosen: list[int]) -> tuple[int, int, float]:
    """Return which chosen one to leave for which candidate, and by how much that lessens the total."""
    built = np.column_stack([distances.seconds[:, chosen], distances.standing_s])
    server = np.argmin(built, axis=1)
    two = np.partition(built, 1, axis=1)
    first_s, second_s = two[:, 0], two[:, 1]
    order = np.argsort(server, kind="stable")
    profit = np.zeros((len(chosen), distances.candidates))
    gain = np.zeros(distances.candidates)
    starts = np.searchsorted(server[order], np.arange(len(chosen) + 2))
    for group in range(len(chosen) + 1):
        rows = order[starts[group] : starts[group + 1]]
        weight, times = distances.weight[rows], distances.seconds[rows]
        gain += weight @ np.maximum(first_s[rows, None] - times, 0)
        if group < len(chosen):
            kept = np.minimum(np.maximum(times, first_s[rows, None]), second_s[rows, None])
            profit[group] -= weight @ (kept - first_s[rows, None])
    profit += gain
    profit[:, chosen] = -np.inf
    out, into = np.unravel_index(np.argmax(profit), profit.shape)
    return int(out), int(into), float(profit[out, into])
