"""The choice: which units and depots can help, how soon, and why each nearer one was passed over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.needs import AddsUp, Requirement

NO_ROAD = "no road leads from there to the incident"


@dataclass(frozen=True)
class Candidates:
    """
    Units, or depots, that might help, as columns.

    Attributes
    ----------
    id : int64, shape (n,)
        Ties in arrival are broken by it.
    ready_s : float64, shape (n,)
        Turnout of a unit, loading of a depot.
    travel_s : float64, shape (n,)
        Road time; ``inf`` where no road leads.
    off_m, straight_m : float64, shape (n,)
        Distance from the road network, and as the crow flies from the incident.
    offered : float64, shape (n, requirements)
        How much each brings of each requirement, in the requirement's unit of measure.
    in_service : bool, shape (n,)
        False where it cannot be sent at all.
    ahead_s : float64, shape (n,)
        How far in the future its position is dated; zero or below where it is not.
    hindrance : tuple of str, length n
        What keeps an unreachable one off the road, where that is known; else empty.
    """

    id: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    off_m: NDArray[np.float64]
    straight_m: NDArray[np.float64]
    offered: NDArray[np.float64]
    in_service: NDArray[np.bool_]
    ahead_s: NDArray[np.float64]
    hindrance: tuple[str, ...]

    @property
    def arrival_s(self) -> NDArray[np.float64]:
        """When each would arrive, counted from the order."""
        return self.ready_s + self.travel_s


@dataclass(frozen=True)
class Rules:
    """The limits a candidate is tested against."""

    snap_limit_m: float = 500.0
    clock_tolerance_s: float = 60.0


@dataclass(frozen=True)
class PassedOver:
    """A candidate that was not listed, by its position among the candidates, with every test it failed."""

    position: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How one requirement fares: when it is met (``inf``: never), what can come and what is missing."""

    requirement: Requirement
    met_at_s: float
    available: float
    missing: float


@dataclass(frozen=True)
class Choice:
    """
    The answer for one kind of candidate.

    Attributes
    ----------
    listed : int64, shape (k,)
        Positions of those that pass every test, soonest first.
    outcomes : tuple of Outcome
        One a requirement, in their order.
    passed_over : tuple of PassedOver
        Those not listed though closer in a straight line than the farthest listed one, nearest first;
        everyone where nobody is listed.
    """

    listed: NDArray[np.int64]
    outcomes: tuple[Outcome, ...]
    passed_over: tuple[PassedOver, ...]


def choose_units(requirements: Sequence[Requirement], units: Candidates, rules: Rules) -> Choice:
    """List the units that offer a required capability and pass every test; none where nothing is required."""
    return _choose(requirements, units, rules, _lacks_capability)


def choose_depots(requirements: Sequence[Requirement], depots: Candidates, rules: Rules) -> Choice:
    """List the depots that hold a required supply and pass every test; none where nothing is required."""
    return _choose(requirements, depots, rules, _no_stock)


Lacking = Callable[[Sequence[Requirement], NDArray[np.float64]], str]


def _choose(
    requirements: Sequence[Requirement], candidates: Candidates, rules: Rules, lacking: Lacking
) -> Choice:
    if not requirements:
        return Choice(np.zeros(0, dtype=np.int64), (), ())
    able = np.zeros(len(candidates.id), dtype=np.bool_)
    for j, requirement in enumerate(requirements):
        able |= requirement.counts(candidates.offered[:, j])
    can_come = (
        candidates.in_service
        & (candidates.off_m <= rules.snap_limit_m)
        & (candidates.ahead_s <= rules.clock_tolerance_s)
        & np.isfinite(candidates.travel_s)
    )
    listed = _by_arrival(candidates, np.flatnonzero(able & can_come))
    coming = _by_arrival(candidates, np.flatnonzero(can_come))
    outcomes = tuple(
        Outcome(
            requirement,
            requirement.met_at_s(candidates.offered[coming, j], candidates.arrival_s[coming]),
            requirement.available(candidates.offered[coming, j]),
            requirement.missing(candidates.offered[coming, j]),
        )
        for j, requirement in enumerate(requirements)
    )
    passed_over = tuple(
        PassedOver(int(i), _failures(candidates, int(i), rules, lacking(requirements, candidates.offered[i])))
        for i in _nearer_but_unlisted(candidates, listed)
    )
    return Choice(listed, outcomes, passed_over)


def _by_arrival(candidates: Candidates, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    return positions[np.lexsort((candidates.id[positions], candidates.arrival_s[positions]))]


def _nearer_but_unlisted(candidates: Candidates, listed: NDArray[np.int64]) -> NDArray[np.int64]:
    nearer = np.ones(len(candidates.id), dtype=np.bool_)
    if len(listed):
        nearer = candidates.straight_m < candidates.straight_m[listed].max()
        nearer[listed] = False
    positions = np.flatnonzero(nearer)
    return positions[np.lexsort((candidates.id[positions], candidates.straight_m[positions]))]


def _failures(candidates: Candidates, i: int, rules: Rules, lack: str) -> tuple[str, ...]:
    off_m, ahead_s = candidates.off_m[i], candidates.ahead_s[i]
    tests = (
        (not candidates.in_service[i], "out of service"),
        (bool(lack), lack),
        (off_m > rules.snap_limit_m, f"off the network by {off_m:.0f} m"),
        (not np.isfinite(candidates.travel_s[i]), f"unreachable: {candidates.hindrance[i] or NO_ROAD}"),
        (ahead_s > rules.clock_tolerance_s, f"position dated in the future by {ahead_s:.0f} s"),
    )
    return tuple(reason for failed, reason in tests if failed)


def _lacks_capability(requirements: Sequence[Requirement], offered: NDArray[np.float64]) -> str:
    if any(r.counts(offered[[j]])[0] for j, r in enumerate(requirements)):
        return ""
    below = [
        f"{r.name} {offered[j]:g} of {r.quantity:g} needed"
        for j, r in enumerate(requirements)
        if offered[j] > 0 and r.adds_up is AddsUp.MAXIMUM
    ]
    wanted = ", ".join(below) if below else f"offers none of {', '.join(r.name for r in requirements)}"
    return f"lacks capability: {wanted}"


def _no_stock(requirements: Sequence[Requirement], offered: NDArray[np.float64]) -> str:
    if any(r.counts(offered[[j]])[0] for j, r in enumerate(requirements)):
        return ""
    return f"no stock of {', '.join(r.name for r in requirements)}"
