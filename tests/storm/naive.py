"""A desk that looks whether a unit is free and then writes that it has it, as no product should."""

from dataclasses import dataclass

from sqlalchemy import text

from api.dispatching import Centre
from api.stepping import step
from data import incidents
from data.database import transaction
from data.samples.chance import Chance
from data.steps import Step
from tests.storm.board import OUT, STANDING, look
from tests.storm.choosing import happens
from tests.storm.ground import UNITS, call_at_the_quay
from tests.storm.ledger import Entry, Outcome, acknowledged
from tests.storm.steps_known import what_follows

WITHOUT_GUARD = "DROP INDEX one_active_assignment_a_unit"
READ = text(
    "SELECT count(*) FROM assignment WHERE unit_id = :unit AND closed_at IS NULL AND state <> 'returning'"
)
WRITE = text(
    "INSERT INTO assignment (incident_id, unit_id, state, how, state_by) "
    "VALUES (:incident, :unit, 'reserved', 'order', :who) RETURNING id"
)
CLAIMS = 0.6


@dataclass(frozen=True)
class NaiveDesk:
    """Somebody who claims by read-then-write, and logs steps through the product."""

    centre: Centre
    chance: Chance

    def act(self, who: str) -> list[Entry]:
        """Do one thing and return what was said of it."""
        return self.claim(who) if happens(self.chance, CLAIMS) else self.step(who)

    def claim(self, who: str) -> list[Entry]:
        """Claim a unit that seems to be free."""
        unit = self.chance.whole(1, UNITS)
        with transaction(self.centre.sessions) as session:
            incident = look(session, STANDING)
            if incident is None:
                made = incidents.record(session, call_at_the_quay(who))
                return [acknowledged("incident.reported", made, who)]
            if session.scalar(READ, {"unit": unit}):
                return [Entry(Outcome.TAKEN, "unit", unit, who)]
            values = {"incident": incident.id, "unit": unit, "who": who}
            made = session.scalars(WRITE, values).one()
        return [acknowledged("assignment.reserved", made, who)]

    def step(self, who: str) -> list[Entry]:
        """Log what a unit does."""
        with transaction(self.centre.sessions) as session:
            out = look(session, OUT)
        if out is None:
            return []
        to = self.chance.pick(what_follows("assignment")[out.state])
        told = step(out.id, to, Step(who, "radio"), self.centre).facts
        return [acknowledged(f"assignment.{told.state}", told.id, told.state_by)]
