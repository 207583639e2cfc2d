"""How many sites are needed so that everything is reached within a standard, and what none can reach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routing.siting.answer import Sense, Siting, Verdict
from routing.siting.open_cover import merged
from routing.siting.question import (
    Clock,
    Numbers,
    Positions,
    Question,
    checked_amounts,
    checked_standard,
    soonest,
    whole,
)
from routing.siting.set_cover import Held, SetCover, solve_set_cover


@dataclass(frozen=True)
class SitesNeeded(Siting):
    """
    The sites that reach all that can be reached.

    Attributes
    ----------
    added : tuple of int
        Columns of the new ones among the chosen, ascending.
    unreachable : tuple of int
        Rows that no site, standing or new, reaches within the standard; the choice leaves them out.
    smallest_standard_s : float
        The least standard at which nothing is unreachable; ``inf`` where no road leads to some row at all.
    worst_s : float
        Latest arrival from the chosen sites at any row.
    """

    added: tuple[int, ...]
    unreachable: tuple[int, ...]
    smallest_standard_s: float
    worst_s: float

    @property
    def covers_all(self) -> bool:
        """Whether every row is reached within the standard."""
        return not self.unreachable


def sites_needed(
    seconds: ArrayLike,
    standard_s: float,
    existing: Sequence[int] | Positions,
    cost: ArrayLike | None = None,
    time_limit_s: float = 60,
) -> SitesNeeded:
    """
    Choose the fewest new sites, or the cheapest, that reach every demand within a standard (set covering).

    The objective is the number of *new* sites, or their cost where costs are given; it is minimised. Demands
    that no site could reach in time are named and left out: what is chosen reaches all the others.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    standard_s : float
        The standard in seconds; an arrival at exactly this is in time.
    existing : sequence of int
        Columns of the sites that stand.
    cost : array_like, shape (sites,), optional
        What building each site costs; the least cost is sought instead of the least number.
    time_limit_s : float
        After so long the best found is returned with its gap.

    Returns
    -------
    SitesNeeded
        Nothing is added where what stands reaches all that can be reached.

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.

    References
    ----------
    Toregas, Swain, ReVelle and Bergman (1971), The location of emergency service facilities.
    """
    clock = Clock.start(time_limit_s)
    question = Question.of(seconds, existing, 0)
    sites = question.seconds.shape[1]
    price = np.ones(sites) if cost is None else checked_amounts("cost", cost, sites)
    within = question.seconds <= checked_standard(standard_s)
    reachable = within.any(axis=1)
    open_rows = np.flatnonzero(reachable & ~within[:, question.existing].any(axis=1))
    reach, _ = merged(within[np.ix_(open_rows, question.candidates)], np.ones(len(open_rows)))
    problem = SetCover(reach, price[question.candidates], whole(price))
    held = solve_set_cover(problem, clock) if len(reach) else Held([], 0.0)
    return _recomputed(question, (price, problem.whole), held, np.flatnonzero(~reachable), clock)


def _recomputed(
    question: Question, price: tuple[Numbers, bool], held: Held, unreachable: Positions, clock: Clock
) -> SitesNeeded:
    cost, in_whole = price
    added = question.candidates[held.columns]
    chosen = question.sites(added)
    verdict = Verdict.of(float(cost[added].sum()), held.bound, Sense.LEAST, whole=in_whole)
    return SitesNeeded(
        chosen=chosen,
        objective=verdict.objective,
        bound=verdict.bound,
        gap=verdict.gap,
        proved=verdict.proved,
        seconds_spent=clock.spent_s,
        method="set cover by growing rows" if len(added) else "nothing to add",
        added=tuple(sorted(added.tolist())),
        unreachable=tuple(unreachable.tolist()),
        smallest_standard_s=float(question.seconds.min(axis=1).max()),
        worst_s=float(soonest(question.seconds, chosen).max()),
    )
