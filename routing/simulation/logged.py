"""
A log replayed: the same responses, with the durations that were logged, and no unit in two places.

Every response is a demand for one unit of the type that was sent; turnout, driving and service are those of
the log whoever goes. Where no unit of the type is free the response waits, the gravest first.

Where a unit stands is not in a log. It is taken to stand at the centre of a first-due area: of the area in
which most of its own responses lie (of equals the first), at the middle, coordinate by coordinate, of all
places of that area. Distances are straight lines, since the log tells no roads.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.simulation.calls import Calls
from routing.simulation.engine import Record, simulate
from routing.simulation.itinerary import Clash, clashes
from routing.simulation.rule import Order, Sent, Standing

NO_AREA = -1


@dataclass(frozen=True, eq=False)
class Logged:
    """
    The responses of a log, in the order of their dispatch.

    Attributes
    ----------
    unit : int64, shape (n,)
    unit_type : int64, shape (units,)
        What each unit is.
    severity : int64, shape (n,)
        1 is the gravest.
    area : int64, shape (n,)
        The first-due area of the place; -1 where none is said.
    x_m, y_m : float64, shape (n,)
    out_s, rolling_s, arrived_s, free_s : float64, shape (n,)
        Dispatch, wheels rolling, arrival, free again; nan where rolling or arrival were not logged.
    """

    unit: NDArray[np.int64]
    unit_type: NDArray[np.int64]
    severity: NDArray[np.int64]
    area: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    out_s: NDArray[np.float64]
    rolling_s: NDArray[np.float64]
    arrived_s: NDArray[np.float64]
    free_s: NDArray[np.float64]

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.unit_type)

    @property
    def window_s(self) -> tuple[float, float]:
        """What the log covers: from the first dispatch to when the last unit is free."""
        return float(self.out_s.min()), float(self.free_s.max())

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """Responses on which the log sends a unit that is still out on another."""
        return clashes(self.unit, self.out_s, self.free_s)

    @property
    def legs(self) -> "Legs":
        """
        How long each part of each response took.

        A unit whose rolling was not logged is taken to roll at once, one whose arrival was not logged to have
        turned back on its way. Moments out of order are moved to the one before; the whole stays as logged.
        """
        rolling_s = np.where(np.isnan(self.rolling_s), self.out_s, self.rolling_s)
        rolling_s = np.clip(rolling_s, self.out_s, self.free_s)
        arrived_s = np.where(np.isnan(self.arrived_s), self.free_s, self.arrived_s)
        arrived_s = np.clip(arrived_s, rolling_s, self.free_s)
        return Legs(rolling_s - self.out_s, arrived_s - rolling_s, self.free_s - arrived_s)

    @property
    def calls(self) -> Calls:
        """The responses as calls for one unit each."""
        number = np.arange(len(self.unit))
        return Calls(self.out_s, number, self.unit_type[self.unit], self.severity, self.legs.scene_s)


@dataclass(frozen=True, eq=False)
class Legs:
    """Turnout, driving and service of each response, float64, shape (n,)."""

    turnout_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]
    scene_s: NDArray[np.float64]


def homes(log: Logged) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where each unit is taken to stand, x and y in metres, each of shape (units,)."""
    home_x, home_y = np.empty(log.units), np.empty(log.units)
    for unit in range(log.units):
        own = np.flatnonzero(log.unit == unit)
        known = log.area[own][log.area[own] != NO_AREA]
        around = own
        if len(known):
            around = np.flatnonzero(log.area == np.bincount(known).argmax())
        home_x[unit], home_y[unit] = np.median(log.x_m[around]), np.median(log.y_m[around])
    return home_x, home_y


class NearestOfType:
    """Each response goes to the free unit of its type that stands nearest; of equals, the first."""

    def __init__(self, log: Logged) -> None:
        self.log, self.legs = log, log.legs
        self.home_x, self.home_y = homes(log)
        self.type_of_response = log.unit_type[log.unit]

    def choose(self, response: int, free: NDArray[np.bool_]) -> int | None:
        """Return who goes, or None where no unit of the type is free."""
        log = self.log
        could = np.flatnonzero(free & (log.unit_type == self.type_of_response[response]))
        if not len(could):
            return None
        gap_m = np.hypot(self.home_x[could] - log.x_m[response], self.home_y[could] - log.y_m[response])
        return int(could[gap_m.argmin()])

    def send(self, call: int, standing: Standing) -> Sent:
        """Send one unit, with the durations of the log."""
        unit = self.choose(call, standing.free)
        if unit is None:
            return Sent((), np.inf)
        turnout_s, drive_s = float(self.legs.turnout_s[call]), float(self.legs.drive_s[call])
        order = Order(unit, turnout_s, drive_s, float(self.legs.scene_s[call]), 0.0)
        return Sent((order,), turnout_s + drive_s)

    def helps(self, call: int, unit: int) -> bool:
        """Whether it is of the type."""
        return bool(self.log.unit_type[unit] == self.type_of_response[call])


class LoggedFirst(NearestOfType):
    """Each response goes to the unit of the log where that is free, else to the nearest free of its type."""

    def choose(self, response: int, free: NDArray[np.bool_]) -> int | None:
        """Return who goes, or None where no unit of the type is free."""
        own = int(self.log.unit[response])
        return own if free[own] else super().choose(response, free)


def replay_as_logged(log: Logged) -> Record:
    """Replay with every response to its own unit, but where that is out still."""
    return simulate(log.calls, log.units, LoggedFirst(log))


def replay_nearest(log: Logged) -> Record:
    """Replay as if the nearest free unit of the type had been sent to every response."""
    return simulate(log.calls, log.units, NearestOfType(log))
