"""Several extracts joined into one network."""

import hashlib
from pathlib import Path

import geopandas as gpd
import osmium
import pytest
from shapely.geometry import LineString

from api.kept_roads import open_roads
from api.roadworks import import_files, import_roads, network_of
from data.roads.files import RoadFiles, read_road_files, read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError
from tests.unit.roads.osm_town import osm_xml
from tests.unit.roads.test_cities import city

STREET = {"highway": "residential"}
MIDDLE_OF_ANDORRA_LON = 1.55


def halves(whole: Path, folder: Path) -> tuple[Path, Path]:
    """Cut a file in two: each half has the nodes on its side and every way and relation."""
    west, east = folder / "west.osm.pbf", folder / "east.osm.pbf"
    with osmium.SimpleWriter(str(west)) as in_west, osmium.SimpleWriter(str(east)) as in_east:
        for entity in osmium.FileProcessor(str(whole)):
            if isinstance(entity, osmium.osm.Node):
                (in_west if entity.lon < MIDDLE_OF_ANDORRA_LON else in_east).add(entity)
            else:
                in_west.add(entity)
                in_east.add(entity)
    return west, east


def test_andorra_cut_in_two_and_joined_again_is_andorra(tmp_path: Path) -> None:
    whole = city("andorra.osm.pbf")
    west, east = halves(whole, tmp_path)
    import_files(RoadFiles((west, east)), "joined", tmp_path)
    import_roads(whole, "whole", tmp_path, LayerColumns())
    joined, one = open_roads(tmp_path, "joined"), open_roads(tmp_path, "whole")
    for name, array in one.network.arrays.items():
        assert joined.network.arrays[name].tobytes() == array.tobytes()
    assert joined.facts.warnings == one.facts.warnings
    assert joined.facts.source == "west.osm.pbf + east.osm.pbf"
    hashes = "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in (west, east))
    assert joined.facts.source_sha256 == hashlib.sha256(hashes.encode()).hexdigest()


def test_a_way_that_two_extracts_hold_is_read_as_the_first_has_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.osm", tmp_path / "new.osm"
    old.write_text(osm_xml([([1, 2], STREET | {"name": "Old Street"})]))
    new.write_text(osm_xml([([1, 2], STREET | {"name": "New Street"}), ([2, 3], STREET)]))
    assert read_road_files(RoadFiles((old, new))).roads["street"].tolist() == ["Old Street", ""]
    assert read_road_files(RoadFiles((new, old))).roads["street"].tolist() == ["New Street", ""]


def layer(path: Path, *lines: list[tuple[float, float]], crs: int = 4326, **columns: object) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=[LineString(line) for line in lines], crs=4326)
    frame.to_crs(crs).to_file(path)
    return path


WEST, EAST = [(114.0, 30.0), (114.1, 30.0)], [(114.1, 30.0), (114.2, 30.0)]
NORTH = [(114.1, 30.0), (114.1, 30.1)]


@pytest.mark.parametrize("crs", [4326, 32650])
def test_layers_meet_where_they_share_a_vertex_whatever_their_systems(tmp_path: Path, crs: int) -> None:
    one, other = layer(tmp_path / "one.gpkg", WEST), layer(tmp_path / "other.shp", EAST, crs=crs)
    network = network_of(read_road_files(RoadFiles((one, other))))
    assert (network.nodes, network.segments, network.components) == (3, 2, 1)


def test_a_line_that_two_layers_hold_counts_once(tmp_path: Path) -> None:
    one = layer(tmp_path / "one.gpkg", WEST, EAST, WEST)
    other = layer(tmp_path / "other.gpkg", EAST, NORTH)
    source = read_road_files(RoadFiles((one, other)))
    assert len(source.lines) == 4
    assert source.warnings == ("1 rows that an earlier file holds were left out",)


def test_layers_meet_at_their_common_node_ids(tmp_path: Path) -> None:
    one = layer(tmp_path / "one.gpkg", WEST, u=[1], v=[2])
    other = layer(tmp_path / "other.gpkg", EAST, NORTH, u=[2, 5], v=[3, 6])
    columns = LayerColumns(from_node="u", to_node="v")
    network = network_of(read_road_files(RoadFiles((one, other), columns)))
    assert (network.nodes, network.components) == (5, 2)


def test_what_is_wrong_in_the_second_file_is_said_of_it(tmp_path: Path) -> None:
    one = layer(tmp_path / "one.gpkg", WEST, way=["yes"])
    other = layer(tmp_path / "other.gpkg", EAST, NORTH, way=["yes", "perhaps"])
    with pytest.raises(RoadFileError, match=r"other\.gpkg: column 'way' holds 'perhaps' in row 2"):
        read_road_files(RoadFiles((one, other), LayerColumns(oneway="way")))
    broken = tmp_path / "broken.osm"
    broken.write_text("<osm version='0.6'><way")
    town = tmp_path / "town.osm"
    town.write_text(osm_xml([([1, 2], STREET)]))
    with pytest.raises(RoadFileError, match=r"broken\.osm: is not a whole"):
        read_road_files(RoadFiles((town, broken)))


def test_files_of_two_kinds_are_not_joined(tmp_path: Path) -> None:
    town = tmp_path / "town.osm"
    town.write_text(osm_xml([([1, 2], STREET)]))
    drawn = layer(tmp_path / "drawn.gpkg", WEST)
    assert len(read_roads(drawn).lines) == 1
    with pytest.raises(RoadFileError, match=r"drawn\.gpkg: is of another kind than town\.osm"):
        read_road_files(RoadFiles((town, drawn)))
