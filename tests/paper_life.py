"""
The life of one small incident, told by hand: what the tests of the papers read.

A leak at the quay, called in at T - 60 s, the first order at T. *First* is ordered, starts after 90 s and is
there after 240 s, where 60 s, then 180 s had been predicted. *Second* is ordered and refuses after 60 s.
*Third* belongs to the harbour, is requested, was rolling 30 s before that and is there after 120 s. *Fourth*
is ordered and silent. Of 200 kg of sorbent 150 kg are used; the store then keeps less than its minimum.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from api.dispatching import Centre
from data import assignments, reservations
from data.assignment_facts import Predicted
from data.assignments import Claim
from data.database import transaction
from data.models import How, Unit
from data.registry import NewStock
from data.reservations import SupplyClaim
from data.steps import Step
from tests.decision_town import Crew, Town, up_mill_road

T = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
PREDICTED = Predicted(60.0, 120.0, 240.0, 1200.0, "residential", None)
HOSTILE = "<script>alert(1)</script>"
ANYWHERE = 4.0


@dataclass(frozen=True)
class Life:
    """The incident, and the number of each unit's assignment."""

    centre: Centre
    incident: int
    assignment: dict[str, int]


def at(seconds: float) -> datetime:
    """Return the moment so many seconds after the first order."""
    return T + timedelta(seconds=seconds)


def live(town: Town) -> Life:
    """Let it happen."""
    town.authority("harbour", approval_s=0.0)
    town.write(
        Crew("first", up_mill_road(1200), {"rescue": ANYWHERE}),
        Crew("second", up_mill_road(1600), {"rescue": ANYWHERE}),
        Crew("third", up_mill_road(2000), {"rescue": ANYWHERE}, authority="harbour"),
        Crew("fourth", up_mill_road(1800), {"rescue": ANYWHERE}),
    )
    stock = NewStock(item="sorbent", unit_of_measure="kg", quantity=300, minimum=160)
    town.store("store", up_mill_road(1500), stock)
    told = town.report(
        "rescue=8/5min", "sorbent=200kg", "director", reported_at=at(-60), substance="chlorine {arrival}"
    )
    made = {name: _claimed(town, told.incident, name) for name in ("first", "second", "third", "fourth")}
    _walk(town, made["first"], {"ordered": 0, "acknowledged": 30, "en-route": 90, "on-scene": 240})
    _walk(town, made["second"], {"ordered": 0, "refused": 60}, HOSTILE)
    _walk(town, made["third"], {"requested": 0, "en-route": -30, "on-scene": 120})
    _walk(town, made["fourth"], {"ordered": 0})
    with transaction(town.centre.sessions) as session:
        wanted = SupplyClaim(
            told.incident, _depot(town), "sorbent", 200, "kg", T.date(), approved_by="director"
        )
        reserved = reservations.reserve(session, wanted, "desk", "desk")
        assert reserved is not None
        reservations.settle(session, reserved[0], 150.0, Step("keeper", "phone", at(3000)))
    return Life(town.centre, told.incident, made)


def _claimed(town: Town, incident: int, name: str) -> int:
    how = How.REQUEST if name == "third" else How.ORDER
    with transaction(town.centre.sessions) as session:
        unit = session.scalars(select(Unit.id).where(Unit.name == name)).one()
        claim = Claim(incident, unit, how, {"rescue": ANYWHERE}, 1, "fire-brigade", PREDICTED)
        made = assignments.claim(session, claim, "desk", "desk", at(-10))
    assert made is not None
    return made


def _walk(town: Town, assignment: int, steps: dict[str, float], note: str = "") -> None:
    with transaction(town.centre.sessions) as session:
        for state, seconds in steps.items():
            assignments.step(session, assignment, state, Step("desk", "radio", at(seconds), note))


def _depot(town: Town) -> int:
    return int(town.picture("rescue=1", "sorbent=1kg").depots.id[0])
