"""The best cover there is: every option scored where they are few, else bounds, fixing and a programme."""

from dataclasses import dataclass

import numpy as np

from routing.siting.cover_bound import CoverBound, cover_bound, proves
from routing.siting.cover_program import solve_cover
from routing.siting.cover_swaps import Allowance, good_cover, shaken, swapped
from routing.siting.open_cover import OpenCover
from routing.siting.overlap import pair_gains, single_gains
from routing.siting.question import Clock, Flags, Positions

PAIR = 2
MOST_PRODUCTS = 2e11
"""Up to so many multiplications, every pair is scored: a few seconds."""
BOUND_PART = 3
"""The bound takes a third of the time that is left at most."""
ENTRIES_A_SECOND = 2e5
"""A programme is begun only where there is a second for so many places where a site reaches a row."""
MOST_COMPARED = 5e10
"""Up to so many multiplications, every candidate is compared with every other: a second or two."""


@dataclass(frozen=True)
class Found:
    """Candidates chosen, the most that any choice could add, how it was found, and the tail in the bound."""

    chosen: list[int]
    most: float
    method: str
    tail: float


def best_cover(cover: OpenCover, allowance: Allowance, copies: int, clock: Clock) -> Found:
    """Return candidates that add most, and a bound on what any could."""
    if allowance.new >= cover.candidates and np.isinf(allowance.budget):
        everything = list(range(cover.candidates))
        return Found(everything, cover.gained(everything), "every candidate is built", 0.0)
    if allowance.new <= PAIR and cover.reach.size * cover.candidates <= MOST_PRODUCTS:
        return every_option(cover, allowance)
    chosen = good_cover(cover, allowance, clock)
    bound = cover_bound(cover, allowance, chosen, clock.within(clock.left_s / BOUND_PART))
    met = swapped(cover, allowance, bound.chosen, clock)
    chosen = max(chosen, met, key=cover.gained)
    if bound.most < proves(cover, cover.gained(chosen)) or clock.left_s <= 0:
        return Found(chosen, bound.most, "swaps, Lagrangian bound", 0.0)
    return _after_ruling(cover, allowance, copies, (shaken(cover, allowance, chosen, clock), bound), clock)


def every_option(cover: OpenCover, allowance: Allowance) -> Found:
    """Score every candidate, and every pair where two may be built; the lowest positions of equals win."""
    alone = np.where(allowance.affordable([]), single_gains(cover), -np.inf)
    chosen = [int(np.argmax(alone))]
    most = float(alone[chosen[0]])
    if allowance.new == PAIR:
        for first, gains in pair_gains(cover):
            block = np.arange(first, first + len(gains))
            cost = allowance.cost[block, None] + allowance.cost[None, first:]
            gains[cost > allowance.budget * (1 + 1e-12)] = -np.inf
            one, other = np.unravel_index(np.argmax(gains), gains.shape)
            if gains[one, other] > most:
                chosen = sorted({first + int(one), first + int(other)})
                most = float(gains[one, other])
    return Found(chosen, cover.gained(chosen), "every option scored", 0.0)


def _after_ruling(
    cover: OpenCover, allowance: Allowance, copies: int, known: tuple[list[int], CoverBound], clock: Clock
) -> Found:
    """Take the sites ruled in and out by a bound as decided; solve what is left of the problem."""
    chosen, bound = known
    inside, outside = bound.ruled(cover.gained(chosen), allowance.new)
    kept = np.flatnonzero(~inside & ~outside & (inside | allowance.affordable([])))
    forced = np.flatnonzero(inside).tolist()
    too_late = np.count_nonzero(cover.reach) > ENTRIES_A_SECOND * clock.left_s
    if too_late or bound.most < proves(cover, cover.gained(chosen)):
        return Found(chosen, bound.most, "swaps, Lagrangian bound", 0.0)
    found = _by_programme(cover, allowance, copies, (chosen, forced, kept), clock)
    return Found(found.chosen, min(found.most, bound.most), f"Lagrangian bound, {found.method}", found.tail)


def _by_programme(
    cover: OpenCover,
    allowance: Allowance,
    copies: int,
    state: tuple[list[int], list[int], Positions],
    clock: Clock,
) -> Found:
    """Solve the programme beside forced sites among the kept; the choice known before stands if better."""
    known, forced, kept = state
    kept = kept[~outclassed(cover, allowance, forced, kept)]
    rest = cover.beside(forced, kept)
    further = allowance.new - len(forced)
    spent = allowance.cost[forced].sum()
    few = min(copies, max(further, 1))
    left = Allowance(further, allowance.cost[kept], allowance.budget - spent)
    solved, most = solve_cover(rest, left, few, clock.left_s) if len(rest.weight) else ([], 0.0)
    tail = float((rest.weight * rest.busy**few).sum()) if few < further else 0.0
    choices = [known] if solved is None else [known, [*forced, *kept[solved].tolist()]]
    chosen = max(choices, key=cover.gained)
    bound = max(cover.gained(known), cover.gained(forced) + most)
    return Found(chosen, bound, "mixed-integer programme", tail)


def outclassed(cover: OpenCover, allowance: Allowance, forced: list[int], kept: Positions) -> Flags:
    """
    Return which candidates need not be looked at: another reaches all they reach, for no more money.

    Of equals the lowest stays. Not with busy teams, where a second team at hand is worth something.
    """
    reach = cover.reach[np.ix_(cover.left(forced) > 0, kept)]
    if cover.busy or reach.size * len(kept) > MOST_COMPARED:
        return np.zeros(len(kept), dtype=np.bool_)
    each = reach.astype(np.float32)
    within = each.T @ each == each.sum(axis=0)[:, None]
    cost = allowance.cost[kept]
    within &= cost[None, :] <= cost[:, None]
    alike = within & within.T
    return np.asarray((within & ~alike).any(axis=1) | np.tril(alike, -1).any(axis=1), dtype=np.bool_)
