"""Fire stations: how soon they are out and at the edge of their areas, and how these are drawn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules
from api.clauses.fire_stations import Station, edge_from, points_of, stations
from api.clauses.ground import Ground
from geo.places import geodesic_m
from geo.surroundings import area_km2, crossing_m, in_metres

REACH, TURNOUT, DRIVE = "fire-station-reach", "fire-station-turnout", "fire-station-drive"
AREAS = {name: f"station-area-{name}" for name in ("class-1", "class-2", "small", "suburban")}
EXITS = "station-exits"
MOTORWAYS, BARRIERS = "area-crosses-motorway", "area-crosses-barrier"
CODES = (REACH, TURNOUT, DRIVE, *AREAS.values(), EXITS, MOTORWAYS, BARRIERS)
FAST_ROADS = ("motorway", "trunk")
"""Motorways and expressways; slip roads end in an area without crossing it."""


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every base of the fire brigade, and every other base that answers for an area."""
    for station in stations(ground):
        yield _turnout(rules, station)
        yield from _times(ground, rules, station)
        yield from _size(rules, station)
        yield _exits(ground, rules, station)
        yield _motorways(ground, rules, station)
        yield _barriers(ground, rules, station)


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
    if not len(points_of(ground, station.area)):
        why = Words(en="no road lies in its area: import the roads there", zh="辖区内无道路：请导入当地路网")
        yield from (rules.cannot_tell(code, station.subject, why) for code in (REACH, DRIVE))
        return
    last = edge_from(ground, station.area, station.lon, station.lat)
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
