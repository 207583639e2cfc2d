"""Units by state on an incident map: their marks, their lines in the legend, and their rows in the panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from geo.errors import InvalidInputError
from geo.maps.base import Sample
from geo.maps.frames import key_of
from geo.maps.live import OVER, STATES, LiveUnit
from geo.maps.symbols import Look, Mark
from geo.maps.words import Word
from geo.places import Place, geodesic_m

GLYPHS = {
    "on-scene": "场",
    "en-route": "途",
    "mobilising": "备",
    "acknowledged": "应",
    "notified": "知",
    "requested": "请",
    "ordered": "令",
    "reserved": "留",
    "proposed": "拟",
    "returning": "返",
    "released": "归",
    "refused": "拒",
    "cancelled": "消",
}
"""One character a state, so that no state is told by colour alone."""
BOUND_PX, LOOSE_PX, OVER_PX = 30, 26, 20
AT_WORK_HEIGHT, BOUND_HEIGHT, OVER_HEIGHT = 8, 7, 4
ON_SCENE = "on-scene"
BESIDE_M = 500.0
"""The incident's mark would hide who works this near."""
LOOSE = frozenset({"proposed", "returning"})
SEEN, AT_BASE = Word("位置", "Seen"), Word("按驻地显示", "Shown at its base")


@dataclass(frozen=True)
class LiveRow:
    """One unit in the panel; a click on it shows its mark."""

    key: str
    css: str
    glyph: str
    name: str
    under: str
    state: Word
    time: str
    over: bool
    synthetic: bool


def live_look(state: str) -> Look:
    """
    Return how a state looks.

    Raises
    ------
    InvalidInputError
        When there is no such state.
    """
    if state not in STATES:
        raise InvalidInputError("live", f"state {state!r} is not one of {', '.join(STATES)}")
    size_px = OVER_PX if state in OVER else LOOSE_PX if state in LOOSE else BOUND_PX
    height = OVER_HEIGHT if state in OVER else AT_WORK_HEIGHT if state == ON_SCENE else BOUND_HEIGHT
    return Look(f"state {state}", size_px, height, STATES[state])


def live_marks(live: Sequence[LiveUnit], incident: Place) -> list[Mark]:
    """Return one mark a unit, where it was last seen; one on scene and near the incident stands beside it."""
    spots = [incident if _is_beside(unit, incident) else unit.place for unit in live]
    return [
        Mark(
            key=key_of("unit", unit.id),
            lon=spot.lon,
            lat=spot.lat,
            look=live_look(unit.state),
            title=unit.name,
            facts=(f"{STATES[unit.state]} {hour(unit.since)}", _who(unit), _seen(unit)),
            text=GLYPHS[unit.state],
            synthetic=unit.synthetic,
        )
        for unit, spot in zip(live, spots, strict=True)
    ]


def live_samples(live: Sequence[LiveUnit]) -> tuple[Sample, ...]:
    """Return a line of the legend for each state that is there, and for no other."""
    seen = {unit.state for unit in live}
    return tuple(
        Sample(f"rg-mark state {state}", word, OVER_PX, GLYPHS[state])
        for state, word in STATES.items()
        if state in seen
    )


def live_rows(live: Sequence[LiveUnit]) -> tuple[LiveRow, ...]:
    """Return the units for the panel, those nearest to the incident first, then those longest in a state."""
    order = list(STATES)
    return tuple(
        LiveRow(
            key=key_of("unit", unit.id),
            css=live_look(unit.state).css,
            glyph=GLYPHS[unit.state],
            name=unit.name,
            under=_who(unit),
            state=STATES[unit.state],
            time=hour(unit.since),
            over=unit.state in OVER,
            synthetic=unit.synthetic,
        )
        for unit in sorted(live, key=lambda each: (order.index(each.state), each.since))
    )


def hour(moment: datetime) -> str:
    """Return a time of day as people read it."""
    return f"{moment:%H:%M}"


def _is_beside(unit: LiveUnit, incident: Place) -> bool:
    ends = (np.array([end]) for end in (unit.place.lon, unit.place.lat, incident.lon, incident.lat))
    return unit.state == ON_SCENE and bool(geodesic_m(*ends)[0] <= BESIDE_M)


def _who(unit: LiveUnit) -> str:
    return " · ".join(part for part in (unit.team, unit.call_sign) if part)


def _seen(unit: LiveUnit) -> str:
    return str(AT_BASE) if unit.seen_at is None else f"{SEEN} {hour(unit.seen_at)}"
