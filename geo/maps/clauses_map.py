"""The map of broken clauses: a layer a clause, and beside it the reds that stand nowhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import folium
from geopandas import GeoDataFrame

from geo.maps.base import LegendGroup, add_legend, dark_map, layer, sample, show
from geo.maps.incident_panel import PanelLine, PanelList
from geo.maps.planning_marks import extent_of
from geo.maps.planning_panel import Count, Headline, planning_panel
from geo.maps.roads import Extent, road_layer
from geo.maps.symbols import Look, Mark, marks_layer, side_by_side
from geo.maps.words import Word
from geo.places import Place

ROADS = Word("道路", "Roads")
CLAUSES = Word("各条款 合格/不合格/无法判定", "Clauses: green / red / cannot tell")
BROKEN = Word("不合格", "Red")
NOWHERE = Word("不合格（无位置）", "Red, standing nowhere")
CANNOT_TELL = Word("全部无法判定的条款", "Cannot be told for anything")
SHALL = Word("违反“应”", "Breaks a shall")
SHOULD = Word("不符“宜”", "Departs from a should")
MOST_A_CLAUSE = 5
PADDED_SHARE, PADDED_LEAST_DEG = 0.05, 0.005


@dataclass(frozen=True)
class ClauseLayer:
    """A clause that something on the map breaks; it has a layer of its own."""

    code: str
    name: Word
    binding: bool

    @property
    def look(self) -> Look:
        """How its reds are drawn."""
        return Look("link", 18, 8, SHALL) if self.binding else Look("link slows", 16, 7, SHOULD)


@dataclass(frozen=True)
class Red:
    """
    One subject that breaks one clause.

    ``place`` is None for what stands nowhere, such as a plan; ``asked`` is the threshold, ``facts`` are the
    sentences, with value, threshold and source.
    """

    clause: str
    subject: str
    place: Place | None
    value: str
    asked: str
    facts: tuple[str, ...]
    synthetic: bool


@dataclass(frozen=True)
class Undecided:
    """A clause that cannot be told for anything, and what would supply what is missing."""

    name: Word
    why: str


@dataclass(frozen=True)
class ClausesScene:
    """What the map tells; it opens on ``extent`` where no red has a place."""

    head: Headline
    counts: Sequence[Count]
    clauses: Sequence[ClauseLayer]
    reds: Sequence[Red]
    undecided: Sequence[Undecided]
    extent: Extent
    roads: GeoDataFrame
    licence: str
    notes: Sequence[str]


def clauses_map(scene: ClausesScene) -> folium.Map:
    """Draw the reds as one page."""
    chart = dark_map(scene.head.title, scene.licence)
    padded = _extent(scene).padded(PADDED_SHARE, PADDED_LEAST_DEG)
    road_group = layer(chart, ROADS)
    road_layer(scene.roads, padded).add_to(road_group)
    legend = []
    marks, told = _marks(scene), set()
    for clause in scene.clauses:
        own = marks.get(clause.code, [])
        if own:
            group = layer(chart, clause.name)
            marks_layer(own).add_to(group)
            samples = () if clause.look in told else (sample(clause.look, clause.look.meaning),)
            told.add(clause.look)
            legend.append(LegendGroup(clause.name, group, samples))
    add_legend(chart, (*legend, LegendGroup(ROADS, road_group)))
    planning_panel(scene.head, (CLAUSES, scene.counts), _lists(scene), scene.notes, scene.licence).add_to(
        chart
    )
    show(chart, padded)
    return chart


def _extent(scene: ClausesScene) -> Extent:
    places = [red.place for red in scene.reds if red.place is not None]
    return extent_of(places) if places else scene.extent


def _marks(scene: ClausesScene) -> dict[str, list[Mark]]:
    """Return the marks of each clause; those of one place stand side by side, whatever their clause."""
    clauses = {clause.code: clause for clause in scene.clauses}
    drawn: dict[str, str] = {}
    marks: list[Mark] = []
    for i, red in enumerate(scene.reds):
        if red.place is not None:
            clause = clauses[red.clause]
            drawn[_key(i)] = red.clause
            facts = (str(clause.name), *red.facts)
            marks.append(
                Mark(
                    _key(i),
                    red.place.lon,
                    red.place.lat,
                    clause.look,
                    red.subject,
                    facts,
                    synthetic=red.synthetic,
                )
            )
    found: dict[str, list[Mark]] = {}
    for mark in side_by_side(marks):
        found.setdefault(drawn[mark.key], []).append(mark)
    return found


def _lists(scene: ClausesScene) -> list[PanelList]:
    clauses = {clause.code: clause for clause in scene.clauses}
    order = sorted(range(len(scene.reds)), key=lambda i: not clauses[scene.reds[i].clause].binding)
    on_map = [i for i in order if scene.reds[i].place is not None]
    listed = _some_of_each(on_map, scene.reds)
    nowhere = [_line(i, scene.reds[i], clauses) for i in order if scene.reds[i].place is None]
    return [
        PanelList(
            BROKEN,
            tuple(_line(i, scene.reds[i], clauses) for i in listed),
            len(on_map) - len(listed),
        ),
        PanelList(NOWHERE, tuple(nowhere), 0),
        PanelList(CANNOT_TELL, tuple(_undecided(one) for one in scene.undecided), 0),
    ]


def _some_of_each(order: Sequence[int], reds: Sequence[Red]) -> list[int]:
    """Return the first few reds of every clause; the map shows all."""
    told: Counter[str] = Counter()
    listed = []
    for i in order:
        told[reds[i].clause] += 1
        if told[reds[i].clause] <= MOST_A_CLAUSE:
            listed.append(i)
    return listed


def _line(i: int, red: Red, clauses: dict[str, ClauseLayer]) -> PanelLine:
    """Return a row; what stands nowhere has no popup, so its row tells all."""
    clause = clauses[red.clause]
    more = red.facts if red.place is None else (red.asked,)
    return PanelLine(
        key="" if red.place is None else _key(i),
        css=clause.look.css,
        rank="应" if clause.binding else "宜",
        name=red.subject,
        under=" · ".join(part for part in (str(clause.name), *more) if part),
        change="",
        time=red.value,
        synthetic=red.synthetic,
        first=False,
    )


def _undecided(one: Undecided) -> PanelLine:
    return PanelLine("", "unit set-aside", "?", str(one.name), one.why, "", "", synthetic=False, first=False)


def _key(i: int) -> str:
    return f"red-{i}"
