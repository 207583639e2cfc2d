"""What a simulation asks of a rule of dispatch, and the plain rule that queueing models assume."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.simulation.calls import Calls
from routing.siting.question import checked_amounts, checked_seconds


@dataclass(frozen=True)
class Standing:
    """
    How things stand when a call is answered.

    Attributes
    ----------
    now_s : float
    free : bool, shape (units,)
        Who is at its base and on no call. The array goes on changing: copy what is to be kept.
    engaged : mapping of int to float
        Whom the call has already: unit to the moment of its arrival; who has left it is not among them.
    """

    now_s: float
    free: NDArray[np.bool_]
    engaged: Mapping[int, float]


@dataclass(frozen=True)
class Order:
    """
    A free unit that is to go, and how long each part takes: turnout, driving, on scene, the way back.

    ``capable``: it can do something there; ``counts``: it counts for the standard that is asked about.
    """

    unit: int
    turnout_s: float
    drive_s: float
    scene_s: float
    back_s: float
    capable: bool = True
    counts: bool = True


@dataclass(frozen=True)
class Sent:
    """
    Who is sent in addition to those that a call has.

    ``met_in_s`` is when everything the call needs is there, counted from now; ``inf`` where something is
    missing.
    """

    orders: tuple[Order, ...]
    met_in_s: float


class Rule(Protocol):
    """A rule of dispatch."""

    def send(self, call: int, standing: Standing) -> Sent:
        """Choose free units for a call."""

    def helps(self, call: int, unit: int) -> bool:
        """Whether a unit that has come free could do anything at a call that waits."""


class SoonestFree:
    """
    One unit a call: the soonest that is free, the first of equals; the rule of the hypercube model.

    The call keeps it for ``scene_s`` from the order until it is free again, wherever it was, and there is no
    other time: as in ``routing.siting.reliability``, against which a simulation by this rule can be held.

    Parameters
    ----------
    seconds : array_like, shape (places, units)
        Arrivals, by which units are ranked; ``inf`` where one cannot come.
    """

    def __init__(self, calls: Calls, seconds: NDArray[np.float64]) -> None:
        self._calls, self._seconds = calls, checked_seconds(seconds)
        checked_amounts("scene_s", calls.scene_s, len(calls))

    def send(self, call: int, standing: Standing) -> Sent:
        """Send the soonest free unit."""
        arrival_s = np.where(standing.free, self._seconds[self._calls.place[call]], np.inf)
        unit = int(arrival_s.argmin())
        if not np.isfinite(arrival_s[unit]):
            return Sent((), np.inf)
        return Sent((Order(unit, 0.0, 0.0, float(self._calls.scene_s[call]), 0.0),), 0.0)

    def helps(self, call: int, unit: int) -> bool:
        """Whether the unit can come."""
        return bool(np.isfinite(self._seconds[self._calls.place[call], unit]))
