"""Where a storm rages: a town with more calls than crews, its database, and the service's address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from socket import socket

from sqlalchemy import URL

from api.dispatching import Centre
from api.live_roads import LiveRoads
from api.settings import Settings
from data.database import Sessions, transaction
from data.models import DepotTier, Tier, VehicleProfile
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
from tests.river_town import QUAY, WEST_STATION

HOST = "127.0.0.1"
ROADS = "river"
UNITS = 48
DEPOTS = 4
ITEM, MEASURE = "foam", "L"
BATCHES = ("100.3", "70.1", "2000")
"""Litres of each batch of each depot; tenths, which binary fractions cannot add up."""
TODAY = date(2026, 7, 1)


@dataclass(frozen=True)
class Ground:
    """
    What every process of a storm is told.

    Attributes
    ----------
    var : Path
        The service's folder; ledgers lie beside it.
    url : URL
        The database.
    port : int
        Where the service listens.
    seed : int
        What every choice is made from.
    """

    var: Path
    url: URL
    port: int
    seed: int

    @property
    def ledgers(self) -> Path:
        """The folder of the ledgers."""
        return self.var / "ledgers"

    @property
    def calm(self) -> Path:
        """A file whose being there tells every client to end."""
        return self.var / "calm"

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return Settings(var=self.var, roads=ROADS, host=HOST, port=self.port)

    def centre(self, sessions: Sessions, roads: LiveRoads) -> Centre:
        """Return a command centre on this ground."""
        return Centre(sessions, roads, self.settings)


def free_port() -> int:
    """Find a port nobody uses."""
    with socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


def staff(sessions: Sessions, units: int = UNITS) -> None:
    """Write a station with so many engines and some depots with foam."""
    with transaction(sessions) as session:
        add_bases(session, [NewBase(name="West", place=WEST_STATION)])
        add_teams(
            session,
            [NewTeam(base="West", name="First", kind="fire", tier=Tier.FIRE_BRIGADE, call_sign="W1")],
        )
        add_units(session, [_engine(number) for number in range(1, units + 1)])
        add_depots(session, [_depot(number) for number in range(1, DEPOTS + 1)])


def call_at_the_quay(who: str) -> NewIncident:
    """Return a call for help at the quay."""
    return NewIncident(
        kind="fire", severity=2, place=QUAY, reported_at=datetime.now(UTC), reported_by=who, synthetic=True
    )


def _engine(number: int) -> NewUnit:
    return NewUnit(
        team="First",
        name=f"Engine {number}",
        vehicle_profile=VehicleProfile.FIRE_ENGINE,
        crew=6,
        turnout_s=60.0,
        capabilities={"rescue": 6},
    )


def _depot(number: int) -> NewDepot:
    stock = tuple(
        NewStock(item=ITEM, unit_of_measure=MEASURE, quantity=float(litres), batch=f"batch {i}", minimum=5.5)
        for i, litres in enumerate(BATCHES)
    )
    return NewDepot(
        name=f"Depot {number}",
        tier=DepotTier.CITY,
        place=WEST_STATION,
        loading_s=300.0,
        delivers=True,
        stock=stock,
    )
