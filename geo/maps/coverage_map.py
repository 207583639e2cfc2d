"""The map of coverage: what is reached, what is not, and what a circle only promises."""

from collections.abc import Sequence
from dataclasses import dataclass

import folium
import shapely
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, Sample, add_legend, dark_map, layer, show
from geo.maps.elements import Json, PageCall
from geo.maps.planning_marks import (
    LIES,
    NOT_REACHED,
    PlannedBase,
    ReachedSource,
    base_marks,
    base_samples,
    extent_of,
    source_legend,
    source_list,
    source_marks,
)
from geo.maps.planning_panel import Count, Headline, planning_panel
from geo.maps.roads import road_layer
from geo.maps.symbols import marks_layer
from geo.maps.words import Word

ROADS = Word("道路", "Roads")
BASES = Word("救援基地", "Bases")
SOURCES = Word("危险源等级", "Hazards by grade")
COVERED = Word("按时可达范围", "Reached in time")
CIRCLE = Word("直线半径", "Straight-line circle")
COUNTS = Word("覆盖", "Coverage")
PADDED_SHARE, PADDED_LEAST_DEG = 0.05, 0.005
GRID_DEG = 1e-5


@dataclass(frozen=True)
class CoverageScene:
    """
    What the map tells.

    Attributes
    ----------
    area, circle : geometry
        WGS84; ``circle`` is None where none was asked about.
    roads : GeoDataFrame
        Lines in WGS84 with their ``road_class``.
    """

    head: Headline
    counts: Sequence[Count]
    area: shapely.Geometry
    circle: shapely.Geometry | None
    bases: Sequence[PlannedBase]
    sources: Sequence[ReachedSource]
    roads: GeoDataFrame
    licence: str
    notes: Sequence[str]


def coverage_map(scene: CoverageScene) -> folium.Map:
    """Draw coverage as one page."""
    chart = dark_map(scene.head.title, scene.licence)
    places = [*(base.place for base in scene.bases), *(source.place for source in scene.sources)]
    padded = extent_of(places).padded(PADDED_SHARE, PADDED_LEAST_DEG)
    road_group = layer(chart, ROADS)
    road_layer(scene.roads, padded).add_to(road_group)
    area_group = layer(chart, COVERED)
    _area("covered", COVERED, scene.area).add_to(area_group)
    legend = [LegendGroup(COVERED, area_group, (Sample("rg-sample-area covered", COVERED),))]
    if scene.circle is not None:
        circle_group = layer(chart, CIRCLE)
        _area("circle", CIRCLE, scene.circle).add_to(circle_group)
        legend.append(LegendGroup(CIRCLE, circle_group, (Sample("rg-sample-area circle", CIRCLE),)))
    source_group, base_group = layer(chart, SOURCES), layer(chart, BASES)
    marks_layer(source_marks(scene.sources)).add_to(source_group)
    marks_layer(base_marks(scene.bases)).add_to(base_group)
    lies = any(source.lie for source in scene.sources)
    add_legend(
        chart,
        (
            LegendGroup(BASES, base_group, base_samples()),
            source_legend(SOURCES, LegendGroup(SOURCES, source_group), lies=lies),
            *legend,
            LegendGroup(ROADS, road_group),
        ),
    )
    unreached = [source for source in scene.sources if not source.reached]
    lists = (
        source_list(LIES, [source for source in unreached if source.lie]),
        source_list(NOT_REACHED, [source for source in unreached if not source.lie]),
    )
    planning_panel(scene.head, (COUNTS, scene.counts), lists, scene.notes, scene.licence).add_to(chart)
    show(chart, padded)
    return chart


def _area(css: str, meaning: Word, area: shapely.Geometry) -> PageCall:
    shape = shapely.set_precision(area, GRID_DEG)
    rows: list[Json] = []
    if not shape.is_empty:
        row: dict[str, Json] = {
            "css": css,
            "name": meaning.en,
            "meaning": str(meaning),
            "title": str(meaning),
        }
        rows.append(row | {"facts": [], "synthetic": "", "geometry": shapely.geometry.mapping(shape)})
    return PageCall("areas", rows)
