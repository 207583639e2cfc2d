"""Sites moved so that the latest arrival comes sooner: towards the latest row, the best swap each time."""

import numpy as np

from routing.siting.nearest import Nearest
from routing.siting.question import Clock, Numbers, Positions

SEED, IN_VAIN, MOST_MOVED = 1, 200, 5
MOST_TRIED = 400
"""So many candidates are tried for the latest row at most, the nearest."""
SAME = 1e-12


def moved(nearest: Nearest, chosen: list[int], clock: Clock) -> list[int]:
    """
    Return the best choice that swaps lead to, from this and from others with some sites moved at random.

    Variable neighbourhood search (Mladenović, Labbé and Hansen, 2003); alike every time unless time runs out.
    """
    random = np.random.default_rng(SEED)
    best = swapped(nearest, chosen, clock)
    worst_s, waited = nearest.worst(best), 0
    while waited < IN_VAIN and clock.left_s > 0 and 0 < len(best) < nearest.seconds.shape[1]:
        tried = swapped(nearest, _shaken(nearest, best, 1 + waited % MOST_MOVED, random), clock)
        tried_s, waited = nearest.worst(tried), waited + 1
        if tried_s <= worst_s:
            waited = waited if tried_s == worst_s else 0
            best, worst_s = tried, tried_s
    return best


def swapped(nearest: Nearest, chosen: list[int], clock: Clock) -> list[int]:
    """Return a choice whose worst arrival no single swap makes sooner."""
    worst_s = nearest.worst(chosen)
    while chosen and clock.left_s > 0:
        sooner = _sooner(nearest, chosen, MOST_TRIED)
        if not len(sooner):
            break
        after_s = _after_swaps(nearest, chosen, sooner)
        into, out = np.unravel_index(np.argmin(after_s), after_s.shape)
        if not after_s[into, out] < worst_s * (1 - SAME):
            break
        worst_s = float(after_s[into, out])
        chosen = [*chosen[:out], *chosen[out + 1 :], int(sooner[into])]
    return chosen


def _shaken(nearest: Nearest, chosen: list[int], moves: int, random: np.random.Generator) -> list[int]:
    """Return a choice with some sites moved, each to where the row that is then latest is reached sooner."""
    for _ in range(moves):
        sooner = _sooner(nearest, chosen, MOST_TRIED)
        if not len(sooner):
            break
        out = int(random.integers(len(chosen)))
        chosen = [*chosen[:out], *chosen[out + 1 :], int(random.choice(sooner))]
    return chosen


def _sooner(nearest: Nearest, chosen: list[int], most: int) -> Positions:
    """Return candidates that reach the latest row sooner than it is reached now, the nearest first."""
    arrival = nearest.arrival(chosen)
    times = nearest.seconds[int(np.argmax(arrival))]
    order = np.argsort(times, kind="stable")[:most]
    return np.asarray(order[times[order] < arrival.max()], dtype=np.int64)


def _after_swaps(nearest: Nearest, chosen: list[int], into: Positions) -> Numbers:
    """Return the worst arrival after each swap, shape (into, chosen): rows are grouped by who comes first."""
    built = np.column_stack([nearest.seconds[:, chosen], nearest.standing_s])
    server = np.argmin(built, axis=1)
    two = np.partition(built, 1, axis=1)
    order = np.argsort(server, kind="stable")
    groups, start = np.unique(server[order], return_index=True)
    times = nearest.seconds[np.ix_(order, into)]
    kept = np.maximum.reduceat(np.minimum(times, two[order, 0][:, None]), start, axis=0)
    left = np.maximum.reduceat(np.minimum(times, two[order, 1][:, None]), start, axis=0)
    by_kept = np.argsort(-kept, axis=0, kind="stable")
    highest = np.take_along_axis(kept, by_kept[:1], axis=0)[0]
    next_highest = (
        np.take_along_axis(kept, by_kept[1:2], axis=0)[0] if len(groups) > 1 else np.zeros(len(into))
    )
    after = np.tile(highest, (len(chosen), 1))
    for at, group in enumerate(groups):
        if group < len(chosen):
            others = np.where(by_kept[0] == at, next_highest, highest)
            after[group] = np.maximum(others, left[at])
    return after.T
