"""What is offered to an incident, what is wanted of it, and by which rules who goes is chosen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.needs import Requirement


@dataclass(frozen=True)
class Offers:
    """
    Candidates that pass every test, as columns.

    Attributes
    ----------
    id : int64, shape (n,)
        Each once.
    arrival_s : float64, shape (n,)
        Finite.
    share, role_crew : float64, shape (n, r)
        What each adds if it fills a role (0: cannot); the people the whole share ties up (0: equipment).
    crew : float64, shape (n,)
        People aboard: one crew fills one role at a time.
    divisible : bool, shape (r,)
        Part of a share may be used, and costs its part of the crew: persons, supplies.
    tier : int64, shape (n,)
        Lower goes first where all else is equal.
    always : bool, shape (n,)
        Alerted whatever else.
    group : int64, shape (n,)
        Which of ``group_limit`` holds for it; -1: none.
    group_limit : int64, shape (g,)
        At most so many of the group go.
    """

    id: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    share: NDArray[np.float64]
    role_crew: NDArray[np.float64]
    crew: NDArray[np.float64]
    divisible: NDArray[np.bool_]
    tier: NDArray[np.int64]
    always: NDArray[np.bool_]
    group: NDArray[np.int64]
    group_limit: NDArray[np.int64]

    def __post_init__(self) -> None:
        if not (np.isfinite(self.arrival_s) & (self.arrival_s >= 0)).all():
            raise InvalidInputError("arrival_s", "leave out whoever never arrives; give times of 0 s or more")
        if not all((np.isfinite(a) & (a >= 0)).all() for a in (self.share, self.role_crew, self.crew)):
            raise InvalidInputError("share", "shares and crews must be numbers of 0 or more")
        if (self.tier < 0).any():
            raise InvalidInputError("tier", "give every candidate a tier of 0 or more")
        if len(np.unique(self.id)) < len(self.id):
            raise InvalidInputError("id", "a candidate is listed twice; list each once")
        always = np.bincount(self.group[self.always & (self.group >= 0)], minlength=len(self.group_limit))
        if (always > self.group_limit).any():
            raise InvalidInputError(
                "group_limit",
                "more of a group are always alerted than may go; raise its limit or alert fewer",
            )


@dataclass(frozen=True)
class Demand:
    """
    What is wanted of those who go, one a requirement.

    Attributes
    ----------
    needed : float64, shape (r,)
        In the measure of the shares.
    deadline_s : float64, shape (r,)
        Counted from the order; ``inf``: none.
    weight : float64, shape (r,)
    """

    needed: NDArray[np.float64]
    deadline_s: NDArray[np.float64]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, requirements: Sequence[Requirement]) -> Self:
        """Return what these requirements want, in their order."""
        return cls(
            needed=np.array([r.needed for r in requirements], dtype=np.float64),
            deadline_s=np.array([r.deadline_s for r in requirements], dtype=np.float64),
            weight=np.array([r.weight for r in requirements], dtype=np.float64),
        )

    def __post_init__(self) -> None:
        for name, values in (("needed", self.needed), ("weight", self.weight)):
            if not (np.isfinite(values) & (values > 0)).all():
                raise InvalidInputError(name, "must be positive and finite for every requirement")
        if not (self.deadline_s > 0).all():
            raise InvalidInputError("deadline_s", "must be a positive number of seconds, or inf for none")


@dataclass(frozen=True)
class ChoiceRules:
    """How near times are taken as equal, and how long the whole choice may take."""

    tolerance_s: float = 60.0
    time_limit_s: float = 2.0

    def __post_init__(self) -> None:
        for name, value in (("tolerance_s", self.tolerance_s), ("time_limit_s", self.time_limit_s)):
            if not 0 <= value < math.inf:
                raise InvalidInputError(name, f"{value:g} s is none; give a finite number of 0 s or more")
