"""
A second, plain reading of roads, to check the product's by: rules as ifs, counting by dictionaries.

Nothing here is shared with the product. Vertices may be anything that can be a key: node ids or coordinates.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyproj import Geod

ORDINARY = {
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link"),
    *("living_street", "service", "road", "busway"),
}


@dataclass(frozen=True)
class Way:
    vertices: Sequence[Hashable]
    places: Sequence[tuple[float, float]]
    tags: dict[str, str]


@dataclass(frozen=True)
class Counts:
    nodes: int
    junctions: int
    directed_edges: int
    kilometres: float


def ways_open(tags: dict[str, str]) -> int:
    """Return in how many directions an emergency vehicle may drive a way."""
    if _is_not_there(tags) or not _is_road(tags) or _closed(tags):
        return 0
    oneway = tags.get("oneway:emergency", tags.get("oneway", ""))
    if oneway in ("no", "false", "0", "alternating"):
        return 2
    if oneway == "reversible":
        return 0
    roundabout = tags.get("junction") in ("roundabout", "circular")
    explicit = oneway in ("yes", "true", "1", "-1", "reverse")
    return 1 if explicit or roundabout or tags["highway"] == "motorway" else 2


def _is_not_there(tags: dict[str, str]) -> bool:
    return "yes" in [tags.get(k) for k in ("area", "construction", "proposed", "disused", "abandoned")]


def _is_road(tags: dict[str, str]) -> bool:
    kind = tags.get("highway", "")
    if kind in ("pedestrian", "footway"):
        return tags.get("motor_vehicle", "no") != "no" or tags.get("emergency", "no") != "no"
    if kind == "track":
        return tags.get("tracktype") in ("grade1", "grade2")
    return kind in ORDINARY


def _closed(tags: dict[str, str]) -> bool:
    if "emergency" in tags:
        return tags["emergency"] == "no"
    if tags.get("bus") in ("yes", "designated") or tags.get("psv") in ("yes", "designated"):
        return False
    if "motor_vehicle" in tags:
        return tags["motor_vehicle"] == "no"
    if "vehicle" in tags:
        return tags["vehicle"] == "no"
    return tags.get("access") == "no"


def count(ways: Iterable[Way]) -> Counts:
    """Count by walking every way vertex by vertex."""
    driven = [(way, ways_open(way.tags)) for way in ways]
    driven = [(way, n) for way, n in driven if n and len(way.vertices) > 1]
    uses = Counter(v for way, _ in driven for v in way.vertices)
    ends = {v for way, _ in driven for v in (way.vertices[0], way.vertices[-1])}
    neighbours: dict[Hashable, set[Hashable]] = defaultdict(set)
    edges, metres, earth = 0, 0.0, Geod(ellps="WGS84")
    for way, open_directions in driven:
        tail = way.vertices[0]
        neighbours[tail]  # a node even where its only road is a loop
        for (_, a), (v, b) in pairwise(zip(way.vertices, way.places, strict=True)):
            metres += earth.inv(*a, *b)[2]
            if v in ends or uses[v] > 1:
                edges += open_directions
                if v != tail:
                    neighbours[tail].add(v)
                    neighbours[v].add(tail)
                tail = v
    junctions = sum(len(around) != 2 for around in neighbours.values())
    return Counts(len(neighbours), junctions, edges, metres / 1000)
