"""
Time driven event by event: calls come, units turn out, drive, work and return.

The discipline of waiting. A call is answered the moment it comes, from those who are free then. What it still
needs after that it waits for: each time a unit comes free that could help, the calls that wait are offered
again whoever is free, the gravest first, of one severity the longest waiting first. A call waits until its
needs are met; one that was sent somebody stops waiting as well when the last of them leaves the scene, since
it is over then. Where waiting is not allowed, nothing is offered again: what is not sent at once is lost.

A unit is free when it is back at its base; it is sent nowhere else on its way out, on scene, or on its way
back. One that is back at the very moment in which a call comes is free for it.
"""

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import simpy
from numpy.typing import NDArray

from routing.simulation.calls import Calls
from routing.simulation.itinerary import Itinerary, Trip
from routing.simulation.rule import Order, Rule, Standing

Process = Generator[simpy.Event, None, None]


class Waiting(StrEnum):
    """What becomes of a call whose needs cannot be met at once."""

    LOST = "lost"
    GRAVEST_FIRST = "gravest first"


@dataclass(frozen=True, eq=False)
class Record:
    """
    What happened.

    Attributes
    ----------
    calls : Calls
    trips : Itinerary
    met_s : float64, shape (calls,)
        When everything a call needs was there; ``inf`` where that never came about.
    waited : bool, shape (calls,)
        Which calls could not be given at once all they need.
    """

    calls: Calls
    trips: Itinerary
    met_s: NDArray[np.float64]
    waited: NDArray[np.bool_]


def simulate(calls: Calls, units: int, rule: Rule, waiting: Waiting = Waiting.GRAVEST_FIRST) -> Record:
    """
    Play calls through, to the return of the last unit, and record every trip.

    Parameters
    ----------
    calls : Calls
    units : int
        How many there are; all are free at the start.
    rule : Rule
        Chooses who goes, whenever a call is answered.
    waiting : Waiting
        The discipline.
    """
    city = _City(calls, units, rule, waiting)
    city.play()
    trips = Itinerary.of([city.trips[number] for number in range(len(city.trips))])
    return Record(calls, trips, city.met_s, city.waited)


class _City:
    """The town while time runs."""

    def __init__(self, calls: Calls, units: int, rule: Rule, waiting: Waiting) -> None:
        self.calls, self.rule, self.waiting = calls, rule, waiting
        self.clock = simpy.Environment()
        self.free = np.ones(units, dtype=np.bool_)
        self.trips: dict[int, Trip] = {}
        self.ordered = 0
        self.met_s = np.full(len(calls), np.inf)
        self.waited = np.zeros(len(calls), dtype=np.bool_)
        self.queue: list[int] = []
        self.engaged: dict[int, dict[int, float]] = {}

    def play(self) -> None:
        """Let time run until nothing is left to happen."""
        self.clock.process(self._calls_come())
        self.clock.run()

    def _calls_come(self) -> Process:
        for call, at_s in enumerate(self.calls.at_s.tolist()):
            yield self.clock.timeout(max(at_s - self.clock.now, 0.0))
            yield self.clock.timeout(0.0)
            self.engaged[call] = {}
            if not self._answer(call):
                self.waited[call] = True
                self._line_up(call)

    def _answer(self, call: int) -> bool:
        """Send whoever is chosen; return whether the call has all it needs then."""
        now_s = self.clock.now
        sent = self.rule.send(call, Standing(now_s, self.free, self.engaged[call]))
        for order in sent.orders:
            self._send(order, call)
        met = bool(np.isfinite(sent.met_in_s))
        if met:
            self.met_s[call] = now_s + sent.met_in_s
        return met

    def _send(self, order: Order, call: int) -> None:
        self.free[order.unit] = False
        self.engaged[call][order.unit] = self.clock.now + order.turnout_s + order.drive_s
        self.clock.process(self._out(self.ordered, order, call))
        self.ordered += 1

    def _out(self, number: int, order: Order, call: int) -> Process:
        """Take a unit through its trip; what is recorded is the clock as each part ends."""
        clock, ordered_s = self.clock, self.clock.now
        yield from self._pass(order.turnout_s)
        rolling_s = clock.now
        yield from self._pass(order.drive_s)
        arrived_s = clock.now
        yield from self._pass(order.scene_s)
        left_s = clock.now
        self._leave(order.unit, call)
        yield from self._pass(order.back_s)
        times = (ordered_s, rolling_s, arrived_s, left_s, clock.now)
        self.trips[number] = Trip(order.unit, call, *times, order.capable, order.counts)
        self.free[order.unit] = True
        self._offer(order.unit)

    def _leave(self, unit: int, call: int) -> None:
        """Take a unit off a call; one that the last leaves is over, whatever it still waits for."""
        del self.engaged[call][unit]
        if not self.engaged[call] and call in self.queue:
            self.queue.remove(call)

    def _pass(self, seconds: float) -> Process:
        """Let time pass; what takes none ends within the moment, before a call that comes in it."""
        if seconds > 0:
            yield self.clock.timeout(seconds)

    def _line_up(self, call: int) -> None:
        if self.waiting is Waiting.GRAVEST_FIRST:
            self.queue.append(call)
            self.queue.sort(key=lambda one: (self.calls.severity[one], one))

    def _offer(self, unit: int) -> None:
        """Offer everybody who is free to the calls that wait, if the one that came free could help them."""
        for call in list(self.queue):
            if not self.free[unit]:
                return
            if self.rule.helps(call, unit) and self._answer(call):
                self.queue.remove(call)
