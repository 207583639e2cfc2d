"""What taking a unit from another incident would gain."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.offers import ChoiceRules, Demand, Offers
from routing.together import by_arrival, case_of, fill_soonest, first_due


@dataclass(frozen=True)
class Gain:
    """
    What one unit that is bound elsewhere would bring.

    Attributes
    ----------
    position : int
        Among the offers of those bound elsewhere.
    sooner_s : float64, shape (r,)
        How much sooner each requirement would be met; ``inf`` where it would never be without; below zero
        where another requirement gains from waiting.
    less_missing : float64, shape (r,)
    """

    position: int
    sooner_s: NDArray[np.float64]
    less_missing: NDArray[np.float64]


def gain_of_preempting(offers: Offers, demand: Demand, bound: Offers, rules: ChoiceRules) -> tuple[Gain, ...]:
    """
    Return what taking each unit that is bound to another incident would gain, each alone.

    Shown, never done: a person decides whether the other incident can do without. ``bound`` are the offers
    those units would make here; only units with a gain are returned, in the order of their positions.
    """
    before_s, before_missing = _soonest(offers, demand, rules)
    gains = []
    for position in range(len(bound.id)):
        with_it = _stacked([offers, _rows(bound, np.array([position]))])
        after_s, after_missing = _soonest(with_it, demand, rules)
        both_never = np.isinf(before_s) & np.isinf(after_s)
        sooner_s = np.subtract(before_s, after_s, out=np.zeros_like(before_s), where=~both_never)
        gain = Gain(position, sooner_s, before_missing - after_missing)
        if (gain.sooner_s > 0).any() or (gain.less_missing > 0).any():
            gains.append(gain)
    return tuple(gains)


def _soonest(
    offers: Offers, demand: Demand, rules: ChoiceRules
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    case = case_of(offers, demand, by_arrival(offers))
    case = replace(case, forced=case.forced | first_due(case))
    soonest = fill_soonest(case, rules, time.perf_counter() + rules.time_limit_s)
    return soonest.met_s(soonest.search.best), soonest.short


def _rows(offers: Offers, kept: NDArray[np.int64]) -> Offers:
    return replace(
        offers,
        id=offers.id[kept],
        arrival_s=offers.arrival_s[kept],
        share=offers.share[kept],
        role_crew=offers.role_crew[kept],
        crew=offers.crew[kept],
        tier=offers.tier[kept],
        always=offers.always[kept],
        group=offers.group[kept],
    )


def _stacked(offers: Sequence[Offers]) -> Offers:
    """Return the candidates of several offers to one incident, the groups being those of the first."""
    first, *others = offers
    return replace(
        first,
        id=np.concatenate([o.id for o in offers]),
        arrival_s=np.concatenate([o.arrival_s for o in offers]),
        share=np.concatenate([o.share for o in offers]),
        role_crew=np.concatenate([o.role_crew for o in offers]),
        crew=np.concatenate([o.crew for o in offers]),
        tier=np.concatenate([o.tier for o in offers]),
        always=np.concatenate([first.always, *(np.zeros_like(o.always) for o in others)]),
        group=np.concatenate([first.group, *(np.full_like(o.group, -1) for o in others)]),
    )
