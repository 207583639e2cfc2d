"""Which units together: who goes, in which role, when each requirement is met, and who could go instead."""

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.levels import SAME, Level, Measure, Search
from routing.roles import Case, Group, Parts
from routing.shortfall import least_short
from routing.surplus import without_surplus
from routing.swaps import Swap, near_equal, with_lowest_ids

__all__ = ["ChoiceRules", "Demand", "Level", "Offers", "Swap", "Together", "choose_together"]

AMOUNT_DECIMALS = 6


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


@dataclass(frozen=True)
class Together:
    """
    Who goes together.

    Attributes
    ----------
    sent : int64, shape (k,)
        Positions among the offers, by arrival and then id.
    role : float64, shape (k, r)
        How much of each requirement each fills.
    met_at_s : float64, shape (r,)
        When each requirement is met; ``inf``: never.
    missing : float64, shape (r,)
        How much of each nobody can bring.
    soonest_met_s : float64, shape (r,)
        When each would be met if everybody came who helps: the weighted times at their least.
    levels : tuple of Level
        What was weighed, in order.
    proved : bool
        Every level's value is its optimum.
    swaps : tuple of Swap
        Who could go in place of whom, near enough to be called equal.
    seconds_spent : float
    """

    sent: NDArray[np.int64]
    role: NDArray[np.float64]
    met_at_s: NDArray[np.float64]
    missing: NDArray[np.float64]
    soonest_met_s: NDArray[np.float64]
    levels: tuple[Level, ...]
    proved: bool
    swaps: tuple[Swap, ...]
    seconds_spent: float


def choose_together(offers: Offers, demand: Demand, rules: ChoiceRules) -> Together:
    """
    Choose who goes together, in a stated order of what counts more.

    The first-due candidate (the soonest that can fill any role) and all that are always alerted are sent.
    Beyond that, one after the other: the least weighted relative shortfall, the least weighted lateness
    against each requirement's deadline, the least weighted times at which requirements are met, the soonest
    completion, the fewest units, the lowest tiers, the soonest arrivals, the lowest ids. Each level's
    optimum, plus the tolerance for times, bounds the next.

    A requirement that nobody can meet in full still wants what there is soon, but is never met.

    Notes
    -----
    Every level is an optimum with its proof: by construction where a bound of one requirement at a time is
    reached, by a mixed-integer programme elsewhere. Where the time runs out, the best found so far goes out
    and the levels that are not proved say so, with their bound.
    """
    order = np.lexsort((offers.id, offers.arrival_s))
    case = _case(offers, demand, order)
    chosen = choose_in_order(replace(case, forced=case.forced | first_due(case)), rules)
    return replace(
        chosen,
        sent=order[chosen.sent],
        swaps=tuple(Swap(int(order[s.sent]), int(order[s.instead]), s.later_s) for s in chosen.swaps),
    )


def _case(offers: Offers, demand: Demand, order: NDArray[np.int64]) -> Case:
    group = offers.group[order]
    return Case(
        arrival_s=offers.arrival_s[order],
        share=offers.share[order],
        role_crew=offers.role_crew[order],
        crew=offers.crew[order],
        divisible=offers.divisible,
        tier=offers.tier[order],
        forced=offers.always[order],
        groups=tuple(Group(np.flatnonzero(group == g), int(n)) for g, n in enumerate(offers.group_limit)),
        target=demand.needed,
        deadline_s=demand.deadline_s,
        weight=demand.weight,
    )


def first_due(case: Case) -> NDArray[np.bool_]:
    """Return the soonest unit that can fill any role and whose groups have room, alone."""
    full = np.zeros(len(case.crew), dtype=np.bool_)
    for group, room in zip(case.groups, case.room, strict=True):
        if room <= 0:
            full[group.members] = True
    able = (case.most > 0).any(axis=1) & (~full | case.forced)
    first = np.zeros(len(case.crew), dtype=np.bool_)
    first[np.flatnonzero(able)[:1]] = True
    return first


def choose_in_order(case: Case, rules: ChoiceRules) -> Together:
    """Choose for a case whose units sent whatever else are settled; positions are those of the case."""
    start = time.perf_counter()
    until = start + rules.time_limit_s
    short, parts, shortfall = least_short(case, until)
    active = np.flatnonzero(short < case.target * (1 - 10 * SAME))
    search = Search(_wanted(case, short, active), parts[:, active], until)
    times = [search.settle(m, rules.tolerance_s) for m in (Measure.LATENESS, Measure.MET)]
    soonest_s = _never(search.case.met_s(search.best), short, active)
    times.append(search.settle(Measure.COMPLETION, rules.tolerance_s))
    counts = [search.settle(m, 0.0) for m in (Measure.UNITS, Measure.TIER, Measure.ARRIVAL)]
    filled = _filled_soonest(search)
    role = np.zeros(case.share.shape)
    role[:, active] = (filled * search.case.share).round(AMOUNT_DECIMALS)
    sent = np.flatnonzero(case.forced | (role > 0).any(axis=1))
    levels = (shortfall, _first_capable(case), *times, *counts[:2])
    return Together(
        sent,
        role[sent],
        _never(search.case.met_s(filled), short, active),
        short.round(AMOUNT_DECIMALS),
        soonest_s,
        levels,
        all(one.proved for one in levels),
        near_equal(search, filled),
        time.perf_counter() - start,
    )


def _filled_soonest(search: Search) -> Parts:
    """Return those who go with their roles filled anew, as soon as they can be, and the lowest ids."""
    case = search.case
    going = np.flatnonzero(case.sent(search.best))
    alone = replace(
        case,
        arrival_s=case.arrival_s[going],
        share=case.share[going],
        role_crew=case.role_crew[going],
        crew=case.crew[going],
        tier=case.tier[going],
        forced=np.ones(len(going), dtype=np.bool_),
        groups=(),
    )
    again = Search(alone, search.best[going], search.until, dict(search.at_most))
    for measure in (Measure.LATENESS, Measure.MET):
        again.settle(measure, 0.0)
    parts = np.zeros_like(search.best)
    parts[going] = again.best
    return with_lowest_ids(search, without_surplus(case, parts))


def _wanted(case: Case, short: NDArray[np.float64], active: NDArray[np.int64]) -> Case:
    """Return the case with targets that can be met, and without requirements nobody can help with."""
    return replace(
        case,
        share=case.share[:, active],
        role_crew=case.role_crew[:, active],
        divisible=case.divisible[active],
        target=(case.target - short)[active],
        deadline_s=case.deadline_s[active],
        weight=case.weight[active],
    )


def _never(
    met_s: NDArray[np.float64], short: NDArray[np.float64], active: NDArray[np.int64]
) -> NDArray[np.float64]:
    all_met_s = np.full(len(short), np.inf)
    all_met_s[active] = met_s
    all_met_s[short > 0] = np.inf
    return all_met_s


def _first_capable(case: Case) -> Level:
    able = case.forced & (case.most > 0).any(axis=1)
    first_s = float(case.arrival_s[able].min()) if able.any() else math.inf
    return Level(Measure.FIRST_CAPABLE.value, first_s, first_s, 0.0, proved=True)
