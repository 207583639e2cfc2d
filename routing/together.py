"""Which units together: who goes, in which role, when each requirement is met, and who could go instead."""

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.levels import SAME, Level, Measure, Search, first_capable
from routing.offers import ChoiceRules, Demand, Offers
from routing.roles import Case, Group, Parts
from routing.shortfall import least_short
from routing.surplus import without_surplus
from routing.swaps import Swap, near_equal, with_lowest_ids

__all__ = [
    "ChoiceRules",
    "Demand",
    "Fares",
    "Level",
    "Offers",
    "Swap",
    "Together",
    "choose_together",
    "fares",
]

AMOUNT_DECIMALS = 6


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
    order = by_arrival(offers)
    case = case_of(offers, demand, order)
    chosen = choose_in_order(replace(case, forced=case.forced | first_due(case)), rules)
    return in_terms_of(chosen, order)


def by_arrival(offers: Offers) -> NDArray[np.int64]:
    """Return the positions of the offers by arrival and then id."""
    return np.lexsort((offers.id, offers.arrival_s))


def in_terms_of(chosen: Together, order: NDArray[np.int64]) -> Together:
    """Return what was chosen in a case by the positions its units had before they were put in order."""
    swaps = tuple(Swap(int(order[s.sent]), int(order[s.instead]), s.later_s) for s in chosen.swaps)
    return replace(chosen, sent=order[chosen.sent], swaps=swaps)


def case_of(offers: Offers, demand: Demand, order: NDArray[np.int64]) -> Case:
    """Return the case of one incident, without its first-due unit."""
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
    first = np.zeros(len(case.crew), dtype=np.bool_)
    first[np.flatnonzero(may_be_first(case))[:1]] = True
    return first


def may_be_first(case: Case) -> NDArray[np.bool_]:
    """Return who can fill any role and may go."""
    full = np.zeros(len(case.crew), dtype=np.bool_)
    for group, room in zip(case.groups, case.room, strict=True):
        if room <= 0:
            full[group.members] = True
    may: NDArray[np.bool_] = (case.most > 0).any(axis=1) & (~full | case.forced)
    return may


@dataclass(frozen=True)
class Soonest:
    """How far the choice is once times are weighed: those to come still know them as bounds."""

    short: NDArray[np.float64]
    active: NDArray[np.int64]
    search: Search
    levels: tuple[Level, ...]

    def met_s(self, parts: Parts) -> NDArray[np.float64]:
        """Return when each requirement is met; ``inf`` where something of it is missing."""
        all_met_s = np.full(len(self.short), np.inf)
        all_met_s[self.active] = self.search.case.met_s(parts)
        all_met_s[self.short > 0] = np.inf
        return all_met_s


def fill_soonest(case: Case, rules: ChoiceRules, until: float) -> Soonest:
    """Fill the roles as if everybody came: shortfall, lateness and the times at which targets are met."""
    short, parts, shortfall = least_short(case, until)
    active = np.flatnonzero(short < case.target * (1 - 10 * SAME))
    wanted = _wanted(case, short, active)
    search = Search(wanted, without_surplus(wanted, parts[:, active]), until)
    times = [search.settle(m, rules.tolerance_s) for m in (Measure.LATENESS, Measure.MET)]
    return Soonest(short, active, search, (shortfall, _first_capable(case), *times))


@dataclass(frozen=True)
class Fares:
    """
    How requirements fare at best.

    Attributes
    ----------
    met_s : float64, shape (r,)
        When each would be met if everybody came who helps: the weighted times at their least; ``inf``: never.
    missing : float64, shape (r,)
        How much of each nobody can bring.
    """

    met_s: NDArray[np.float64]
    missing: NDArray[np.float64]


def fares(offers: Offers, demand: Demand, rules: ChoiceRules) -> Fares:
    """Return how soon ``choose_together`` could meet the demand, without choosing the fewest who do."""
    case = case_of(offers, demand, by_arrival(offers))
    case = replace(case, forced=case.forced | first_due(case))
    soonest = fill_soonest(case, rules, time.perf_counter() + rules.time_limit_s)
    return Fares(soonest.met_s(soonest.search.best), soonest.short.round(AMOUNT_DECIMALS))


def choose_in_order(case: Case, rules: ChoiceRules) -> Together:
    """Choose for a case that says who is sent whatever else; positions are those of the case."""
    start = time.perf_counter()
    soonest = fill_soonest(case, rules, start + rules.time_limit_s)
    search = soonest.search
    soonest_met_s = soonest.met_s(search.best)
    completion = search.settle(Measure.COMPLETION, rules.tolerance_s)
    units, tier, _ = (search.settle(m, 0.0) for m in (Measure.UNITS, Measure.TIER, Measure.ARRIVAL))
    filled = _filled_soonest(search)
    levels = (*soonest.levels, completion, units, tier)
    sent = np.flatnonzero(search.case.sent(filled))
    role = np.zeros((len(sent), case.share.shape[1]))
    role[:, soonest.active] = (filled * search.case.share)[sent].round(AMOUNT_DECIMALS)
    return Together(
        sent=sent,
        role=role,
        met_at_s=soonest.met_s(filled),
        missing=soonest.short.round(AMOUNT_DECIMALS),
        soonest_met_s=soonest_met_s,
        levels=levels,
        proved=all(level.proved for level in levels),
        swaps=near_equal(search, filled),
        seconds_spent=time.perf_counter() - start,
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


def _first_capable(case: Case) -> Level:
    able = case.forced & (case.most > 0).any(axis=1)
    first_s = float(case.arrival_s[able].min()) if able.any() else math.inf
    return first_capable(first_s)
