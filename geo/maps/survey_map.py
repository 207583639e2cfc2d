"""The map of a resource survey: which sources lack something, and where crews and stock stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import folium
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, add_legend, dark_map, layer, sample, show
from geo.maps.incident_legend import GRADE_SAMPLES
from geo.maps.incident_marks import GRADE_LOOKS, GRADE_WRITTEN_FROM_PX
from geo.maps.incident_panel import PanelLine, PanelList
from geo.maps.planning_marks import MOST_LISTED, PlannedBase, base_marks, base_samples, extent_of
from geo.maps.planning_panel import Count, Headline, planning_panel
from geo.maps.roads import Extent, road_layer
from geo.maps.symbols import Look, Mark, marks_layer
from geo.maps.words import Word, clock
from geo.places import Place

ROADS = Word("道路", "Roads")
BASES = Word("救援基地", "Bases")
DEPOTS = Word("物资仓库", "Depots")
SOURCES = Word("危险源等级", "Hazards by grade")
LACKS = Word("资源缺口", "Lacks something")
LATE = Word("到达偏晚", "Enough, but late")
COUNTS = Word("资源普查", "Resource survey")
DEPOT = Look("depot", 18, 5, DEPOTS)
RING_LEAST_PX, RING_HEIGHT = 14, 4
PADDED_SHARE, PADDED_LEAST_DEG = 0.05, 0.005


@dataclass(frozen=True)
class SurveyedSource:
    """A graded source on the map, with what it lacks and what comes late; ``first_s`` is None for nobody."""

    key: str
    name: str
    place: Place
    grade: int
    lacks: tuple[str, ...]
    late: tuple[str, ...]
    first_s: float | None
    synthetic: bool


@dataclass(frozen=True)
class SurveyScene:
    """What the map tells; sources come in the order of the panel, roads are lines with their class."""

    head: Headline
    counts: Sequence[Count]
    sources: Sequence[SurveyedSource]
    bases: Sequence[PlannedBase]
    depots: Sequence[PlannedBase]
    roads: GeoDataFrame
    licence: str
    notes: Sequence[str]


def survey_map(scene: SurveyScene) -> folium.Map:
    """Draw a survey as one page."""
    chart = dark_map(scene.head.title, scene.licence)
    places = [each.place for each in (*scene.bases, *scene.depots)]
    places += [source.place for source in scene.sources]
    extent = extent_of(places) if places else Extent(*scene.roads.total_bounds.tolist())
    padded = extent.padded(PADDED_SHARE, PADDED_LEAST_DEG)
    road_group, source_group = layer(chart, ROADS), layer(chart, SOURCES)
    base_group, depot_group = layer(chart, BASES), layer(chart, DEPOTS)
    road_layer(scene.roads, padded).add_to(road_group)
    marks_layer([_source_mark(source) for source in scene.sources]).add_to(source_group)
    marks_layer(base_marks(scene.bases)).add_to(base_group)
    marks_layer(_depot_marks(scene.depots)).add_to(depot_group)
    rings = (sample(_ringed(GRADE_LOOKS[2]), LACKS),)
    add_legend(
        chart,
        (
            LegendGroup(BASES, base_group, base_samples()),
            LegendGroup(DEPOTS, depot_group, (sample(DEPOT, DEPOTS),)),
            LegendGroup(SOURCES, source_group, GRADE_SAMPLES, narrow=True, wide_samples=rings),
            LegendGroup(ROADS, road_group),
        ),
    )
    lists = (
        _list(LACKS, [source for source in scene.sources if source.lacks]),
        _list(LATE, [source for source in scene.sources if source.late and not source.lacks]),
    )
    planning_panel(scene.head, (COUNTS, scene.counts), lists, scene.notes, scene.licence).add_to(chart)
    show(chart, padded)
    return chart


def _source_mark(source: SurveyedSource) -> Mark:
    look = GRADE_LOOKS[source.grade]
    first = f"先到 First {clock(source.first_s)}"
    return Mark(
        key=source.key,
        lon=source.place.lon,
        lat=source.place.lat,
        look=_ringed(look) if source.lacks else look,
        title=source.name,
        facts=(
            first,
            *(f"{LACKS}: {each}" for each in source.lacks),
            *(f"{LATE}: {each}" for each in source.late),
        ),
        text=str(source.grade) if look.size_px >= GRADE_WRITTEN_FROM_PX else "",
        synthetic=source.synthetic,
    )


def _ringed(look: Look) -> Look:
    size_px = max(look.size_px, RING_LEAST_PX)
    return replace(look, css=f"{look.css} uncovered", size_px=size_px, height=RING_HEIGHT)


def _depot_marks(depots: Sequence[PlannedBase]) -> list[Mark]:
    return [
        Mark(f"depot-{i}", depot.place.lon, depot.place.lat, DEPOT, depot.name, depot.facts)
        for i, depot in enumerate(depots)
    ]


def _list(title: Word, sources: Sequence[SurveyedSource]) -> PanelList:
    return PanelList(
        title, tuple(_line(source) for source in sources[:MOST_LISTED]), max(len(sources) - MOST_LISTED, 0)
    )


def _line(source: SurveyedSource) -> PanelLine:
    return PanelLine(
        key=source.key,
        css=GRADE_LOOKS[source.grade].css,
        rank=str(source.grade),
        name=source.name,
        under="; ".join(source.lacks or source.late),
        change="",
        time=clock(source.first_s),
        synthetic=source.synthetic,
        first=False,
    )
