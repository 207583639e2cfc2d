"""What happens now at an incident, as its map tells it: how far each unit has come, and where it went."""

from dataclasses import dataclass
from datetime import datetime

from shapely import LineString

from geo.maps.words import Word
from geo.places import Place

STATES = {
    "on-scene": Word("到场", "On scene"),
    "en-route": Word("途中", "En route"),
    "mobilising": Word("出动准备", "Mobilising"),
    "acknowledged": Word("已应答", "Acknowledged"),
    "notified": Word("已通知", "Notified"),
    "requested": Word("已商请", "Requested"),
    "ordered": Word("已下令", "Ordered"),
    "reserved": Word("已预留", "Reserved"),
    "proposed": Word("拟派", "Proposed"),
    "returning": Word("返程", "Returning"),
    "released": Word("已归队", "Released"),
    "refused": Word("谢绝", "Refused"),
    "cancelled": Word("取消", "Cancelled"),
}
"""Every state of an assignment, those nearest to the incident first, those that are over last."""
OVER = frozenset({"released", "refused", "cancelled"})


@dataclass(frozen=True)
class LiveUnit:
    """
    One unit and how far it has come.

    Attributes
    ----------
    id : int or str
        The unit's ``id`` in the frame of units, whose mark this one replaces.
    name, team, call_sign : str
        Who it is; an empty call sign is not shown.
    state : str
        One of ``STATES``.
    since : datetime
        When it reached that state, in the time people there read.
    place : Place
        Where it was last seen, or its base.
    seen_at : datetime or None
        When it was last seen; None when it stands at its base for all we know.
    synthetic : bool
        Made up for a demonstration or exercise.
    """

    id: int | str
    name: str
    team: str
    call_sign: str
    state: str
    since: datetime
    place: Place
    seen_at: datetime | None
    synthetic: bool = False


@dataclass(frozen=True)
class UnitTrail:
    """
    Where a unit went while it was assigned.

    Attributes
    ----------
    name : str
        The unit's.
    line : LineString
        Its fixes in WGS84 degrees, oldest first.
    times : tuple of datetime
        One a fix, in the time people there read.
    """

    name: str
    line: LineString
    times: tuple[datetime, ...]
