"""Coverage as a GeoPackage and as a map."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from folium import Map
from shapely import Point

from api.answer_base import Said
from api.coverage.answer import BaseSaid, CoverageAnswer, GradeSaid, QuestionSaid, RadiusSaid, SourceSaid
from api.coverage.counting import Covered
from api.coverage.figures import Figures
from api.live_roads import LiveRoads
from api.mapping import road_frame
from data.layers_file import write_layers
from geo.crs import to_degrees
from geo.maps.coverage_map import CoverageScene, coverage_map
from geo.maps.planning_marks import PlannedBase, ReachedSource
from geo.maps.planning_panel import Count, Headline
from geo.maps.words import Word, clock
from geo.places import Place
from routing.isochrones import lines_of

WGS84 = "EPSG:4326"


def save_coverage_layers(covered: Covered, path: Path) -> None:
    """Write sources, bases, the area reached, the roads reached and the circles to one GeoPackage."""
    answer, figures = covered.answer, covered.figures
    layers = {
        "sources": _sources_frame(answer, figures),
        "bases": _frame([_flat(base, "place") for base in answer.bases], _points(answer.bases)),
        "reached_area": _frame([{"within_s": answer.question.within_s}], [figures.area]),
        "reached_roads": _reached_roads(figures),
    }
    if figures.radius is not None and answer.radius is not None:
        layers["circles"] = _frame([{"radius_km": answer.radius.radius_km}], [figures.radius.area])
    write_layers(path, layers)


def coverage_chart(covered: Covered, roads: LiveRoads) -> Map:
    """Return the map of coverage."""
    answer, radius = covered.answer, covered.figures.radius
    lies = frozenset(answer.radius.lies) if answer.radius else frozenset()
    return coverage_map(
        CoverageScene(
            head=headline(answer.question, answer),
            counts=_counts(answer),
            area=covered.figures.area,
            circle=None if radius is None else radius.area,
            bases=planned_bases(answer.bases),
            sources=[reached_source(source, lie=source.id in lies) for source in answer.sources],
            roads=road_frame(roads.network),
            licence=answer.question.licence,
            notes=answer.notes,
        )
    )


def headline(question: QuestionSaid, answer: CoverageAnswer) -> Headline:
    """Return what stands at the top of the panel: how many sources are reached, and whether that will do."""
    reached = sum(source.reached for source in answer.sources)
    return Headline(
        title=f"覆盖分析 Coverage · {question.standard_zh or ''} {question.standard_en or ''}".rstrip(" ·"),
        subtitle=terms_words(question),
        figure=f"{reached}/{len(answer.sources)}",
        means=Word("按时到达的危险源", "hazard sources reached in time"),
        verdict=str(_verdict(answer.met)),
        good=bool(answer.met),
    )


def terms_words(question: QuestionSaid) -> str:
    """Say in a line what was asked: time, clock, who counts, and under which conditions."""
    counted = "出动+行车 turnout + driving" if question.counts_turnout else "行车 driving alone"
    closed = f"封闭 {question.closed_segments} closed stretches" if question.closed_segments else None
    parts = (
        question.within_s and clock(question.within_s),
        counted,
        question.capability,
        question.profile,
        question.preset,
        closed,
    )
    return " · ".join(part for part in parts if part)


def planned_bases(bases: list[BaseSaid]) -> list[PlannedBase]:
    """Return bases as the map draws them."""
    return [
        PlannedBase(base.name, Place(base.place.lon, base.place.lat), (", ".join(base.units),))
        for base in bases
    ]


def reached_source(source: SourceSaid, *, lie: bool) -> ReachedSource:
    """Return a source as the map draws it."""
    return ReachedSource(
        key=f"hazard-{source.id}",
        name=source.name,
        place=Place(source.place.lon, source.place.lat),
        grade=source.grade,
        reached=source.reached,
        first_s=source.first_s,
        first_base=source.first_base,
        second_s=source.second_s,
        lie=lie,
        synthetic=source.synthetic,
    )


def _verdict(met: bool | None) -> Word:
    if met is None:
        return Word("没有危险源", "no source to reach")
    return Word("达标", "standard met") if met else Word("未达标", "standard not met")


def _counts(answer: CoverageAnswer) -> list[Count]:
    counts = [_grade(grade) for grade in answer.grades]
    counts.append(_km(Word("道路", "Road km"), answer.roads.reached_km, answer.roads.total_km))
    if answer.lines.total_km:
        counts.append(_km(Word("管道", "Pipeline km"), answer.lines.reached_km, answer.lines.total_km))
    if answer.people is not None:
        figure = f"{answer.people.reached:,.0f}/{answer.people.total:,.0f}"
        counts.append(Count(Word("人口", "People"), figure, answer.people.reached >= answer.people.total))
    if answer.radius is not None:
        counts.append(_radius(answer.radius))
    return counts


def _grade(grade: GradeSaid) -> Count:
    name = (
        Word("未分级", "Not graded")
        if grade.grade is None
        else Word(f"{grade.grade} 级", f"Grade {grade.grade}")
    )
    under = f"次到 second due {grade.reached_twice} · 最晚 worst {clock(grade.worst_s)}"
    return Count(name, f"{grade.reached}/{grade.sources}", grade.reached == grade.sources, under)


def _km(what: Word, reached_km: float, total_km: float) -> Count:
    return Count(what, f"{reached_km:,.0f}/{total_km:,.0f}", reached_km >= total_km)


def _radius(radius: RadiusSaid) -> Count:
    what = Word(f"半径 {radius.radius_km:g} km", f"circle of {radius.radius_km:g} km")
    kept = f"{radius.sources_kept}/{radius.sources_promised}"
    under = f"圈内承诺 {radius.sources_promised}，道路兑现 {radius.sources_kept} · promised, kept by road"
    return Count(what, kept, not radius.lies, under)


def _sources_frame(answer: CoverageAnswer, figures: Figures) -> gpd.GeoDataFrame:
    rows = [_flat(source, "place") for source in answer.sources]
    lies = frozenset(answer.radius.lies) if answer.radius else frozenset()
    for row in rows:
        row["circle_lies"] = row["id"] in lies
    return _frame(rows, list(figures.ground.layout.sources.shape))


def _reached_roads(figures: Figures) -> gpd.GeoDataFrame:
    network = figures.ground.layout.roads.network
    lines = lines_of(network, figures.reached)
    degrees = shapely.transform(
        lines, lambda xy: np.column_stack(to_degrees(network.metric_system, xy[:, 0], xy[:, 1]))
    )
    classes = network.class_names[network.road_class[figures.reached.segment]]
    return gpd.GeoDataFrame({"road_class": classes}, geometry=degrees, crs=WGS84)


def _flat(said: Said, without: str) -> dict[str, object]:
    """Return the fields of a part of the answer as one row of a table; lists become text."""
    fields = said.model_dump(exclude={without}).items()
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in fields}


def _points(bases: list[BaseSaid]) -> list[Point]:
    return [Point(base.place.lon, base.place.lat) for base in bases]


def _frame(rows: list[dict[str, object]], shapes: list[shapely.Geometry] | list[Point]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)
