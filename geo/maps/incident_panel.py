"""The answer beside an incident map: who is first, what is met when, and who comes after."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.maps.elements import PageMarkup
from geo.maps.scene import IncidentScene, NeedLine, Resource
from geo.maps.symbols import SYNTHETIC
from geo.maps.words import Word, clock

MOST_UNITS = 12
MOST_DEPOTS = 6
MOST_SET_ASIDE = 12
SET_ASIDE = frozenset({"passed_over", "out_of_service"})

UNITS_TITLE = Word("可派车组", "Units that can come")
DEPOTS_TITLE = Word("可供仓库", "Depots that can supply")
SET_ASIDE_TITLE = Word("未选及原因", "Passed over, and why")


@dataclass(frozen=True)
class PanelLine:
    """One row of a list; a click on it shows the mark with the same key."""

    key: str
    css: str
    rank: str
    name: str
    under: str
    time: str
    synthetic: bool
    first: bool


@dataclass(frozen=True)
class PanelList:
    """A titled list, with how many rows it leaves to the map."""

    title: Word
    lines: tuple[PanelLine, ...]
    more: int


def incident_panel(scene: IncidentScene, units: Sequence[Resource], depots: Sequence[Resource]) -> PageMarkup:
    """Return the panel; ``units`` and ``depots`` come best rank first."""
    first = next((unit for unit in units if unit.status == "first_due"), None)
    sent = [unit for unit in units if unit.status in {"first_due", "listed"}]
    supplying = [depot for depot in depots if depot.status == "listed"]
    aside = [thing for thing in (*units, *depots) if thing.status in SET_ASIDE and thing.detail]
    lists = (_listed(UNITS_TITLE, sent, MOST_UNITS), _listed(DEPOTS_TITLE, supplying, MOST_DEPOTS))
    return PageMarkup(
        "incident_panel.html",
        scene=scene,
        clock=clock,
        first_due_time=clock(first.arrival_s if first else None),
        off_road="" if scene.off_road_m is None else f"{scene.off_road_m:,.0f}",
        short=any(need.met_at_s is None for need in scene.needs),
        needs_word=_needs_word(scene.needs),
        lists=[each for each in lists if each.lines],
        set_aside=_listed(SET_ASIDE_TITLE, aside, MOST_SET_ASIDE) if aside else None,
        synthetic=SYNTHETIC,
        synthetic_word=_synthetic_word(scene),
    )


def _listed(title: Word, resources: Sequence[Resource], most: int) -> PanelList:
    return PanelList(title, tuple(_line(each) for each in resources[:most]), max(len(resources) - most, 0))


def _line(resource: Resource) -> PanelLine:
    passed_over = resource.status in SET_ASIDE
    return PanelLine(
        key=resource.key,
        css=f"{resource.kind}{' set-aside' if passed_over else ''}"
        f"{' first-due' if resource.status == 'first_due' else ''}",
        rank="" if passed_over else resource.rank_text,
        name=resource.name,
        under=resource.detail if passed_over else resource.team,
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
