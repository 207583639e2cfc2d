"""A town of two streets, an incident at their crossing, and everything a scene can hold."""

from dataclasses import replace

import geopandas as gpd
from shapely import LineString, Point, box

from geo.maps.incident_map import IncidentScene, NeedLine
from geo.places import Place

WGS84 = "EPSG:4326"
CROSSING = Place(114.30, 30.60)


def town_scene() -> IncidentScene:
    """Return a small scene in which two of three needs are met."""
    return IncidentScene(
        title="Chemical leak, severity 2",
        subtitle="chlorine, reported 02:14",
        place=CROSSING,
        road_place=Place(114.3005, 30.60),
        off_road_m=48.0,
        needs=(
            NeedLine("hazmat ≥ 2", 345.0, None),
            NeedLine("pump ≥ 1", 260.0, None),
            NeedLine("decontamination ≥ 3", None, "1 of 3 squads missing"),
        ),
        first_due="Hazmat 1",
        units=_units(),
        depots=_depots(),
        hazard_sources=_hazard_sources(),
        routes=_routes(),
        roads=_roads(),
        licence="Roads: town survey, CC0",
        notes=("Speeds come from road class",),
    )


def scene_named(name: str) -> IncidentScene:
    """Return the town's scene with ``name`` wherever a scene takes words from outside."""
    scene = town_scene()
    return replace(
        scene,
        title=name,
        subtitle=name,
        needs=(NeedLine(name, 1.0, None), NeedLine(name, None, name)),
        first_due=name,
        units=scene.units.assign(name=name, team=name, detail=name),
        depots=scene.depots.assign(name=name, detail=name),
        hazard_sources=scene.hazard_sources.assign(name=name, enterprise=name, kind=name, detail=name),
        routes=scene.routes.assign(name=name),
        licence=name,
        notes=(name,),
    )


def _units() -> gpd.GeoDataFrame:
    nan = float("nan")
    return gpd.GeoDataFrame(
        {
            "name": ["Hazmat 1", "Pump 2", "Pump 3", "Ladder 4", "Rescue 5"],
            "team": ["North", "North", "East", "East", "East"],
            "status": ["first_due", "listed", "passed_over", "out_of_service", "other"],
            "arrival_s": [260.0, 345.0, 200.0, nan, 900.0],
            "rank": [1.0, 2.0, nan, nan, nan],
            "detail": ["", "", "No hazmat squad aboard", "Pump repair", ""],
            "synthetic": [True, True, True, True, False],
        },
        geometry=[
            Point(114.30, 30.62),
            Point(114.30, 30.62),
            Point(114.31, 30.60),
            Point(114.32, 30.60),
            Point(114.33, 30.60),
        ],
        crs=WGS84,
    )


def _depots() -> gpd.GeoDataFrame:
    nan = float("nan")
    return gpd.GeoDataFrame(
        {
            "name": ["South depot", "Far depot"],
            "status": ["listed", "passed_over"],
            "arrival_s": [3661.0, nan],
            "rank": [1.0, nan],
            "detail": ["500 kg reserved", "no road leads here"],
            "synthetic": [True, True],
        },
        geometry=[Point(114.30, 30.585), Point(114.27, 30.60)],
        crs=WGS84,
    )


def _hazard_sources() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": ["Tank farm", "Pipeline", "Store"],
            "enterprise": ["Works A", "Works A", "Works B"],
            "kind": ["tank", "pipe", "store"],
            "grade": [1.0, 3.0, float("nan")],
            "detail": ["R = 120", "R = 20", ""],
            "synthetic": [True, True, True],
        },
        geometry=[
            box(114.305, 30.605, 114.308, 30.608),
            LineString([(114.29, 30.59), (114.295, 30.591)]),
            Point(114.29, 30.61),
        ],
        crs=WGS84,
    )


def _routes() -> gpd.GeoDataFrame:
    south = [(114.30, 30.585), (114.30, 30.60)]
    north = [(114.30, 30.62), (114.30, 30.61), (114.30, 30.60)]
    return gpd.GeoDataFrame(
        {
            "name": ["Hazmat 1", "Pump 2", "South depot"],
            "kind": ["unit", "unit", "depot"],
            "rank": [1.0, 2.0, 1.0],
            "arrival_s": [260.0, 345.0, 3661.0],
            "travel_s": [170.0, 255.0, 3000.0],
            "distance_m": [2218.0, 2218.0, 1663.0],
        },
        geometry=[LineString(north), LineString(north), LineString(south)],
        crs=WGS84,
    )


def _roads() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"road_class": ["primary", "residential", "bridleway"]},
        geometry=[
            LineString([(114.30, 30.58), (114.30, 30.63)]),
            LineString([(114.26, 30.60), (114.34, 30.60)]),
            LineString([(114.30, 30.60), (114.305, 30.605)]),
        ],
        crs=WGS84,
    )
