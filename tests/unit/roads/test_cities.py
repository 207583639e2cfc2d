"""Published cities, counted by another reader and another algorithm than the product's."""

import gzip
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from api.kept_roads import open_roads
from api.roadworks import import_roads, network_of
from data.roads.files import read_roads
from data.roads.layer_columns import LayerColumns
from geo.lines import Lines
from routing.building import build_network
from routing.network import RoadNetwork
from tests.unit.roads.plain_counts import Counts, Way, count

SHARED_ROADS = Path(__file__).parents[4] / "shared" / "data" / "roads"
ELEMENT = re.compile(r"<(node|way|nd|tag|relation) ([^>]*)>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def ways_by_gdal(path: Path) -> list[Way]:
    """Read ways with GDAL; two ways meet where their coordinates are equal."""
    frame = pyogrio.read_dataframe(path, layer="lines").dropna(subset="highway")
    ways = []
    for line, highway, other in zip(
        frame.geometry, frame["highway"], frame["other_tags"].fillna(""), strict=True
    ):
        places = [tuple(place) for place in shapely.get_coordinates(line).tolist()]
        ways.append(Way(places, places, dict(HSTORE.findall(other)) | {"highway": highway}))
    return ways


def ways_by_lines(path: Path) -> list[Way]:
    """Read ways from XML, one element a line; two ways meet where they name the same node."""
    place: dict[str, tuple[float, float]] = {}
    ways: list[Way] = []
    for element, text in ELEMENT.findall(gzip.decompress(path.read_bytes()).decode()):
        attributes = {key: unescape(value) for key, value in ATTRIBUTE.findall(text)}
        if element == "node":
            place[attributes["id"]] = (float(attributes["lon"]), float(attributes["lat"]))
        elif element == "way":
            refs: list[str] = []
            tags: dict[str, str] = {}
            ways.append(Way(refs, [], tags))
        elif element == "relation":
            break
        elif element == "nd":
            refs.append(attributes["ref"])
        elif ways:
            tags[attributes["k"]] = attributes["v"]
    return [replace(way, places=[place[str(ref)] for ref in way.vertices]) for way in ways]


def city(name: str) -> Path:
    path = SHARED_ROADS / name
    if not path.exists():
        pytest.skip(f"needs {name} in ../shared/data/roads beside the repository")
    return path


def counts_of(network: RoadNetwork) -> Counts:
    return Counts(network.nodes, network.junctions, network.directed_edges, network.kilometres)


def forbidden_segments(network: RoadNetwork) -> list[list[int]]:
    words = np.split(network.turn_segment, network.turn_first[1:-1])
    return [word.tolist() for word in words]


def joined_by_coordinates(lines: Lines) -> Lines:
    """Make one vertex of all that lie at the same place, as a reader without node ids must."""
    places = {place: i for i, place in enumerate(sorted(set(zip(lines.lon, lines.lat, strict=True))))}
    vertex = [places[place] for place in zip(lines.lon, lines.lat, strict=True)]
    return replace(lines, vertex=np.array(vertex))


def assert_same(ours: Counts, theirs: Counts) -> None:
    assert (ours.nodes, ours.junctions, ours.directed_edges) == (
        theirs.nodes,
        theirs.junctions,
        theirs.directed_edges,
    )
    assert ours.kilometres == pytest.approx(theirs.kilometres, rel=1e-9)


def test_bayreuth_counts_as_a_plain_reading_of_its_xml_does(tmp_path: Path) -> None:
    path = city("north-bayreuth.osm.gz")
    import_roads(path, "bayreuth", tmp_path, LayerColumns())
    roads = open_roads(tmp_path, "bayreuth")
    assert_same(counts_of(roads.network), count(ways_by_lines(path)))
    assert (roads.network.nodes, roads.network.junctions) == (1473, 1111)
    assert roads.facts.warnings == ()
    assert "2 turn restrictions name what is no road here" in roads.facts.assumptions[-1]


@pytest.mark.parametrize("name", ["andorra.osm.pbf", "harrisburg.osm.pbf"])
def test_a_city_counts_as_gdal_does_where_coordinates_decide_what_meets(name: str) -> None:
    source = read_roads(city(name))
    network = build_network(joined_by_coordinates(source.lines), source.roads)
    assert_same(counts_of(network), count(ways_by_gdal(city(name))))
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("name", "no", "only"),
    [("andorra.osm.pbf", 0, 0), ("harrisburg.osm.pbf", 4, 7), ("north-bayreuth.osm.gz", 10, 28)],
)
def test_of_40_restrictions_in_bayreuth_two_speak_of_ways_that_are_not_in_its_file(
    name: str, no: int, only: int
) -> None:
    turns = read_roads(city(name)).turns
    assert turns is not None
    assert (int((~turns["only"].astype(bool)).sum()), int(turns["only"].sum())) == (no, only)


def test_from_the_turnpikes_ramp_one_cannot_turn_back_onto_the_ramp_beside_it() -> None:
    """Relation 2379446 in Harrisburg: both ramps meet Eisenhower Boulevard at node 66793462."""
    network = network_of(read_roads(city("harrisburg.osm.pbf")))
    at_the_ramps = np.flatnonzero((network.node_lon == -76.7907565) & (network.node_lat == 40.2177326))
    turns = [(a, b) for a, b in forbidden_segments(network) if network.head[a] in at_the_ramps]
    assert len(turns) == 1
    onto, back = turns[0]
    assert network.class_names[network.road_class[[onto, back]]].tolist() == ["motorway_link"] * 2
    assert network.tail[back] == network.head[onto]


def test_in_bayreuth_the_b_85_does_not_turn_right_into_the_street_by_the_motorway() -> None:
    """Relations 2777033 to 2777035 at node 670054770, among them B 85 to An der Autobahn."""
    source = read_roads(city("north-bayreuth.osm.gz"))
    network = network_of(source)
    streets = {
        tuple(str(network.street_names[network.street[s]]) for s in segments)
        for segments in forbidden_segments(network)
    }
    assert ("B 85", "An der Autobahn") in streets


def test_limits_barriers_and_bans_of_real_files() -> None:
    andorra, bayreuth = (
        network_of(read_roads(city(name))) for name in ("andorra.osm.pbf", "north-bayreuth.osm.gz")
    )
    assert np.unique(andorra.max_height_m[np.isfinite(andorra.max_height_m)]).tolist() == [np.float32(4.3)]
    weights = np.unique(bayreuth.max_weight_t[np.isfinite(bayreuth.max_weight_t)])
    assert weights.tolist() == [6.0, 7.5, 12.0, 18.0, 30.0]
    assert np.bincount(bayreuth.barrier).tolist() == [1652, 14, 1]
    assert np.bincount(bayreuth.access).tolist() == [1591, 15, 61]


@pytest.mark.parametrize(
    ("name", "nodes", "junctions", "directed_edges", "false_crossings"),
    [("andorra.osm.pbf", 1764, 1342, 3533, 0), ("harrisburg.osm.pbf", 4577, 4009, 12_297, 2)],
)
def test_node_ids_keep_apart_what_only_lies_one_above_the_other(
    name: str, nodes: int, junctions: int, directed_edges: int, false_crossings: int
) -> None:
    source = read_roads(city(name))
    network = build_network(source.lines, source.roads)
    assert (network.nodes, network.junctions, network.directed_edges) == (nodes, junctions, directed_edges)
    by_coordinates = build_network(joined_by_coordinates(source.lines), source.roads)
    assert by_coordinates.nodes - network.nodes == false_crossings


def test_a_city_written_as_a_layer_and_read_again_counts_the_same(tmp_path: Path) -> None:
    source = read_roads(city("andorra.osm.pbf"))
    layer = gpd.GeoDataFrame(
        {"oneway": np.where(~source.roads["backward"], "F", np.where(~source.roads["forward"], "T", "B"))},
        geometry=shapely.linestrings(source.lines.lon, source.lines.lat, indices=source.lines.line_of_point),
        crs=4326,
    )
    layer.to_crs(25831).to_file(tmp_path / "andorra.gpkg")
    again = read_roads(tmp_path / "andorra.gpkg", LayerColumns(oneway="oneway"))
    assert_same(
        counts_of(build_network(again.lines, again.roads)),
        counts_of(build_network(source.lines, source.roads)),
    )


def test_wuhan_joined_at_its_nodes_is_one_piece_of_82_902_nodes(wuhan_file: Path, tmp_path: Path) -> None:
    columns = LayerColumns(road_class="highway", from_node="u", to_node="v")
    facts = import_roads(wuhan_file, "wuhan", tmp_path, columns, licence="ODbL 1.0")
    assert (facts.nodes, facts.junctions, facts.directed_edges) == (82_902, 19_538, 185_334)
    assert facts.components == 1
    assert facts.kilometres == pytest.approx(7182, abs=1)
    assert (facts.near_miss_count, len(facts.near_misses)) == (3, 3)
    assert facts.warnings == ()


def test_wuhan_joined_by_coordinates_alone_takes_eleven_bridges_for_crossings(wuhan_file: Path) -> None:
    source = read_roads(wuhan_file, LayerColumns(road_class="highway"))
    network = build_network(source.lines, source.roads)
    frame = gpd.read_parquet(wuhan_file)
    drawn = [line.coords for line in frame.geometry]
    ways = [Way([*line], [*line], {"highway": "road"}) for line in drawn]
    assert network.nodes == count(ways).nodes == 82_902 - 11
