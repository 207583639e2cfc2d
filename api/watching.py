"""
Watch over incidents from threads beside the service.

One says each second who has become silent. The other works longer: where roads, positions or states changed,
whose arrival became worse; who could go instead of whoever was lost; and where a unit became free or roads
changed, the calls that wait are offered again. All of it is said by events; nothing is claimed.

Of several servers one does the longer work at a time, by a lock that its death sets free. What was said is
not said again by the next one, since the database is asked for it each time.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api.clocks import say_overdue
from api.dispatching import Centre
from api.proposing import propose_successors
from api.redispatch import look_ahead, say_changes
from api.situations import Situation
from api.waiting import offer_again
from api.working import repeatedly
from data.database import transaction
from data.watched import OnItsWay, clock, free_units, on_their_way, watches
from geo.errors import RescueError

LOOK_EVERY_S = 1.0
AHEAD_EVERY_S = 3.0
log = logging.getLogger(__name__)


@contextmanager
def kept_watch(centre: Centre) -> Iterator[None]:
    """Watch from threads until the block ends."""
    with (
        repeatedly(lambda: _say_overdue(centre), LOOK_EVERY_S, "acknowledgements"),
        repeatedly(Watch(centre).look, LOOK_EVERY_S, "watch"),
    ):
        yield


class Watch:
    """What this process saw when it looked last, so that it works only where something changed."""

    def __init__(self, centre: Centre, ahead_every_s: float = AHEAD_EVERY_S) -> None:
        self._centre = centre
        self._ahead_every_s = ahead_every_s
        self._looked_ahead_s = -float("inf")
        self._situation: Situation | None = None
        self._sent: dict[int, tuple[OnItsWay, ...]] = {}
        self._offered: tuple[Situation, frozenset[int]] | None = None

    def look(self) -> None:
        """Look once, if nobody else watches."""
        with transaction(self._centre.sessions) as session:
            if watches(session):
                self._look()

    def _look(self) -> None:
        with transaction(self._centre.sessions) as session:
            situation = self._centre.situations.now(session)
        self._look_ahead(situation)
        propose_successors(self._centre)
        self._offer(situation)

    def _look_ahead(self, situation: Situation) -> None:
        """Say whose arrival became worse: at once where roads changed, every few seconds else."""
        roads_changed = situation is not self._situation
        waited_s = time.monotonic() - self._looked_ahead_s
        if not roads_changed and waited_s < self._ahead_every_s:
            return
        self._looked_ahead_s = time.monotonic()
        with transaction(self._centre.sessions) as session:
            sent = _by_incident(on_their_way(session))
        for incident_id, units in sent.items():
            if roads_changed or self._sent.get(incident_id) != units:
                self._say_ahead(units, situation)
        self._situation, self._sent = situation, sent

    def _say_ahead(self, units: Sequence[OnItsWay], situation: Situation) -> None:
        """Say what lies ahead of the units of an incident; one that no road leads to stops no other."""
        centre = self._centre
        with transaction(centre.sessions) as session:
            now = clock(session)
        try:
            with centre.turn:
                found = look_ahead(units, situation, now, centre.settings)
        except RescueError as error:
            log.warning("incident %d: %s", units[0].assignment.incident_id, error)
        else:
            say_changes(found, centre)

    def _offer(self, situation: Situation) -> None:
        """Offer the calls that wait once more where a unit became free or the roads changed."""
        with transaction(self._centre.sessions) as session:
            free = free_units(session)
        last = self._offered
        if last is None or last[0] is not situation or free - last[1]:
            offer_again(self._centre)
        self._offered = situation, free


def _say_overdue(centre: Centre) -> None:
    say_overdue(centre.sessions)


def _by_incident(sent: Sequence[OnItsWay]) -> dict[int, tuple[OnItsWay, ...]]:
    found: dict[int, list[OnItsWay]] = defaultdict(list)
    for one in sent:
        found[one.assignment.incident_id].append(one)
    return {incident_id: tuple(units) for incident_id, units in found.items()}
