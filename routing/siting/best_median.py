"""The least total there is: swaps, a Lagrangian bound, fixing, then branches or a programme."""

import math
from dataclasses import dataclass

import numpy as np

from routing.siting.answer import sufficient
from routing.siting.distances import Distances, greedy, lowest, shaken, swapped
from routing.siting.median_bound import AT_FIRST, Goal, MedianBound, median_bound, tightened
from routing.siting.median_branches import Branch, MedianBranches
from routing.siting.median_program import Cuts, MedianProgram
from routing.siting.question import Clock, Numbers, Positions, even_scale, whole

SHAKING_SHARE = 0.1
"""Of the time there is left, so much is given to shaking at most."""
FAR = 10
"""A row that is not reached pays so many times the latest arrival there is, while choices are compared."""


@dataclass(frozen=True, eq=False)
class Served:
    """
    Rows with weight that some site reaches, and arrivals there; ``inf`` where no road leads.

    Attributes
    ----------
    seconds : float64, shape (rows, candidates)
    standing_s, weight : float64, shape (rows,)
    """

    seconds: Numbers
    standing_s: Numbers
    weight: Numbers

    @property
    def whole(self) -> bool:
        """Whether every total is a whole number."""
        finite = self.seconds[np.isfinite(self.seconds)]
        standing = self.standing_s[np.isfinite(self.standing_s)]
        return whole(self.weight) and whole(standing) and bool(np.all(finite == np.floor(finite)))

    def even(self) -> tuple["Served", float]:
        """Return the same in units that suit a solver, and by how much totals are larger in them."""
        if self.whole:
            return self, 1.0
        longer, heavier = even_scale(self.seconds), even_scale(self.weight)
        return Served(
            self.seconds * longer, self.standing_s * longer, self.weight * heavier
        ), longer * heavier

    def compared(self) -> Distances:
        """Return finite distances: never more than what stands, or the worst of all candidates, gives."""
        finite = np.isfinite(self.seconds)
        latest = self.seconds.max(axis=1, initial=0.0)
        far = FAR * max(1.0, float(self.seconds.max(initial=0.0, where=finite)))
        cap = np.minimum(self.standing_s, np.where(np.isfinite(latest), latest, far))
        return Distances.of(np.where(finite, self.seconds, far), cap, self.weight)

    def total(self, chosen: list[int]) -> float:
        """Return the true total; ``inf`` where a row is not reached."""
        arrival = np.minimum(self.standing_s, self.seconds[:, chosen].min(axis=1, initial=math.inf))
        return float(self.weight @ arrival)


@dataclass(frozen=True)
class Found:
    """Candidates chosen, the least that any choice could total, and how it was found."""

    chosen: list[int]
    least: float
    method: str


def best_median(served: Served, new: int, clock: Clock) -> Found:
    """Return as many candidates as are asked for with the least total found, and a bound."""
    candidates = served.seconds.shape[1]
    if not new or new == candidates or not len(served.weight):
        only = list(range(new))
        return Found(
            only, served.total(only), "there is one choice" if len(served.weight) else "nothing to serve"
        )
    distances, in_whole = served.compared(), served.whole
    chosen = swapped(distances, greedy(distances, new), clock)
    total = distances.total(chosen)
    bound = median_bound(distances, chosen, total, sufficient(total, whole=in_whole), clock)
    other = np.argsort(bound.value, kind="stable")[:new].tolist()
    chosen = min(chosen, swapped(distances, other, clock), key=distances.total)
    if not _proved(served, chosen, bound):
        chosen, bound = _improved(distances, chosen, bound, clock, in_whole=in_whole)
    if _proved(served, chosen, bound) or clock.left_s <= 0:
        return Found(_lowest(served, distances, chosen, clock), bound.least, "swaps, Lagrangian bound")
    return _by_programme(served, distances, (chosen, bound), clock)


def _proved(served: Served, chosen: list[int], bound: MedianBound) -> bool:
    return bound.least >= sufficient(served.total(chosen), whole=served.whole)


def _improved(
    distances: Distances, chosen: list[int], bound: MedianBound, clock: Clock, *, in_whole: bool
) -> tuple[list[int], MedianBound]:
    """Shake a choice; where that finds a better one, raise the bound anew by steps that fit it."""
    shaking = clock.within(clock.left_s * SHAKING_SHARE)
    better = shaken(distances, chosen, bound.least, shaking)
    total = distances.total(better)
    if total >= distances.total(chosen):
        return chosen, bound
    goal = Goal(total, sufficient(total, whole=in_whole))
    again = tightened(distances, len(better), bound.price, goal, AT_FIRST, clock)
    return better, max(bound, again, key=lambda one: one.least)


def _by_programme(
    served: Served, distances: Distances, known: tuple[list[int], MedianBound], clock: Clock
) -> Found:
    """Solve what a bound leaves undecided by a programme."""
    chosen, bound = known
    total, new, in_whole = served.total(chosen), len(chosen), served.whole
    forced, kept = _undecided(bound, total, new, in_whole=in_whole)
    if len(forced) == new or not len(kept):
        chosen = min([chosen, *([forced] if len(forced) == new else [])], key=served.total)
        return Found(
            _lowest(served, distances, chosen, clock), served.total(chosen), "Lagrangian bound, fixing"
        )
    unreached = ~np.isfinite(
        np.minimum(served.standing_s, served.seconds[:, forced].min(axis=1, initial=math.inf))
    )
    sets = np.isfinite(served.seconds[np.ix_(unreached, kept)])
    sets = sets[~sets.all(axis=1)]
    if not len(sets):
        return _by_branches(served, distances, (chosen, forced, kept, bound), clock)
    rest = distances.beside(forced, kept)
    program = MedianProgram(rest, new - len(forced), sets, whole=in_whole)
    first = Cuts(np.arange(len(bound.price)), np.minimum(bound.price / distances.weight, rest.standing_s))
    solved = program.solve(first, total, clock)
    if solved.chosen is not None:
        chosen = min(chosen, [*forced, *kept[solved.chosen].tolist()], key=served.total)
    least = max(bound.least, min(solved.least, total))
    return Found(
        _lowest(served, distances, chosen, clock), least, "Lagrangian bound, programme of sites with cuts"
    )


def _by_branches(
    served: Served,
    distances: Distances,
    known: tuple[list[int], list[int], Positions, MedianBound],
    clock: Clock,
) -> Found:
    """Branch on what a bound leaves undecided: each row is reached whatever is chosen."""
    chosen, forced, kept, bound = known
    branches = MedianBranches(distances, chosen, whole=served.whole)
    least = branches.solve(Branch(bound.least, forced, kept, bound.price), clock)
    return Found(_lowest(served, distances, branches.best, clock), least, "Lagrangian bound, branches")


def _undecided(bound: MedianBound, total: float, new: int, *, in_whole: bool) -> tuple[list[int], Positions]:
    """Return the candidates that every better choice holds, and those that are open."""
    if math.isinf(total):
        return [], np.arange(len(bound.value))
    must_beat = sufficient(total, whole=True) if in_whole else total
    inside, outside = bound.ruled(must_beat, new)
    return np.flatnonzero(inside).tolist(), np.flatnonzero(~inside & ~outside)


def _lowest(served: Served, distances: Distances, chosen: list[int], clock: Clock) -> list[int]:
    """Return an equal choice at lower positions, unless that would leave a row unreached."""
    lower = lowest(distances, chosen, clock)
    return lower if served.total(lower) <= served.total(chosen) else chosen
