"""A survey as a GeoPackage and as a map."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from folium import Map
from shapely import Point

from api.live_roads import LiveRoads
from api.mapping import road_frame
from api.survey.answer import ShareSaid, SourceSaid, SurveyAnswer
from api.survey.surveying import Survey
from api.survey.words import gaps_of, late_of
from data.layers_file import write_layers
from geo.maps.planning_marks import PlannedBase
from geo.maps.planning_panel import Count, Headline
from geo.maps.survey_map import SurveyedSource, SurveyScene, survey_map
from geo.maps.words import Word, clock
from geo.places import Place

WGS84 = "EPSG:4326"
EVERY_ONE = 100.0


def save_survey_layers(surveyed: Survey, path: Path) -> None:
    """Write sources, what each needs row by row, bases, depots, enterprises and rows to verify."""
    answer, ground = surveyed.answer, surveyed.ground
    shapes = dict(zip(ground.sources.id.tolist(), ground.sources.shape, strict=True))
    sources = gpd.GeoDataFrame(
        [_source_row(source) for source in answer.sources],
        geometry=[shapes[source.id] for source in answer.sources],
        crs=WGS84,
    )
    needs = [row for source in answer.sources for row in _need_rows(source)]
    write_layers(
        path,
        {
            "sources": sources,
            "needs": _without_place(needs),
            "bases": _points(_bases(surveyed)),
            "depots": _points(_depots(surveyed)),
            "enterprises": _without_place([_flat(one.model_dump()) for one in answer.enterprises]),
            "unverified": _without_place([_flat(one.model_dump()) for one in answer.unverified]),
        },
    )


def survey_chart(surveyed: Survey, roads: LiveRoads) -> Map:
    """Return the map of a survey."""
    answer = surveyed.answer
    return survey_map(
        SurveyScene(
            head=_headline(answer),
            counts=_counts(answer),
            sources=[_surveyed(source) for source in answer.sources],
            bases=_bases(surveyed),
            depots=_depots(surveyed),
            roads=road_frame(roads.network),
            licence=answer.licence,
            notes=answer.notes,
        )
    )


def _headline(answer: SurveyAnswer) -> Headline:
    equipped = answer.summary.equipped
    good = equipped.good == equipped.of
    within = clock(answer.within_s)
    return Headline(
        title="应急资源普查 Resource survey",
        subtitle=f"{answer.day} · {within} 内到达 within {within} min of the order",
        figure=f"{equipped.good}/{equipped.of}",
        means=Word("资源齐备的分级危险源", "graded sources that lack nothing within reach"),
        verdict=str(_verdict(equipped)),
        good=good,
    )


def _verdict(equipped: ShareSaid) -> Word:
    if not equipped.of:
        return Word("没有分级危险源", "no graded source")
    if equipped.good < equipped.of:
        return Word("有缺口", "something is lacking")
    return Word("齐备", "complete")


def _counts(answer: SurveyAnswer) -> list[Count]:
    summary = answer.summary
    return [
        _count(Word("企业有队伍或协议", "Enterprises with a team or agreement"), summary.provided),
        _count(Word("资源齐备", "Sources that lack nothing"), summary.equipped),
        _count(Word("且全部按时", "and nothing late"), summary.in_time),
        _count(Word("已核实", "Rows verified"), summary.verified),
        _count(Word(f"{answer.stale_days} 天内核实", f"within {answer.stale_days} days"), summary.current),
    ]


def _count(what: Word, share: ShareSaid) -> Count:
    percent = "-" if share.percent is None else f"{share.percent:g} %"
    return Count(what, percent, share.percent in (None, EVERY_ONE), f"{share.good}/{share.of}")


def _surveyed(source: SourceSaid) -> SurveyedSource:
    return SurveyedSource(
        key=f"hazard-{source.id}",
        name=source.name,
        place=Place(source.place.lon, source.place.lat),
        grade=source.grade,
        lacks=tuple(gaps_of(source)),
        late=tuple(late_of(source)),
        first_s=source.first_s,
        synthetic=source.synthetic,
    )


def _bases(surveyed: Survey) -> list[PlannedBase]:
    """Return the bases with the units in service at each."""
    units = surveyed.ground.units
    names, first = np.unique(units.base.astype(np.str_), return_index=True)
    return [
        PlannedBase(
            name,
            Place(float(units.base_lon[at]), float(units.base_lat[at])),
            (", ".join(units.name[(units.base == name) & units.in_service].tolist()),),
        )
        for name, at in zip(names.tolist(), first.tolist(), strict=True)
    ]


def _depots(surveyed: Survey) -> list[PlannedBase]:
    depots = surveyed.ground.depots
    return [
        PlannedBase(name, Place(lon, lat), (tier, "送货 delivers" if delivers else "自提 pick-up only"))
        for name, lon, lat, tier, delivers in zip(
            depots.name.tolist(),
            depots.lon.tolist(),
            depots.lat.tolist(),
            depots.tier.tolist(),
            depots.delivers.tolist(),
            strict=True,
        )
    ]


def _source_row(source: SourceSaid) -> dict[str, object]:
    said = source.model_dump(exclude={"place", "capabilities", "supplies"})
    return _flat(said) | {"lacks": "; ".join(gaps_of(source)), "late": "; ".join(late_of(source))}


def _need_rows(source: SourceSaid) -> Iterator[dict[str, object]]:
    about = {"source_id": source.id, "source": source.name, "grade": source.grade}
    for capability in source.capabilities:
        yield (
            about
            | {"what": "capability", "name": capability.label}
            | capability.model_dump(exclude={"label"})
        )
    for supply in source.supplies:
        yield about | {"what": "supply", "name": supply.item} | supply.model_dump(exclude={"item"})


def _flat(row: dict[str, object]) -> dict[str, object]:
    """Return a row whose lists are text, as a table holds them."""
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in row.items()}


def _points(places: Sequence[PlannedBase]) -> gpd.GeoDataFrame:
    rows = [{"name": each.name, "about": ", ".join(each.facts)} for each in places]
    return gpd.GeoDataFrame(
        rows, geometry=[Point(each.place.lon, each.place.lat) for each in places], crs=WGS84
    )


def _without_place(rows: Sequence[dict[str, object]]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows)
    return gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=WGS84)
