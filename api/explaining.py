"""What would bring somebody onto the list: changes tried out, closed roads by a real run with them open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.situations import Situation
from geo.places import Place
from routing.changes import Reopened
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


def would_list(
    needs: Sequence[Requirement],
    candidates: Candidates,
    rules: Rules,
    choice: Choice,
    reopened: tuple[Reopened, ...],
) -> dict[int, Counterfactual]:
    """Return what would list each of those passed over, by position; whom nothing known helps is left out."""
    would: dict[int, Counterfactual] = {}
    for passed in (*choice.passed_over, *choice.farther):
        i = passed.position
        from_base_s = float(candidates.travel_s[i])
        remedies = Remedies(from_base_s if np.isfinite(from_base_s) else None, reopened)
        found = counterfactual(needs, candidates, rules, i, remedies)
        if isinstance(found, Counterfactual):
            would[i] = found
    return would


def reopenings(
    situation: Situation, travellers: Travellers, look_at: NDArray[np.int64]
) -> tuple[Reopened, ...]:
    """
    Run again with closed roads open: those in the way of candidates, the ones in most ways first.

    Parameters
    ----------
    look_at
        The candidates whose ways are looked at, by position, the ones that matter most first.
    """
    if not situation.effect.closed.any():
        return ()
    sets = _in_the_way(situation, travellers, look_at[:MOST_LOOKED_AT])
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
