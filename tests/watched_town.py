"""A river town whose units are sent, silent, late and freed: what the tests of the clocks begin with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from api.assigning import dispatch
from api.dispatched import Order
from api.dispatching import Centre
from api.stepping import step
from api.watching import Watch
from data import conditions
from data.assignments import busy_units
from data.cluster import Cluster
from data.database import open_engine, sessions_on, transaction
from data.models import Assignment, Event, Unit
from data.positions import Fix, place_unit
from data.registry.conditions import NewRoadCondition
from data.steps import Step
from geo.places import Place
from tests.databases import fresh_database
from tests.decision_town import Town

DESK = "duty desk"


@dataclass(frozen=True)
class Room:
    """A command centre on a town, and short ways to send units and to read what was said of them."""

    town: Town

    @property
    def centre(self) -> Centre:
        """The command centre."""
        return self.town.centre

    def watch(self) -> Watch:
        """Return somebody who looks at positions each time."""
        return Watch(self.centre, ahead_every_s=0.0)

    def send(self, incident: int, *units: str, ago_s: float = 0.0) -> list[int]:
        """Order units so long ago and return their assignments, in the order of the units' ids."""
        ids = tuple(self.unit(name) for name in units)
        told = Step(DESK, "desk", _ago(ago_s))
        done = dispatch(incident, Order(told, units=ids, supplies=False, gives_word=True), self.centre)
        return [self.assignment(one) for one in sorted(ids) if done.claimed]

    def log(self, assignment: int, *states: str, ago_s: float = 0.0) -> None:
        """Log by radio how far a unit has come, so long ago."""
        for state in states:
            step(assignment, state, Step(DESK, "radio", _ago(ago_s)), self.centre)

    def see(self, unit: str, place: Place, at: datetime) -> None:
        """Take a position."""
        with transaction(self.centre.sessions) as session:
            place_unit(session, Fix(self.unit(unit), place, at))

    def shut(self, row: NewRoadCondition) -> int:
        """Put a road condition in force and return its number."""
        with transaction(self.centre.sessions) as session:
            return conditions.add(session, row).id

    def unit(self, name: str) -> int:
        """Return the number of a unit."""
        with transaction(self.centre.sessions) as session:
            return session.scalars(select(Unit.id).where(Unit.name == name)).one()

    def assignment(self, unit_id: int) -> int:
        """Return the newest assignment of a unit."""
        with transaction(self.centre.sessions) as session:
            found = select(Assignment.id).where(Assignment.unit_id == unit_id)
            return session.scalars(found.order_by(Assignment.id.desc()).limit(1)).one()

    def bound(self) -> Mapping[int, tuple[int, str]]:
        """Return who has each unit that is not free."""
        with transaction(self.centre.sessions) as session:
            return busy_units(session)

    def said(self, kind: str) -> list[Mapping[str, Any]]:
        """Return what the events of a kind tell, oldest first."""
        with transaction(self.centre.sessions) as session:
            return list(session.scalars(select(Event.detail).where(Event.kind == kind).order_by(Event.id)))

    def happened_at(self, assignment: int, kind: str) -> datetime:
        """Return when an event of an assignment happened."""
        with transaction(self.centre.sessions) as session:
            found = select(Event.happened_at).where(Event.assignment_id == assignment, Event.kind == kind)
            return session.scalars(found).one()


def instead(said: Mapping[str, Any]) -> list[str]:
    """Return the names of those who were proposed."""
    return [one["unit"] for one in said["instead"]]


@contextmanager
def empty_room(migrated: Cluster, centre: Centre) -> Iterator[Room]:
    """Lend a room of an empty registry, on the roads of a centre."""
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        yield Room(Town(replace(centre, sessions=sessions_on(engine))))
        engine.dispose()


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)
