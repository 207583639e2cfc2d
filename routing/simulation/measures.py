"""What one run of a simulation comes to: how soon calls were answered, how many in full, who was busy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.simulation.engine import Record

DECIMALS = 6
"""Times are sums on a running clock; what adding leaves behind the last digit decides nothing."""


@dataclass(frozen=True, eq=False)
class Counted:
    """
    What is counted of a run.

    Attributes
    ----------
    window_s : tuple of float
        Calls that come from the first moment on and before the second are counted; before it is warm-up.
    judged : bool, shape (calls,)
        Calls that a standard speaks about.
    standard_s : float
        An arrival at exactly this is in time.
    from_wheels : bool
        The standard's clock starts with the wheels rolling, not with the call.
    """

    window_s: tuple[float, float]
    judged: NDArray[np.bool_]
    standard_s: float
    from_wheels: bool


@dataclass(frozen=True, eq=False)
class Figures:
    """
    What a run comes to; shares and means are nan where there was nothing to count.

    Attributes
    ----------
    calls, judged : int
        How many calls, and how many of them the standard speaks about.
    in_time : float
        Of the calls that the standard speaks about, the share whose first unit that counts came in time.
    counting_s : float
        From such a call to the first arrival of a unit that counts, on average over those that had one.
    met : float
        Share of calls that got all they needed.
    mean_first_s, p90_first_s : float
        From a call to the first arrival of a unit that can do something; of the calls that had one.
    waited : float
        Share of calls that could not be given at once all they need.
    mean_wait_s : float
        From a call to the order of the unit that was first there, on average.
    unanswered : float
        Share of calls to which nobody ever came who could do something.
    busy : float64, shape (units,)
    """

    calls: int
    judged: int
    in_time: float
    counting_s: float
    met: float
    mean_first_s: float
    p90_first_s: float
    waited: float
    mean_wait_s: float
    unanswered: float
    busy: NDArray[np.float64]


def figures(record: Record, units: int, counted: Counted) -> Figures:
    """Return what a run comes to."""
    begin, end = counted.window_s
    at_s = record.calls.at_s
    inside = (at_s >= begin) & (at_s < end)
    spoken = inside & counted.judged
    able, counting = first_there(record, record.trips.capable), first_there(record, record.trips.counts)
    clock_s = counting.drive_s if counted.from_wheels else counting.arrived_s - at_s
    first_s = (able.arrived_s - at_s)[inside]
    answered = np.isfinite(first_s)
    return Figures(
        calls=int(inside.sum()),
        judged=int(spoken.sum()),
        in_time=_mean(clock_s[spoken].round(DECIMALS) <= counted.standard_s),
        counting_s=_mean_finite((counting.arrived_s - at_s)[spoken]),
        met=_mean(np.isfinite(record.met_s[inside])),
        mean_first_s=_mean_finite(first_s),
        p90_first_s=float(np.quantile(first_s[answered], 0.9)) if answered.any() else np.nan,
        waited=_mean(record.waited[inside]),
        mean_wait_s=_mean_finite((able.ordered_s - at_s)[inside]),
        unanswered=_mean(~answered),
        busy=record.trips.busy(units, counted.window_s).fraction,
    )


@dataclass(frozen=True, eq=False)
class First:
    """
    The first of some units at each call; ``inf`` where none came.

    Attributes
    ----------
    ordered_s, arrived_s : float64, shape (calls,)
    drive_s : float64, shape (calls,)
        From its wheels rolling to its arrival.
    """

    ordered_s: NDArray[np.float64]
    arrived_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]


def first_there(record: Record, which: NDArray[np.bool_]) -> First:
    """Return who of some trips came first to each call; of equals, the one that was ordered first."""
    trips = record.trips
    some = np.flatnonzero(which)
    order = some[np.lexsort((some, trips.arrived_s[some], trips.call[some]))]
    call, at = np.unique(trips.call[order], return_index=True)
    first = First(*(np.full(len(record.calls), np.inf) for _ in range(3)))
    chosen = order[at]
    first.ordered_s[call] = trips.ordered_s[chosen]
    first.arrived_s[call] = trips.arrived_s[chosen]
    first.drive_s[call] = trips.arrived_s[chosen] - trips.rolling_s[chosen]
    return first


def _mean(values: NDArray[np.bool_] | NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _mean_finite(values: NDArray[np.float64]) -> float:
    return _mean(values[np.isfinite(values)])
