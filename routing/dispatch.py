"""The choice: which units and depots can help, how soon, and why each nearer one was passed over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing import reasons
from routing.needs import AddsUp, Requirement
from routing.reasons import Failure, TooLow


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
        How much each brings of each requirement, in the requirement's unit of measure, without what is
        withheld.
    level : float64, shape (n, requirements)
        The level of the crew that brings it; of a *maximum* capability what is offered is the level itself.
    in_service : bool, shape (n,)
        False where it cannot be sent at all.
    ahead_s : float64, shape (n,)
        How far in the future its position is dated; zero or below where it is not.
    hindrance : tuple of str, length n
        What keeps an unreachable one off the road, where that is known; else empty.
    expired : tuple of tuple of Failure, length n
        What takes offers away from each: expired certificates; stock that is expired, held or not there yet.
    busy : tuple of Failure or None, length n
        Which other incident has each, where one has, or why it refused this one.
    held : tuple of Failure or None, length n
        Why one that could go is kept at home.
    """

    id: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    off_m: NDArray[np.float64]
    straight_m: NDArray[np.float64]
    offered: NDArray[np.float64]
    level: NDArray[np.float64]
    in_service: NDArray[np.bool_]
    ahead_s: NDArray[np.float64]
    hindrance: tuple[str, ...]
    expired: tuple[tuple[Failure, ...], ...]
    busy: tuple[Failure | None, ...]
    held: tuple[Failure | None, ...]

    @property
    def arrival_s(self) -> NDArray[np.float64]:
        """When each would arrive, counted from the order."""
        return self.ready_s + self.travel_s

    def counted(self, requirements: Sequence[Requirement]) -> NDArray[np.float64]:
        """Return what each brings of each requirement, 0 where the level of its crew is too low."""
        own_scale = np.array([r.adds_up is AddsUp.MAXIMUM for r in requirements], dtype=np.bool_)
        wanted = np.array([r.level for r in requirements], dtype=np.float64)
        return np.where(own_scale | (self.level >= wanted), self.offered, 0.0)


@dataclass(frozen=True)
class Rules:
    """The limits a candidate is tested against."""

    snap_limit_m: float = 500.0
    clock_tolerance_s: float = 60.0


@dataclass(frozen=True)
class PassedOver:
    """A candidate that was not listed, by its position among the candidates, with every test it failed."""

    position: int
    reasons: tuple[Failure, ...]


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
    farther : tuple of PassedOver
        Everybody else who is not listed, nearest first.
    """

    listed: NDArray[np.int64]
    outcomes: tuple[Outcome, ...]
    passed_over: tuple[PassedOver, ...]
    farther: tuple[PassedOver, ...]


def choose_units(requirements: Sequence[Requirement], units: Candidates, rules: Rules) -> Choice:
    """List the units that offer a required capability and pass every test; none where nothing is required."""
    return _choose(requirements, units, rules, _lacks_capability)


def choose_depots(requirements: Sequence[Requirement], depots: Candidates, rules: Rules) -> Choice:
    """List the depots that hold a required supply and pass every test; none where nothing is required."""
    return _choose(requirements, depots, rules, _no_stock)


def listed(requirements: Sequence[Requirement], candidates: Candidates, rules: Rules) -> NDArray[np.int64]:
    """Return the positions of those that pass every test, soonest first."""
    passes = able(requirements, candidates) & _can_come(candidates, rules)
    return _by_arrival(candidates, np.flatnonzero(passes))


def able(requirements: Sequence[Requirement], candidates: Candidates) -> NDArray[np.bool_]:
    """Return which of them offer something that counts, whether or not they can come."""
    offers = np.zeros(len(candidates.id), dtype=np.bool_)
    counted = candidates.counted(requirements)
    for j, requirement in enumerate(requirements):
        offers |= requirement.counts(counted[:, j])
    return offers


Lacking = Callable[[Sequence[Requirement], Candidates, int], tuple[Failure, ...]]


def _choose(
    requirements: Sequence[Requirement], candidates: Candidates, rules: Rules, lacking: Lacking
) -> Choice:
    if not requirements:
        return Choice(np.zeros(0, dtype=np.int64), (), (), ())
    come = listed(requirements, candidates, rules)
    can_help = able(requirements, candidates)

    def failures(i: int) -> tuple[Failure, ...]:
        of_offers = () if can_help[i] else lacking(requirements, candidates, i)
        return tuple(_failures(candidates, i, rules, of_offers))

    nearer, farther = _unlisted(candidates, come)
    return Choice(
        come,
        _outcomes(requirements, candidates, rules),
        tuple(PassedOver(i, failures(i)) for i in nearer.tolist()),
        tuple(PassedOver(i, failures(i)) for i in farther.tolist()),
    )


def _can_come(candidates: Candidates, rules: Rules) -> NDArray[np.bool_]:
    return (
        candidates.in_service
        & (candidates.off_m <= rules.snap_limit_m)
        & (candidates.ahead_s <= rules.clock_tolerance_s)
        & np.isfinite(candidates.travel_s)
        & ~_said(candidates.busy)
        & ~_said(candidates.held)
    )


def _said(failures: Sequence[Failure | None]) -> NDArray[np.bool_]:
    return np.fromiter((failure is not None for failure in failures), np.bool_, len(failures))


def _outcomes(
    requirements: Sequence[Requirement], candidates: Candidates, rules: Rules
) -> tuple[Outcome, ...]:
    coming = _by_arrival(candidates, np.flatnonzero(_can_come(candidates, rules)))
    arrival_s = candidates.arrival_s[coming]
    brought = candidates.counted(requirements)[coming]
    return tuple(
        Outcome(
            requirement,
            requirement.met_at_s(brought[:, j], arrival_s),
            requirement.available(brought[:, j]),
            requirement.missing(brought[:, j]),
        )
        for j, requirement in enumerate(requirements)
    )


def _by_arrival(candidates: Candidates, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    return positions[np.lexsort((candidates.id[positions], candidates.arrival_s[positions]))]


def _unlisted(
    candidates: Candidates, listed: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return those nearer than the farthest listed one (all where none is), and the others; nearest first."""
    unlisted = np.setdiff1d(np.arange(len(candidates.id)), listed)
    unlisted = unlisted[np.lexsort((candidates.id[unlisted], candidates.straight_m[unlisted]))]
    farthest_m = candidates.straight_m[listed].max() if len(listed) else np.inf
    nearer = candidates.straight_m[unlisted] < farthest_m
    nearer |= not len(listed)
    return unlisted[nearer], unlisted[~nearer]


def _failures(
    candidates: Candidates, i: int, rules: Rules, of_offers: tuple[Failure, ...]
) -> Iterator[Failure]:
    off_m, ahead_s, travel_s = candidates.off_m[i], candidates.ahead_s[i], candidates.travel_s[i]
    if not candidates.in_service[i]:
        yield reasons.out_of_service()
    yield from filter(None, (candidates.busy[i],))
    yield from of_offers
    if off_m > rules.snap_limit_m:
        yield reasons.off_network(off_m)
    if not np.isfinite(travel_s):
        yield reasons.unreachable(candidates.hindrance[i])
    if ahead_s > rules.clock_tolerance_s:
        yield reasons.future_position(ahead_s)
    yield from filter(None, (candidates.held[i],))


def _lacks_capability(
    requirements: Sequence[Requirement], candidates: Candidates, i: int
) -> tuple[Failure, ...]:
    too_low = _too_low(requirements, candidates, i)
    below = (reasons.below_level(too_low),) if too_low else ()
    return below + candidates.expired[i] or (reasons.lacks_capability([r.name for r in requirements]),)


def _too_low(requirements: Sequence[Requirement], candidates: Candidates, i: int) -> list[TooLow]:
    """Return what an unable one offers at too low a level; a *maximum* capability is a level itself."""
    too_low = []
    for j in np.flatnonzero(candidates.offered[i] > 0).tolist():
        requirement, offered = requirements[j], candidates.offered[i, [j]]
        if requirement.adds_up is AddsUp.MAXIMUM:
            wanted = requirement.level or requirement.quantity
            too_low.append(TooLow(requirement.name, float(offered[0]), wanted, is_crew_level=False))
        elif requirement.counts(offered)[0]:
            too_low.append(TooLow(requirement.name, float(candidates.level[i, j]), requirement.level))
    return too_low


def _no_stock(requirements: Sequence[Requirement], candidates: Candidates, i: int) -> tuple[Failure, ...]:
    return candidates.expired[i] or (reasons.no_stock([r.name for r in requirements]),)
