"""The map of one incident and its answer: who comes, by which road, how soon, and why."""

from collections.abc import Sequence

import folium
import numpy as np
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, Sample, add_legend, dark_map, layer, sample, show
from geo.maps.incident_marks import (
    GRADE_LOOKS,
    LOOKS,
    hazard_marks,
    hazard_outlines,
    incident_marks,
    resource_mark,
)
from geo.maps.incident_panel import incident_panel
from geo.maps.roads import Extent, road_layer
from geo.maps.routes import STRONG_RANKS, off_road_line, route_layer
from geo.maps.scene import IncidentScene, NeedLine, Resource, depots_of, units_of
from geo.maps.symbols import Mark, marks_layer, side_by_side
from geo.maps.words import Word

__all__ = ["IncidentScene", "NeedLine", "incident_map"]

ROADS = Word("道路", "Roads")
HAZARDS = Word("危险源等级", "Hazards by grade")
ROUTES = Word("路线与时间", "Routes and times")
DEPOTS = Word("仓库", "Depots")
UNITS = Word("车组", "Units")
UNIT_SAMPLES = (
    sample(LOOKS["unit", "first_due"], Word("先到", "First due")),
    sample(LOOKS["unit", "listed"], Word("可派", "Can come")),
    sample(LOOKS["unit", "passed_over"], Word("未选", "Passed over")),
    sample(LOOKS["unit", "out_of_service"], Word("停用", "Out of service")),
    sample(LOOKS["unit", "other"], Word("其他", "Other")),
)
DEPOT_SAMPLES = (
    sample(LOOKS["depot", "listed"], Word("供给", "Supplies")),
    sample(LOOKS["depot", "passed_over"], Word("未选", "Passed over")),
    sample(LOOKS["depot", "other"], Word("其他", "Other")),
)
ROUTE_SAMPLES = (
    Sample("rg-sample-line first-due", Word("先到", "First due")),
    Sample("rg-sample-line", Word("车组", "Units")),
    Sample("rg-sample-line depot", Word("仓库", "Depots")),
)
GRADE_SAMPLES = tuple(
    sample(GRADE_LOOKS[grade], word)
    for grade, word in {
        1: Word("1", ""),
        2: Word("2", ""),
        3: Word("3", ""),
        4: Word("4", ""),
        None: Word("未分级", ""),
    }.items()
)
SENT = {"first_due", "listed"}
AROUND_SHARE, AROUND_LEAST_DEG = 0.15, 0.03
OPENING_LEAST_DEG = 0.004


def incident_map(scene: IncidentScene) -> folium.Map:
    """
    Draw an incident and its answer.

    Every value of the scene is shown as text, whatever characters it holds. Save the map with
    ``geo.maps.offline.save_offline`` to get one file that opens anywhere.

    Raises
    ------
    InvalidInputError
        When a frame of the scene lacks a column, is not in WGS84, or holds an unknown status, kind or grade.
    """
    units, depots = units_of(scene), depots_of(scene)
    hazards = hazard_marks(scene.hazard_sources)
    marks = side_by_side([*map(resource_mark, (*units, *depots)), *hazards])
    chart = dark_map(scene.title, scene.licence)

    roads = layer(chart, ROADS)
    road_layer(scene.roads, _surroundings(scene, (*units, *depots))).add_to(roads)
    hazard_layer = layer(chart, HAZARDS)
    hazard_outlines(scene.hazard_sources, hazards).add_to(hazard_layer)
    _marks_of("hazard", marks).add_to(hazard_layer)
    routes = layer(chart, ROUTES)
    first_due = {(unit.name, unit.rank) for unit in units if unit.status == "first_due"}
    route_layer(scene.routes, first_due).add_to(routes)
    depot_layer = layer(chart, DEPOTS)
    _marks_of("depot", marks).add_to(depot_layer)
    unit_layer = layer(chart, UNITS)
    _marks_of("unit", marks).add_to(unit_layer)
    _add_incident(chart, scene)

    incident_panel(scene, units, depots).add_to(chart)
    legend = (
        LegendGroup(UNITS, unit_layer, UNIT_SAMPLES),
        LegendGroup(DEPOTS, depot_layer, DEPOT_SAMPLES),
        LegendGroup(ROUTES, routes, ROUTE_SAMPLES),
        LegendGroup(HAZARDS, hazard_layer, GRADE_SAMPLES, narrow=True),
        LegendGroup(ROADS, roads),
    )
    add_legend(chart, legend)
    show(chart, _opening(scene))
    return chart


def _marks_of(kind: str, marks: Sequence[Mark]) -> folium.Element:
    return marks_layer([mark for mark in marks if mark.key.startswith(f"{kind}-")])


def _add_incident(chart: folium.Map, scene: IncidentScene) -> None:
    incident = layer(chart, Word("事发地", "Incident"))
    if scene.off_road_m is not None:
        off_road_line(scene.place, scene.road_place).add_to(incident)
    marks_layer(incident_marks(scene)).add_to(incident)


def _surroundings(scene: IncidentScene, resources: Sequence[Resource]) -> Extent:
    sent = [resource for resource in resources if resource.status in SENT]
    return _extent(scene, scene.routes, sent).padded(AROUND_SHARE, AROUND_LEAST_DEG)


def _opening(scene: IncidentScene) -> Extent:
    last_strong = scene.routes["kind"].map(STRONG_RANKS).astype("float64")
    strong = scene.routes[scene.routes["rank"].astype("float64") <= last_strong]
    return _extent(scene, strong, ()).padded(0, OPENING_LEAST_DEG)


def _extent(scene: IncidentScene, routes: GeoDataFrame, resources: Sequence[Resource]) -> Extent:
    spots = [(r.lon, r.lat) for r in resources] + [(p.lon, p.lat) for p in (scene.place, scene.road_place)]
    points = np.array(spots)
    if len(routes):
        west, south, east, north = routes.total_bounds
        points = np.vstack([points, [[west, south], [east, north]]])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return Extent(float(west), float(south), float(east), float(north))
