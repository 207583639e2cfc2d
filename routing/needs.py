"""What an incident needs, and how several units' shares of a capability come together."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError

DECIMALS = 9


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
    """
    How much of one capability or one supply an incident needs; of a *maximum* one, the level.

    Quantities are compared to nine decimals, so that what converting and adding leave behind the last digit
    decides nothing.

    Raises
    ------
    InvalidInputError
        When the quantity is not a positive, finite number.
    """

    name: str
    quantity: float
    adds_up: AddsUp = AddsUp.ADDITIVE

    def __post_init__(self) -> None:
        if not 0 < self._needed < float("inf"):
            raise InvalidInputError(
                "quantity",
                f"{self.quantity:g} of {self.name} cannot be sent; ask for a positive, finite number",
            )

    def counts(self, offered: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which offers count at all: any share, a whole squad, or the level itself."""
        shares = self._shares(offered)
        return shares >= self._needed if self.adds_up is AddsUp.MAXIMUM else shares > 0

    def met_at_s(self, offered: NDArray[np.float64], arrival_s: NDArray[np.float64]) -> float:
        """
        Return when those who come, in order of arrival, have brought enough; ``inf`` if they never do.

        Parameters
        ----------
        offered, arrival_s : float64, shape (comers,)
            In ascending order of arrival.
        """
        enough = np.flatnonzero(self._brought(offered) >= self._needed)
        return float(arrival_s[enough[0]]) if len(enough) else float("inf")

    def available(self, offered: NDArray[np.float64]) -> float:
        """Return what can come altogether: the sum, or of a *maximum* capability the best."""
        return float(self._brought(offered)[-1]) if len(offered) else 0.0

    def missing(self, offered: NDArray[np.float64]) -> float:
        """Return the shortfall: what is needed minus what can come, zero where that is enough."""
        return max(round(self._needed - self.available(offered), DECIMALS), 0.0)

    @property
    def _needed(self) -> float:
        return round(self.quantity, DECIMALS)

    def _shares(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        exact = offered.round(DECIMALS)
        return np.floor(exact) if self.adds_up is AddsUp.SQUADS else exact

    def _brought(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.adds_up is AddsUp.MAXIMUM:
            return np.maximum.accumulate(self._shares(offered))
        brought: NDArray[np.float64] = self._shares(offered).cumsum().round(DECIMALS)
        return brought
