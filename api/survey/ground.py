"""What a survey rests on: graded sources with what they need, everybody who might help, and the roads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.live_roads import LiveRoads
from api.long_work import Say, say_memory
from api.needs import Needs, needs_of
from api.picture import Board
from api.settings import Settings
from data.agreements import AgreementFacts, AuthorityFacts, all_agreements, all_authorities
from data.candidates import (
    FREE,
    NONE_ID,
    DepotColumns,
    StockColumns,
    UnitColumns,
    all_depots,
    all_units,
    stock_columns,
)
from data.graded_sources import Site, SourceColumns, gravest_sources
from data.incidents import IncidentFacts
from data.models import IncidentStatus
from data.planning import UNGRADED, PlannedSources, planned_sources
from data.plans import Features, matching_plan
from data.surveyed import incident_kinds_of_hazards, substances_of_sources
from geo.places import Place
from routing.coverage import Demands, gates_that_count
from routing.profiles import SUPPLY_TRUCK
from routing.spots import Spots, is_line, spots_of

WORST = 1
BYTES_A_TIME, COPIES = 8, 3
SURVEYOR = "survey"
FEWER = "survey a part of the registry at a time"
NO_KIND = "no kind of incident is known to fit a {kind}"
NO_PLAN = "no response plan fits {kind}, severity 1"


@dataclass(frozen=True)
class Wants:
    """
    What the gravest incident at a source would need.

    ``needs`` is None where ``why_none`` tells why nobody knows; ``stock`` holds what is asked for of it.
    """

    incident_kind: str | None
    substances: tuple[str, ...]
    needs: Needs | None
    stock: StockColumns | None
    why_none: str | None


@dataclass(frozen=True)
class SurveyGround:
    """Graded sources, what each wants, and everybody who might help: nobody busy, all at their bases."""

    sources: PlannedSources
    wants: tuple[Wants, ...]
    read_capabilities: tuple[str, ...]
    units: UnitColumns
    depots: DepotColumns
    authorities: tuple[AuthorityFacts, ...]
    agreements: tuple[AgreementFacts, ...]
    gravest: SourceColumns
    read_at: datetime
    time_zone: str

    def board(self, i: int) -> Board | None:
        """Return the gravest incident at a source as those who choose see it, None where nothing is known."""
        wants, place = self.wants[i], self.place(i)
        if wants.needs is None or wants.stock is None or wants.incident_kind is None:
            return None
        site = Site(
            int(self.sources.id[i]),
            str(self.sources.name[i]),
            str(self.sources.enterprise[i]),
            int(self.sources.grade[i]),
        )
        incident = IncidentFacts(
            id=None,
            kind=wants.incident_kind,
            severity=WORST,
            place=place,
            substance=next(iter(wants.substances), None),
            reported_at=self.read_at,
            reported_by=SURVEYOR,
            status=IncidentStatus.OPEN.value,
            synthetic=True,
            hazard_source_id=site.id,
        )
        return Board(
            incident=incident,
            site=site,
            needs=wants.needs,
            read_capabilities=self.read_capabilities,
            units=self.units,
            depots=self.depots,
            stock=wants.stock,
            authorities=self.authorities,
            agreements=self.agreements,
            sources=self.gravest,
            standards=(),
            read_at=self.read_at,
            time_zone=self.time_zone,
        )

    def place(self, i: int) -> Place:
        """Return a place on a source."""
        point = self.sources.shape[i].representative_point()
        return Place(point.x, point.y)


@dataclass(frozen=True)
class ReachByRoad:
    """
    How everybody reaches the sources; a source is reached when the last of its gates or pieces is.

    Attributes
    ----------
    unit_s : float64, shape (units, sources)
        Driving from the base; ``inf`` where no road leads.
    unit_off_m : float64, shape (units,)
        How far the base is off the road.
    depot_s : float64, shape (depots, sources)
        Driving of the depot's own vehicle.
    """

    unit_s: NDArray[np.float64]
    unit_off_m: NDArray[np.float64]
    depot_s: NDArray[np.float64]


def read_ground(session: Session, settings: Settings, read_at: datetime) -> SurveyGround:
    """Read the graded sources, what the plans say each needs, and everybody who might help."""
    every = planned_sources(session)
    sources = every.some(every.grade != UNGRADED)
    depots = all_depots(session)
    wants = tuple(_wants(session, sources, depots))
    capabilities = sorted({need.name for one in wants if one.needs for need in one.needs.capabilities})
    return SurveyGround(
        sources=sources,
        wants=wants,
        read_capabilities=tuple(capabilities),
        units=_at_their_bases(all_units(session, capabilities)),
        depots=depots,
        authorities=all_authorities(session),
        agreements=all_agreements(session),
        gravest=gravest_sources(session),
        read_at=read_at,
        time_zone=settings.time_zone,
    )


def reach_by_road(roads: LiveRoads, ground: SurveyGround, limit_m: float, say: Say) -> ReachByRoad:
    """Find the road time from every base and depot to every source, once for each vehicle profile."""
    units, depots = ground.units, ground.depots
    spots = spots_of(roads.network, roads.index, ground.sources.shape)
    starts, count = len(units.id) + len(depots.id), len(spots)
    what = f"{starts} bases and depots, {count:,} spots of sources"
    say_memory(what, COPIES * BYTES_A_TIME * starts * count, say, FEWER)
    profile = np.concatenate((units.vehicle_profile, np.full(len(depots.id), SUPPLY_TRUCK))).astype(np.str_)
    lon = np.concatenate((units.base_lon, depots.lon))
    lat = np.concatenate((units.base_lat, depots.lat))
    origins, targets = roads.index.snap(lon, lat), roads.index.snap(spots.lon, spots.lat)
    seconds = np.full((starts, count), np.inf)
    for name in np.unique(profile).tolist():
        own = np.flatnonzero(profile == name)
        seconds[own] = roads.routers.get(name).matrix(origins[own], targets)
    seconds[origins.off_m > limit_m] = np.inf
    seconds[:, targets.off_m > limit_m] = np.inf
    last_s = _last_of_each(seconds, spots, ground.sources)
    return ReachByRoad(last_s[: len(units.id)], origins.off_m[: len(units.id)], last_s[len(units.id) :])


def _last_of_each(seconds: NDArray[np.float64], spots: Spots, sources: PlannedSources) -> NDArray[np.float64]:
    """Return when the last spot of each source that counts is reached, shape (starts, sources)."""
    by_share = np.array([is_line(shape) for shape in sources.shape], dtype=np.bool_)
    demands = Demands(sources.grade, by_share, spots.shape, spots.share)
    reachable = np.isfinite(seconds.min(axis=0, initial=np.inf))
    kept = np.flatnonzero(gates_that_count(demands, reachable))
    last_s = np.zeros((len(sources.id), len(seconds)))
    np.maximum.at(last_s, spots.shape[kept], seconds[:, kept].T)
    return last_s.T


def _at_their_bases(units: UnitColumns) -> UnitColumns:
    count = len(units.id)
    nowhere = np.full(count, np.nan)
    free = np.full(count, FREE, dtype=np.object_)
    return replace(
        units,
        lon=nowhere,
        lat=nowhere,
        position_at_s=nowhere,
        busy_with=np.full(count, NONE_ID, dtype=np.int64),
        busy_state=free,
        refused=free,
    )


def _wants(session: Session, sources: PlannedSources, depots: DepotColumns) -> Iterator[Wants]:
    kinds, held = incident_kinds_of_hazards(), substances_of_sources(session)
    known: dict[tuple[str | None, int, tuple[str, ...]], Wants] = {}
    for i, source in enumerate(sources.id.tolist()):
        kind, substances = str(sources.kind[i]), held.get(source, ())
        case = (kinds.get(kind), int(sources.grade[i]), substances)
        if case not in known:
            point = sources.shape[i].representative_point()
            known[case] = _wanted(session, case, Place(point.x, point.y), depots)
        wants = known[case]
        yield replace(wants, why_none=NO_KIND.format(kind=kind)) if wants.incident_kind is None else wants


def _wanted(
    session: Session, case: tuple[str | None, int, tuple[str, ...]], place: Place, depots: DepotColumns
) -> Wants:
    kind, grade, substances = case
    if kind is None:
        return Wants(None, substances, None, None, None)
    named: Sequence[str | None] = substances or (None,)
    plan = matching_plan(session, *(Features(kind, WORST, grade, each, place) for each in named))
    if plan is None:
        return Wants(kind, substances, None, None, NO_PLAN.format(kind=kind))
    needs = needs_of(session, plan, None)
    asked = [(one.item, one.unit_of_measure) for one in needs.supplies]
    return Wants(kind, substances, needs, stock_columns(session, depots, asked), None)
