"""
The p-median as a programme of sites alone: what rows pay is held from below by cuts (Benders).

A row that no chosen site is nearer to than D pays at least D; each nearer one lets it pay less by the
difference. The cut at the distance where the nearest sites make up one whole site is the strongest (Magnanti
and Wong, 1981; Duran-Mateluna, Ales and Elloumi, 2023).
"""

import math
from dataclasses import dataclass

import numpy as np

from routing.siting.answer import sufficient
from routing.siting.distances import Distances, greedy, swapped
from routing.siting.question import Clock, Flags, Numbers, Positions
from routing.solver import Model, Objective

BUILT = 0.5
"""Whole values come back as 0.9999: above this a site is chosen."""
VIOLATED = 1e-6
"""A cut is added where a row pays less than it must by more than this share."""
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Solved:
    """The best choice found, if any, and the least that any could total; ``inf`` where there is none."""

    chosen: list[int] | None
    least: float


@dataclass(frozen=True, eq=False)
class Cuts:
    """Cuts: for each, the row and the distance."""

    row: Positions
    at_s: Numbers

    def and_more(self, more: "Cuts") -> "Cuts":
        """Return these and others."""
        return Cuts(np.concatenate([self.row, more.row]), np.concatenate([self.at_s, more.at_s]))


@dataclass(frozen=True, eq=False)
class _Point:
    """How much of each site is built, what rows pay, and the bound that goes with it."""

    built: Numbers
    pays_s: Numbers
    least: float


class MedianProgram:
    """
    At most ``new`` candidates, at least one out of each set that must be reached.

    Parameters
    ----------
    distances : Distances
        What rows pay.
    new : int
        How many may be built.
    must_reach : bool, shape (sets, candidates)
        Each set holds the candidates of which one is needed.
    whole : bool
        Whether every total is a whole number.
    """

    def __init__(self, distances: Distances, new: int, must_reach: Flags, *, whole: bool) -> None:
        self.distances, self.new, self.must_reach, self.whole = distances, new, must_reach, whole
        self.order = np.argsort(distances.seconds, axis=1, kind="stable")
        self.sorted_s = np.take_along_axis(distances.seconds, self.order, axis=1)

    def solve(self, first: Cuts, known: float, clock: Clock) -> Solved:
        """Return the best choice and bound; ends once ``known``, a total that is possible, is proved."""
        cuts, least = self._tightened(first, clock)
        chosen: list[int] | None = None
        while clock.left_s > 0 and least < sufficient(known, whole=self.whole):
            point = self._point(cuts, np.ones(self.distances.candidates, dtype=np.bool_), clock)
            if point is None:
                return Solved(chosen, math.inf if math.isinf(known) and clock.left_s > 0 else least)
            least = max(least, point.least)
            found = self._polished(np.flatnonzero(point.built > BUILT).tolist(), clock)
            if chosen is None or self.distances.total(found) < self.distances.total(chosen):
                chosen = found
            known = min(known, self.distances.total(chosen))
            more = self._violated(point)
            if not len(more.row):
                break
            cuts = cuts.and_more(more)
        return Solved(chosen, least)

    def _tightened(self, cuts: Cuts, clock: Clock) -> tuple[Cuts, float]:
        """Return cuts that hold for parts of sites too, and the bound of those."""
        least = -math.inf
        for _ in range(MOST_ROUNDS):
            point = self._point(cuts, np.zeros(self.distances.candidates, dtype=np.bool_), clock)
            if point is None:
                break
            least = max(least, point.least)
            more = self._violated(point)
            if not len(more.row) or clock.left_s <= 0:
                break
            cuts = cuts.and_more(more)
        return cuts, least

    def _polished(self, chosen: list[int], clock: Clock) -> list[int]:
        filled = greedy(self.distances, min(self.new, self.distances.candidates), chosen)
        if len(self.must_reach):
            return filled
        return swapped(self.distances, filled, clock)

    def _violated(self, point: _Point) -> Cuts:
        """Return the strongest cut of each row that pays less than it must."""
        parts = point.built[self.order]
        filled = np.cumsum(parts, axis=1)
        enough = filled >= 1 - VIOLATED
        first = np.argmax(enough, axis=1)
        rows = np.arange(len(first))
        at_s = np.where(enough.any(axis=1), self.sorted_s[rows, first], self.distances.standing_s)
        must_pay = at_s - (parts * np.maximum(at_s[:, None] - self.sorted_s, 0)).sum(axis=1)
        short = np.flatnonzero(point.pays_s < must_pay - VIOLATED * (1 + must_pay))
        return Cuts(short, at_s[short])

    def _point(self, cuts: Cuts, whole: Flags, clock: Clock) -> _Point | None:
        distances, model = self.distances, Model()
        rows, sites = distances.seconds.shape
        built = model.add_columns(np.zeros(sites), np.ones(sites), whole)
        pays = model.add_columns(self.sorted_s[:, 0], distances.standing_s, np.zeros(rows, dtype=np.bool_))
        nearer_s = np.maximum(cuts.at_s[:, None] - distances.seconds[cuts.row], 0)
        cut, column = np.nonzero(nearer_s)
        each = np.arange(len(cuts.row))
        model.add_rows(
            [(each, pays[cuts.row], np.ones(len(each))), (cut, built[column], nearer_s[cut, column])],
            cuts.at_s,
            np.full(len(each), np.inf),
        )
        needed, column = np.nonzero(self.must_reach)
        sets = len(self.must_reach)
        model.add_rows([(needed, built[column], np.ones(len(needed)))], np.ones(sets), np.full(sets, np.inf))
        model.bound(Objective(built, np.ones(sites)), float(self.new))
        solved = model.minimise(Objective(pays, distances.weight), clock.left_s)
        if solved.values is None:
            return None
        return _Point(solved.values[built], solved.values[pays], solved.bound)
