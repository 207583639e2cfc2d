"""Road graphs as OSMnx saves them: GraphML of directed edges, each the drive from its node ``u`` to ``v``."""

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

import geopandas as gpd
import networkx
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from data.roads.limit_text import metres_of, tonnes_of
from data.roads.osm_rules import ACCESS_FROM_MOST_SPECIFIC, ACCESS_OF, HEIGHTS, WEIGHTS, WIDTHS, Tags
from data.roads.source import RoadFileError
from data.roads.speed_text import kmh_of

WGS84 = 4326
NOTHING = frozenset({"", "nan", "None"})
HEIGHT_KEYS = ("elevation", "ele")
LIMITS: Mapping[str, Callable[[str], float]] = {
    **dict.fromkeys((*HEIGHTS, *WIDTHS), metres_of),
    **dict.fromkeys(WEIGHTS, tonnes_of),
    "maxspeed": kmh_of,
}


@dataclass(frozen=True)
class RoadGraph:
    """
    Edges of a graph in WGS84.

    Attributes
    ----------
    u, v
        Positions of the nodes each edge runs from and to.
    geometry
        Its line, drawn from ``u`` to ``v``.
    tags
        Its attributes as text, one value each.
    height_m
        Of every node, nan where it is not known.
    """

    u: NDArray[np.int64]
    v: NDArray[np.int64]
    geometry: NDArray[np.object_]
    tags: Sequence[Tags]
    height_m: NDArray[np.float64]


def open_graph(path: Path) -> RoadGraph:
    """Read a saved graph; where an attribute holds a list, see ``one_of`` for what is made of it."""
    try:
        graph = networkx.read_graphml(path, node_type=str, force_multigraph=True)
    except (ParseError, networkx.NetworkXError, ValueError, KeyError) as error:
        raise RoadFileError(path, f"is not a whole GraphML file ({error})") from error
    if not graph.is_directed():
        raise RoadFileError(path, "is an undirected graph; save the directed one that OSMnx makes")
    if not graph.number_of_edges():
        raise RoadFileError(path, "holds no edge, so no road")
    try:
        return _read(graph)
    except KeyError as error:
        raise RoadFileError(path, f"lacks {error}, which graphs of OSMnx have") from error
    except (ValueError, ShapelyError, CRSError) as error:
        reason = str(error).splitlines()[0]
        raise RoadFileError(path, f"cannot be read as a graph of OSMnx ({reason})") from error


def one_of(key: str, value: object) -> str:
    """
    Return one value of an attribute that may hold a list: OSMnx makes one edge of several ways.

    Of limits it is the lowest, of bans the strictest, else the first.
    """
    values = _values(str(value))
    if key in LIMITS:
        return min(values, key=lambda text: math.inf if math.isnan(LIMITS[key](text)) else LIMITS[key](text))
    if key in ACCESS_FROM_MOST_SPECIFIC:
        return max(values, key=lambda word: len(ACCESS_OF) if word == "no" else ACCESS_OF.get(word, 0))
    return values[0]


def _values(text: str) -> list[str]:
    if text.startswith("["):
        with suppress(SyntaxError, ValueError):
            return [str(value) for value in ast.literal_eval(text)] or [""]
    return [text]


def _read(graph: networkx.MultiDiGraph) -> RoadGraph:
    position = {node: i for i, node in enumerate(graph)}
    place = np.array([(float(node["x"]), float(node["y"])) for _, node in graph.nodes(data=True)])
    u = np.array([position[u] for u, _ in graph.edges()], dtype=np.int64)
    v = np.array([position[v] for _, v in graph.edges()], dtype=np.int64)
    attributes = [edge for *_, edge in graph.edges(data=True)]
    geometry = _drawn(attributes, place[u], place[v])
    return RoadGraph(
        u=u,
        v=v,
        geometry=gpd.GeoSeries(geometry, crs=graph.graph["crs"]).to_crs(WGS84).to_numpy(),
        tags=[_tags(edge) for edge in attributes],
        height_m=np.array([_height_m(node) for _, node in graph.nodes(data=True)]),
    )


def _drawn(
    edges: Sequence[Mapping[str, object]], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return each edge's line from its start to its end, straight where it has none."""
    line: NDArray[np.object_] = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)))
    own = np.array(["geometry" in edge for edge in edges], dtype=np.bool_)
    line[own] = shapely.from_wkt([str(edge["geometry"]) for edge in edges if "geometry" in edge])
    begins = shapely.get_coordinates(shapely.get_point(line, 0))
    turned = np.hypot(*(begins - start).T) > np.hypot(*(begins - end).T)
    line[turned] = shapely.reverse(line[turned])
    return line


def _tags(edge: Mapping[str, object]) -> Tags:
    tags = {key: one_of(key, value) for key, value in edge.items() if key != "geometry"}
    return {key: text for key, text in tags.items() if text not in NOTHING}


def _height_m(node: Mapping[str, object]) -> float:
    text = next((str(node[key]) for key in HEIGHT_KEYS if key in node), "nan")
    return float(text)
