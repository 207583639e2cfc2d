"""The town of a simulation: places that call, what can happen there, what each needs, and the standard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.dispatching import Centre
from api.needs import Needs, needs_of
from api.picture import Board
from api.settings import Settings
from api.simulating_asked import SimulationAsked
from api.simulating_fleet import at_home
from api.siting_reading import DEFAULT_CAPABILITY, DEFAULT_LEVEL, DEFAULT_PROFILE
from api.siting_sites import Equipment
from data.agreements import all_agreements, all_authorities
from data.call_assumptions import ALL, GRADES, SOURCE, STREETS, KindRow, PlaceRow, call_kinds, call_places
from data.candidates import all_depots, all_units, stock_columns
from data.database import transaction
from data.graded_sources import Site, all_standards, gravest_sources, site_at, site_by_id
from data.incidents import IncidentFacts, check_kind
from data.planning import PlannedSources, PlannedStandard, arrival_standard, known_capability, planned_sources
from data.plans import Features, matching_plan
from geo.errors import InvalidInputError
from geo.places import Place
from routing.network import RoadNetwork

STREET_SPOTS = 400
"""So many junctions stand for all streets."""
LINE_SPOTS = 5
"""A line is called from so many points, evenly along it."""
BESIDE_SOURCES = 0.05
NO_SITE_GRADE = 0
SIMULATED = "simulation"
UNHURRIED_S = 60.0
"""A choice may take so long here: one that time cuts short would come out otherwise on another machine."""


@dataclass(frozen=True, eq=False)
class Spots:
    """
    Places that call.

    Attributes
    ----------
    lon, lat, weight : float64, shape (n,)
        WGS84 degrees; how often one calls, relative to others.
    street : bool, shape (n,)
        A junction; every other is a hazard source.
    site : tuple of Site or None, length n
        The hazard source that the product says an incident there is at.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    weight: NDArray[np.float64]
    street: NDArray[np.bool_]
    site: tuple[Site | None, ...]

    def __len__(self) -> int:
        return len(self.lon)

    @cached_property
    def grade(self) -> NDArray[np.int64]:
        """The grade of the site each is at, 0 where there is none."""
        return np.array([site.grade or NO_SITE_GRADE if site else NO_SITE_GRADE for site in self.site])


@dataclass(frozen=True, eq=False)
class Town:
    """
    A town to be simulated.

    Attributes
    ----------
    board : Board
        Everybody at home, at no incident yet.
    kinds : tuple of KindRow
        What can happen.
    needs : mapping of (position in ``kinds``, grade) to Needs
    """

    board: Board
    spots: Spots
    kinds: tuple[KindRow, ...]
    needs: dict[tuple[int, int], Needs]
    standard: PlannedStandard | None
    equipment: Equipment
    settings: Settings
    notes: tuple[str, ...]

    def board_of(self, spot: int, kind: int, call: int) -> Board:
        """Return the board of one call; its number as an incident is its position and one."""
        site, row = self.spots.site[spot], self.kinds[kind]
        incident = replace(
            self.board.incident,
            id=call + 1,
            kind=row.kind,
            severity=row.severity,
            place=Place(float(self.spots.lon[spot]), float(self.spots.lat[spot])),
            hazard_source_id=None if site is None else site.id,
        )
        return replace(
            self.board, incident=incident, site=site, needs=self.needs[kind, int(self.spots.grade[spot])]
        )


def read_town(asked: SimulationAsked, centre: Centre, random: np.random.Generator) -> Town:
    """
    Read who stands where and what may happen.

    Raises
    ------
    InvalidInputError
        When a standard, a kind of incident or a table is none, or nothing that may happen has a plan.
    """
    places, kinds = call_places(asked.places), call_kinds(asked.kinds)
    with transaction(centre.sessions) as session:
        standard = None if asked.standard is None else arrival_standard(session, asked.standard)
        equipment = equipment_of(asked, standard)
        known_capability(session, equipment.capability)
        spots = _spots(session, places, centre, random)
        planned, notes = _planned(session, kinds, spots)
        names = [need.name for needs in planned.needs.values() for need in needs.capabilities]
        first = next(iter(planned.needs.values()))
        return Town(
            board=_board(session, first, tuple(dict.fromkeys((*names, equipment.capability))), centre),
            spots=replace(spots, weight=_only_where(spots, planned.kinds)),
            kinds=planned.kinds,
            needs=planned.needs,
            standard=standard,
            equipment=equipment,
            settings=centre.settings.model_copy(update={"choice_time_limit_s": UNHURRIED_S}),
            notes=notes,
        )


def equipment_of(asked: SimulationAsked, standard: PlannedStandard | None) -> Equipment:
    """Return what a new base holds: as asked, else as the standard says, else a hazmat crew of level 2."""
    held = asked.held
    profile = held.profile or (standard and standard.vehicle_profile) or DEFAULT_PROFILE
    if held.capability is not None:
        return Equipment(held.capability, held.level, profile, held.turnout_s)
    if standard is not None and standard.capability is not None:
        return Equipment(standard.capability, standard.capability_level, profile, held.turnout_s)
    return Equipment(DEFAULT_CAPABILITY, DEFAULT_LEVEL, profile, held.turnout_s)


def _spots(
    session: Session, places: Sequence[PlaceRow], centre: Centre, random: np.random.Generator
) -> Spots:
    """Return hazard sources, lines at several points, then junctions."""
    sources, network = planned_sources(session), centre.roads.network
    points = [_points(shape) for shape in sources.shape]
    owner = np.repeat(np.arange(len(points)), [len(own) for own in points])
    nodes = _junctions(network, sources, random)
    lon = np.concatenate((*(own[:, 0] for own in points), network.node_lon[nodes]))
    lat = np.concatenate((*(own[:, 1] for own in points), network.node_lat[nodes]))
    part = 1.0 / np.array([len(own) for own in points])[owner] if len(owner) else np.zeros(0)
    street = np.arange(len(lon)) >= len(owner)
    radius_m = centre.settings.site_radius_m
    by_source = [site_by_id(session, int(one)) for one in sources.id]
    site = [by_source[one] for one in owner.tolist()]
    site += [site_at(session, Place(float(lon[i]), float(lat[i])), radius_m) for i in np.flatnonzero(street)]
    weight = np.concatenate((_weight_of_sources(places, sources)[owner] * part, np.zeros(len(nodes))))
    weight[street] = sum(row.weight for row in places if row.where == STREETS) / max(len(nodes), 1)
    off_m = centre.roads.index.snap(lon, lat).off_m
    weight[off_m > centre.settings.incident_limit_m] = 0.0
    return Spots(lon, lat, weight, street, tuple(site))


def _points(shape: shapely.Geometry) -> NDArray[np.float64]:
    if shape.geom_type in ("LineString", "MultiLineString"):
        along = (np.arange(LINE_SPOTS) + 0.5) / LINE_SPOTS
        return np.asarray(
            shapely.get_coordinates(shapely.line_interpolate_point(shape, along, normalized=True))
        )
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))


def _junctions(
    network: RoadNetwork, sources: PlannedSources, random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw nodes of the network, evenly among those about the sources: most where streets are dense."""
    lon, lat = network.node_lon, network.node_lat
    inside = np.ones(len(lon), dtype=np.bool_)
    if len(sources.id):
        west, south, east, north = shapely.total_bounds(np.asarray(sources.shape, dtype=np.object_)).tolist()
        by_lon, by_lat = (east - west) * BESIDE_SOURCES, (north - south) * BESIDE_SOURCES
        inside = (lon >= west - by_lon) & (lon <= east + by_lon)
        inside &= (lat >= south - by_lat) & (lat <= north + by_lat)
    nodes = np.flatnonzero(inside) if inside.any() else np.arange(len(lon))
    drawn = random.choice(nodes, min(STREET_SPOTS, len(nodes)), replace=False)
    return np.sort(drawn).astype(np.int64)


def _weight_of_sources(places: Sequence[PlaceRow], sources: PlannedSources) -> NDArray[np.float64]:
    weight = np.zeros(len(sources.id))
    for row in places:
        if row.where == STREETS:
            continue
        own = sources.grade == GRADES[row.where]
        each = row.weight / max(int(own.sum()), 1) if row.counted == ALL else row.weight
        weight[own] += each
    return weight


@dataclass(frozen=True)
class _Planned:
    """What may happen for which there is a plan, and what that needs."""

    kinds: tuple[KindRow, ...]
    needs: dict[tuple[int, int], Needs]


def _planned(session: Session, kinds: Sequence[KindRow], spots: Spots) -> tuple[_Planned, tuple[str, ...]]:
    """Match plans, as the product does, to everything that may happen, at sites of each grade there is."""
    grade = spots.grade
    kept: list[KindRow] = []
    needs: dict[tuple[int, int], Needs] = {}
    without: list[str] = []
    for row in kinds:
        check_kind(session, row.kind)
        here = np.unique(grade[spots.street == (row.where == STREETS)]).tolist()
        plans = [_plan_needs(session, row, int(one)) for one in here]
        found = [one for one in plans if one is not None]
        if here and len(found) == len(here):
            needs |= {(len(kept), int(one)): plan for one, plan in zip(here, found, strict=True)}
            kept.append(row)
        elif here:
            without.append(f"{row.kind} of severity {row.severity}")
    if not kept:
        raise InvalidInputError("call-kinds", "nothing in the table has both a place and a response plan")
    notes = (f"no response plan speaks for {', '.join(without)}: left out",) if without else ()
    return _Planned(tuple(kept), needs), notes


def _plan_needs(session: Session, row: KindRow, grade: int) -> Needs | None:
    anywhere = Place(0.0, 0.0)
    plan = matching_plan(session, Features(row.kind, row.severity, grade or None, None, anywhere))
    return needs_of(session, plan, None) if plan is not None and plan.needs else None


def _only_where(spots: Spots, kinds: Sequence[KindRow]) -> NDArray[np.float64]:
    """Return the weights, zero where nothing can happen."""
    happens = {row.where for row in kinds}
    weight = np.where(spots.street, STREETS in happens, SOURCE in happens) * spots.weight
    if not weight.any():
        raise InvalidInputError("call-places", "no place that the table names is in the registry")
    return np.asarray(weight, dtype=np.float64)


def _board(session: Session, needs: Needs, capabilities: tuple[str, ...], centre: Centre) -> Board:
    depots, now = all_depots(session), datetime.now(UTC)
    return Board(
        incident=IncidentFacts(
            id=None,
            kind=SIMULATED,
            severity=4,
            place=Place(0.0, 0.0),
            substance=None,
            reported_at=now,
            reported_by=SIMULATED,
            status=SIMULATED,
            synthetic=True,
        ),
        site=None,
        needs=needs,
        read_capabilities=capabilities,
        units=at_home(all_units(session, capabilities)),
        depots=depots,
        stock=stock_columns(session, depots, []),
        authorities=all_authorities(session),
        agreements=all_agreements(session),
        sources=gravest_sources(session),
        standards=all_standards(session),
        read_at=now,
        time_zone=centre.settings.time_zone,
    )
