"""The map of one incident and its answer: who comes, by which road, how soon, and why."""

from collections.abc import Sequence

import folium
import numpy as np
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, add_legend, dark_map, layer, show
from geo.maps.incident_legend import (
    DEPOTS,
    GRADE_SAMPLES,
    HAZARDS,
    ROADS,
    ROUTES,
    UNITS,
    Seen,
    depot_samples,
    ring_samples,
    route_samples,
    unit_samples,
)
from geo.maps.incident_marks import hazard_marks, hazard_outlines, incident_marks, resource_marks
from geo.maps.incident_panel import incident_panel
from geo.maps.live import OVER
from geo.maps.live_marks import live_marks, live_samples
from geo.maps.move_up import move_up_arrow
from geo.maps.roads import Extent, road_layer
from geo.maps.routes import FIRST_DUE, STRONG_RANKS, Whose, off_road_line, route_layer, whose
from geo.maps.scene import CHOSEN, IncidentScene, NeedLine, Resource, depots_of, units_of
from geo.maps.symbols import Mark, marks_layer, side_by_side
from geo.maps.trails import TRAIL_SAMPLES, TRAILS, trail_layer
from geo.maps.words import Word

__all__ = ["IncidentScene", "NeedLine", "incident_map"]

Spot = tuple[float, float]
COMING = CHOSEN | {"listed"}
AROUND_SHARE, AROUND_LEAST_DEG = 0.15, 0.03
OPENING_LEAST_DEG = 0.004
OPENING_RANKS_SENT = {"unit": 10, "depot": 0}
"""A map of a decision opens on who goes; depots, often far, come after."""


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
    at_the_incident = incident_marks(scene)
    marks = side_by_side([*_resources_now(scene, (*units, *depots)), *hazards, *at_the_incident])
    chart = dark_map(scene.title, scene.licence)

    roads = layer(chart, ROADS)
    road_layer(scene.roads, _surroundings(scene, (*units, *depots))).add_to(roads)
    hazard_layer = layer(chart, HAZARDS)
    hazard_outlines(scene.hazard_sources, hazards).add_to(hazard_layer)
    _marks_of("hazard", marks).add_to(hazard_layer)
    trails = layer(chart, TRAILS)
    trail_layer(scene.trails).add_to(trails)
    routes = layer(chart, ROUTES)
    route_layer(scene.routes, _route_css(scene, (*units, *depots))).add_to(routes)
    if scene.move_up is not None:
        move_up_arrow(scene.move_up).add_to(routes)
    depot_layer = layer(chart, DEPOTS)
    _marks_of("depot", marks).add_to(depot_layer)
    unit_layer = layer(chart, UNITS)
    _marks_of("unit", marks).add_to(unit_layer)
    _add_incident(chart, scene, at_the_incident)

    incident_panel(scene, units, depots, hazards).add_to(chart)
    seen = Seen.on(scene, marks)
    legend = (
        LegendGroup(UNITS, unit_layer, (*live_samples(scene.live), *unit_samples(seen))),
        LegendGroup(DEPOTS, depot_layer, depot_samples(seen)),
        LegendGroup(ROUTES, routes, route_samples(seen)),
        *([LegendGroup(TRAILS, trails, TRAIL_SAMPLES)] if scene.trails else []),
        LegendGroup(HAZARDS, hazard_layer, GRADE_SAMPLES, narrow=True, wide_samples=ring_samples(seen)),
        LegendGroup(ROADS, roads),
    )
    add_legend(chart, legend)
    show(chart, _opening(scene))
    return chart


def _resources_now(scene: IncidentScene, resources: Sequence[Resource]) -> list[Mark]:
    """Return the marks of the answer, and how far a unit has come in place of its mark, once assigned."""
    now = live_marks(scene.live, scene.place)
    assigned = {mark.key for mark in now}
    return [*(mark for mark in resource_marks(scene, resources) if mark.key not in assigned), *now]


def _route_css(scene: IncidentScene, resources: Sequence[Resource]) -> dict[Whose, str]:
    """Return how to draw the routes of those who stand out; once somebody is chosen, all others step back."""
    css: dict[Whose, str] = {}
    for each in resources:
        if each.status == "first_due":
            css[whose(each.kind, each.name, each.rank)] = FIRST_DUE
        elif each.chosen:
            css[whose(each.kind, each.name, each.rank)] = f"{each.kind} sent"
        elif scene.decided:
            css.setdefault(whose(each.kind, each.name, each.rank), f"{each.kind} later")
    return css


def _marks_of(kind: str, marks: Sequence[Mark]) -> folium.Element:
    return marks_layer([mark for mark in marks if mark.key.startswith(f"{kind}-")])


def _add_incident(chart: folium.Map, scene: IncidentScene, marks: Sequence[Mark]) -> None:
    incident = layer(chart, Word("事发地", "Incident"))
    if scene.off_road_m is not None:
        off_road_line(scene.place, scene.road_place).add_to(incident)
    marks_layer(marks).add_to(incident)


def _surroundings(scene: IncidentScene, resources: Sequence[Resource]) -> Extent:
    coming = [(each.lon, each.lat) for each in resources if each.status in COMING]
    return _extent(scene, scene.routes, [*coming, *_places_now(scene)]).padded(AROUND_SHARE, AROUND_LEAST_DEG)


def _opening(scene: IncidentScene) -> Extent:
    last_rank = OPENING_RANKS_SENT if scene.decided else STRONG_RANKS
    last = scene.routes["kind"].map(last_rank).astype("float64")
    strong = scene.routes[scene.routes["rank"].astype("float64") <= last]
    return _extent(scene, strong, _places_now(scene)).padded(0, OPENING_LEAST_DEG)


def _places_now(scene: IncidentScene) -> list[Spot]:
    """Return where the units are that are not released, and the ends of where they went."""
    standing = [(unit.place.lon, unit.place.lat) for unit in scene.live if unit.state not in OVER]
    west_south_east_north = [trail.line.bounds for trail in scene.trails]
    return standing + [spot for bounds in west_south_east_north for spot in (bounds[:2], bounds[2:])]


def _extent(scene: IncidentScene, routes: GeoDataFrame, spots: Sequence[Spot]) -> Extent:
    points = np.array([*spots, *((place.lon, place.lat) for place in (scene.place, scene.road_place))])
    if len(routes):
        west, south, east, north = routes.total_bounds
        points = np.vstack([points, [[west, south], [east, north]]])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return Extent(float(west), float(south), float(east), float(north))
