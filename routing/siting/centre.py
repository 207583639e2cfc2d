"""Least worst arrival: where new sites bring the latest arrival soonest (p-center)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routing.siting.answer import Sense, Siting, Verdict
from routing.siting.few_rows import least_worst
from routing.siting.nearest import Nearest
from routing.siting.question import Clock, Positions, Question, soonest


@dataclass(frozen=True)
class WorstPlan(Siting):
    """
    Sites chosen for the latest arrival.

    Attributes
    ----------
    unreached : tuple of int
        Rows that no site, standing or new, reaches at all: with any of them the objective is ``inf``.
    worst_reached_s : float
        The latest arrival at the other rows; what was minimised.
    latest : int or None
        The row with the latest arrival among those others; None where there is none.
    """

    unreached: tuple[int, ...]
    worst_reached_s: float
    latest: int | None


def min_worst(
    seconds: ArrayLike,
    existing: Sequence[int] | Positions,
    new: int,
    time_limit_s: float = 60,
) -> WorstPlan:
    """
    Choose new sites so that the latest arrival is soonest (p-center).

    The objective is the latest of all first arrivals, in seconds; it is minimised. Exactly ``new`` sites are
    added, at the lowest positions that single swaps lead to. A row that no site reaches makes the objective
    ``inf`` whatever is built: such rows are named, and the choice is the best for all others.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    existing : sequence of int
        Columns of the sites that stand.
    new : int
        How many more to add.
    time_limit_s : float
        After so long the best found is returned with its gap.

    Returns
    -------
    WorstPlan
        Its bound is the latest arrival that few rows alone already force.

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.

    References
    ----------
    Minieka (1970), The m-center problem; Chen and Chen (2009), New relaxation-based algorithms for the
    optimal solution of the continuous and discrete p-center problems.
    """
    clock = Clock.start(time_limit_s)
    question = Question.of(seconds, existing, new)
    reached = np.isfinite(question.seconds.min(axis=1))
    rows = np.flatnonzero(reached)
    times = question.seconds if len(rows) == len(reached) else question.seconds[rows]
    if len(question.existing):
        times = times[:, question.candidates]
    nearest = Nearest(times, question.standing_s[rows])
    chosen, bound = least_worst(nearest, question.new, clock) if len(rows) else ([], 0.0)
    added = nearest.lowest(nearest.filled(chosen, question.new))
    return _recomputed(question, question.candidates[added], bound, reached, clock)


def _recomputed(
    question: Question, added: Positions, bound: float, reached: np.typing.NDArray[np.bool_], clock: Clock
) -> WorstPlan:
    chosen = question.sites(added)
    arrival = soonest(question.seconds, chosen)
    rows = np.flatnonzero(reached)
    everybody = bool(reached.all())
    objective = float(arrival.max())
    verdict = Verdict.of(objective, bound if everybody else math.inf, Sense.LEAST, whole=False)
    return WorstPlan(
        chosen=chosen,
        objective=objective,
        bound=verdict.bound,
        gap=verdict.gap,
        proved=verdict.proved,
        seconds_spent=clock.spent_s,
        method="set cover by growing rows, bisection on arrival times",
        unreached=tuple(np.flatnonzero(~reached).tolist()),
        worst_reached_s=float(arrival[rows].max(initial=0.0)),
        latest=int(rows[np.argmax(arrival[rows])]) if len(rows) else None,
    )
