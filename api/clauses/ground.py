"""The ground that clauses are judged on: registry, records, log, layers, and times by the product's roads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from api.clauses.findings import Subject
from api.live_roads import LiveRoads
from data.agreements import AgreementFacts, AuthorityFacts, all_agreements, all_authorities
from data.clause_facts import (
    CrewFacts,
    GradedSource,
    KindName,
    PlanScope,
    StoredItem,
    crews,
    enterprise_depots,
    graded_sources,
    incident_kinds,
    plan_scopes,
    resources_changed_at,
    stores_of_enterprises,
)
from data.database import Sessions
from data.logged import LoggedIncident, logged_incidents
from data.places_file import NamedPlaces, read_places
from data.planning import PlannedSources, planned_sources
from data.planning_layers import OSM_ENDINGS, People, Structure, read_people, read_structures
from data.records import (
    DrillFacts,
    EnterpriseFacts,
    PlanRecord,
    StationAreaFacts,
    VerifiedRow,
    drills,
    enterprises,
    plan_records,
    station_areas,
    verified_rows,
)
from geo.crs import to_metres
from geo.errors import InvalidInputError
from geo.places import Place
from geo.surroundings import PeopleAround, in_metres
from routing.coverage import Demands, Due, due_at, gates_that_count
from routing.spots import Spots, is_line, spots_of

FULL_TURN_DEG = 360.0
ANYWHERE = -1


@dataclass(frozen=True)
class Records:
    """
    What is on record on a day.

    ``changed_on`` is when a base, a team or a depot last came or went after the day on which the registry was
    first filled, None where none did.
    """

    today: date
    sources: tuple[GradedSource, ...]
    shapes: PlannedSources
    crews: tuple[CrewFacts, ...]
    authorities: tuple[AuthorityFacts, ...]
    agreements: tuple[AgreementFacts, ...]
    stores: tuple[StoredItem, ...]
    enterprise_depots: tuple[str, ...]
    enterprises: tuple[EnterpriseFacts, ...]
    drills: tuple[DrillFacts, ...]
    station_areas: tuple[StationAreaFacts, ...]
    plans: tuple[PlanRecord, ...]
    scopes: tuple[PlanScope, ...]
    kinds: tuple[KindName, ...]
    verified: tuple[VerifiedRow, ...]
    changed_on: date | None
    log: tuple[LoggedIncident, ...]


@dataclass(frozen=True)
class Layers:
    """What a planner brings beside the registry; None where it was not given."""

    exits: NamedPlaces | None = None
    people: People | None = None
    borders: tuple[Structure, ...] | None = None
    wind_from_deg: float | None = None


@dataclass(frozen=True)
class Starts:
    """
    Where somebody starts from, what they drive, and when after the clock's start they leave.

    ``guards`` tells which shape each is kept for, by its position, ``ANYWHERE`` where it goes to all.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    profile: tuple[str, ...]
    leaves_s: NDArray[np.float64]
    guards: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Arrivals:
    """When somebody is at every spot of some shapes, and who is first at each shape's worst one."""

    spots: Spots
    seconds: NDArray[np.float64]
    due: Due

    def place(self, shape: int) -> Place:
        """Return where a shape is reached last."""
        worst = int(self.due.worst_spot[shape])
        return Place(float(self.spots.lon[worst]), float(self.spots.lat[worst]))


@dataclass(frozen=True)
class Ground:
    """Everything that clauses are judged on."""

    roads: LiveRoads
    sessions: Sessions
    snap_limit_m: float
    preset: str | None
    records: Records
    layers: Layers

    @cached_property
    def metric_shapes(self) -> tuple[BaseGeometry, ...]:
        """The hazard sources in metres."""
        return tuple(in_metres(shape, self.metric_system) for shape in self.records.shapes.shape)

    @property
    def metric_system(self) -> str:
        """The network's system of metres."""
        return self.roads.network.metric_system

    @cached_property
    def people(self) -> PeopleAround | None:
        """Where people live, None without a layer."""
        people = self.layers.people
        if people is None:
            return None
        return PeopleAround(*to_metres(self.metric_system, people.lon, people.lat), people.people)

    def seconds(
        self, starts: Starts, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return when each who starts is at each place; ``inf`` where no road leads or it lies far off."""
        origin, target = self.roads.index.snap(starts.lon, starts.lat), self.roads.index.snap(lon, lat)
        seconds = np.full((len(starts), len(lon)), np.inf)
        profiles = np.array(starts.profile, dtype=np.str_)
        for name in np.unique(profiles).tolist():
            own = np.flatnonzero(profiles == name)
            seconds[own] = self.roads.routers.get(name, self.preset).matrix(origin[own], target)
        off = (origin.off_m > self.snap_limit_m)[:, None] | (target.off_m > self.snap_limit_m)[None, :]
        return np.where(off, np.inf, seconds + starts.leaves_s[:, None])

    def arrivals(self, starts: Starts, shapes: Sequence[BaseGeometry]) -> Arrivals:
        """
        Return when those who start are at shapes: a plant counts by its worst gate, a line by its last piece.

        A gate that nobody ever reaches is none, unless nobody reaches any other.
        """
        spots = spots_of(self.roads.network, self.roads.index, shapes)
        by_share = np.array([is_line(shape) for shape in shapes], dtype=np.bool_)
        demands = Demands(np.zeros(len(shapes), dtype=np.int64), by_share, spots.shape, spots.share)
        seconds = self.seconds(starts, spots.lon, spots.lat)
        if starts.guards is not None:
            guards = starts.guards[:, None]
            seconds[(guards != ANYWHERE) & (guards != spots.shape[None, :])] = np.inf
        kept = gates_that_count(demands, np.isfinite(seconds.min(axis=0, initial=np.inf)))
        due = due_at(seconds[:, kept], demands.some_spots(kept))
        return Arrivals(spots.some(kept), seconds[:, kept], due)


def read_records(session: Session, now: datetime) -> Records:
    """Read everything on record; ``now`` is the local time that tells which day it is."""
    today = now.date()
    return Records(
        today=today,
        sources=graded_sources(session),
        shapes=planned_sources(session),
        crews=crews(session),
        authorities=all_authorities(session),
        agreements=all_agreements(session),
        stores=stores_of_enterprises(session, today),
        enterprise_depots=enterprise_depots(session),
        enterprises=enterprises(session),
        drills=drills(session),
        station_areas=station_areas(session),
        plans=plan_records(session),
        scopes=plan_scopes(session),
        kinds=incident_kinds(session),
        verified=verified_rows(session),
        changed_on=_changed_on(session, now),
        log=logged_incidents(session),
    )


def _changed_on(session: Session, now: datetime) -> date | None:
    changes = resources_changed_at(session)
    if changes is None:
        return None
    first, last = (at.astimezone(now.tzinfo).date() for at in changes)
    return last if last > first else None


def read_layers(
    exits: Path | None, population: Path | None, borders: Path | None, wind_from_deg: float | None
) -> Layers:
    """Read what a planner brings; a layer that cannot be used is refused by its option's name."""
    if borders is not None and borders.name.lower().endswith(OSM_ENDINGS):
        raise InvalidInputError("borders", f"{borders.name} is no layer of railways and rivers: export one")
    if wind_from_deg is not None and not 0 <= wind_from_deg <= FULL_TURN_DEG:
        raise InvalidInputError("wind_from", f"{wind_from_deg:g} is no direction: give 0 to 360 degrees")
    return Layers(
        exits=None if exits is None else read_places(exits),
        people=None if population is None else read_people(population),
        borders=None if borders is None else read_structures(borders),
        wind_from_deg=wind_from_deg,
    )


def source_subject(source: GradedSource) -> Subject:
    """Return a hazard source as a subject."""
    return Subject("source", source.name, source.lon, source.lat, source.synthetic)
