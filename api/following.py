"""What a change made to one unit entails besides: an agreement that holds then, a site with cover again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.arriving import Arrivals
from api.commanding import Commanding
from api.offering import NO_GROUP, residual
from api.picture import Picture
from routing.changes import BackInService, Brought, Change, GivenBack, Released
from routing.dispatch import Candidates


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
        if self.group[unit] != NO_GROUP and _is_back(self.picture, unit, changes):
            units = self._with_cover_again(unit, units)
        more = frozenset(name for change in changes if (name := _offered_then(change)))
        return self._with_agreement(unit, more, units) if more else units

    def _with_cover_again(self, unit: int, units: Candidates) -> Candidates:
        """Where a second unit covers the site again, the one that was kept at home may go."""
        mates = (self.group == self.group[unit]) & (self.picture.units.in_service & ~self.picture.busy)
        held = tuple(None if mate else why for mate, why in zip(mates, units.held, strict=True))
        return replace(units, held=held)

    def _with_agreement(self, unit: int, more: frozenset[str], units: Candidates) -> Candidates:
        """Where an agreement is about what it offers then, it rolls as was promised."""
        then_s = self.commanding.unit_ready_s(unit, float(self.arrivals.turnout_s[unit]), more)
        if then_s == units.ready_s[unit]:
            return units
        ready_s = units.ready_s.copy()
        ready_s[unit] = then_s
        return replace(units, ready_s=ready_s)


def _is_back(picture: Picture, unit: int, changes: Sequence[Change]) -> bool:
    """Whether the changes bring home one that was away."""
    in_service = bool(picture.units.in_service[unit]) or BackInService() in changes
    free = not picture.busy[unit] or Released() in changes
    return in_service and free and (BackInService() in changes or Released() in changes)


def _offered_then(change: Change) -> str | None:
    """Return the capability that a change lets a unit offer."""
    match change:
        case GivenBack():
            return change.failure.withheld.name if change.failure.withheld else None
        case Brought():
            return change.name
        case _:
            return None
