"""The map of how far one gets in a few times: one area inside another, over the roads."""

from collections.abc import Sequence
from dataclasses import dataclass

import folium
import shapely
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, Sample, add_legend, dark_map, layer, show
from geo.maps.elements import Json, PageCall
from geo.maps.roads import Extent, road_layer
from geo.maps.symbols import Look, Mark, marks_layer
from geo.maps.words import Word, clock
from geo.places import Place

ROADS = Word("道路", "Roads")
REACHED = Word("可达范围", "Reached")
START = Look("unit first-due", 32, 9, Word("起点", "Place"))
SHADES = 4
PADDED_SHARE, PADDED_LEAST_DEG = 0.05, 0.005
GRID_DEG = 1e-5


@dataclass(frozen=True)
class ReachedArea:
    """What is reached within a time: the area in WGS84, and the kilometres of road in it."""

    within_s: float
    area: shapely.Geometry
    kilometres: float


def reach_map(
    title: str, place: Place, areas: Sequence[ReachedArea], roads: GeoDataFrame, licence: str
) -> folium.Map:
    """
    Draw areas reached from, or reaching, a place.

    Parameters
    ----------
    areas
        One a time; the longest is drawn first, so that each shorter one lies on it.
    roads
        Lines in WGS84 with their ``road_class``.
    """
    outward = sorted(areas, key=lambda reached: -reached.within_s)
    chart = dark_map(title, licence)
    extent = _extent(place, outward)
    road_group = layer(chart, ROADS)
    road_layer(roads, extent.padded(PADDED_SHARE, PADDED_LEAST_DEG)).add_to(road_group)
    area_group = layer(chart, REACHED)
    rows: list[Json] = [_row(reached, shade) for shade, reached in _shaded(outward)]
    PageCall("areas", rows).add_to(area_group)
    place_group = layer(chart, START.meaning)
    marks_layer([Mark("place", place.lon, place.lat, START, title)]).add_to(place_group)
    samples = tuple(
        Sample(f"rg-sample-area reach-{shade}", Word(clock(reached.within_s), _kilometres(reached)))
        for shade, reached in reversed(_shaded(outward))
    )
    add_legend(chart, (LegendGroup(REACHED, area_group, samples), LegendGroup(ROADS, road_group)))
    show(chart, extent)
    return chart


def _shaded(outward: Sequence[ReachedArea]) -> list[tuple[int, ReachedArea]]:
    return [(min(i, SHADES - 1), reached) for i, reached in enumerate(outward)]


def _row(reached: ReachedArea, shade: int) -> Json:
    shape = shapely.set_precision(reached.area, GRID_DEG)
    return {
        "css": f"reach-{shade}",
        "name": clock(reached.within_s),
        "meaning": str(REACHED),
        "title": clock(reached.within_s),
        "facts": [_kilometres(reached)],
        "synthetic": "",
        "geometry": shapely.geometry.mapping(shape),
    }


def _kilometres(reached: ReachedArea) -> str:
    return f"{reached.kilometres:,.0f} km"


def _extent(place: Place, areas: Sequence[ReachedArea]) -> Extent:
    shapes = [shapely.Point(place.lon, place.lat), *(reached.area for reached in areas)]
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return Extent(west, south, east, north)
