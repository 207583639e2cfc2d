"""Supplies: which depot gives how much of what, how it comes, when, and who carries it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.needs import DECIMALS, AddsUp, Requirement
from routing.roles import Case
from routing.supply_ways import OWN_VEHICLE, Carriers, SupplyOffers, Ways, ways_of
from routing.together import ChoiceRules, choose_in_order

COMPARED_DECIMALS = 6
NOW_LATER_TOMORROW_S = (0.0, 4 * 3600.0, 24 * 3600.0)


class Missing(StrEnum):
    """Why an item is short."""

    NOWHERE_HELD = "no depot has any to give"
    TOO_LITTLE = "all depots together have too little to give"
    NO_WAY = "depots have enough, but no vehicle or unit can bring it"

    @property
    def zh(self) -> str:
        """In Chinese."""
        return _MISSING_ZH[self]


_MISSING_ZH = {
    Missing.NOWHERE_HELD: "没有仓库可调出",
    Missing.TOO_LITTLE: "各仓库可调出的总量不足",
    Missing.NO_WAY: "仓库存量足够但没有车辆或队伍能够运达",
}


@dataclass(frozen=True)
class Load:
    """
    What comes from one row of the offers.

    Attributes
    ----------
    row : int
        Position in the offers.
    amounts : tuple of float
        How much of each item, in the order of the needs.
    arrival_s : float
    carrier : int or None
        Position of the unit that picks it up; None where the depot's own vehicle delivers it.
    slip_s : float
        How much later at the incident that makes the unit.
    """

    row: int
    amounts: tuple[float, ...]
    arrival_s: float
    carrier: int | None
    slip_s: float


@dataclass(frozen=True)
class Supplies:
    """
    Who brings what.

    Attributes
    ----------
    loads : tuple of Load
        Soonest first.
    met_at_s, missing : tuple of float
        One for each need: when enough of it is there (``inf``: never), and how much is short.
    why_missing : tuple of Missing or None
        None where nothing is short.
    proved : bool
        Whether no other plan is better.
    """

    loads: tuple[Load, ...]
    met_at_s: tuple[float, ...]
    missing: tuple[float, ...]
    why_missing: tuple[Missing | None, ...]
    proved: bool


@dataclass(frozen=True)
class StockOverTime:
    """
    How much could be given from when on.

    Attributes
    ----------
    at_s : tuple of float
        Times from the order.
    held : float64, shape (times, items)
    enough_from_s : float64, shape (items,)
        When the depots together hold what is needed; ``inf`` for never.
    """

    at_s: tuple[float, ...]
    held: NDArray[np.float64]
    enough_from_s: NDArray[np.float64]


@dataclass(frozen=True)
class _Problem:
    needs: Sequence[Requirement]
    offers: SupplyOffers
    ways: Ways
    shares: NDArray[np.float64]
    rules: ChoiceRules


@dataclass(frozen=True)
class _Plan:
    """The best choice among some ways, each row by its soonest: what comes, and what that is worth."""

    ways: NDArray[np.int64]
    value: tuple[float, ...]
    proved: bool
    seconds_spent: float


def choose_supplies(
    needs: Sequence[Requirement], offers: SupplyOffers, carriers: Carriers, rules: ChoiceRules
) -> Supplies:
    """
    Choose what comes from where, by the levels of ``choose_together`` in their order, without near-ties.

    Every item is wanted twice, with the same weight: its first load, though that be less than needed, and all
    of it by its deadline. Every row comes by the sooner of its own vehicle and of a unit that passes by, all
    its items together, and each item is filled soonest first. Where the best plan would send one unit on two
    trips, both cases are followed: it makes this trip and no other, or any but this. So there is no better
    plan, unless ``proved`` is false because the time of the rules ran out.
    """
    shares = [need.shares(offers.offered[:, j]) for j, need in enumerate(needs)]
    problem = _Problem(
        needs,
        offers,
        ways_of(offers, carriers),
        np.stack(shares, axis=1) if shares else np.zeros((len(offers), 0)),
        replace(rules, tolerance_s=0.0),
    )
    plan = _best_plan(problem)
    return _supplies(problem, _loads(problem, plan), proved=plan.proved)


def stock_over_time(
    needs: Sequence[Requirement], offers: SupplyOffers, at_s: tuple[float, ...] = NOW_LATER_TOMORROW_S
) -> StockOverTime:
    """Return what all depots can give by some times, production reserves included, before any loading."""
    there = offers.available_after_s <= np.array(at_s)[:, None]
    held = (there.astype(np.float64) @ offers.offered).round(DECIMALS)
    order = np.argsort(offers.available_after_s, kind="stable")
    offered, from_s = offers.offered[order], offers.available_after_s[order]
    enough_from_s = [need.met_at_s(offered[:, j], from_s) for j, need in enumerate(needs)]
    return StockOverTime(at_s, held, np.array(enough_from_s, dtype=np.float64))


def _best_plan(problem: _Problem) -> _Plan:
    """Return the best plan that sends no unit on two trips, by branching on those that would be."""
    ways = problem.ways
    waiting = [np.ones(len(ways), dtype=np.bool_)]
    best: _Plan | None = None
    spent_s, each_proved = 0.0, True
    while waiting and (best is None or spent_s < problem.rules.time_limit_s):
        allowed = waiting.pop()
        plan = _plan(problem, allowed)
        spent_s, each_proved = spent_s + plan.seconds_spent, each_proved and plan.proved
        if best is not None and plan.value >= best.value:
            continue
        twice = _on_another_trip(ways, plan)
        if twice is None:
            best = plan
            continue
        by_unit = ways.carrier == ways.carrier[twice]
        this_trip = by_unit & (ways.trip == ways.trip[twice])
        waiting += [allowed & ~this_trip, allowed & (this_trip | ~by_unit)]
    return replace(best or plan, proved=each_proved and not waiting, seconds_spent=spent_s)


def _plan(problem: _Problem, allowed: NDArray[np.bool_]) -> _Plan:
    """Choose among the soonest allowed ways of all rows."""
    offers, ways = problem.offers, problem.ways
    soonest = ways.soonest(allowed)
    row = ways.row[soonest]
    soonest = soonest[np.lexsort((offers.available_after_s[row], offers.depot[row], ways.arrival_s[soonest]))]
    together = choose_in_order(_case(problem, soonest), problem.rules)
    value = tuple(round(level.value, COMPARED_DECIMALS) for level in together.levels)
    return _Plan(soonest[together.sent], value, together.proved, together.seconds_spent)


def _case(problem: _Problem, ways: NDArray[np.int64]) -> Case:
    """Return the choice among ways, soonest first: all of each item, then the first load of each."""
    needs, row = problem.needs, problem.ways.row[ways]
    share, nobody, items = problem.shares[row], np.zeros(len(row)), len(needs)
    additive = [need.adds_up is AddsUp.ADDITIVE for need in needs]
    return Case(
        arrival_s=problem.ways.arrival_s[ways],
        share=np.concatenate((share, share > 0), axis=1),
        role_crew=np.zeros((len(row), 2 * items)),
        crew=nobody,
        divisible=np.array(additive + [False] * items, dtype=np.bool_),
        tier=problem.offers.tier[row],
        forced=nobody.astype(np.bool_),
        groups=(),
        target=np.array([need.needed for need in needs] + [1.0] * items, dtype=np.float64),
        deadline_s=np.array([need.deadline_s for need in needs] + [math.inf] * items, dtype=np.float64),
        weight=np.array([need.weight for need in needs] * 2, dtype=np.float64),
    )


def _on_another_trip(ways: Ways, plan: _Plan) -> int | None:
    """Return the soonest way of a unit that the plan sends on another trip as well; None where none is."""
    trip_of: dict[int, int] = {}
    first_of: dict[int, int] = {}
    for way in plan.ways.tolist():
        carrier, trip = int(ways.carrier[way]), int(ways.trip[way])
        first_of.setdefault(carrier, way)
        if carrier != OWN_VEHICLE and trip_of.setdefault(carrier, trip) != trip:
            return first_of[carrier]
    return None


def _loads(problem: _Problem, plan: _Plan) -> tuple[Load, ...]:
    """Fill every item soonest first; who has nothing left to give stays at home."""
    ways, left = problem.ways, np.array([need.needed for need in problem.needs])
    whole = np.array([need.adds_up is not AddsUp.ADDITIVE for need in problem.needs], dtype=np.bool_)
    loads = []
    for way in plan.ways:
        share = problem.shares[ways.row[way]]
        amounts = np.where(whole & (left > 0), share, np.minimum(share, left)).round(DECIMALS)
        left = np.maximum((left - amounts).round(DECIMALS), 0.0)
        carrier = int(ways.carrier[way])
        if (amounts > 0).any():
            loads.append(
                Load(
                    row=int(ways.row[way]),
                    amounts=tuple(amounts.tolist()),
                    arrival_s=float(ways.arrival_s[way]),
                    carrier=None if carrier == OWN_VEHICLE else carrier,
                    slip_s=float(ways.slip_s[way]),
                )
            )
    return tuple(loads)


def _supplies(problem: _Problem, loads: tuple[Load, ...], *, proved: bool) -> Supplies:
    amounts = np.array([load.amounts for load in loads]).reshape(len(loads), len(problem.needs))
    arrival_s = np.array([load.arrival_s for load in loads])
    needed = np.array([need.needed for need in problem.needs])
    missing = np.maximum((needed - amounts.sum(axis=0)).round(DECIMALS), 0.0)
    met_at_s = [
        math.inf if missing[j] > 0 else float(arrival_s[amounts[:, j] > 0].max()) for j in range(len(needed))
    ]
    held = problem.shares.sum(axis=0).round(DECIMALS)
    return Supplies(
        loads,
        tuple(met_at_s),
        tuple(missing.tolist()),
        tuple(_why_missing(*item) for item in zip(missing, held, needed, strict=True)),
        proved,
    )


def _why_missing(missing: float, held: float, needed: float) -> Missing | None:
    if missing <= 0:
        return None
    if held <= 0:
        return Missing.NOWHERE_HELD
    return Missing.TOO_LITTLE if held < needed else Missing.NO_WAY
