"""Fire stations: how soon they are out and at the edge of their areas, and where stations and areas lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules, Subject
from api.clauses.ground import Ground, Starts
from data.clause_facts import CrewFacts, GradedSource
from data.models import Tier, VehicleProfile
from data.records import StationAreaFacts
from geo.places import geodesic_m
from geo.surroundings import area_km2, crossing_m, degrees_off_upwind, in_metres
from routing.area_edge import farthest, road_points

REACH, TURNOUT, DRIVE = "fire-station-reach", "fire-station-turnout", "fire-station-drive"
AREAS = {name: f"station-area-{name}" for name in ("class-1", "class-2", "small", "suburban")}
FROM_HAZMAT, UPWIND, EXITS = "station-from-hazmat", "station-upwind", "station-exits"
MOTORWAYS, BARRIERS = "area-crosses-motorway", "area-crosses-barrier"
CODES = (REACH, TURNOUT, DRIVE, *AREAS.values(), FROM_HAZMAT, UPWIND, EXITS, MOTORWAYS, BARRIERS)
FAST_ROADS = ("motorway", "trunk")
"""Motorways and expressways; slip roads end in an area without crossing it."""
NO_HAZMAT = frozenset({"mine", "tailings-pond"})


@dataclass(frozen=True)
class Station:
    """A fire station, its engines in service, the quickest first, and its area where one is drawn."""

    subject: Subject
    lon: float
    lat: float
    engines: tuple[CrewFacts, ...]
    area: StationAreaFacts | None

    @property
    def turnout_s(self) -> float:
        """When the quickest engine is out; ``inf`` where there is none."""
        return min((engine.turnout_s for engine in self.engines), default=np.inf)


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every base of the fire brigade, and every other base that answers for an area."""
    for station in stations(ground):
        yield _turnout(rules, station)
        yield from _times(ground, rules, station)
        yield from _size(rules, station)
        yield from _beside_hazmat(ground, rules, station)
        yield _exits(ground, rules, station)
        yield _motorways(ground, rules, station)
        yield _barriers(ground, rules, station)


def stations(ground: Ground) -> tuple[Station, ...]:
    """Return the fire stations in the order of their units, then bases that have an area alone."""
    areas = {area.base: area for area in ground.records.station_areas}
    by_base: dict[str, list[CrewFacts]] = {}
    for crew in ground.records.crews:
        if crew.tier == Tier.FIRE_BRIGADE or crew.base in areas:
            by_base.setdefault(crew.base, []).append(crew)
    found = [_station(crews, areas.get(base)) for base, crews in by_base.items()]
    bare = [area for base, area in areas.items() if base not in by_base]
    return (*found, *(Station(_subject(area), area.lon, area.lat, (), area) for area in bare))


def _station(crews: Sequence[CrewFacts], area: StationAreaFacts | None) -> Station:
    first = crews[0]
    engines = [crew for crew in crews if crew.profile == VehicleProfile.FIRE_ENGINE and crew.in_service]
    subject = Subject("station", first.base, first.lon, first.lat, first.synthetic)
    quickest = tuple(sorted(engines, key=lambda crew: crew.turnout_s))
    return Station(subject, first.lon, first.lat, quickest, area)


def _subject(area: StationAreaFacts) -> Subject:
    return Subject("station", area.base, area.lon, area.lat)


def _turnout(rules: Rules, station: Station) -> Finding:
    if not station.engines:
        return rules.cannot_tell(TURNOUT, station.subject)
    name = station.engines[0].unit
    said = Words(en=f"The quickest engine, {name}, is out", zh=f"最快消防车 {name} 出动")
    return rules.measured(TURNOUT, station.subject, station.turnout_s, said)


def _times(ground: Ground, rules: Rules, station: Station) -> Findings:
    """Judge the way to the farthest road of the area, from the order and from the wheels rolling."""
    if station.area is None:
        yield from (rules.cannot_tell(code, station.subject) for code in (REACH, DRIVE))
        return
    if not station.engines:
        why = Words(en="no fire engine in service stands there", zh="该站无在役消防车")
        yield from (rules.cannot_tell(code, station.subject, why) for code in (REACH, DRIVE))
        return
    points = road_points(ground.roads.network, ground.roads.index, station.area.area)
    if not len(points):
        why = Words(en="no road lies in its area: import the roads there", zh="辖区内无道路：请导入当地路网")
        yield from (rules.cannot_tell(code, station.subject, why) for code in (REACH, DRIVE))
        return
    start = Starts(
        np.array([station.lon]), np.array([station.lat]), (VehicleProfile.FIRE_ENGINE.value,), np.zeros(1)
    )
    last = farthest(points, ground.seconds(start, points.lon, points.lat)[0])
    drive_s = np.inf if last is None else last.seconds
    where = "" if last is None else f" {last.lon:.5f},{last.lat:.5f}"
    cut_off = (
        f" ({last.never} 路口不可达 road points never reached)" if last is not None and last.never else ""
    )
    said = Words(
        en=f"At the farthest road of its area{where}{cut_off}", zh=f"到达辖区最远道路{where}{cut_off}"
    )
    yield rules.measured(REACH, station.subject, drive_s + station.turnout_s, said)
    yield rules.measured(DRIVE, station.subject, drive_s, said)


def _size(rules: Rules, station: Station) -> Findings:
    if station.area is None:
        yield from (rules.cannot_tell(code, station.subject) for code in AREAS.values())
        return
    said = Words(en="Its area", zh="辖区面积")
    code = AREAS[station.area.station_class]
    yield rules.measured(code, station.subject, area_km2(station.area.area), said)


def _beside_hazmat(ground: Ground, rules: Rules, station: Station) -> Findings:
    sources = ground.records.sources
    hazmat = [i for i, source in enumerate(sources) if source.kind not in NO_HAZMAT]
    if not hazmat:
        none = Words(en="no hazmat site stands in the registry", zh="登记中无危险品场所")
        yield from (rules.cannot_tell(code, station.subject, none) for code in (FROM_HAZMAT, UPWIND))
        return
    shapes = np.array([ground.metric_shapes[i] for i in hazmat], dtype=np.object_)
    apart_m = shapely.distance(in_metres(Point(station.lon, station.lat), ground.metric_system), shapes)
    near = int(np.argmin(apart_m))
    site, gap_m = sources[hazmat[near]], float(apart_m[near])
    short_m = (rules.by_code[FROM_HAZMAT].threshold or 0.0) - gap_m
    said = Words(
        en=f"From {site.name}" + (f", {short_m:.0f} m short" if short_m > 0 else ""),
        zh=f"距 {site.name}" + (f"，差 {short_m:.0f} m" if short_m > 0 else ""),
    )
    yield rules.measured(FROM_HAZMAT, station.subject, gap_m, said)
    if ground.layers.wind_from_deg is None:
        yield rules.cannot_tell(UPWIND, station.subject)
    else:
        inside = _inside(station, [ground.records.shapes.shape[i] for i in hazmat]) or [near]
        yield _upwind(rules, station, [sources[hazmat[i]] for i in inside], ground.layers.wind_from_deg)


def _inside(station: Station, shapes: Sequence[BaseGeometry]) -> list[int]:
    """Return which shapes touch the station's area."""
    if station.area is None:
        return []
    area = station.area.area
    return [i for i, shape in enumerate(shapes) if shapely.intersects(area, shape)]


def _upwind(rules: Rules, station: Station, sites: Sequence[GradedSource], wind_from_deg: float) -> Finding:
    """Judge by the site that it lies most downwind of: those in its area, else the nearest."""
    here = (station.lon, station.lat)
    off_deg = [degrees_off_upwind((site.lon, site.lat), here, wind_from_deg) for site in sites]
    worst = int(np.argmax(off_deg))
    name = sites[worst].name
    said = Words(en=f"Seen from {name}, off upwind", zh=f"自 {name} 看，偏离上风方向")
    return rules.measured(UPWIND, station.subject, off_deg[worst], said)


def _exits(ground: Ground, rules: Rules, station: Station) -> Finding:
    exits = ground.layers.exits
    if exits is None:
        return rules.cannot_tell(EXITS, station.subject)
    here = np.ones(len(exits.lon))
    apart_m = geodesic_m(exits.lon, exits.lat, here * station.lon, here * station.lat)
    near = int(np.argmin(apart_m))
    name = exits.id[near]
    said = Words(
        en=f"From exit {name}, the place of the station being its own", zh=f"本站出入口距出口 {name}"
    )
    return rules.measured(EXITS, station.subject, float(apart_m[near]), said)


def _motorways(ground: Ground, rules: Rules, station: Station) -> Finding:
    network = ground.roads.network
    classed = bool(np.any(network.road_class))
    if station.area is None or not classed:
        return rules.cannot_tell(MOTORWAYS, station.subject)
    fast = np.flatnonzero(np.isin(network.class_names[network.road_class], FAST_ROADS))
    said = Words(en="Motorway and expressway inside its area", zh="辖区内高速公路、快速路长度")
    inside_m = crossing_m(_flat(ground, station.area.area), ground.roads.index.lines[fast])
    return rules.measured(MOTORWAYS, station.subject, inside_m, said)


def _barriers(ground: Ground, rules: Rules, station: Station) -> Finding:
    if station.area is None or ground.layers.borders is None:
        return rules.cannot_tell(BARRIERS, station.subject)
    shapes = [shape for structure in ground.layers.borders for shape in structure.shapes]
    flat = _outlines([_flat(ground, shape) for shape in shapes])
    said = Words(en="Railway and river inside its area", zh="辖区内铁路、河流长度")
    return rules.measured(BARRIERS, station.subject, crossing_m(_flat(ground, station.area.area), flat), said)


def _flat(ground: Ground, shape: BaseGeometry) -> BaseGeometry:
    return in_metres(shape, ground.metric_system)


def _outlines(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Return lines as they are and areas, such as broad rivers, by their outlines."""
    lines = [shape.boundary if shape.geom_type.endswith("Polygon") else shape for shape in shapes]
    flat = np.empty(len(lines), dtype=np.object_)
    flat[:] = [line if not line.is_empty else LineString() for line in lines]
    return flat
