"""Who could fill which role of an incident, and what one way to fill them comes to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

ENOUGH = 1 - 2e-6
"""Two millionths of what is needed decide nothing: twice what the solver may leave open."""
SPARE = 1e-9
"""So little of a crew is nobody."""
OVERWORKED = 1e-5
"""So much of a person may be asked too much, for the sake of the solver's last digits."""

Parts = NDArray[np.float64]
"""Which part of each share fills its role: float64, shape (units, requirements), 0 to 1."""


@dataclass(frozen=True)
class Group:
    """Units of whom at most so many go."""

    members: NDArray[np.int64]
    at_most: int


@dataclass(frozen=True)
class Case:
    """
    One choice to be made: units in order of arrival, then of id, and the targets to be filled.

    Attributes
    ----------
    arrival_s : float64, shape (n,)
        Ascending.
    share, role_crew : float64, shape (n, r)
        What each adds in each role, and the people that ties up.
    crew : float64, shape (n,)
    divisible : bool, shape (r,)
    tier : int64, shape (n,)
    forced : bool, shape (n,)
        Sent whatever else.
    groups : tuple of Group
    target, deadline_s, weight : float64, shape (r,)
    """

    arrival_s: NDArray[np.float64]
    share: NDArray[np.float64]
    role_crew: NDArray[np.float64]
    crew: NDArray[np.float64]
    divisible: NDArray[np.bool_]
    tier: NDArray[np.int64]
    forced: NDArray[np.bool_]
    groups: tuple[Group, ...]
    target: NDArray[np.float64]
    deadline_s: NDArray[np.float64]
    weight: NDArray[np.float64]

    @cached_property
    def most(self) -> Parts:
        """The most of each share that its unit's crew could fill, doing nothing else."""
        crew = np.broadcast_to(self.crew[:, None], self.share.shape)
        fitting = np.ones_like(self.share)
        too_few = self.role_crew > crew + SPARE
        fitting[too_few] = crew[too_few] / self.role_crew[too_few]
        fitting[too_few & ~self.divisible] = 0
        fitting[self.share <= 0] = 0
        return fitting

    @cached_property
    def torn(self) -> NDArray[np.bool_]:
        """Units whose crew is too small for all their roles at once."""
        wanted: NDArray[np.bool_] = (self.most * self.role_crew).sum(axis=1) > self.crew + SPARE
        return wanted

    @cached_property
    def grouped(self) -> NDArray[np.bool_]:
        """Units of whom not all may go."""
        grouped = np.zeros(len(self.crew), dtype=np.bool_)
        for group in self.groups:
            grouped[group.members] = True
        return grouped

    @cached_property
    def room(self) -> NDArray[np.int64]:
        """How many of each group may go besides those sent whatever else."""
        taken = [group.at_most - int(self.forced[group.members].sum()) for group in self.groups]
        return np.array(taken, dtype=np.int64)

    @cached_property
    def earliest_s(self) -> NDArray[np.float64]:
        """When each target would be met if everybody filled that role alone; ``inf``: never."""
        return self.met_s(self.most)

    def met_s(self, parts: Parts) -> NDArray[np.float64]:
        """Return when each target is met; ``inf`` where it never is."""
        if not len(self.crew):
            return np.full(len(self.target), np.inf)
        enough = (self.share * parts).cumsum(axis=0) >= self.target * ENOUGH
        return np.where(enough[-1], self.arrival_s[enough.argmax(axis=0)], np.inf)

    def missing(self, parts: Parts) -> NDArray[np.float64]:
        """Return how much each target falls short; what decides nothing is nothing."""
        missing = self.target - (self.share * parts).sum(axis=0)
        return np.where(missing > self.target * (1 - ENOUGH), missing, 0.0)

    def sent(self, parts: Parts) -> NDArray[np.bool_]:
        """Return who goes: those sent whatever else, and those who fill a role."""
        sent: NDArray[np.bool_] = self.forced | (parts > 0).any(axis=1)
        return sent

    def is_possible(self, parts: Parts) -> bool:
        """Return whether no crew does more than it can and no group sends more than it may."""
        worked = (parts * self.role_crew).sum(axis=1)
        whole = np.where(self.divisible, 1.0, parts)
        sent = self.sent(parts)
        return bool(
            (worked <= self.crew + OVERWORKED).all()
            and ((whole == 0) | (whole == 1)).all()
            and all(sent[group.members].sum() <= group.at_most for group in self.groups)
        )
