"""A made-up city: everything the registry holds, placed beside the nodes of whatever roads there are."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.registry import (
    NewAgreement,
    NewAuthority,
    NewBase,
    NewDepot,
    NewHazardSource,
    NewTeam,
    NewUnit,
    add_agreements,
    add_authorities,
    add_bases,
    add_depots,
    add_hazard_sources,
    add_teams,
    add_units,
)
from data.samples.ground import Ground
from data.samples.hazards import make_hazard_sources
from data.samples.mutual_aid import make_mutual_aid
from data.samples.records import CityRecords, make_records, seed_records
from data.samples.responders import make_responders
from data.samples.supplies import make_depots

DEMO_SEED = 2018


@dataclass(frozen=True)
class City:
    """The rows of a city, each marked as synthetic."""

    authorities: tuple[NewAuthority, ...]
    agreements: tuple[NewAgreement, ...]
    bases: tuple[NewBase, ...]
    teams: tuple[NewTeam, ...]
    units: tuple[NewUnit, ...]
    depots: tuple[NewDepot, ...]
    hazard_sources: tuple[NewHazardSource, ...]
    records: CityRecords
    today: date
    seed: int


def make_city(
    node_lon: NDArray[np.float64], node_lat: NDArray[np.float64], *, now: datetime, seed: int = DEMO_SEED
) -> City:
    """
    Return 40 bases, 120 units, 30 depots and 200 hazard sources beside the nodes of a road network.

    The same nodes, ``now`` (zone-aware) and seed give an equal city. Units away from their base have
    positions dated around ``now``: most fresh, some stale, one in the future, one far off any road. Many
    teams are other authorities', some under an agreement that has expired.

    Raises
    ------
    InvalidInputError
        When there is no node.
    """
    ground = Ground(node_lon, node_lat)
    responders = make_responders(ground, seed, now)
    hazard_sources = make_hazard_sources(ground, seed)
    aid = make_mutual_aid(responders, hazard_sources, seed, now.date())
    return City(
        authorities=aid.authorities,
        agreements=aid.agreements,
        bases=responders.bases,
        teams=aid.teams,
        units=responders.units,
        depots=make_depots(ground, seed, now.date()),
        hazard_sources=hazard_sources,
        records=make_records(responders.bases, aid.teams, hazard_sources, seed, now.date()),
        today=now.date(),
        seed=seed,
    )


def seed_city(session: Session, city: City) -> None:
    """Write the city into the registry; whoever opened the transaction commits it."""
    add_authorities(session, city.authorities)
    add_agreements(session, city.agreements)
    add_hazard_sources(session, city.hazard_sources)
    add_bases(session, city.bases)
    add_teams(session, city.teams)
    add_units(session, city.units)
    add_depots(session, city.depots)
    seed_records(session, city.records, city.seed, city.today)
