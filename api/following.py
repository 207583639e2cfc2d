"""What a change made to one unit entails besides: an agreement that holds then, a site with cover again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.arriving import Arrivals
from api.commanding import Commanding
from api.offering import NO_GROUP, residual
from api.picture import Picture
from routing.changes import BackInService, Brought, Change, GivenBack
from routing.dispatch import Candidates
from routing.reasons import Failure


@dataclass(frozen=True)
class Following:
    """What follows for the units of a picture."""

    picture: Picture
    arrivals: Arrivals
    commanding: Commanding
    group: NDArray[np.int64]

    @classmethod
    def of(cls, picture: Picture, arrivals: Arrivals) -> "Following":
        """Read by whose word units go, and what sites keep."""
        commanding = Commanding(picture)
        return cls(picture, arrivals, commanding, residual(picture, commanding).group)

    def __call__(self, unit: int, changes: Sequence[Change], units: Candidates) -> Candidates:
        """Return the units with what changes made to one of them entail besides."""
        ready_s = units.ready_s.copy()
        more = frozenset(name for change in changes if (name := _offered_then(change)))
        if more:
            ready_s[unit] = self.commanding.unit_ready_s(unit, float(self.arrivals.turnout_s[unit]), more)
        return replace(units, ready_s=ready_s, held=self._held(unit, changes, units))

    def _held(self, unit: int, changes: Sequence[Change], units: Candidates) -> tuple[Failure | None, ...]:
        """Return who is kept at home: where a second unit covers the site again, either of them may go."""
        if self.group[unit] == NO_GROUP or BackInService() not in changes:
            return units.held
        mates = (self.group == self.group[unit]) & self.picture.units.in_service
        return tuple(None if mate else why for mate, why in zip(mates, units.held, strict=True))


def _offered_then(change: Change) -> str | None:
    """Return the capability that a change lets a unit offer."""
    match change:
        case GivenBack():
            return change.failure.withheld.name if change.failure.withheld else None
        case Brought():
            return change.name
        case _:
            return None
