"""The map of siting plans: each plan a layer of its own, one shown at a time, beside cover against time."""

from collections.abc import Sequence
from dataclasses import dataclass

import folium
import shapely
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, add_legend, dark_map, layer, sample, show
from geo.maps.elements import PageCall, PageMarkup
from geo.maps.roads import Extent, road_layer
from geo.maps.siting_front import FrontPoint, chart_of
from geo.maps.symbols import SYNTHETIC, Look, Mark, marks_layer, side_by_side
from geo.maps.words import Word, clock
from geo.places import Place

ROADS = Word("道路", "Roads")
STANDING = Look("site standing", 15, 4, Word("现有基地", "Base that stands"))
NEW = Look("site new", 30, 8, Word("新建", "New site"))
UPGRADE = Look("site upgrade", 30, 8, Word("升级", "Station to upgrade"))
CANDIDATE = Look("site candidate", 7, 0, Word("备选", "Other candidate"))
LATEST = Look("latest", 30, 6, Word("最晚到达", "Latest arrival"))
REACHED = Word("时限内到达", "Reached in time")
PARTLY = Word("部分到达", "Part reached in time")
MISSED = Word("超时", "Not in time")
SHOWN = Word("所选方案", "Plan shown")
GRADE_PX = {1: 19, 2: 17, 3: 14, 4: 12}
WRITTEN_FROM_PX = 14
PADDED_SHARE, PADDED_LEAST_DEG = 0.06, 0.005
WHOLE = 1.0


@dataclass(frozen=True)
class SiteDot:
    """A site: its name, where, and a few words on it."""

    name: str
    place: Place
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A graded hazard source, from 1, the gravest."""

    name: str
    grade: int
    place: Place
    synthetic: bool


@dataclass(frozen=True)
class Fare:
    """How a source fares under a plan: the share reached in time, and the arrival (None: never)."""

    reached: float
    arrival_s: float | None


@dataclass(frozen=True)
class PlanLayer:
    """
    A plan: what it builds and how each source fares, in the order of the sources.

    Attributes
    ----------
    letter, why, builds : str
    facts : tuple of str
        E.g. what it reaches by level, and its cost.
    latest : str
        The latest arrival in words.
    latest_source : int or None
        Which source that is.
    """

    letter: str
    why: str
    builds: str
    facts: tuple[str, ...]
    latest: str
    latest_source: int | None
    new: tuple[SiteDot, ...]
    upgraded: tuple[SiteDot, ...]
    fares: tuple[Fare, ...]


@dataclass(frozen=True)
class SitingScene:
    """What the map tells; the first plan is the one shown at first. Roads are lines with a ``road_class``."""

    title: str
    subtitle: str
    plans: tuple[PlanLayer, ...]
    standing: tuple[SiteDot, ...]
    candidates: tuple[SiteDot, ...]
    sources: tuple[Source, ...]
    front: tuple[FrontPoint, ...]
    front_counts: Word
    rules: tuple[str, ...]
    notes: tuple[str, ...]
    roads: GeoDataFrame
    licence: str


def siting_map(scene: SitingScene) -> folium.Map:
    """Draw siting plans, one shown at a time, with what each reaches, its latest arrival, and the front."""
    chart = dark_map(scene.title, scene.licence)
    extent = _extent(scene)
    roads = layer(chart, ROADS)
    road_layer(scene.roads, extent.padded(PADDED_SHARE, PADDED_LEAST_DEG)).add_to(roads)
    candidates = layer(chart, CANDIDATE.meaning)
    marks_layer(_dots(scene.candidates, CANDIDATE)).add_to(candidates)
    standing = layer(chart, STANDING.meaning)
    marks_layer(_dots(scene.standing, STANDING)).add_to(standing)
    groups = [_plan_group(chart, scene, plan) for plan in scene.plans]
    cards = [
        {"plan": plan, "layer": str(group.get_name()), "latest_key": latest_key(plan)}
        for plan, group in zip(scene.plans, groups, strict=True)
    ]
    PageMarkup(
        "siting_panel.html",
        scene=scene,
        cards=cards,
        chart=chart_of(scene.front),
        synthetic=SYNTHETIC if any(source.synthetic for source in scene.sources) else None,
    ).add_to(chart)
    if groups:
        add_legend(chart, _legend(groups[0], standing, candidates, roads))
        PageCall("plans", None).add_to(chart)
    show(chart, extent)
    return chart


def latest_key(plan: PlanLayer) -> str:
    """Return the key of the mark of a plan's latest arrival; empty where it has none."""
    return "" if plan.latest_source is None else f"latest-{plan.letter}"


def _plan_group(chart: folium.Map, scene: SitingScene, plan: PlanLayer) -> folium.FeatureGroup:
    group = layer(chart, Word(f"方案 {plan.letter}", f"Plan {plan.letter}"))
    marks = [
        _source_mark(number, source, fare, plan)
        for number, (source, fare) in enumerate(zip(scene.sources, plan.fares, strict=True))
    ]
    for look, sites in ((NEW, plan.new), (UPGRADE, plan.upgraded)):
        marks += [
            Mark(
                f"{plan.letter}-{site.name}",
                site.place.lon,
                site.place.lat,
                look,
                site.name,
                site.facts,
                plan.letter,
            )
            for site in sites
        ]
    if plan.latest_source is not None:
        last = scene.sources[plan.latest_source]
        spot = (last.place.lon, last.place.lat)
        ring = Mark(latest_key(plan), *spot, LATEST, last.name, (plan.latest,), synthetic=last.synthetic)
        marks_layer([ring]).add_to(group)
    marks_layer(side_by_side(marks)).add_to(group)
    return group


def _source_mark(number: int, source: Source, fare: Fare, plan: PlanLayer) -> Mark:
    word, css = _state(fare)
    size = GRADE_PX.get(source.grade, min(GRADE_PX.values()))
    look = Look(f"hazard grade-{source.grade} {css}", size, 5 - source.grade, word)
    share = "" if fare.reached in (0.0, WHOLE) else f" · {fare.reached:.0%}"
    facts = (f"{source.grade} 级 level {source.grade}{share}", f"到达 arrival {clock(fare.arrival_s)}")
    return Mark(
        f"{plan.letter}-source-{number}",
        source.place.lon,
        source.place.lat,
        look,
        source.name,
        facts,
        str(source.grade) if size >= WRITTEN_FROM_PX else "",
        source.synthetic,
    )


def _state(fare: Fare) -> tuple[Word, str]:
    if fare.reached >= WHOLE:
        return REACHED, "reached"
    return (PARTLY, "partly") if fare.reached > 0 else (MISSED, "missed")


def _dots(sites: Sequence[SiteDot], look: Look) -> list[Mark]:
    return [
        Mark(f"{look.css}-{number}", site.place.lon, site.place.lat, look, site.name, site.facts)
        for number, site in enumerate(sites)
    ]


def _legend(
    plan: folium.FeatureGroup,
    standing: folium.FeatureGroup,
    candidates: folium.FeatureGroup,
    roads: folium.FeatureGroup,
) -> list[LegendGroup]:
    """Return the legend; the box of the plan's marks follows whichever plan is shown."""
    states = (("reached", REACHED), ("partly", PARTLY), ("missed", MISSED))
    marks = [sample(look, look.meaning) for look in (NEW, UPGRADE, LATEST)]
    marks += [sample(Look(f"hazard grade-2 {css}", 17, 1, word), word) for css, word in states]
    return [
        LegendGroup(SHOWN, plan, tuple(marks)),
        LegendGroup(STANDING.meaning, standing, (sample(STANDING, STANDING.meaning),)),
        LegendGroup(CANDIDATE.meaning, candidates, (sample(CANDIDATE, CANDIDATE.meaning),)),
        LegendGroup(ROADS, roads),
    ]


def _extent(scene: SitingScene) -> Extent:
    dots = [*scene.standing, *(site for plan in scene.plans for site in (*plan.new, *plan.upgraded))]
    places = [source.place for source in scene.sources] + [dot.place for dot in dots]
    spots = shapely.points([(place.lon, place.lat) for place in places])
    west, south, east, north = shapely.total_bounds(spots).tolist()
    return Extent(west, south, east, north)
