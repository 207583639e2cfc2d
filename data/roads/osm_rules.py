"""
Which OpenStreetMap ways an emergency vehicle may drive, in which direction and how fast.

Everything is decided by the tags of one way. Bans meant for others (private, destination, delivery,
customers, agricultural, heavy goods) do not stop an emergency vehicle; ``no`` does, unless a more specific
tag opens the way.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

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

ACCESS_FROM_MOST_SPECIFIC = ("emergency", "motor_vehicle", "vehicle", "access")
OPENS_A_WALKWAY = ("emergency", "motor_vehicle")
BUSES = ("bus", "psv")
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


def road_of(tags: Tags) -> OsmRoad | None:
    """Read the tags of a way, ``None`` where an emergency vehicle cannot or may not drive it."""
    forward, backward = directions(tags)
    if not (forward or backward) or not is_road(tags) or not may_enter(tags):
        return None
    return OsmRoad(
        road_class=tags["highway"],
        street=tags.get("name") or tags.get("ref") or "",
        forward=forward,
        backward=backward,
        kmh_forward=_limit_kmh(tags, "maxspeed:forward"),
        kmh_backward=_limit_kmh(tags, "maxspeed:backward"),
        seconds=math.nan,
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


def may_enter(tags: Tags) -> bool:
    """Tell whether an emergency vehicle may enter: the most specific access tag decides, ``no`` closes."""
    key = next((key for key in ACCESS_FROM_MOST_SPECIFIC if key in tags), None)
    if key is None or tags[key] != "no":
        return True
    return key != "emergency" and any(tags.get(bus) in OPENS_TO_BUSES for bus in BUSES)


def directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether a way may be driven along its drawing, and against it."""
    for key in ONEWAY_FROM_MOST_SPECIFIC:
        if tags.get(key) in DIRECTIONS:
            return DIRECTIONS[tags[key]]
    implied = tags.get("highway") in ONEWAY_CLASSES or tags.get("junction") in ONEWAY_JUNCTIONS
    return ALONG if implied else BOTH


def _limit_kmh(tags: Tags, direction: str) -> float:
    """Return the limit of one direction, else that of both."""
    kmh = kmh_of(tags.get(direction, ""))
    return kmh_of(tags.get("maxspeed", "")) if math.isnan(kmh) else kmh
