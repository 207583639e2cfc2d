"""
The roads of a named place, fetched from OpenStreetMap's public services by OSMnx.

What comes is written as an OpenStreetMap file, so that the same rules read it as any other. OSMnx fetches
ways and their nodes, not relations: turn restrictions are not among it.
"""

import re
import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx
import osmium
import osmnx
from osmium.osm.mutable import Node, Way

from data.roads.osm_names import NAME_KEYS
from data.roads.osm_nodes import KEYS_READ as NODE_KEYS
from data.roads.osm_rules import CANDIDATES
from data.roads.osm_rules import KEYS_READ as WAY_KEYS
from geo.errors import RescueError

NOT_IN_A_FILE_NAME = re.compile(r"[^\w-]+")
LONGEST_FILE_NAME = 60
ASSUMPTION = "the roads of a place come without turn restrictions: every turn is allowed"
HIGHWAYS = f'["highway"~"^({"|".join(sorted(CANDIDATES))})$"]'
DRIVEN_AGAINST_THE_DRAWING = frozenset({"-1", "reverse", "T"})
"""Values of ``oneway`` for which OSMnx turns a way round and keeps the tag."""


class PlaceError(RescueError):
    """A place whose roads could not be fetched."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place!r} {reason}; import a file instead: rescuegrid roads import FILE")


def fetch_place(place: str, folder: Path) -> Path:
    """
    Fetch the roads within a place and return the file they were written to, under ``folder``.

    Answers of the services are kept there too: the same place asked again needs no internet.

    Raises
    ------
    PlaceError
        When the services cannot be reached, or know no area of this name, or no road in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _osmnx_set_up(folder / "answers"):
        try:
            graph = osmnx.graph_from_place(
                place, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=HIGHWAYS
            )
        except OSError as error:
            asked = f"{osmnx.settings.nominatim_url} and {osmnx.settings.overpass_url}"
            raise PlaceError(place, f"cannot be fetched: no answer from {asked}") from error
        except (TypeError, ValueError) as error:
            reason = "is no area with roads that OpenStreetMap knows"
            raise PlaceError(place, f"{reason} ({str(error).splitlines()[0].rstrip('.')})") from error
    words = NOT_IN_A_FILE_NAME.sub("-", place).strip("-")[:LONGEST_FILE_NAME]
    path = folder / f"{words or 'place'}.osm.pbf"
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        _write(writer, graph)
    return path


@contextmanager
def _osmnx_set_up(answers: Path) -> Iterator[None]:
    """Let OSMnx keep tags and drawing of ways as they are, and answers in our folder; undo it afterwards."""
    ours: Mapping[str, Any] = {
        "all_oneway": True,
        "useful_tags_way": [*WAY_KEYS, *NAME_KEYS],
        "useful_tags_node": [*NODE_KEYS, *NAME_KEYS],
        "use_cache": True,
        "cache_folder": answers,
        "doh_url_template": None,
        "log_file": False,
        "log_console": False,
    }
    before = {name: getattr(osmnx.settings, name) for name in ours}
    name_resolution = socket.getaddrinfo
    try:
        for name, value in ours.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
        socket.getaddrinfo = name_resolution


def _write(writer: osmium.SimpleWriter, graph: networkx.MultiDiGraph) -> None:
    """Write nodes and ways in the order of their ids."""
    for node, attributes in sorted(graph.nodes(data=True)):
        place = (attributes["x"], attributes["y"])
        writer.add_node(Node(id=node, location=place, tags=_tags(attributes, (*NODE_KEYS, *NAME_KEYS))))
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    tags: dict[int, dict[str, str]] = {}
    for u, v, attributes in graph.edges(data=True):
        steps[attributes["osmid"]].append((u, v))
        tags[attributes["osmid"]] = _tags(attributes, (*WAY_KEYS, *NAME_KEYS))
    spare_id = max(steps) + 1
    for way in sorted(steps):
        for i, trail in enumerate(trails(steps[way])):
            turned = tags[way].get("oneway") in DRIVEN_AGAINST_THE_DRAWING
            nodes = trail[::-1] if turned else trail
            writer.add_way(Way(id=way if i == 0 else spare_id, nodes=nodes, tags=tags[way]))
            spare_id += i > 0


def trails(steps: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Put the steps of one way together again: as few trails as there are, each step in one of them."""
    onward: dict[int, list[int]] = defaultdict(list)
    arrivals: dict[int, int] = defaultdict(int)
    for u, v in sorted(steps, reverse=True):
        onward[u].append(v)
        arrivals[v] += 1
    starts = [u for u in sorted(onward) for _ in range(len(onward[u]) - arrivals[u])]
    for start in (*starts, *sorted(onward)):
        trail = [start]
        while onward.get(trail[-1]):
            trail.append(onward[trail[-1]].pop())
        if len(trail) > 1:
            yield trail


def _tags(attributes: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    return {key: str(attributes[key]) for key in keys if key in attributes}
