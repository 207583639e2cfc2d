"""What would let somebody offer something that counts: its share given back, or the least there is."""

from collections.abc import Sequence

import numpy as np

from routing.changes import Brought, GivenBack, Offer
from routing.dispatch import Candidates
from routing.needs import AddsUp, Requirement
from routing.reasons import Failure, Share


def given_back(
    requirements: Sequence[Requirement], candidates: Candidates, position: int, failure: Failure
) -> GivenBack:
    """Return the mending of what withholds a share, which then counts for every requirement of its name."""
    offers = tuple(
        _together(requirement, _offer(candidates, position, j), failure.withheld)
        for j, requirement in enumerate(requirements)
        if failure.withheld and requirement.name == failure.withheld.name
    )
    return GivenBack(failure, offers)


def least(requirements: Sequence[Requirement], candidates: Candidates, position: int) -> Brought:
    """
    Return the smallest share that counts, of what it offers too little of, else of the first requirement.

    That is the level itself, a whole squad, or one of what is counted; less only where less is needed.
    """
    has = np.flatnonzero(candidates.offered[position] > 0)
    j = int(has[0]) if len(has) else 0
    requirement, offer = requirements[j], _offer(candidates, position, j)
    wanted = Share(requirement.name, _smallest(requirement), requirement.level)
    if requirement.adds_up is AddsUp.MAXIMUM:
        return Brought(requirement.name, Offer(j, wanted.amount, 0.0))
    return Brought(
        requirement.name, Offer(j, max(offer.amount, wanted.amount), max(offer.level, wanted.level))
    )


def _offer(candidates: Candidates, position: int, j: int) -> Offer:
    return Offer(j, float(candidates.offered[position, j]), float(candidates.level[position, j]))


def _together(requirement: Requirement, offer: Offer, more: Share) -> Offer:
    best = requirement.adds_up is AddsUp.MAXIMUM
    amount = max(offer.amount, more.amount) if best else offer.amount + more.amount
    return Offer(offer.requirement, amount, max(offer.level, more.level))


def _smallest(requirement: Requirement) -> float:
    if requirement.adds_up is AddsUp.MAXIMUM:
        return requirement.level or requirement.quantity
    return 1.0 if requirement.adds_up is AddsUp.SQUADS else min(1.0, requirement.quantity)
