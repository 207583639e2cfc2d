"""The answer beside an incident map: who is first, what is met when, and who comes after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.maps.decision_panel import (
    dialled,
    goes_word,
    move_up_row,
    sent_rows,
    supply_rows,
    uncovered_rows,
)
from geo.maps.elements import PageMarkup
from geo.maps.live_marks import live_rows
from geo.maps.scene import IncidentScene, NeedLine, Resource
from geo.maps.symbols import SYNTHETIC, Mark
from geo.maps.words import Word, clock

MOST_UNITS = 12
MOST_DEPOTS = 6
MOST_SET_ASIDE = 12
SET_ASIDE = frozenset({"passed_over", "out_of_service"})

UNITS_TITLE = Word("可派车组", "Units that can come")
SENT_TITLE = Word("派出车组", "Units sent")
SPARE_UNITS_TITLE = Word("可派未用", "Could come, not needed now")
SPARE_DEPOTS_TITLE = Word("可供未用", "Could supply, not needed now")
DEPOTS_TITLE = Word("可供仓库", "Depots that can supply")
SUPPLIES_TITLE = Word("供给仓库", "Depots that supply")
SET_ASIDE_TITLE = Word("未选及原因", "Passed over, and why")


@dataclass(frozen=True)
class PanelLine:
    """One row of a list; a click on it shows the mark with the same key."""

    key: str
    css: str
    rank: str
    name: str
    under: str
    change: str
    time: str
    synthetic: bool
    first: bool


@dataclass(frozen=True)
class PanelList:
    """A titled list, with how many rows it leaves to the map."""

    title: Word
    lines: tuple[PanelLine, ...]
    more: int


def incident_panel(
    scene: IncidentScene, units: Sequence[Resource], depots: Sequence[Resource], hazards: Sequence[Mark]
) -> PageMarkup:
    """Return the panel; ``units`` and ``depots`` come best rank first, ``hazards`` are the sources' marks."""
    first = next((unit for unit in units if unit.status == "first_due"), None)
    going = sent_rows(scene.sent, units)
    return PageMarkup(
        "incident_panel.html",
        scene=scene,
        clock=clock,
        dialled=dialled,
        first_due_time=clock(first.arrival_s if first else None),
        first_going=next((row for row in going if row.first), None),
        off_road="" if scene.off_road_m is None else f"{scene.off_road_m:,.0f}",
        short=any(need.met_at_s is None for need in scene.needs),
        needs_word=_needs_word(scene.needs),
        live=live_rows(scene.live),
        going=going,
        going_words=goes_word(scene.sent),
        supplies=supply_rows(scene.supplies, depots),
        uncovered=uncovered_rows(scene.uncovered, {mark.key for mark in hazards}),
        move_up=move_up_row(scene.move_up),
        lists=[each for each in _open_lists(scene, units, depots) if each.lines],
        folded=[each for each in _folded_lists(scene, units, depots) if each.lines],
        synthetic=SYNTHETIC,
        synthetic_word=_synthetic_word(scene),
    )


def _open_lists(
    scene: IncidentScene, units: Sequence[Resource], depots: Sequence[Resource]
) -> tuple[PanelList, ...]:
    """Return who comes, as the frames have it, where the decision does not say it line by line."""
    if not scene.decided:
        coming = [unit for unit in units if unit.chosen or unit.status == "listed"]
        supplying = [depot for depot in depots if depot.status == "listed"]
        return _listed(UNITS_TITLE, coming, MOST_UNITS), _listed(DEPOTS_TITLE, supplying, MOST_DEPOTS)
    sent = [] if scene.sent else [unit for unit in units if unit.chosen]
    giving = [] if scene.supplies else [depot for depot in depots if depot.chosen]
    return _listed(SENT_TITLE, sent, len(sent)), _listed(SUPPLIES_TITLE, giving, len(giving))


def _folded_lists(
    scene: IncidentScene, units: Sequence[Resource], depots: Sequence[Resource]
) -> tuple[PanelList, ...]:
    """Return who stays: those not needed, and those passed over with the reason."""
    aside = [thing for thing in (*units, *depots) if thing.status in SET_ASIDE and thing.detail]
    passed_over = _listed(SET_ASIDE_TITLE, aside, MOST_SET_ASIDE)
    if not scene.decided:
        return (passed_over,)
    return (
        passed_over,
        _listed(SPARE_UNITS_TITLE, _unnumbered(units), MOST_UNITS),
        _listed(SPARE_DEPOTS_TITLE, _unnumbered(depots), MOST_DEPOTS),
    )


def _unnumbered(resources: Sequence[Resource]) -> list[Resource]:
    """Return those merely listed, without a rank: the numbers on the map are those of the chosen."""
    return [replace(each, rank=math.inf) for each in resources if each.status == "listed"]


def _listed(title: Word, resources: Sequence[Resource], most: int) -> PanelList:
    return PanelList(title, tuple(_line(each) for each in resources[:most]), max(len(resources) - most, 0))


def _line(resource: Resource) -> PanelLine:
    passed_over = resource.status in SET_ASIDE
    standing = " set-aside" if passed_over else " first-due" if resource.status == "first_due" else ""
    return PanelLine(
        key=resource.key,
        css=f"{resource.kind}{standing}",
        rank="" if passed_over else resource.rank_text,
        name=resource.name,
        under=resource.detail if passed_over else resource.team,
        change=resource.change,
        time=clock(resource.arrival_s),
        synthetic=resource.synthetic,
        first=resource.status == "first_due",
    )


def _needs_word(needs: Sequence[NeedLine]) -> Word:
    met_s = [need.met_at_s for need in needs if need.met_at_s is not None]
    short = len(needs) - len(met_s)
    if short:
        return Word(f"{short} 项未满足", f"{short} of {len(needs)} not met")
    when = clock(max(met_s, default=None))
    return Word("全部满足", f"all met at {when}")


def _synthetic_word(scene: IncidentScene) -> Word | None:
    frames = (scene.units, scene.depots, scene.hazard_sources)
    if not any(frame["synthetic"].any() for frame in frames):
        return None
    return Word("带此标记的为模拟数据", "Rows so marked are made up: no real force or site.")
