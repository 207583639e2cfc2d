"""Road networks for people's own analyses, as the graphs that OSMnx and NetworkX work on."""

from typing import Any

import networkx
import numpy as np
import shapely

from routing.network import MS_PER_S, Access, RoadNetwork

KMH_PER_M_PER_MS = 3600.0
ACCESS_TAGS = {
    Access.EVERYBODY: {"motor_vehicle": "yes"},
    Access.DESTINATION: {"motor_vehicle": "destination"},
    Access.PRIVATE: {"motor_vehicle": "private"},
    Access.EMERGENCY: {"motor_vehicle": "no", "emergency": "yes"},
}
LIMITS = (("maxheight", "max_height_m"), ("maxweight", "max_weight_t"), ("maxwidth", "max_width_m"))
CLASS_TAGS = {"track": {"tracktype": "grade2"}}
"""Only firm tracks are roads, and a graph has to say so."""


def to_networkx(network: RoadNetwork) -> networkx.MultiDiGraph:
    """
    Return the network as a graph that OSMnx takes for one of its own.

    Nodes are numbered as in the network and have ``x`` and ``y`` in WGS84 degrees. Every permitted direction
    of a segment is an edge; ``osmid`` is the segment's number, ``length`` is in metres, ``travel_time`` in
    seconds and ``speed_kph`` in km/h, all of an ordinary car on free roads. ``geometry`` runs from the edge's
    first node to its second. Limits and access are OpenStreetMap's tags. Forbidden turns and barriers have no
    place in such a graph.
    """
    graph = networkx.MultiDiGraph(crs="epsg:4326", created_with="RescueGrid", simplified=True)
    graph.add_nodes_from(
        (i, {"x": x, "y": y})
        for i, (x, y) in enumerate(zip(network.node_lon.tolist(), network.node_lat.tolist(), strict=True))
    )
    segment = np.repeat(np.arange(network.segments), np.diff(network.point_first))
    drawn = shapely.linestrings(network.point_lon, network.point_lat, indices=segment)
    tail, head = network.tail.tolist(), network.head.tolist()
    along, against = network.forward.tolist(), network.backward.tolist()
    forward_ms, backward_ms = network.forward_ms.tolist(), network.backward_ms.tolist()
    for s, line in enumerate(drawn):
        tags = _tags(network, s) | {"oneway": along[s] != against[s]}
        if along[s]:
            graph.add_edge(
                tail[s],
                head[s],
                **tags,
                **_drive(tags["length"], forward_ms[s]),
                geometry=line,
                reversed=False,
            )
        if against[s]:
            back = shapely.reverse(line)
            graph.add_edge(
                head[s],
                tail[s],
                **tags,
                **_drive(tags["length"], backward_ms[s]),
                geometry=back,
                reversed=True,
            )
    return graph


def _tags(network: RoadNetwork, segment: int) -> dict[str, Any]:
    """Return what is true of a segment in both directions; what is not known is left out."""
    road_class = str(network.class_names[network.road_class[segment]])
    words = {"highway": road_class, "name": str(network.street_names[network.street[segment]])}
    limits = {tag: float(getattr(network, array)[segment]) for tag, array in LIMITS}
    return {
        "osmid": segment,
        "length": float(network.length_m[segment]),
        **{tag: word for tag, word in words.items() if word},
        **{tag: f"{limit:g}" for tag, limit in limits.items() if np.isfinite(limit)},
        **ACCESS_TAGS[Access(network.access[segment])],
        **CLASS_TAGS.get(road_class, {}),
    }


def _drive(length_m: float, ms: int) -> dict[str, float]:
    return {"travel_time": ms / MS_PER_S, "speed_kph": length_m / ms * KMH_PER_M_PER_MS}
