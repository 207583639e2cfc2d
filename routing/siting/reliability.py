"""How sure a plan is when its teams are busy: expected cover, calls lost, who answers what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import InvalidInputError
from routing.siting.amounts import checked_count
from routing.siting.busy import offered_load
from routing.siting.hypercube import Answered, Calls, exact
from routing.siting.independent import approximate
from routing.siting.question import (
    Numbers,
    Positions,
    checked_amounts,
    checked_columns,
    checked_seconds,
    checked_standard,
)

MOST_EXACT = 12
"""Up to so many teams, 4,096 states, the model is solved exactly."""


@dataclass(frozen=True, eq=False)
class Reliability:
    """
    What some teams achieve over a long time.

    Attributes
    ----------
    expected_cover : float
        Share of all calls that a team answers within the standard.
    loss : float
        Share of all calls that find nobody free who could come.
    busy : float64, shape (teams,)
        Fraction of time each team is out.
    answered : float64, shape (demand, teams)
        Share of the calls of each demand that each team answers; what is missing to 1 is lost.
    mean_arrival_s : float
        Mean over the calls that are answered; ``inf`` where none is.
    method : str
        Whether the model was solved exactly or approximately.
    """

    expected_cover: float
    loss: float
    busy: Numbers
    answered: Numbers
    mean_arrival_s: float
    method: str


def reliability(
    seconds: ArrayLike,
    calls_per_hour: ArrayLike,
    service_s: float,
    standard_s: float,
    teams: Sequence[int] | Positions,
    most_exact: int = MOST_EXACT,
) -> Reliability:
    """
    Return how sure a plan is: the hypercube queueing model of its teams.

    Calls come at random; each goes to the soonest team that is free, the first of equals, and keeps it for
    ``service_s`` on average, wherever it was. A call that finds none free who could come is lost: somebody
    else must help. Up to ``most_exact`` teams the model is exact (Larson, 1974), beyond it is approximate
    (Larson, 1975). Where every team can come everywhere, the loss is Erlang's B formula.

    Parameters
    ----------
    seconds : array_like, shape (demand, sites)
        Arrival at every demand from every site, in seconds; ``inf`` where no road leads.
    calls_per_hour : array_like, shape (demand,)
        How often each demand calls; some must.
    service_s : float
        How long a call keeps a team on average, from the order until it is free again.
    standard_s : float
        The standard in seconds; an arrival at exactly this is in time.
    teams : sequence of int
        The column of each team's site; a site that has two teams is named twice.
    most_exact : int
        From more teams on, the approximation is used.

    Returns
    -------
    Reliability

    Raises
    ------
    InvalidInputError
        Naming the argument that is wrong.

    References
    ----------
    Larson (1974), A hypercube queuing model for facility location and redistricting; Larson (1975),
    Approximating the performance of urban emergency service systems.
    """
    times = checked_seconds(seconds)
    arrival = times[:, _checked_teams(teams, times.shape[1])]
    rate = checked_amounts("calls_per_hour", calls_per_hour, len(times))
    if not rate.any():
        raise InvalidInputError(
            "calls_per_hour", "must be above zero somewhere: without calls there is no answer"
        )
    offered = offered_load(float(rate.sum()), service_s)
    order = np.argsort(arrival, axis=1, kind="stable")
    calls = Calls(rate * (offered / rate.sum()), order, np.count_nonzero(np.isfinite(arrival), axis=1))
    small = calls.teams <= checked_count("most_exact", most_exact)
    found = exact(calls) if small else approximate(calls)
    method = "hypercube, exact" if small else "hypercube, Larson's approximation"
    return _measured(arrival, rate, checked_standard(standard_s), found, method)


def _checked_teams(teams: Sequence[int] | Positions, sites: int) -> Positions:
    given = checked_columns("teams", teams, sites)
    if not len(given):
        raise InvalidInputError(
            "teams", "must be a list of column positions, one for each team, at least one"
        )
    return given


def _measured(
    arrival: Numbers, rate: Numbers, standard_s: float, found: Answered, method: str
) -> Reliability:
    share = rate / rate.sum()
    answered = float(share @ found.share.sum(axis=1))
    travelled = np.where(np.isfinite(arrival), arrival, 0.0) * found.share
    return Reliability(
        expected_cover=float(share @ (found.share * (arrival <= standard_s)).sum(axis=1)),
        loss=1 - answered,
        busy=found.busy,
        answered=found.share,
        mean_arrival_s=float(share @ travelled.sum(axis=1)) / answered if answered > 0 else np.inf,
        method=method,
    )
