"""
The roads of a graph that OSMnx saved.

A graph holds a two-way street as two edges; here they become one road again. In which direction a road may be
driven is told by which edges there are, not by their ``oneway``.
"""

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.roads.graphml_file import RoadGraph, open_graph
from data.roads.heights import known_heights_m
from data.roads.osm_rules import CANDIDATES, ONEWAY_FROM_MOST_SPECIFIC, OsmRoad, Tags, road_of
from data.roads.source import ROAD_COLUMNS, RoadFileError, RoadSource, SourceFile, counted, street_names
from data.roads.speed_text import kmh_of
from geo.lines import Lines

SUFFIXES = (".graphml",)
ASSUMPTIONS = ("a road graph holds neither turn restrictions nor barriers: there are none",)
NEVER_A_ROAD = frozenset(
    {"steps", "path", "cycleway", "bridleway", "corridor", "elevator", "platform", "proposed", "construction"}
)
SOME_ROAD = "road"


def read_graphml(path: Path) -> RoadSource:
    """
    Read every edge that a vehicle may drive as a road, in WGS84.

    Edges of a class that OpenStreetMap knows go by its rules (``osm_rules``), all others are roads. Speeds
    are those of ``maxspeed``, else of ``speed_kph``, else of the class.
    """
    graph = open_graph(path)
    edges, roads = [], []
    left_out = 0
    for edge, opposite in _streets(graph):
        road = _road(graph.tags[edge], None if opposite is None else graph.tags[opposite])
        if road is None:
            left_out += 1 if opposite is None else 2
        else:
            edges.append(edge)
            roads.append(road)
    if not roads:
        raise RoadFileError(path, "holds no road that an emergency vehicle may drive")
    lines = _lines(graph, np.array(edges))
    frame = pd.DataFrame(roads, columns=list(ROAD_COLUMNS))
    return RoadSource(
        lines=lines,
        roads=frame,
        licence=None,
        file=SourceFile.of(path),
        assumptions=ASSUMPTIONS,
        warnings=counted(left_out, "edges that no emergency vehicle may drive were left out"),
        names=street_names(lines, frame["street"]),
    )


def _streets(graph: RoadGraph) -> list[tuple[int, int | None]]:
    """Return the edges, each with the one that runs back along the very same line, if there is one."""
    there, back = shapely.to_wkb(graph.geometry), shapely.to_wkb(shapely.reverse(graph.geometry))
    waiting: dict[tuple[int, int, bytes], list[int]] = defaultdict(list)
    opposite: dict[int, int | None] = {}
    for edge, (u, v) in enumerate(zip(graph.u.tolist(), graph.v.tolist(), strict=True)):
        met = waiting[u, v, there[edge]]
        if met:
            opposite[met.pop()] = edge
        else:
            opposite[edge] = None
            waiting[v, u, back[edge]].append(edge)
    return list(opposite.items())


def _road(along: Tags, against: Tags | None) -> OsmRoad | None:
    road_class = along.get("highway", "")
    tags = {key: text for key, text in along.items() if key not in ONEWAY_FROM_MOST_SPECIFIC}
    if road_class not in CANDIDATES | NEVER_A_ROAD:
        tags["highway"] = SOME_ROAD
    road = road_of(tags)
    if road is None:
        return None
    return road._replace(
        road_class=road_class,
        forward=True,
        backward=against is not None,
        kmh_forward=_kmh(along),
        kmh_backward=_kmh(along if against is None else against),
    )


def _kmh(tags: Tags) -> float:
    """Return the posted speed, else the one that OSMnx worked out."""
    posted = kmh_of(tags.get("maxspeed", ""))
    return kmh_of(tags.get("speed_kph", "")) if math.isnan(posted) else posted


def _lines(graph: RoadGraph, edges: np.ndarray) -> Lines:
    """Let lines meet at their nodes alone."""
    xy, line = shapely.get_coordinates(graph.geometry[edges], return_index=True)
    first = np.concatenate(([0], np.cumsum(np.bincount(line, minlength=len(edges)))))
    vertex = len(graph.height_m) + np.arange(len(xy), dtype=np.int64)
    vertex[first[:-1]], vertex[first[1:] - 1] = graph.u[edges], graph.v[edges]
    height_m = np.full(len(xy), np.nan)
    height_m[first[:-1]], height_m[first[1:] - 1] = (
        graph.height_m[graph.u[edges]],
        graph.height_m[graph.v[edges]],
    )
    return Lines(vertex, xy[:, 0].copy(), xy[:, 1].copy(), first, known_heights_m(height_m))
