"""Records made by hand for the clauses, on the roads of the river town: ten metres a second."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from api.clauses.checking import judged
from api.clauses.findings import Finding, Rules, rules_of
from api.clauses.ground import Ground, Layers, Records
from api.dispatching import Centre
from data.agreements import AgreementFacts, AuthorityFacts
from data.clause_facts import CrewFacts, GradedSource, HeldSubstance, RecordedUnit
from data.logged import LoggedDrive, LoggedIncident
from data.planning import PlannedSources
from data.record import Progress
from data.records import StationAreaFacts
from data.vocabulary.clauses import shipped_clauses
from geo.places import Place
from tests.towns import spot

TODAY = date(2026, 3, 15)
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
AT_QUAY = Place(*spot(0, 0))
WORKS = "works"


def planned(sources: Sequence[GradedSource], shapes: Sequence[BaseGeometry]) -> PlannedSources:
    """Return sources as planning reads them."""
    return PlannedSources(
        id=np.array([source.id for source in sources], dtype=np.int64),
        name=np.array([source.name for source in sources], dtype=np.object_),
        kind=np.array([source.kind for source in sources], dtype=np.object_),
        enterprise=np.array([source.enterprise for source in sources], dtype=np.object_),
        grade=np.array([source.grade or 0 for source in sources], dtype=np.int64),
        synthetic=np.zeros(len(sources), dtype=np.bool_),
        shape=tuple(shapes),
    )


NOTHING = Records(
    today=TODAY,
    sources=(),
    shapes=planned((), ()),
    crews=(),
    authorities=(),
    agreements=(),
    stores=(),
    enterprise_depots=(),
    enterprises=(),
    drills=(),
    station_areas=(),
    plans=(),
    scopes=(),
    kinds=(),
    verified=(),
    changed_on=None,
    log=(),
)


def shipped_rules() -> Rules:
    """Return the clauses as they are shipped."""
    return rules_of(shipped_clauses())


def found(centre: Centre, code: str, records: Records, layers: Layers | None = None) -> list[Finding]:
    """Judge one clause on records made by hand."""
    rules = replace(shipped_rules(), wanted=frozenset([code]))
    return list(judged(ground(centre, records, layers), rules, lambda _: None))


def verdicts(centre: Centre, code: str, records: Records, layers: Layers | None = None) -> list[str]:
    """Return what was found on one clause."""
    return [str(finding.verdict) for finding in found(centre, code, records, layers)]


def ground(centre: Centre, records: Records, layers: Layers | None = None) -> Ground:
    """Return the ground of the river town under records made by hand."""
    limit_m = centre.settings.snap_limit_m
    return Ground(centre.roads, centre.sessions, limit_m, None, records, layers or Layers())


def with_sources(*sources: GradedSource) -> Records:
    """Return records of sources alone, which are points."""
    points = [Point(source.lon, source.lat) for source in sources]
    return replace(NOTHING, sources=sources, shapes=planned(sources, points))


def source(
    place: Place = AT_QUAY,
    *,
    kind: str = "chemical-plant",
    grade: int | None = 2,
    units: tuple[RecordedUnit, ...] = (),
) -> GradedSource:
    """Return a hazard source that the works run."""
    return GradedSource(1, "tank farm", kind, WORKS, grade, place.lon, place.lat, False, units)


def gb_unit(*held: HeldSubstance, residents: int = 100, grade: int | None = 2) -> RecordedUnit:
    """Return a unit that was recorded with alpha 2."""
    return RecordedUnit("unit", residents, 2.0, 14.0, grade, held)


def chlorine(tonnes: float = 50, threshold_t: float = 5, beta: float = 4) -> HeldSubstance:
    """Return chlorine in a unit."""
    return HeldSubstance("氯", "7782-50-5", "J1", tonnes, threshold_t, beta)


def ammonia(tonnes: float = 40) -> HeldSubstance:
    """Return ammonia in a unit."""
    return HeldSubstance("氨", "7664-41-7", "J3", tonnes, 10, 2)


def crew(name: str = "engine", place: Place = AT_QUAY, turnout_s: float = 60.0) -> CrewFacts:
    """Return a fire engine of the brigade with six people."""
    return CrewFacts(
        unit=name,
        profile="fire-engine",
        crew=6,
        turnout_s=turnout_s,
        in_service=True,
        can=frozenset(),
        team=f"{name} team",
        tier="fire-brigade",
        authority=None,
        enterprise=None,
        base=f"{name} base",
        lon=place.lon,
        lat=place.lat,
        synthetic=False,
    )


def area(north_m: float, station_class: str = "class-1") -> StationAreaFacts:
    """Return the area of the engine's base: both banks of the quay and West Bank up to so far north."""
    corners = [spot(-1000, -100), spot(100, -100), spot(100, north_m), spot(-1000, north_m)]
    return StationAreaFacts("engine base", station_class, Polygon(corners), AT_QUAY.lon, AT_QUAY.lat)


def square(side_m: float, station_class: str) -> StationAreaFacts:
    """Return a square area."""
    half = side_m / 2
    box = shapely.box(*spot(-half, -half), *spot(half, half))
    return StationAreaFacts("engine base", station_class, box, AT_QUAY.lon, AT_QUAY.lat)


def agreed(mobilise_within_s: float, valid_until: date | None = None) -> Records:
    """Return a party 1,000 m from a tank farm that is told within a minute."""
    party = AuthorityFacts(7, "neighbour", "duty office", "110", 60.0)
    agreement = AgreementFacts(
        7, "001", None, None, mobilise_within_s, 0, 0, False, date(2020, 1, 1), valid_until
    )
    car = crew("neighbour car", Place(*spot(-1000, 0)))
    theirs = replace(car, tier="other", authority="neighbour")
    return replace(with_sources(source()), authorities=(party,), agreements=(agreement,), crews=(theirs,))


def incident(
    number: int, *drives: LoggedDrive, occurred_s: float | None = None, reported: datetime = NOON
) -> LoggedIncident:
    """Return a real incident at the quay."""
    occurred = None if occurred_s is None else reported - timedelta(seconds=occurred_s)
    return LoggedIncident(number, reported, occurred, AT_QUAY.lon, AT_QUAY.lat, WORKS, drives)


def drive(
    *,
    order_s: float = 30,
    turnout_s: float = 60,
    travel_s: float = 200,
    crew_size: int = 6,
    profile: str = "fire-engine",
) -> LoggedDrive:
    """Return a unit that was ordered so long after noon, rolled, and arrived."""
    at = [NOON + timedelta(seconds=s) for s in (order_s, order_s + turnout_s, order_s + turnout_s + travel_s)]
    return LoggedDrive(
        profile, crew_size, Progress(dict(zip(("ordered", "en-route", "on-scene"), at, strict=True)))
    )
