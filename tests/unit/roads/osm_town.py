"""Little OpenStreetMap files written by hand: nodes in a row, ways, barriers and relations."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

Ways = list[tuple[list[int], Mapping[str, str]]]
Relations = Sequence[tuple[Mapping[str, str], Sequence[tuple[str, str, int]]]]
"""Tags, and of every member its role, its type and its id."""

NO_TAGS: Mapping[int, Mapping[str, str]] = {}
WEST_LON, APART_DEG, LAT = 11.0, 0.001, 50.0


def osm_xml(
    ways: Ways,
    nodes: int = 9,
    node_tags: Mapping[int, Mapping[str, str]] = NO_TAGS,
    relations: Relations = (),
) -> str:
    """Write ways 1, 2, … through nodes 1 to ``nodes``; ways come first, as some tools write."""
    parts = ["<osm version='0.6'>"]
    for number, (refs, tags) in enumerate(ways, start=1):
        parts.append(f"<way id='{number}'>")
        parts += [f"<nd ref='{ref}'/>" for ref in refs]
        parts += [*_tags(tags), "</way>"]
    for i in range(1, nodes + 1):
        parts.append(f"<node id='{i}' lon='{WEST_LON + i * APART_DEG}' lat='{LAT}'>")
        parts += [*_tags(node_tags.get(i, {})), "</node>"]
    for number, (tags, members) in enumerate(relations, start=1):
        parts.append(f"<relation id='{number}'>")
        parts += [f"<member type='{kind}' ref='{ref}' role='{role}'/>" for role, kind, ref in members]
        parts += [*_tags(tags), "</relation>"]
    return "".join([*parts, "</osm>"])


def node_at(lon: float) -> int:
    """Return which node of a file lies at a longitude."""
    return round((lon - WEST_LON) / APART_DEG)


def _tags(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
