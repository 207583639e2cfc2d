"""Graphs for OSMnx and NetworkX, out and in."""

from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import osmnx
import pytest
from shapely.geometry import LineString

from api.roadworks import network_of
from data.roads.files import RoadFiles, read_road_files, read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError, RoadSource
from routing.export import to_networkx
from routing.network import Access, RoadNetwork
from routing.snapping import RoadIndex
from tests.towns import Street, spot, town
from tests.unit.roads.test_cities import city
from tests.unit.routing.routers import car


def square() -> RoadNetwork:
    """Build a one-way street a-b, a two-way street b-c that bends, and a slow way back c-a."""
    return town(
        {"a": spot(0, 0), "b": spot(1000, 0), "c": spot(1000, 1000)},
        [
            Street("a", "b", seconds=60, oneway=True, name="East Street"),
            Street("b", "c", seconds=90, via=(spot(1200, 500),)),
            Street("c", "a", seconds=600, road_class="service"),
        ],
    )


def test_every_direction_is_an_edge_with_the_attributes_osmnx_knows() -> None:
    graph = to_networkx(square())
    assert sorted(graph.edges(keys=False)) == [(0, 1), (0, 2), (1, 2), (2, 0), (2, 1)]
    east = graph.edges[0, 1, 0]
    assert (east["name"], east["highway"], east["oneway"]) == ("East Street", "residential", True)
    assert east["travel_time"] == 60
    assert east["length"] == pytest.approx(1000)
    assert east["speed_kph"] == pytest.approx(60)
    assert (
        list(graph.edges[2, 1, 0]["geometry"].coords) == list(graph.edges[1, 2, 0]["geometry"].coords)[::-1]
    )
    assert (graph.nodes[0]["x"], graph.nodes[0]["y"]) == pytest.approx(spot(0, 0))
    assert "name" not in graph.edges[1, 2, 0]


def test_people_find_with_osmnx_the_route_a_person_finds() -> None:
    graph = to_networkx(square())
    assert osmnx.routing.shortest_path(graph, 0, 2, weight="travel_time") == [0, 1, 2]
    assert osmnx.routing.shortest_path(graph, 1, 0, weight="travel_time") == [1, 2, 0]
    assert osmnx.routing.shortest_path(graph, 0, 2, weight="length") == [0, 2]


def test_networkx_takes_in_andorra_as_long_as_we_do() -> None:
    network = network_of(read_roads(city("andorra.osm.pbf")))
    graph = to_networkx(network)
    chance = np.random.default_rng(3)
    nodes = chance.choice(network.nodes, 30, replace=False)
    snapped = RoadIndex(network).snap(network.node_lon[nodes], network.node_lat[nodes])
    ours = car(network).matrix(snapped, snapped)
    for i, start in enumerate(nodes):
        theirs = networkx.single_source_dijkstra_path_length(graph, start, weight="travel_time")
        assert ours[i] == pytest.approx([theirs.get(end, np.inf) for end in nodes], abs=0.002)


@pytest.mark.parametrize("name", ["andorra.osm.pbf", "harrisburg.osm.pbf", "north-bayreuth.osm.gz"])
def test_a_city_saved_as_a_graph_and_read_again_is_the_same(tmp_path: Path, name: str) -> None:
    source = read_roads(city(name))
    network = network_of(source)
    osmnx.save_graphml(to_networkx(network), tmp_path / "city.graphml")
    again = network_of(read_roads(tmp_path / "city.graphml"))
    assert (again.nodes, again.segments, again.junctions) == (
        network.nodes,
        network.segments,
        network.junctions,
    )
    assert (again.directed_edges, again.components) == (network.directed_edges, network.components)
    assert again.kilometres == pytest.approx(network.kilometres, rel=1e-9)
    assert np.bincount(again.access).tolist() == np.bincount(network.access).tolist()
    for array in ("max_height_m", "max_weight_t", "max_width_m"):
        ours, theirs = getattr(network, array), getattr(again, array)
        assert np.sort(theirs) == pytest.approx(np.sort(ours), nan_ok=True)
    assert travel_times_s(again) == pytest.approx(travel_times_s(network), abs=0.01)


def travel_times_s(network: RoadNetwork) -> list[float]:
    """Return the seconds of every permitted direction, shortest first."""
    ms = np.concatenate((network.forward_ms[network.forward], network.backward_ms[network.backward]))
    return sorted((ms / 1000).tolist())


def saved(path: Path, *edges: tuple[int, int, dict[str, object]], crs: str = "epsg:4326") -> Path:
    """Save a graph as OSMnx does: nodes 1 to 4 in a row, one hundredth of a degree apart."""
    graph = networkx.MultiDiGraph(crs=crs)
    graph.add_nodes_from((i, {"x": 11 + i / 100, "y": 50.0}) for i in range(1, 5))
    for u, v, attributes in edges:
        graph.add_edge(u, v, **attributes)
    osmnx.save_graphml(graph, path)
    return path


ROAD = {"highway": "residential", "osmid": 1}


def read(path: Path) -> tuple[RoadSource, RoadNetwork]:
    source = read_roads(path)
    return source, network_of(source)


def test_the_two_edges_of_a_street_are_one_road_driven_both_ways(tmp_path: Path) -> None:
    bend = LineString([(11.01, 50), (11.015, 50.01), (11.02, 50)])
    there = {"geometry": bend, "oneway": False, "reversed": False}
    back = {"geometry": bend.reverse(), "oneway": False, "reversed": True}
    path = saved(
        tmp_path / "town.graphml", (1, 2, ROAD | there), (2, 1, ROAD | back), (2, 3, ROAD | {"oneway": True})
    )
    _, network = read(path)
    assert (network.nodes, network.segments, network.directed_edges) == (3, 2, 3)
    assert network.backward.tolist() == [True, False]


def test_two_carriageways_between_the_same_crossings_stay_two(tmp_path: Path) -> None:
    north = {"geometry": LineString([(11.01, 50), (11.015, 50.001), (11.02, 50)]), "oneway": True}
    south = {"geometry": LineString([(11.02, 50), (11.015, 49.999), (11.01, 50)]), "oneway": True}
    _, network = read(saved(tmp_path / "town.graphml", (1, 2, ROAD | north), (2, 1, ROAD | south)))
    assert (network.segments, network.directed_edges) == (2, 2)


def test_a_line_drawn_from_its_second_node_is_turned(tmp_path: Path) -> None:
    drawn_back = {"geometry": LineString([(11.02, 50), (11.015, 50.01), (11.01, 50)]), "oneway": True}
    _, network = read(saved(tmp_path / "town.graphml", (1, 2, ROAD | drawn_back), (2, 3, ROAD)))
    assert network.node_lon[network.tail[0]] == pytest.approx(11.01)
    assert network.point_lon[0] == pytest.approx(11.01)


def test_of_several_values_the_lowest_limit_the_strictest_ban_and_the_first_word_count(
    tmp_path: Path,
) -> None:
    merged = {
        "highway": ["tertiary", "residential"],
        "name": ["Quay", "Lane"],
        "osmid": [1, 2],
        "maxspeed": ["50", "30", "signals"],
        "maxheight": ["default", "3.8", "4"],
        "access": ["yes", "private"],
        "lanes": ["2", "1"],
    }
    source, network = read(saved(tmp_path / "town.graphml", (1, 2, merged)))
    road = source.roads.iloc[0]
    assert (road["road_class"], road["street"], road["kmh_forward"]) == ("tertiary", "Quay", 30)
    assert network.max_height_m == pytest.approx([3.8])
    assert network.access.tolist() == [Access.PRIVATE]


def test_a_speed_that_osmnx_worked_out_counts_where_none_is_posted(tmp_path: Path) -> None:
    posted = ROAD | {"maxspeed": "30 mph", "speed_kph": 99.0}
    source, _ = read(saved(tmp_path / "town.graphml", (1, 2, posted), (2, 3, ROAD | {"speed_kph": 41.5})))
    assert source.roads["kmh_forward"].tolist() == pytest.approx([48.28, 41.5], abs=0.01)


def test_footpaths_are_left_out_and_counted_and_classes_nobody_knows_are_roads(tmp_path: Path) -> None:
    kinds = ("footway", "steps", "cycleway", "proving_ground")
    edges = [(1, 2, {"highway": kind, "osmid": 1}) for kind in kinds]
    source, _ = read(saved(tmp_path / "town.graphml", *edges, (2, 3, {"osmid": 5})))
    assert source.roads["road_class"].tolist() == ["proving_ground", ""]
    assert source.warnings == ("3 edges that no emergency vehicle may drive were left out",)


def test_a_projected_graph_is_brought_back_to_degrees(tmp_path: Path) -> None:
    graph = osmnx.load_graphml(
        saved(tmp_path / "town.graphml", *((u, v, ROAD) for u, v in pairwise((1, 2, 3))))
    )
    osmnx.save_graphml(osmnx.projection.project_graph(graph), tmp_path / "projected.graphml")
    _, network = read(tmp_path / "projected.graphml")
    assert network.node_lon == pytest.approx([11.01, 11.02, 11.03])


def test_nodes_with_heights_make_roads_rise(tmp_path: Path) -> None:
    graph = osmnx.load_graphml(saved(tmp_path / "town.graphml", (1, 2, ROAD), (2, 3, ROAD)))
    networkx.set_node_attributes(graph, {1: 100.0, 2: 120.5}, "elevation")
    osmnx.save_graphml(graph, tmp_path / "hill.graphml")
    _, network = read(tmp_path / "hill.graphml")
    assert network.rise_m == pytest.approx([20.5, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<graphml", "is not a whole GraphML file"),
        ("<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>", "is not a whole GraphML file"),
        (
            "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph edgedefault='undirected'>"
            "<node id='1'/><node id='2'/><edge source='1' target='2'/></graph></graphml>",
            "is an undirected graph",
        ),
        (
            "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>"
            "<graph edgedefault='directed'/></graphml>",
            "holds no edge",
        ),
        (
            "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph edgedefault='directed'>"
            "<node id='1'/><node id='2'/><edge source='1' target='2'/></graph></graphml>",
            "lacks 'x', which graphs of OSMnx have",
        ),
    ],
)
def test_a_graph_that_is_none_of_osmnxs_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "town.graphml"
    path.write_text(content)
    with pytest.raises(RoadFileError, match=reason):
        read_roads(path)


def test_a_graph_takes_no_columns_and_is_not_joined(tmp_path: Path) -> None:
    path = saved(tmp_path / "town.graphml", (1, 2, ROAD))
    with pytest.raises(RoadFileError, match="name no columns"):
        read_roads(path, LayerColumns(speed="maxspeed"))
    with pytest.raises(RoadFileError, match="graphs are not joined"):
        read_road_files(RoadFiles((path, path)))
