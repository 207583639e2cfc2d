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
    What a run comes to; shares are nan where there was nothing to count.

    Attributes
    ----------
    calls : int
    in_time : float
        Of the calls that the standard speaks about, the share whose first capable unit came in time.
    met : float
        Share of calls that got all they needed.
    mean_first_s, p90_first_s : float
        From the call to the first capable arrival; of the calls that had one.
    waited : float
        Share of calls that could not be given at once all they need.
    mean_wait_s : float
        From the call to the order of the first capable unit, over the calls that had one.
    unanswered : float
        Share of calls to which no capable unit ever went.
    busy : float64, shape (units,)
    """

    calls: int
    in_time: float
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
    first = first_capable(record)
    arrived_s = first.arrived_s[inside] - at_s[inside]
    clock_s = first.drive_s if counted.from_wheels else first.arrived_s - at_s
    answered = np.isfinite(arrived_s)
    ordered_s = (first.ordered_s - at_s)[inside]
    return Figures(
        calls=int(inside.sum()),
        in_time=_share(clock_s[inside & counted.judged].round(DECIMALS) <= counted.standard_s),
        met=_share(np.isfinite(record.met_s[inside])),
        mean_first_s=_mean(arrived_s[answered]),
        p90_first_s=float(np.quantile(arrived_s[answered], 0.9)) if answered.any() else np.nan,
        waited=_share(record.waited[inside]),
        mean_wait_s=_mean(ordered_s[answered]),
        unanswered=_share(~answered),
        busy=record.trips.busy(units, counted.window_s).fraction,
    )


@dataclass(frozen=True, eq=False)
class First:
    """
    The first capable unit at each call; ``inf`` where none came.

    Attributes
    ----------
    ordered_s, arrived_s : float64, shape (calls,)
    drive_s : float64, shape (calls,)
        From its wheels rolling to its arrival.
    """

    ordered_s: NDArray[np.float64]
    arrived_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]


def first_capable(record: Record) -> First:
    """Return who came first of those that could do something; of equals, the one that was ordered first."""
    trips = record.trips
    able = np.flatnonzero(trips.capable)
    order = able[np.lexsort((able, trips.arrived_s[able], trips.call[able]))]
    call, at = np.unique(trips.call[order], return_index=True)
    first = First(*(np.full(len(record.calls), np.inf) for _ in range(3)))
    chosen = order[at]
    first.ordered_s[call] = trips.ordered_s[chosen]
    first.arrived_s[call] = trips.arrived_s[chosen]
    first.drive_s[call] = trips.arrived_s[chosen] - trips.rolling_s[chosen]
    return first


def _share(which: NDArray[np.bool_]) -> float:
    return float(which.mean()) if len(which) else float("nan")


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
