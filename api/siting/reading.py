"""What a siting question rests on: the standard, the stations, the sources, and where one could build."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from api.dispatching import Centre
from api.live_roads import LiveRoads
from api.planning import NONE_ID
from api.siting.asked import CandidatesAsked, SitingAsked
from api.siting.rules import Exits
from api.siting.sites import Equipment, Kind, Sites, Starts, able, sites_of, upgradable
from data.candidates import UnitColumns, all_units
from data.database import transaction
from data.planning import (
    UNGRADED,
    PlannedSources,
    PlannedStandard,
    approvals_s,
    arrival_standard,
    known_capability,
    planned_sources,
)
from data.siting_files import CandidateRows, read_candidates, read_costs, read_points
from geo.crs import to_metres
from geo.errors import InvalidInputError
from routing.spread import spread

DEFAULT_CAPABILITY, DEFAULT_LEVEL = "hazmat", 2.0
DEFAULT_PROFILE = "heavy-hazmat-truck"
BESIDE_SOURCES = 0.05
"""Spread candidates lie within the sources' box, grown by this share of it."""
UPGRADE_NOTE = "An upgraded station counts like a new one: it waits for nobody's approval and goes anywhere."
SPREAD_NOTE = "New sites are {count} road nodes spread over where the sources lie: nobody has proposed them."


@dataclass(frozen=True, eq=False)
class Read:
    """
    What was read.

    Attributes
    ----------
    standard : PlannedStandard or None
        None where only seconds were given.
    units : UnitColumns
        A unit of another authority turns out once that has approved.
    holding : bool, shape (units,)
        Units that could hold until a base comes.
    starts : Starts
        Of what counts and of candidates.
    """

    standard: PlannedStandard | None
    equipment: Equipment
    sources: PlannedSources
    units: UnitColumns
    holding: NDArray[np.bool_]
    sites: Sites
    starts: Starts
    exits: Exits | None
    notes: tuple[str, ...]


def read(asked: SitingAsked, centre: Centre) -> Read:
    """
    Read the registry and the files of candidates.

    Raises
    ------
    InvalidInputError
        When the standard is unknown or no drive can keep it, or the candidates cannot be what is asked.
    """
    with transaction(centre.sessions) as session:
        standard = None if asked.clock.standard is None else arrival_standard(session, asked.clock.standard)
        equipment = _equipment(asked, standard)
        for name in (equipment.capability, asked.clock.holding_need):
            known_capability(session, name)
        units = all_units(session, (equipment.capability, asked.clock.holding_need))
        units = replace(units, turnout_s=units.turnout_s + approvals_s(session, units.authority_id))
        sources = graded_alone(planned_sources(session).of_grade(standard.grade if standard else None))
    if not len(sources.id):
        raise InvalidInputError(
            "standard", "the registry holds no graded hazard source it applies to; add some"
        )
    today = datetime.now(UTC).date()
    counts = able(units, 0, equipment.level, today)
    new = _new_sites(asked.candidates, sources, centre.roads)
    sites, starts = sites_of(
        units, counts, equipment, _upgrades(asked.candidates.upgrade, units, counts), new
    )
    spreaded = asked.candidates.layer is None and len(new) > 0
    return Read(
        standard=standard,
        equipment=equipment,
        sources=sources,
        units=units,
        holding=able(units, 1, 0.0, today),
        sites=replace(sites, cost=_costs(asked, sites)),
        starts=starts,
        exits=None if asked.candidates.keep_off is None else Exits(*read_points(asked.candidates.keep_off)),
        notes=((SPREAD_NOTE.format(count=len(new)),) if spreaded else ())
        + _standing_notes(units, counts, sites),
    )


def _standing_notes(units: UnitColumns, counts: NDArray[np.bool_], sites: Sites) -> tuple[str, ...]:
    """Say which of those that count wait for an approval or are kept for one site, and how upgrades count."""
    waiting = np.count_nonzero(counts & (units.authority_id != NONE_ID))
    guarding = np.count_nonzero(counts & (units.hazard_source_id != NONE_ID))
    said = (
        (f"{waiting} units of other authorities count from when their approval is given.", waiting > 0),
        (f"{guarding} units are kept for a site of their own and count there alone.", guarding > 0),
        (UPGRADE_NOTE, bool((sites.kind == Kind.UPGRADE).any())),
    )
    return tuple(sentence for sentence, so in said if so)


def graded_alone(sources: PlannedSources) -> PlannedSources:
    """Return the major hazards among the sources."""
    kept = np.flatnonzero(sources.grade != UNGRADED)
    return PlannedSources(
        id=sources.id[kept],
        name=sources.name[kept],
        kind=sources.kind[kept],
        enterprise=sources.enterprise[kept],
        grade=sources.grade[kept],
        synthetic=sources.synthetic[kept],
        shape=tuple(sources.shape[source] for source in kept.tolist()),
    )


def _equipment(asked: SitingAsked, standard: PlannedStandard | None) -> Equipment:
    """Return what a base must hold: as asked, else as the standard says, else a hazmat crew of level 2."""
    base = asked.base
    profile = base.profile or (standard and standard.vehicle_profile) or DEFAULT_PROFILE
    if base.capability is not None:
        return Equipment(base.capability, base.level, profile, base.turnout_s)
    if standard is not None and standard.capability is not None:
        return Equipment(standard.capability, standard.capability_level, profile, base.turnout_s)
    return Equipment(DEFAULT_CAPABILITY, DEFAULT_LEVEL, profile, base.turnout_s)


def _new_sites(asked: CandidatesAsked, sources: PlannedSources, roads: LiveRoads) -> CandidateRows:
    if asked.layer is not None:
        return read_candidates(asked.layer)
    network = roads.network
    west, south, east, north = shapely.total_bounds(np.asarray(sources.shape, dtype=np.object_)).tolist()
    by_lon, by_lat = (east - west) * BESIDE_SOURCES, (north - south) * BESIDE_SOURCES
    lon, lat = network.node_lon, network.node_lat
    inside = (
        (lon >= west - by_lon) & (lon <= east + by_lon) & (lat >= south - by_lat) & (lat <= north + by_lat)
    )
    nodes = np.flatnonzero(inside) if inside.any() else np.arange(len(lon))
    if asked.near:
        x, y = to_metres(network.metric_system, lon[nodes], lat[nodes])
        nodes = nodes[spread(x, y, asked.near)]
    else:
        nodes = nodes[:0]
    names = np.array(
        [f"{east:.5f},{north:.5f}" for east, north in zip(lon[nodes], lat[nodes], strict=True)], dtype=np.str_
    )
    return CandidateRows(names, lon[nodes], lat[nodes], None)


def _upgrades(
    asked: float | Path | None, units: UnitColumns, counts: NDArray[np.bool_]
) -> Mapping[str, float]:
    if asked is None:
        return {}
    return read_costs(asked) if isinstance(asked, Path) else upgradable(units, counts, asked)


def _costs(asked: SitingAsked, sites: Sites) -> NDArray[np.float64]:
    """Return what each site costs; nan for all where nobody says, and never for some only."""
    cost = sites.cost.copy()
    unknown = np.isnan(cost)
    if unknown.any() and asked.candidates.site_cost is not None:
        cost[unknown] = asked.candidates.site_cost
        return cost
    if unknown.any() and asked.budget is not None:
        raise InvalidInputError("budget", "new sites have no cost; give --site-cost, or a column cost")
    if unknown.any() and (sites.kind == Kind.UPGRADE).any():
        raise InvalidInputError("upgrade", "new sites have no cost to compare; give --site-cost as well")
    return cost
