"""A desk: claims, steps, diverts, reserves, settles, merges and closes, through the product's functions."""

from collections.abc import Callable
from dataclasses import dataclass

from api.dispatching import Centre
from api.incident_life import bring_under_control, close, merge, reopen
from api.settling import settle
from api.stepping import divert, step
from data import assignments, incidents, reservations
from data.assignments import Claim
from data.audit import speaking_as
from data.database import transaction
from data.incident_states import hold_standing
from data.models import AssignmentState, ReservationState
from data.reservations import SupplyClaim
from data.samples.chance import Chance
from data.steps import Step
from tests.storm.board import CLOSED, IDLE, OUT, SET_ASIDE, STANDING, Seen, look
from tests.storm.choosing import happens, one_of, some_litres, some_units
from tests.storm.ground import DEPOTS, ITEM, MEASURE, TODAY, UNITS, call_at_the_quay
from tests.storm.ledger import ANYBODY, Entry, Outcome, acknowledged
from tests.storm.steps_known import what_follows

MOST_AT_ONCE = 3
NONSENSE = 0.05
"""So often a desk asks for a state whether it can follow or not."""
SOURCE = "desk"


@dataclass(frozen=True)
class Desk:
    """Somebody who looks at the board, does one thing, and looks again."""

    centre: Centre
    chance: Chance

    def act(self, who: str) -> list[Entry]:
        """Do one thing and return what was said of it."""
        return one_of(DEEDS, self.chance)(self, who)

    def report(self, who: str) -> list[Entry]:
        """Record a call."""
        with transaction(self.centre.sessions) as session:
            speaking_as(session, who, SOURCE)
            made = incidents.record(session, call_at_the_quay(who))
        return [acknowledged("incident.reported", made, who)]

    def claim(self, who: str) -> list[Entry]:
        """Claim a few units, and now and then supplies that one of them carries, in one transaction."""
        incident = self._seen("standing")
        if incident is None:
            return self.report(who)
        units = some_units(self.chance, self.chance.whole(1, MOST_AT_ONCE))
        with transaction(self.centre.sessions) as session:
            hold_standing(session, incident.id)
            speaking_as(session, who, SOURCE)
            made = assignments.claim_all(session, [Claim(incident.id, unit) for unit in units], who, SOURCE)
            carriers = [one for one in made.values() if one is not None]
            wanted = carriers and happens(self.chance, 0.3)
            parcels = (
                reservations.reserve(session, self._parcel(incident.id, carriers[0]), who, SOURCE)
                if wanted
                else ()
            )
        return [
            *(_claimed(unit, one, who) for unit, one in made.items()),
            *(acknowledged("reservation.reserved", one, who) for one in parcels or ()),
        ]

    def propose(self, who: str) -> list[Entry]:
        """Propose a unit, whoever has it."""
        incident = self._seen("standing")
        if incident is None:
            return []
        wanted = Claim(incident.id, self.chance.whole(1, UNITS))
        with transaction(self.centre.sessions) as session:
            speaking_as(session, who, SOURCE)
            made = assignments.claim(session, wanted, who, SOURCE, state=AssignmentState.PROPOSED)
        return [] if made is None else [acknowledged("assignment.proposed", made, who)]

    def step(self, who: str) -> list[Entry]:
        """Log what a unit does."""
        out = self._seen("out")
        if out is None:
            return []
        told = step(out.id, self._next("assignment", out.state), Step(who, "radio"), self.centre).facts
        return [acknowledged(f"assignment.{told.state}", told.id, told.state_by)]

    def divert(self, who: str) -> list[Entry]:
        """Send a unit elsewhere."""
        out, incident = self._seen("out"), self._seen("standing")
        if out is None or incident is None:
            return []
        told = divert(out.id, incident.id, Step(who, SOURCE), self.centre).facts
        return [acknowledged("assignment.reserved", told.id, who)]

    def reserve(self, who: str) -> list[Entry]:
        """Set supplies aside that the depot itself brings."""
        incident = self._seen("standing")
        if incident is None:
            return []
        with transaction(self.centre.sessions) as session:
            made = reservations.reserve(session, self._parcel(incident.id, None), who, SOURCE)
        return [acknowledged("reservation.reserved", one, who) for one in made or ()]

    def settle(self, who: str) -> list[Entry]:
        """Say what became of supplies."""
        parcel = self._seen("set aside")
        if parcel is None:
            return []
        to = self._next("reservation", parcel.state)
        used = some_litres(self.chance) / 2 if to == ReservationState.USED else None
        told = settle(parcel.id, to, used, Step(who, SOURCE), self.centre)
        return [acknowledged(f"reservation.{told.state}", told.id, told.state_by)]

    def close(self, who: str) -> list[Entry]:
        """Close an incident that seems to be finished, or one that is not."""
        return self._change(who, "standing" if happens(self.chance, 0.2) else "idle", close)

    def control(self, who: str) -> list[Entry]:
        """Say that an incident is under control."""
        return self._change(who, "standing", bring_under_control)

    def reopen(self, who: str) -> list[Entry]:
        """Open a closed incident again."""
        return self._change(who, "closed", reopen)

    def merge(self, who: str) -> list[Entry]:
        """Merge an incident into another, with all it has."""
        one, other = self._seen("standing"), self._seen("standing")
        if one is None or other is None:
            return []
        merge(one.id, other.id, Step(who, SOURCE), self.centre)
        return [acknowledged("incident.merged", one.id, ANYBODY)]

    def _change(self, who: str, wanted: str, change: Callable[..., incidents.IncidentFacts]) -> list[Entry]:
        incident = self._seen(wanted)
        if incident is None:
            return []
        told = change(incident.id, Step(who, SOURCE), self.centre)
        return [acknowledged(f"incident.{told.status}", incident.id, ANYBODY)]

    def _seen(self, wanted: str) -> Seen | None:
        with transaction(self.centre.sessions) as session:
            return look(session, BOARD[wanted])

    def _next(self, of: str, state: str) -> str:
        following = what_follows(of)
        return self.chance.pick(sorted(following) if happens(self.chance, NONSENSE) else following[state])

    def _parcel(self, incident_id: int, carrier: int | None) -> SupplyClaim:
        return SupplyClaim(
            incident_id=incident_id,
            depot_id=self.chance.whole(1, DEPOTS),
            item=ITEM,
            quantity=some_litres(self.chance),
            unit_of_measure=MEASURE,
            day=TODAY,
            assignment_id=carrier,
            approved_by="duty director" if happens(self.chance, 0.5) else None,
        )


BOARD = {"standing": STANDING, "idle": IDLE, "closed": CLOSED, "out": OUT, "set aside": SET_ASIDE}
DEEDS = (
    (Desk.report, 4),
    (Desk.claim, 36),
    (Desk.propose, 3),
    (Desk.step, 34),
    (Desk.divert, 5),
    (Desk.reserve, 5),
    (Desk.settle, 7),
    (Desk.close, 3),
    (Desk.control, 1),
    (Desk.reopen, 1),
    (Desk.merge, 1),
)


def _claimed(unit: int, made: int | None, who: str) -> Entry:
    if made is None:
        return Entry(Outcome.TAKEN, "unit", unit, who)
    return acknowledged("assignment.reserved", made, who)
