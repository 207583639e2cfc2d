"""What would bring somebody onto the list: changes tried out, closed roads by a real run with them open."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.situations import Situation
from geo.places import Place
from routing.changes import Change, Reopened
from routing.counterfactual import Counterfactual, Remedies, counterfactual
from routing.dispatch import Candidates, Choice, Rules
from routing.fleet import FleetTravel, fleet_travel
from routing.needs import Requirement
from routing.profiles import CAR
from routing.snapping import Snapped

MOST_REOPENINGS = 3
MOST_LOOKED_AT = 12


@dataclass(frozen=True)
class Travellers:
    """Candidates of a kind on the road: what they drive, where they stand, and where to."""

    profiles: Sequence[str]
    travel: FleetTravel
    place: Place
    limit_m: float
    target: Snapped


def nothing_follows(_: int, __: Sequence[Change], candidates: Candidates) -> Candidates:
    """Return the candidates as they are: what changes for one changes nothing else."""
    return candidates


@dataclass(frozen=True)
class Remedied:
    """
    What is known of how things could be otherwise.

    ``follows`` returns the candidates with what the changes made to one of them, by its position, entail
    besides.
    """

    reopened: tuple[Reopened, ...]
    follows: Callable[[int, Sequence[Change], Candidates], Candidates] = nothing_follows


def would_list(
    needs: Sequence[Requirement],
    candidates: Candidates,
    rules: Rules,
    choice: Choice,
    remedied: Remedied,
) -> dict[int, Counterfactual]:
    """Return what would list each of those passed over, by position; whom nothing known helps is left out."""
    would: dict[int, Counterfactual] = {}
    for passed in (*choice.passed_over, *choice.farther):
        i = passed.position
        from_base_s = float(candidates.travel_s[i])
        remedies = Remedies(from_base_s if np.isfinite(from_base_s) else None, remedied.reopened)
        found = counterfactual(needs, candidates, rules, i, remedies)
        if isinstance(found, Counterfactual):
            then = remedied.follows(i, found.changes, candidates)
            if then is not candidates:
                found = counterfactual(needs, then, rules, i, remedies)
        if isinstance(found, Counterfactual):
            would[i] = found
    return would


def reopenings(
    situation: Situation, travellers: Travellers, straight_m: NDArray[np.float64]
) -> tuple[Reopened, ...]:
    """Run again with closed roads open: those in the way of who is cut off, the nearest first."""
    nearest = np.argsort(straight_m, kind="stable")
    cut_off = nearest[np.isinf(travellers.travel.time_s[nearest])]
    if not (len(cut_off) and situation.effect.closed.any()):
        return ()
    sets = _in_the_way(situation, travellers, cut_off[:MOST_LOOKED_AT])
    return tuple(_reopened(situation, travellers, closures) for closures in sets)


def _in_the_way(
    situation: Situation, travellers: Travellers, look_at: NDArray[np.int64]
) -> list[frozenset[int]]:
    """Return the sets of closures on the ways that a car would take were nothing closed, smallest first."""
    unhindered = situation.roads.routers.get(CAR)
    routes = unhindered.routes_to(travellers.travel.origins[look_at], travellers.target)
    counted: Counter[frozenset[int]] = Counter()
    for route in routes:
        if route is not None:
            driven = np.unique(route.stretches.segment)
            closed = driven[situation.effect.closed[driven]]
            counted[situation.closures_on(closed.tolist())] += 1
    del counted[frozenset()]
    most = [closures for closures, _ in counted.most_common(MOST_REOPENINGS)]
    return sorted(most, key=lambda closures: (len(closures), sorted(closures)))


def _reopened(situation: Situation, travellers: Travellers, closures: frozenset[int]) -> Reopened:
    open_again = situation.reopened(closures)
    target = open_again.snap_incident(travellers.place, travellers.limit_m)
    travel = fleet_travel(open_again.router, travellers.profiles, travellers.travel.origins, target)
    return Reopened(tuple(situation.closure_named(i) for i in sorted(closures)), travel.time_s)
