"""Where units were and when: the recorded trips of a simulation, and trips of one unit that overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.siting.busy import LoggedBusy, logged_busy


@dataclass(frozen=True)
class Trip:
    """
    One unit out on one call, seconds on the clock of the simulation.

    ``capable``: it can do something there; ``counts``: it counts for the standard that is asked about.
    """

    unit: int
    call: int
    ordered_s: float
    rolling_s: float
    arrived_s: float
    left_s: float
    back_s: float
    capable: bool
    counts: bool


@dataclass(frozen=True, eq=False)
class Itinerary:
    """
    All trips, in the order in which they were ordered.

    Attributes
    ----------
    unit, call : int64, shape (trips,)
    ordered_s, rolling_s, arrived_s, left_s, back_s : float64, shape (trips,)
        The order, the wheels roll, arrival, departure from the scene, free again.
    capable, counts : bool, shape (trips,)
    """

    unit: NDArray[np.int64]
    call: NDArray[np.int64]
    ordered_s: NDArray[np.float64]
    rolling_s: NDArray[np.float64]
    arrived_s: NDArray[np.float64]
    left_s: NDArray[np.float64]
    back_s: NDArray[np.float64]
    capable: NDArray[np.bool_]
    counts: NDArray[np.bool_]

    @classmethod
    def of(cls, trips: Sequence[Trip]) -> "Itinerary":
        """Return trips as columns."""

        def times(name: str) -> NDArray[np.float64]:
            return np.array([getattr(trip, name) for trip in trips], dtype=np.float64)

        return cls(
            unit=np.array([trip.unit for trip in trips], dtype=np.int64),
            call=np.array([trip.call for trip in trips], dtype=np.int64),
            ordered_s=times("ordered_s"),
            rolling_s=times("rolling_s"),
            arrived_s=times("arrived_s"),
            left_s=times("left_s"),
            back_s=times("back_s"),
            capable=np.array([trip.capable for trip in trips], dtype=np.bool_),
            counts=np.array([trip.counts for trip in trips], dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def clashes(self) -> tuple["Clash", ...]:
        """Trips of a unit that was still out on another: none, or the simulation is wrong."""
        return clashes(self.unit, self.ordered_s, self.back_s)

    def busy(self, units: int, window_s: tuple[float, float]) -> LoggedBusy:
        """Return how busy each of so many units was between two moments."""
        ends = np.full(units, window_s[1])
        return logged_busy(
            np.concatenate((self.unit, np.arange(units))),
            np.concatenate((self.ordered_s, ends)),
            np.concatenate((self.back_s, ends)),
            window_s,
        )


@dataclass(frozen=True)
class Clash:
    """A unit sent out on one entry while it was out on another; ``first`` and ``second`` are positions."""

    unit: int
    first: int
    second: int


def clashes(
    unit: NDArray[np.int64], out_s: NDArray[np.float64], free_s: NDArray[np.float64]
) -> tuple[Clash, ...]:
    """
    Return the entries on which a unit went out before it was free from another.

    Parameters
    ----------
    unit : int64, shape (entries,)
    out_s, free_s : float64, shape (entries,)
        An entry that begins exactly when another ends is none; of several entries that one overlaps, the one
        that ends last is named.
    """
    found: list[Clash] = []
    last: dict[int, int] = {}
    for entry in np.lexsort((free_s, out_s)).tolist():
        who = int(unit[entry])
        before = last.get(who)
        if before is not None and out_s[entry] < free_s[before]:
            found.append(Clash(who, before, entry))
        if before is None or free_s[entry] > free_s[before]:
            last[who] = entry
    return tuple(found)
