"""Marks of a planner's map: bases, and hazard sources as they are reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.maps.base import LegendGroup, Sample, sample
from geo.maps.incident_legend import GRADE_SAMPLES
from geo.maps.incident_marks import GRADE_LOOKS, GRADE_WRITTEN_FROM_PX
from geo.maps.incident_panel import PanelLine, PanelList
from geo.maps.roads import Extent
from geo.maps.symbols import Look, Mark
from geo.maps.words import Word, clock
from geo.places import Place

BASE = Look("unit", 20, 6, Word("救援基地", "Rescue base"))
NOT_REACHED = Word("未按时到达", "Not reached in time")
LIES = Word("圈内而路不达", "In the circle, not reached by road")
RING_LEAST_PX = 14
RING_HEIGHT = 4
MOST_LISTED = 15


@dataclass(frozen=True)
class PlannedBase:
    """A base on the map, with lines about it."""

    name: str
    place: Place
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ReachedSource:
    """
    A hazard source on the map.

    ``first_s`` and ``second_s`` are None where nobody comes; ``lie`` where a circle promises what the road
    does not give.
    """

    key: str
    name: str
    place: Place
    grade: int | None
    reached: bool
    first_s: float | None
    first_base: str | None
    second_s: float | None
    lie: bool
    synthetic: bool


def base_marks(bases: Sequence[PlannedBase]) -> list[Mark]:
    """Return a mark a base."""
    return [
        Mark(f"base-{i}", base.place.lon, base.place.lat, BASE, base.name, base.facts)
        for i, base in enumerate(bases)
    ]


def source_marks(sources: Sequence[ReachedSource]) -> list[Mark]:
    """Return a mark a source: those not reached have a ring."""
    return [_source_mark(source) for source in sources]


def source_list(title: Word, sources: Sequence[ReachedSource]) -> PanelList:
    """Return sources as rows, the gravest and latest first."""
    worst = sorted(sources, key=lambda one: (one.grade or 9, -(one.first_s or float("inf")), one.key))
    lines = tuple(_line(source) for source in worst[:MOST_LISTED])
    return PanelList(title, lines, max(len(worst) - MOST_LISTED, 0))


def source_legend(title: Word, layer_group: LegendGroup, *, lies: bool) -> LegendGroup:
    """Return the legend of the sources' layer."""
    rings = [sample(_ringed(GRADE_LOOKS[2], lie=False), NOT_REACHED)]
    if lies:
        rings.append(sample(_ringed(GRADE_LOOKS[2], lie=True), LIES))
    return LegendGroup(title, layer_group.layer, GRADE_SAMPLES, narrow=True, wide_samples=tuple(rings))


def extent_of(places: Sequence[Place]) -> Extent:
    """Return the rectangle around places."""
    lon, lat = [place.lon for place in places], [place.lat for place in places]
    return Extent(min(lon), min(lat), max(lon), max(lat))


def base_samples() -> tuple[Sample, ...]:
    """Return the line about bases."""
    return (sample(BASE, BASE.meaning),)


def _source_mark(source: ReachedSource) -> Mark:
    look = GRADE_LOOKS[source.grade]
    return Mark(
        key=source.key,
        lon=source.place.lon,
        lat=source.place.lat,
        look=look if source.reached else _ringed(look, lie=source.lie),
        title=source.name,
        facts=_facts(source),
        text=str(source.grade or "") if look.size_px >= GRADE_WRITTEN_FROM_PX else "",
        synthetic=source.synthetic,
    )


def _ringed(look: Look, *, lie: bool) -> Look:
    css = f"{look.css} uncovered{' lie' if lie else ''}"
    return replace(look, css=css, size_px=max(look.size_px, RING_LEAST_PX), height=RING_HEIGHT)


def _facts(source: ReachedSource) -> tuple[str, ...]:
    first = f"先到 First {clock(source.first_s)} {source.first_base or ''}".strip()
    second = f"次到 Second {clock(source.second_s)}"
    state = () if source.reached else (str(LIES if source.lie else NOT_REACHED),)
    return (first, second, *state)


def _line(source: ReachedSource) -> PanelLine:
    return PanelLine(
        key=source.key,
        css=GRADE_LOOKS[source.grade].css,
        rank=str(source.grade or ""),
        name=source.name,
        under=source.first_base or "无路可达 no road leads there",
        change="",
        time=clock(source.first_s),
        synthetic=source.synthetic,
        first=False,
    )
