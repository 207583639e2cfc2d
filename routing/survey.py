"""What a place needs against what stands within reach: how each need fares, and which places fare worst."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.needs import Requirement
from routing.offers import ChoiceRules, Demand, Offers
from routing.together import fares


@dataclass(frozen=True)
class Standing:
    """
    How one requirement fares with everybody within reach.

    Attributes
    ----------
    requirement : Requirement
    available : float
        What could come if everybody filled this role alone: the sum, or the best level.
    missing : float
        What is short in the measure of ``requirement.needed`` once every crew fills one role at a time.
    complete_s : float
        When it would be met, counted from the order; ``inf`` where something is missing.
    """

    requirement: Requirement
    available: float
    missing: float
    complete_s: float

    @property
    def share_missing(self) -> float:
        """Which share of what is needed is missing, from 0 to 1."""
        return self.missing / self.requirement.needed

    @property
    def late(self) -> bool:
        """Whether there is enough, but later than it is due."""
        return self.missing == 0 and self.complete_s > self.requirement.deadline_s


@dataclass(frozen=True)
class Stock:
    """
    What depots within reach hold of the supplies that are asked for.

    Attributes
    ----------
    arrive_s : float64, shape (depots,)
        Loading and driving; ``inf`` where no road leads.
    delivers : bool, shape (depots,)
        False where it has to be fetched.
    now : float64, shape (depots, supplies)
        What can be given at once: fresh, and above the minimum.
    later : float64, shape (depots, supplies)
        What can be produced.
    later_s : float64, shape (depots, supplies)
        From when on there is some of that, ``inf`` where there is none.
    """

    arrive_s: NDArray[np.float64]
    delivers: NDArray[np.bool_]
    now: NDArray[np.float64]
    later: NDArray[np.float64]
    later_s: NDArray[np.float64]


@dataclass(frozen=True)
class SupplyStanding:
    """
    How one supply fares with every depot within reach.

    Attributes
    ----------
    requirement : Requirement
    available : float
        What depots can give at once; ``to_fetch`` of it lies where nobody delivers.
    producible, produced_from_s : float
        What the same depots can produce besides, and from when on; ``inf`` where nothing.
    missing : float
        What is needed and not available, whatever could be produced.
    complete_s : float
        When enough of it would be there if every depot sent all it can; ``inf``: never.
    """

    requirement: Requirement
    available: float
    to_fetch: float
    producible: float
    produced_from_s: float
    missing: float
    complete_s: float

    @property
    def share_missing(self) -> float:
        """Which share of what is needed is missing, from 0 to 1."""
        return self.missing / self.requirement.needed

    @property
    def late(self) -> bool:
        """Whether there is enough, but later than it is due."""
        return self.missing == 0 and self.complete_s > self.requirement.deadline_s


def standings(
    requirements: Sequence[Requirement], counted: NDArray[np.float64], offers: Offers, rules: ChoiceRules
) -> tuple[Standing, ...]:
    """
    Return how requirements fare with everybody who is offered.

    Parameters
    ----------
    requirements
    counted : float64, shape (offers, requirements)
        What each brings of each, 0 where the level of its crew is too low.
    offers : Offers
        Those within reach, with what each adds to each role.
    rules : ChoiceRules
        As for an incident.
    """
    demand = Demand.of(requirements)
    if not len(offers.id):
        return tuple(Standing(one, 0.0, one.needed, math.inf) for one in requirements)
    fare = fares(offers, demand, rules)
    return tuple(
        Standing(one, one.available(counted[:, j]), float(fare.missing[j]), float(fare.met_s[j]))
        for j, one in enumerate(requirements)
    )


def supply_standings(
    requirements: Sequence[Requirement], stock: Stock, within_s: float
) -> tuple[SupplyStanding, ...]:
    """Return how supplies fare with every depot whose load would be there in time."""
    near = np.flatnonzero(stock.arrive_s <= within_s)
    near = near[np.argsort(stock.arrive_s[near], kind="stable")]
    return tuple(_supply(one, j, stock, near) for j, one in enumerate(requirements))


def _supply(one: Requirement, j: int, stock: Stock, near: NDArray[np.int64]) -> SupplyStanding:
    gives = stock.now[near, j]
    giving = near[gives > 0]
    return SupplyStanding(
        requirement=one,
        available=one.available(gives),
        to_fetch=float(stock.now[giving[~stock.delivers[giving]], j].sum()),
        producible=float(stock.later[near, j].sum()),
        produced_from_s=float(stock.later_s[near, j].min(initial=math.inf)),
        missing=one.missing(gives),
        complete_s=one.met_at_s(stock.now[giving, j], stock.arrive_s[giving]) if len(giving) else math.inf,
    )


def worst_first(
    grade: Sequence[int], standings_of: Sequence[Sequence[Standing | SupplyStanding] | None]
) -> list[int]:
    """
    Return the positions of places: those that something is missing for first, the gravest of these first.

    Of places as grave, the one that lacks the larger shares comes first. None stands for a place whose needs
    nobody knows: everything is missing there.
    """

    def badness(i: int) -> tuple[bool, int, float, int]:
        own = standings_of[i]
        lacking = math.inf if own is None else sum(one.share_missing for one in own)
        return lacking == 0, grade[i], -lacking, i

    return sorted(range(len(grade)), key=badness)
