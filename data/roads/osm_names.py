"""What OpenStreetMap files name: roads and tunnels on ways, places, kilometre posts and exits on nodes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from osmium.filter import KeyFilter

from data.roads import osm_files
from data.roads.gazetteer import COLUMNS, NAMES, NamedKind, gazetteer, named_lines
from data.roads.osm_rules import Tags
from data.roads.osm_ways import Stretches

NAME_KEYS = (
    *("name", "name:zh", "name:en", "ref", "tunnel", "tunnel:name"),
    *("place", "highway", "distance", "pk"),
)
"""Every tag of a way or a node that a name is made of."""


def read_names(paths: Sequence[Path], roads: Stretches) -> pd.DataFrame:
    """Return the gazetteer of the roads read and of the nodes of all files."""
    lines = roads.lines
    streets = pd.DataFrame([_names(tags, _street(tags)) for tags in roads.tags], columns=list(NAMES))
    tunnels = pd.DataFrame([_names(tags, _tunnel(tags)) for tags in roads.tags], columns=list(NAMES))
    return gazetteer(
        [
            named_lines(NamedKind.STREET, lines, streets),
            named_lines(NamedKind.TUNNEL, lines, tunnels),
            pd.DataFrame(_named_nodes(paths), columns=list(COLUMNS)),
        ]
    )


def _named_nodes(paths: Sequence[Path]) -> Iterator[tuple[str, str, str, str, float, float]]:
    for node in osm_files.nodes(paths, KeyFilter("place", "highway")):
        tags = dict(node.tags)
        kind = _kind(tags)
        name = "" if kind is None else _node_name(kind, tags)
        if kind is not None and name:
            yield (kind.value, *_names(tags, name), node.lon, node.lat)


def _kind(tags: Tags) -> NamedKind | None:
    if tags.get("highway") == "milestone":
        return NamedKind.KILOMETRE_POST
    if tags.get("highway") == "motorway_junction":
        return NamedKind.EXIT
    return NamedKind.PLACE if "place" in tags else None


def _node_name(kind: NamedKind, tags: Tags) -> str:
    """Return what a node is called: a post by its road and kilometre, an exit by its number and name."""
    if kind is NamedKind.KILOMETRE_POST:
        return tags.get("name") or _joined(tags.get("ref"), tags.get("distance") or tags.get("pk"))
    if kind is NamedKind.EXIT:
        return _joined(tags.get("ref"), tags.get("name"))
    return tags.get("name", "")


def _joined(*words: str | None) -> str:
    return " ".join(word for word in words if word)


def _street(tags: Tags) -> str:
    return tags.get("name") or tags.get("ref") or ""


def _tunnel(tags: Tags) -> str:
    if tags.get("tunnel") != "yes":
        return ""
    return tags.get("tunnel:name") or tags.get("name") or ""


def _names(tags: Tags, name: str) -> tuple[str, str, str]:
    return name, tags.get("name:zh", ""), tags.get("name:en", "")
