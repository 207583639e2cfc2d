"""The decided town some minutes later: units in every state, and where two of them went."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shapely import LineString

from geo.maps.live import STATES, LiveUnit, UnitTrail
from geo.maps.scene import IncidentScene
from geo.places import Place
from tests.unit.maps.decided_town import decided_town, decision_named

MOMENT = datetime(2026, 7, 1, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)


def live_town(*states: str) -> IncidentScene:
    """Return the decided town with Hazmat 1 on scene, Pump 2 on its way, and a unit for each state named."""
    further = [
        LiveUnit(
            100 + i, f"Unit {state}", "West", "", state, MOMENT, Place(114.28 + i / 500, 30.595), None, True
        )
        for i, state in enumerate(states)
    ]
    live = (
        LiveUnit(12, "Pump 2", "North", "N-12", "en-route", MOMENT - MINUTE, Place(114.30, 30.61), MOMENT),
        LiveUnit(11, "Hazmat 1", "North", "N-11", "on-scene", MOMENT, Place(114.30, 30.60), MOMENT),
        *further,
    )
    return replace(decided_town(), live=live, trails=(hazmat_trail(), pump_trail()))


def every_state() -> IncidentScene:
    """Return the town with a unit in each state."""
    return live_town(*(state for state in STATES if state not in ("en-route", "on-scene")))


def hazmat_trail() -> UnitTrail:
    """Return the trail of Hazmat 1: eleven fixes in ten minutes straight south, 14:10 to 14:20."""
    line = LineString([(114.30, 30.62 - i * 0.002) for i in range(11)])
    return UnitTrail("Hazmat 1", line, tuple(MOMENT - (10 - i) * MINUTE for i in range(11)))


def pump_trail() -> UnitTrail:
    """Return the trail of Pump 2: two fixes half an hour apart."""
    line = LineString([(114.31, 30.62), (114.30, 30.61)])
    return UnitTrail("Pump 2", line, (MOMENT - 30 * MINUTE, MOMENT))


def live_named(name: str) -> IncidentScene:
    """Return the town with ``name`` wherever what happens now takes words from outside."""
    unit = LiveUnit(name, name, name, name, "en-route", MOMENT, Place(114.30, 30.61), MOMENT)
    return replace(decision_named(name), live=(unit,), trails=(replace(pump_trail(), name=name),))
