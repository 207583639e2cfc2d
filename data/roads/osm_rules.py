"""
Which OpenStreetMap ways an emergency vehicle may drive, in which direction, how fast and past which limits.

Everything is decided by the tags of one way. Bans meant for others (private, destination, delivery,
customers, agricultural, heavy goods) do not stop an emergency vehicle, and are kept for those they stop;
``no`` stops everybody, unless the way is opened to emergency vehicles or buses.
"""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from data.roads.codes import RoadAccess
from data.roads.limit_text import metres_of, tonnes_of
from data.roads.speed_text import kmh_of

ROADS = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
        *("secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential"),
        *("living_street", "service", "road", "busway"),
    }
)
TRACKS = frozenset({"track"})
FIRM_TRACKS = frozenset({"grade1", "grade2"})
WALKWAYS = frozenset({"pedestrian", "footway"})
CANDIDATES = ROADS | TRACKS | WALKWAYS

NOT_THERE_IF_YES = ("area", "construction", "proposed", "disused", "abandoned")

ACCESS_FROM_MOST_SPECIFIC = ("motor_vehicle", "vehicle", "access")
ACCESS_TO_A_WALKWAY = ("motor_vehicle",)
ACCESS_OF = {
    **dict.fromkeys(("destination", "delivery", "customers", "permit", "residents"), RoadAccess.DESTINATION),
    **dict.fromkeys(("agricultural", "forestry"), RoadAccess.DESTINATION),
    **dict.fromkeys(("private", "military"), RoadAccess.PRIVATE),
}
OPENS_A_WALKWAY = ("emergency", "motor_vehicle")
BUSES = ("bus", "psv")
BUS_ROADS = frozenset({"busway"})
OPENS_TO_BUSES = frozenset({"yes", "designated"})

ALONG, AGAINST, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
ONEWAY_FROM_MOST_SPECIFIC = ("oneway:emergency", "oneway")
DIRECTIONS = {
    **dict.fromkeys(("yes", "true", "1"), ALONG),
    **dict.fromkeys(("-1", "reverse"), AGAINST),
    **dict.fromkeys(("no", "false", "0", "alternating"), BOTH),
    "reversible": NEITHER,
}
ONEWAY_CLASSES = frozenset({"motorway"})
ONEWAY_JUNCTIONS = frozenset({"roundabout", "circular"})

HEIGHTS = ("maxheight", "maxheight:physical")
WEIGHTS = ("maxweight", "maxweightrating")
WIDTHS = ("maxwidth", "maxwidth:physical")

KEYS_READ = (
    *("highway", "name", "ref", "tracktype", "junction", "maxspeed", "maxspeed:forward", "maxspeed:backward"),
    *(*NOT_THERE_IF_YES, "emergency", *ACCESS_FROM_MOST_SPECIFIC, *BUSES, *ONEWAY_FROM_MOST_SPECIFIC),
    *(*HEIGHTS, *WEIGHTS, *WIDTHS),
)
"""Every tag of a way that a rule here looks at."""

Tags = Mapping[str, str]


class OsmRoad(NamedTuple):
    """What is known of one way that may be driven: the columns of ``RoadSource.roads``."""

    road_class: str
    street: str
    forward: bool
    backward: bool
    kmh_forward: float
    kmh_backward: float
    seconds: float
    access: int
    max_height_m: float
    max_weight_t: float
    max_width_m: float


def road_of(tags: Tags) -> OsmRoad | None:
    """Read the tags of a way, ``None`` where an emergency vehicle cannot or may not drive it."""
    forward, backward = directions(tags)
    access = access_of(tags)
    if not (forward or backward) or not is_road(tags) or access is None:
        return None
    return OsmRoad(
        road_class=tags["highway"],
        street=tags.get("name") or tags.get("ref") or "",
        forward=forward,
        backward=backward,
        kmh_forward=_limit_kmh(tags, "maxspeed:forward"),
        kmh_backward=_limit_kmh(tags, "maxspeed:backward"),
        seconds=math.nan,
        access=int(access),
        max_height_m=_least(metres_of, tags, HEIGHTS),
        max_weight_t=_least(tonnes_of, tags, WEIGHTS),
        max_width_m=_least(metres_of, tags, WIDTHS),
    )


def is_road(tags: Tags) -> bool:
    """Tell whether a way is a road: built, not an area, a firm track, or a walkway opened to vehicles."""
    highway = tags.get("highway")
    if any(tags.get(key) == "yes" for key in NOT_THERE_IF_YES):
        return False
    if highway in TRACKS:
        return tags.get("tracktype") in FIRM_TRACKS
    if highway in WALKWAYS:
        return any(tags.get(key, "no") != "no" for key in OPENS_A_WALKWAY)
    return highway in ROADS


def access_of(tags: Tags) -> RoadAccess | None:
    """
    Return who may enter a way, ``None`` where not even an emergency vehicle may.

    The most specific tag decides; a walkway is open to those alone whom its ``motor_vehicle`` names. What is
    closed to ordinary traffic is for emergency vehicles where ``emergency`` opens it or buses drive it.
    """
    if tags.get("emergency") == "no":
        return None
    keys = ACCESS_TO_A_WALKWAY if tags.get("highway") in WALKWAYS else ACCESS_FROM_MOST_SPECIFIC
    closed_unless_said = "no" if tags.get("highway") in WALKWAYS | BUS_ROADS else "yes"
    word = next((tags[key] for key in keys if key in tags), closed_unless_said)
    if word != "no":
        return ACCESS_OF.get(word, RoadAccess.EVERYBODY)
    return RoadAccess.EMERGENCY if _opened(tags) else None


def _opened(tags: Tags) -> bool:
    """Tell whether a way closed to ordinary traffic is open to emergency vehicles or buses."""
    buses = tags.get("highway") in BUS_ROADS and not any(key in tags for key in ACCESS_FROM_MOST_SPECIFIC)
    return buses or "emergency" in tags or any(tags.get(bus) in OPENS_TO_BUSES for bus in BUSES)


def directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether a way may be driven along its drawing, and against it."""
    for key in ONEWAY_FROM_MOST_SPECIFIC:
        if tags.get(key) in DIRECTIONS:
            return DIRECTIONS[tags[key]]
    implied = tags.get("highway") in ONEWAY_CLASSES or tags.get("junction") in ONEWAY_JUNCTIONS
    return ALONG if implied else BOTH


def _least(read: Callable[[str], float], tags: Tags, keys: tuple[str, ...]) -> float:
    """Return the lowest limit that can be read, nan where there is none."""
    return min((limit for key in keys if not math.isnan(limit := read(tags.get(key, "")))), default=math.nan)


def _limit_kmh(tags: Tags, direction: str) -> float:
    """Return the limit of one direction, else that of both."""
    kmh = kmh_of(tags.get(direction, ""))
    return kmh_of(tags.get("maxspeed", "")) if math.isnan(kmh) else kmh
