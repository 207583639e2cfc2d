"""What an incident needs, by when, and how several units' shares of a capability come together."""

import math
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
    How much of one capability or one supply an incident needs; of a *maximum* one, the level or the crews.

    Quantities are compared to nine decimals, so that what converting and adding leave behind the last digit
    decides nothing.

    Attributes
    ----------
    name : str
    quantity : float
        How much is needed. Of a *maximum* capability the level wanted of one crew; where ``level`` is given,
        how many whole crews of that level or more.
    adds_up : AddsUp
    level : float
        Only crews of this level or more count; 0 asks for none.
    deadline_s : float
        When it should be met, counted from the order; ``inf`` where no time is set.
    weight : float
        How much a second counts here, beside a second of the other requirements.

    Raises
    ------
    InvalidInputError
        When a number is not positive and finite; a level may be 0, a deadline ``inf``.
    """

    name: str
    quantity: float
    adds_up: AddsUp = AddsUp.ADDITIVE
    level: float = 0.0
    deadline_s: float = math.inf
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self._quantity < math.inf:
            raise InvalidInputError(
                "quantity",
                f"{self.quantity:g} of {self.name} cannot be sent; ask for a positive, finite number",
            )
        if not 0 <= self.level < math.inf:
            raise InvalidInputError(
                "level",
                f"no crew for {self.name} has level {self.level:g}; ask for a positive, finite one, "
                "or 0 for any",
            )
        if not self.deadline_s > 0:
            raise InvalidInputError(
                "deadline_s",
                f"{self.name} cannot be there within {self.deadline_s:g} s; "
                "give a positive number of seconds or none at all",
            )
        if not 0 < self.weight < math.inf:
            raise InvalidInputError(
                "weight",
                f"{self.name} cannot count {self.weight:g} times; give a positive, finite number",
            )

    @property
    def needed(self) -> float:
        """How much the shares of those who fill the role must come to: of one crew at a level, 1."""
        return 1.0 if self._wants_one_crew else self._quantity

    def shares(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Return what each adds if it fills the role, in the measure of ``needed``; 0 where it cannot.

        Parameters
        ----------
        offered : float64, shape (n,)
            Of a *maximum* capability each one's level; of others the amount, already 0 for units whose own
            level is too low.
        """
        if self.adds_up is AddsUp.MAXIMUM:
            wanted = self._quantity if self._wants_one_crew else round(self.level, DECIMALS)
            return (offered.round(DECIMALS) >= wanted).astype(np.float64)
        return self._shares(offered)

    def counts(self, offered: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which offers count at all: any share, a whole squad, or the level itself."""
        return self.shares(offered) > 0

    def met_at_s(self, offered: NDArray[np.float64], arrival_s: NDArray[np.float64]) -> float:
        """
        Return when those who come, in order of arrival, have brought enough; ``inf`` if they never do.

        Parameters
        ----------
        offered, arrival_s : float64, shape (comers,)
            In ascending order of arrival.
        """
        enough = np.flatnonzero(self._brought(offered) >= self._quantity)
        return float(arrival_s[enough[0]]) if len(enough) else math.inf

    def available(self, offered: NDArray[np.float64]) -> float:
        """Return what can come altogether: the sum, or where one crew of a level is wanted the best level."""
        return float(self._brought(offered)[-1]) if len(offered) else 0.0

    def missing(self, offered: NDArray[np.float64]) -> float:
        """Return the shortfall: what is needed minus what can come, zero where that is enough."""
        return max(round(self._quantity - self.available(offered), DECIMALS), 0.0)

    @property
    def _quantity(self) -> float:
        return round(self.quantity, DECIMALS)

    @property
    def _wants_one_crew(self) -> bool:
        return self.adds_up is AddsUp.MAXIMUM and self.level == 0

    def _shares(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        exact = offered.round(DECIMALS)
        return np.floor(exact) if self.adds_up is AddsUp.SQUADS else exact

    def _brought(self, offered: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._wants_one_crew:
            return np.maximum.accumulate(self._shares(offered))
        brought: NDArray[np.float64] = self.shares(offered).cumsum().round(DECIMALS)
        return brought
