"""What an incident needs, and how several units' shares of a capability come together."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

SUM_DECIMALS = 9


class AddsUp(StrEnum):
    """How shares of a capability come together."""

    ADDITIVE = "additive"
    """Persons, litres of foam: shares are summed."""
    MAXIMUM = "maximum"
    """A level or a reach: the best one counts; three level-1 crews are no level 3."""
    SQUADS = "squads"
    """Only whole squads count; half a squad from each of two units is none."""


@dataclass(frozen=True)
class Requirement:
    """How much of one capability or one supply an incident needs; of a *maximum* one, the level."""

    name: str
    quantity: float
    adds_up: AddsUp = AddsUp.ADDITIVE

    def counts(self, offered: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which offers count at all: any share, a whole squad, or the level itself."""
        if self.adds_up is AddsUp.MAXIMUM:
            return offered >= self.quantity
        return self._shares(offered) > 0

    def met_at_s(self, offered: NDArray[np.float64], arrival_s: NDArray[np.float64]) -> float:
        """
        Return when those who come, in order of arrival, have brought enough; ``inf`` if they never do.

        Parameters
        ----------
        offered, arrival_s : float64, shape (comers,)
            In ascending order of arrival.
        """
        enough = np.flatnonzero(self._brought(offered) >= self.quantity)
        return float(arrival_s[enough[0]]) if len(enough) else float("inf")

    def available(self, offered: NDArray[np.float64]) -> float:
        """Return what can come altogether: the sum, or of a *maximum* capability the best."""
        return float(self._brought(offered)[-1]) if len(offered) else 0.0

    def missing(self, offered: NDArray[np.float64]) -> float:
        """Return the shortfall: what is needed minus what can come, zero where that is enough."""
        return max(self.quantity - self.available(offered), 0.0)

    def _shares(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.floor(offered) if self.adds_up is AddsUp.SQUADS else offered

    def _brought(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.adds_up is AddsUp.MAXIMUM:
            return np.maximum.accumulate(offered)
        return np.round(np.cumsum(self._shares(offered)), SUM_DECIMALS)
