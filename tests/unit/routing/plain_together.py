"""A second, plain way to choose who goes together, to check the product's by: all ways to fill all roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from routing.together import Demand, Offers

CLOSE = 1e-6
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Plain:
    """
    What the brute force finds: each level's optimum, and the ways left when all are kept.

    ``goes``, of shape (ways, units), says who goes in those that keep them all; ``as_few`` also where another
    of the same tiers would arrive sooner.
    """

    missing: Numbers
    values: dict[str, float]
    goes: NDArray[np.bool_]
    as_few: NDArray[np.bool_]


def plainly_together(offers: Offers, demand: Demand, tolerance_s: float) -> Plain:
    """Choose level by level among all ways; shares and crews are whole, a divisible share one person each."""
    first = first_due(offers)
    forced = offers.always.copy()
    if first is not None:
        forced[first] = True
    ways = np.array(list(product(*(options(offers, i) for i in range(len(offers.id))))), dtype=np.float64)
    ways = ways.reshape(len(ways), *offers.share.shape)
    goes = forced | (ways > 0).any(axis=2)
    kept = np.ones(len(ways), dtype=np.bool_)
    for g, limit in enumerate(offers.group_limit):
        kept &= goes[:, offers.group == g].sum(axis=1) <= limit
    missing = np.maximum(demand.needed - ways.sum(axis=1), 0)
    short = (demand.weight * missing / demand.needed).sum(axis=1)
    values = {"shortfall": short[kept].min()}
    kept &= short <= values["shortfall"] + CLOSE
    for r in range(len(demand.needed)):
        kept &= missing[:, r] <= missing[kept, r].min() + CLOSE
    least = missing[np.flatnonzero(kept)[0]]
    values["first_capable"] = np.inf if first is None else float(offers.arrival_s[first])
    wanted = np.flatnonzero(demand.needed - least > CLOSE)
    met_s = met_times(offers, ways, demand.needed - least)[:, wanted]
    weight, deadline_s = demand.weight[wanted], demand.deadline_s[wanted]
    late_s = np.where(met_s > deadline_s, met_s - np.where(np.isinf(deadline_s), 0, deadline_s), 0)
    for name, of_ways, tolerance in (
        ("lateness", (weight * late_s).sum(axis=1), tolerance_s),
        ("met", (weight * met_s).sum(axis=1), tolerance_s),
        ("completion", met_s.max(axis=1, initial=0), tolerance_s),
        ("units", goes.sum(axis=1), 0),
        ("tier", (goes * offers.tier).sum(axis=1), 0),
        ("arrival", (goes * offers.arrival_s).sum(axis=1), 0),
    ):
        values[name] = float(of_ways[kept].min())
        as_few = kept
        kept = kept & (of_ways <= values[name] + tolerance + CLOSE)
    return Plain(least, values, goes[kept], goes[as_few])


def first_due(offers: Offers) -> int | None:
    """Return who is the soonest to fill any role; of a full group only one that is always alerted."""
    for i in sorted(range(len(offers.id)), key=lambda i: (offers.arrival_s[i], offers.id[i])):
        group = offers.group[i]
        alerted = offers.always & (offers.group == group)
        full = group >= 0 and alerted.sum() >= offers.group_limit[group]
        if len(options(offers, i)) > 1 and (offers.always[i] or not full):
            return i
    return None


def options(offers: Offers, i: int) -> list[tuple[int, ...]]:
    """Return nothing, and every way to fill a unit's roles that its crew can do."""
    nothing = (0,) * offers.share.shape[1]
    return [nothing, *(o for o in _fillings(offers, i) if o != nothing)]


def _fillings(offers: Offers, i: int) -> Iterator[tuple[int, ...]]:
    roles = range(offers.share.shape[1])
    shares = [int(share) for share in offers.share[i]]
    ranges: list[Sequence[int]] = [
        range(shares[r] + 1) if offers.divisible[r] else sorted({0, shares[r]}) for r in roles
    ]
    fillings = {filled for filled in product(*ranges) if _crew(offers, i, filled) <= offers.crew[i]}
    for filled in sorted(fillings):
        if not any(more != filled and more in fillings for more in _one_more(filled, ranges)):
            yield filled


def _one_more(filled: tuple[int, ...], ranges: list[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    for r, amounts in enumerate(ranges):
        higher = [amount for amount in amounts if amount > filled[r]]
        yield filled[:r] + tuple(higher[:1] or [filled[r]]) + filled[r + 1 :]


def _crew(offers: Offers, i: int, filled: tuple[int, ...]) -> float:
    crew = 0.0
    for r, amount in enumerate(filled):
        if amount:
            crew += float(offers.role_crew[i, r]) * amount / float(offers.share[i, r])
    return crew


def met_times(offers: Offers, ways: Numbers, target: Numbers) -> Numbers:
    """Return when each target is met in each of the ways; ``inf``: never."""
    order = np.argsort(offers.arrival_s)
    enough = ways[:, order].cumsum(axis=1) >= target - CLOSE
    met_s: Numbers = np.where(enough[:, -1], offers.arrival_s[order][enough.argmax(axis=1)], np.inf)
    return met_s
