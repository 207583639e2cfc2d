"""A station with units, a depot, and calls: what the tests of an incident's life begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data import assignments, incidents
from data.assignments import Claim
from data.cluster import Cluster
from data.database import Sessions, open_engine, sessions_on, transaction
from data.models import DepotTier, Event, Tier, VehicleProfile
from data.registry import (
    NewBase,
    NewDepot,
    NewIncident,
    NewStock,
    NewTeam,
    NewUnit,
    add_bases,
    add_depots,
    add_teams,
    add_units,
)
from data.steps import Step
from geo.places import Place
from tests.databases import fresh_database

NOON = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 7, 1)
DESK = Step("duty desk", "desk")
SPOT = Place(114.3, 30.6)
FOAM = (
    NewStock(item="foam", unit_of_measure="L", quantity=100, minimum=20, batch="new"),
    NewStock(item="foam", unit_of_measure="L", quantity=50, batch="old", expires_on=date(2026, 9, 1)),
    NewStock(item="foam", unit_of_measure="L", quantity=70, batch="past", expires_on=date(2026, 6, 30)),
    NewStock(item="foam", unit_of_measure="L", quantity=30, batch="soon", available_after_s=3600),
)
"""Batches 1 to 4: 130 L may leave by themselves, 150 L if somebody says so, 30 L more in an hour."""


@contextmanager
def duty_room(cluster: Cluster) -> Iterator[Sessions]:
    """Lend a database with a station of units 1 to 8, of which 8 is out of service, and depot 1 with foam."""
    with fresh_database(cluster) as url:
        engine = open_engine(url)
        sessions = sessions_on(engine)
        with transaction(sessions) as session:
            _staff(session)
        yield sessions
        engine.dispose()


def _staff(session: Session) -> None:
    add_bases(session, [NewBase(name="East", place=SPOT)])
    team = {"base": "East", "name": "First", "kind": "fire", "tier": Tier.FIRE_BRIGADE, "call_sign": "E1"}
    add_teams(session, [NewTeam.model_validate(team)])
    engine = {
        "team": "First",
        "vehicle_profile": VehicleProfile.FIRE_ENGINE,
        "crew": 6,
        "turnout_s": 60,
        "capabilities": {"rescue": 6},
    }
    add_units(
        session,
        [NewUnit.model_validate({**engine, "name": f"Engine {i}", "in_service": i < 8}) for i in range(1, 9)],
    )
    depot = NewDepot(name="Store", tier=DepotTier.CITY, place=SPOT, loading_s=60, delivers=True, stock=FOAM)
    add_depots(session, [depot])


def call(sessions: Sessions, kind: str = "fire") -> int:
    """Record a call, committed."""
    with transaction(sessions) as session:
        return incidents.record(
            session, NewIncident(kind=kind, severity=2, place=SPOT, reported_at=NOON, reported_by="119")
        )


def claim(sessions: Sessions, incident_id: int, unit_id: int) -> int | None:
    """Claim a unit, committed."""
    with transaction(sessions) as session:
        return assignments.claim(session, Claim(incident_id, unit_id), DESK.who, DESK.source)


def claimed(sessions: Sessions, incident_id: int, unit_id: int) -> int:
    """Claim a unit that is surely free, committed."""
    assignment_id = claim(sessions, incident_id, unit_id)
    assert assignment_id is not None
    return assignment_id


def walk(sessions: Sessions, assignment_id: int, *states: str) -> None:
    """Take an assignment from state to state, each committed."""
    for state in states:
        with transaction(sessions) as session:
            assignments.step(session, assignment_id, state, DESK)


def said_of(sessions: Sessions, incident_id: int) -> list[str]:
    """Return the kinds of the events of an incident in the order they were written."""
    with transaction(sessions) as session:
        found = select(Event.kind).where(Event.incident_id == incident_id).order_by(Event.id)
        return list(session.scalars(found))


def run(sessions: Sessions, statement: str, **values: object) -> None:
    """Run a statement as anybody could who reaches the database, committed."""
    with transaction(sessions) as session:
        session.execute(text(statement), values)
