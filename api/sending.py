"""Which of the listed units go together, and how far that escalates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.offering import Offering, only
from api.picture import Picture
from routing.offers import ChoiceRules, Demand, Offers
from routing.together import Fares, Together, choose_together, fares


@dataclass(frozen=True)
class Sending:
    """
    Who goes.

    Attributes
    ----------
    rows : int64, shape (k,)
        The units that could go, as positions in the picture; ``together`` counts in these.
    """

    rows: NDArray[np.int64]
    offers: Offers
    demand: Demand
    rules: ChoiceRules
    snap_limit_m: float
    together: Together

    @property
    def sent(self) -> NDArray[np.int64]:
        """The positions, in the picture, of those who go, soonest first."""
        sent: NDArray[np.int64] = self.rows[self.together.sent]
        return sent

    @property
    def first_due(self) -> int | None:
        """Which of those who go is the soonest that could fill a role; a team that is only alerted is not."""
        could = np.flatnonzero((self.offers.share[self.together.sent] > 0).any(axis=1))
        return int(could[0]) if len(could) else None


@dataclass(frozen=True)
class Step:
    """A tier that was called, its units, and how the needs fare at best with only the tiers before it."""

    tier: str
    units: NDArray[np.int64]
    without: Fares


def send(offering: Offering) -> Sending:
    """Choose who goes; the site's own team and the first due always do."""
    return sending_of(offering, choose_together(offering.offers, offering.demand, offering.rules))


def sending_of(offering: Offering, together: Together) -> Sending:
    """Return who goes by a choice that was made."""
    return Sending(
        offering.rows, offering.offers, offering.demand, offering.rules, offering.snap_limit_m, together
    )


def escalation(picture: Picture, sending: Sending) -> list[Step]:
    """Return each tier called beyond the first one, in order, and what the tiers before it could do alone."""
    filling = sending.together.sent[(sending.together.role > 0).any(axis=1)]
    tiers = np.unique(sending.offers.tier[filling]).tolist()
    return [_step(picture, sending, tier, filling) for tier in tiers[1:]]


def _step(picture: Picture, sending: Sending, tier: int, filling: NDArray[np.int64]) -> Step:
    below = np.flatnonzero(sending.offers.tier < tier)
    alone = fares(only(sending.offers, below), sending.demand, sending.rules)
    called = sending.rows[filling[sending.offers.tier[filling] == tier]]
    return Step(picture.units.tier[called[0]], called, alone)
