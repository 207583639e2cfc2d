"""The map of critical links: the roads that must not close, numbered by the harm their closing does."""

from collections.abc import Sequence
from dataclasses import dataclass

import folium
import numpy as np
import shapely
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, Sample, add_legend, dark_map, layer, sample, show
from geo.maps.elements import Json, PageCall
from geo.maps.incident_panel import PanelLine, PanelList
from geo.maps.lines import ROUTE_STEP_DEG, flat_lines, on_grid, packed_lines
from geo.maps.planning_marks import (
    PlannedBase,
    ReachedSource,
    base_marks,
    base_samples,
    extent_of,
    source_legend,
    source_marks,
)
from geo.maps.planning_panel import Count, Headline, planning_panel
from geo.maps.roads import road_layer
from geo.maps.symbols import Look, Mark, marks_layer
from geo.maps.words import Word, clock

ROADS = Word("道路", "Roads")
BASES = Word("救援基地", "Bases")
SOURCES = Word("危险源等级", "Hazards by grade")
LINKS = Word("关键路段", "Critical links")
DROPS = Word("封闭后有危险源失去覆盖", "Closing it drops a source out of cover")
SLOWS = Word("封闭后到达变慢", "Closing it delays arrivals")
LINK = Look("link", 22, 8, LINKS)
SLOW_LINK = Look("link slows", 20, 7, LINKS)
PADDED_SHARE, PADDED_LEAST_DEG = 0.05, 0.005


@dataclass(frozen=True)
class CriticalLink:
    """
    One link on the map.

    ``drops`` tells whether its closing drops a source out of cover; ``worst_s`` is the worst arrival then,
    None once a source is cut off.
    """

    rank: int
    name: str
    lines: tuple[shapely.LineString, ...]
    drops: bool
    worst_s: float | None
    facts: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the row of the panel points at."""
        return f"link-{self.rank}"


@dataclass(frozen=True)
class CriticalLinksScene:
    """What the map tells; ``roads`` are lines in WGS84 with their ``road_class``."""

    head: Headline
    counts: Sequence[Count]
    links: Sequence[CriticalLink]
    bases: Sequence[PlannedBase]
    sources: Sequence[ReachedSource]
    roads: GeoDataFrame
    licence: str
    notes: Sequence[str]


def critical_links_map(scene: CriticalLinksScene) -> folium.Map:
    """Draw critical links as one page."""
    chart = dark_map(scene.head.title, scene.licence)
    places = [*(base.place for base in scene.bases), *(source.place for source in scene.sources)]
    padded = extent_of(places).padded(PADDED_SHARE, PADDED_LEAST_DEG)
    groups = {name: layer(chart, name) for name in (ROADS, SOURCES, BASES, LINKS)}
    road_layer(scene.roads, padded).add_to(groups[ROADS])
    marks_layer(source_marks(scene.sources)).add_to(groups[SOURCES])
    marks_layer(base_marks(scene.bases)).add_to(groups[BASES])
    rows = [row for link in reversed(scene.links) for row in _rows(link)]
    PageCall("lines", rows).add_to(groups[LINKS])
    marks_layer([_mark(link) for link in scene.links]).add_to(groups[LINKS])
    samples = (
        Sample("rg-sample-line critical", DROPS),
        Sample("rg-sample-line critical slows", SLOWS),
        sample(LINK, Word("名次", "Rank")),
    )
    add_legend(
        chart,
        (
            LegendGroup(LINKS, groups[LINKS], samples),
            LegendGroup(BASES, groups[BASES], base_samples()),
            source_legend(SOURCES, LegendGroup(SOURCES, groups[SOURCES]), lies=False),
            LegendGroup(ROADS, groups[ROADS]),
        ),
    )
    ranking = PanelList(LINKS, tuple(_line(link) for link in scene.links), 0)
    counts = Word("封闭试算", "Closings tried"), scene.counts
    planning_panel(scene.head, counts, [ranking], scene.notes, scene.licence).add_to(chart)
    show(chart, padded)
    return chart


def _rows(link: CriticalLink) -> list[Json]:
    look: dict[str, Json] = {"css": "critical" if link.drops else "critical slows", "synthetic": ""}
    said: dict[str, Json] = {
        "name": f"{LINKS.en} {link.rank}, {link.name}",
        "meaning": str(LINKS),
        "title": f"{link.rank} · {link.name}",
        "facts": list(link.facts),
    }
    return [look | said | {"path": _packed(line)} for line in link.lines]


def _packed(line: shapely.LineString) -> Json:
    lonlat, counts = flat_lines(np.array([line], dtype=object))
    return packed_lines(on_grid(lonlat, ROUTE_STEP_DEG), counts, ROUTE_STEP_DEG)


def _mark(link: CriticalLink) -> Mark:
    middle = link.lines[0].interpolate(0.5, normalized=True)
    look = LINK if link.drops else SLOW_LINK
    return Mark(link.key, middle.x, middle.y, look, link.name, link.facts, text=str(link.rank))


def _line(link: CriticalLink) -> PanelLine:
    return PanelLine(
        key=link.key,
        css="link" if link.drops else "link slows",
        rank=str(link.rank),
        name=link.name,
        under=" · ".join(link.facts),
        change="",
        time=clock(link.worst_s),
        synthetic=False,
        first=False,
    )
