"""Line layers as planning offices keep them: four formats, named columns, lines that are not cut."""

import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, Point, Polygon

from data.roads.files import RoadFiles, read_road_files, read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError, RoadSource
from geo.errors import InvalidInputError
from routing.building import build_network
from routing.network import RoadNetwork

UTM_50N = 32650
LANGUAGE_DRIVER_BYTE = 29
CENTRE_X, CENTRE_Y = 500_000.0, 3_400_000.0

Drawn = list[tuple[float, float]]


def line(*places: tuple[float, float]) -> LineString:
    """Draw a line through places in metres from the town's centre."""
    return LineString([(CENTRE_X + x, CENTRE_Y + y) for x, y in places])


MAIN_STREET = line((0, 0), (1000, 0), (2000, 0))
SIDE_STREET = line((1000, 0), (1000, 500))


def store(path: Path, geometry: list[object], crs: object = UTM_50N, **columns: object) -> Path:
    layer = gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)
    if path.suffix == ".parquet":
        layer.to_parquet(path)
    else:
        layer.to_file(path)
    return path


def network_of(source: RoadSource) -> RoadNetwork:
    return build_network(source.lines, source.roads)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".parquet"])
def test_every_format_gives_the_same_town(tmp_path: Path, suffix: str) -> None:
    path = store(
        tmp_path / f"town{suffix}",
        [MAIN_STREET, SIDE_STREET],
        crs=UTM_50N,
        dir=["F", None],
        kmh=[36.0, 72.0],
        kind=["primary", "service"],
        label=["Main Street", None],
    )
    if suffix == ".geojson":
        gpd.read_file(path).to_crs(4326).to_file(path)
    source = read_roads(path, LayerColumns(oneway="dir", speed="kmh", road_class="kind", name="label"))
    network = network_of(source)
    assert (network.nodes, network.segments, network.directed_edges) == (4, 3, 4)
    assert network.length_m == pytest.approx([1000, 1000, 500], rel=1e-3)
    assert network.forward_ms == pytest.approx([100_000, 100_000, 25_000], rel=1e-3)
    assert source.roads["street"].tolist() == ["Main Street", ""]
    assert source.roads["road_class"].tolist() == ["primary", "service"]
    assert source.licence is None
    assert (source.file.name, source.warnings) == (path.name, ())


def test_without_columns_every_line_is_driven_both_ways(tmp_path: Path) -> None:
    network = network_of(read_roads(store(tmp_path / "town.gpkg", [MAIN_STREET, SIDE_STREET])))
    assert network.directed_edges == 6


def test_lines_that_cross_without_a_shared_vertex_do_not_meet(tmp_path: Path) -> None:
    bridge = line((500, -100), (500, 100))
    network = network_of(read_roads(store(tmp_path / "town.gpkg", [MAIN_STREET, bridge])))
    assert (network.segments, network.components) == (2, 2)


@pytest.mark.parametrize(("apart_m", "components"), [(0.001, 1), (0.5, 2)])
def test_vertices_within_a_centimetre_are_one(tmp_path: Path, apart_m: float, components: int) -> None:
    further = line((2000 + apart_m, 0), (3000, 0))
    network = network_of(read_roads(store(tmp_path / "town.parquet", [MAIN_STREET, further])))
    assert network.components == components


def test_several_parts_become_several_roads_and_share_the_seconds_by_length(tmp_path: Path) -> None:
    parts = MultiLineString([line((0, 0), (1000, 0)), line((5000, 0), (8000, 0))])
    path = store(tmp_path / "town.gpkg", [parts, SIDE_STREET], time=[80, None])
    source = read_roads(path, LayerColumns(seconds="time"))
    assert source.roads["seconds"].tolist() == pytest.approx([20, 60, float("nan")], rel=1e-4, nan_ok=True)


def test_the_seconds_of_a_line_are_shared_where_it_is_cut(tmp_path: Path) -> None:
    path = store(tmp_path / "town.gpkg", [MAIN_STREET, SIDE_STREET], time=["90", "7.5"])
    network = network_of(read_roads(path, LayerColumns(seconds="time")))
    assert network.forward_ms == pytest.approx([45_000, 45_000, 7500], rel=1e-4)


def test_a_road_rises_by_the_heights_of_its_ends_where_they_are_known(tmp_path: Path) -> None:
    flat, hill = LineString([(114, 30), (114.1, 30)]), LineString([(114.1, 30, 900), (114.2, 30, 950)])
    pit = LineString([(114.2, 30, 950), (114.3, 30, -9999)])
    network = network_of(read_roads(store(tmp_path / "town.parquet", [flat, hill, pit], crs=4326)))
    assert (network.nodes, network.components) == (4, 1)
    assert network.rise_m == pytest.approx([math.nan, 50, math.nan], nan_ok=True)


def test_a_layer_without_heights_knows_none(tmp_path: Path) -> None:
    assert read_roads(store(tmp_path / "town.gpkg", [MAIN_STREET])).lines.ele_m is None


def shapefile_in_gbk(path: Path) -> Path:
    """Write a Shapefile as many Chinese offices have it: text in GBK, and no word about that."""
    gpd.GeoDataFrame({"label": ["长江大道"]}, geometry=[MAIN_STREET], crs=UTM_50N).to_file(
        path, encoding="GBK"
    )
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[LANGUAGE_DRIVER_BYTE] = 0
    path.with_suffix(".dbf").write_bytes(table)
    return path


def test_a_shapefile_is_read_in_the_encoding_one_names(tmp_path: Path) -> None:
    path = shapefile_in_gbk(tmp_path / "town.shp")
    source = read_road_files(RoadFiles((path,), LayerColumns(name="label"), "GBK"))
    assert source.roads["street"].tolist() == ["长江大道"]


@pytest.mark.parametrize("encoding", ["UTF-8", "moonspeak"])
def test_a_wrong_encoding_is_told_in_a_sentence(tmp_path: Path, encoding: str) -> None:
    path = shapefile_in_gbk(tmp_path / "town.shp")
    with pytest.raises(RoadFileError, match=f"does not hold {encoding} text; name its encoding"):
        read_road_files(RoadFiles((path,), LayerColumns(name="label"), encoding))


def test_only_shapefiles_take_an_encoding(tmp_path: Path) -> None:
    path = store(tmp_path / "town.gpkg", [MAIN_STREET])
    with pytest.raises(RoadFileError, match="only Shapefiles take an encoding"):
        read_road_files(RoadFiles((path,), encoding="GBK"))


def test_what_is_no_line_is_left_out_and_counted(tmp_path: Path) -> None:
    geometry = [None, MAIN_STREET, Point(1, 1), LineString(), Polygon([(0, 0), (1, 0), (1, 1)])]
    path = store(tmp_path / "town.parquet", geometry, label=["?", "Main Street", "?", "?", "?"])
    source = read_roads(path, LayerColumns(name="label"))
    assert source.roads["street"].tolist() == ["Main Street"]
    assert source.warnings == (
        "2 rows without a geometry were left out",
        "2 rows that are no line were left out",
    )


@pytest.mark.parametrize(
    ("value", "forward", "backward"),
    [
        *((value, True, False) for value in ("yes", "True", "1", 1, 1.0, True, "F", "ft")),
        *((value, False, True) for value in ("-1", -1, "T", "TF", "reverse")),
        *((value, True, True) for value in ("no", "0", 0, 0.0, False, "B", "", None)),
    ],
)
def test_a_oneway_value_reads(tmp_path: Path, value: object, forward: bool, backward: bool) -> None:
    path = store(tmp_path / "town.parquet", [MAIN_STREET, SIDE_STREET], dir=[value, value])
    roads = read_roads(path, LayerColumns(oneway="dir")).roads
    assert roads[["forward", "backward"]].to_numpy().tolist() == [[forward, backward]] * 2


def test_a_oneway_value_nobody_knows_is_refused_with_its_row(tmp_path: Path) -> None:
    path = store(tmp_path / "town.gpkg", [MAIN_STREET, SIDE_STREET], dir=["yes", "perhaps"])
    with pytest.raises(RoadFileError, match=r"column 'dir' holds 'perhaps' in row 2"):
        read_roads(path, LayerColumns(oneway="dir"))


@pytest.mark.parametrize("value", ["soon", -5, float("inf")])
def test_seconds_that_are_no_time_are_refused_with_their_row(tmp_path: Path, value: object) -> None:
    path = store(tmp_path / "town.parquet", [SIDE_STREET], time=[value])
    with pytest.raises(RoadFileError, match=r"column 'time' holds .* in row 1"):
        read_roads(path, LayerColumns(seconds="time"))


def test_speeds_are_numbers_or_text_and_unreadable_ones_are_counted(tmp_path: Path) -> None:
    path = store(tmp_path / "town.parquet", [MAIN_STREET] * 5, limit=["50", "30 mph", "fast", "", None])
    source = read_roads(path, LayerColumns(speed="limit"))
    nan = float("nan")
    assert source.roads["kmh_forward"].tolist() == pytest.approx(
        [50, 48.28, nan, nan, nan], abs=0.01, nan_ok=True
    )
    assert source.warnings == ("1 speeds cannot be read; those roads take the speed of their class",)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = store(tmp_path / "town.gpkg", [MAIN_STREET], kmh=[50], label=["Main Street"])
    with pytest.raises(RoadFileError, match="has no column maxspeed; it has kmh, label"):
        read_roads(path, LayerColumns(speed="maxspeed", name="label"))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("suffix", [".shp", ".parquet"])
def test_a_layer_without_a_reference_system_is_refused(tmp_path: Path, suffix: str) -> None:
    path = store(tmp_path / f"town{suffix}", [MAIN_STREET], crs=None, kmh=[50])
    with pytest.raises(RoadFileError, match="no coordinate reference system"):
        read_roads(path)


def test_coordinates_that_do_not_fit_their_system_are_refused(tmp_path: Path) -> None:
    path = store(tmp_path / "town.parquet", [LineString([(500_000, 3_400_000), (5e9, 3e9)])])
    with pytest.raises(RoadFileError, match="do not fit"):
        read_roads(path)


def test_metres_stored_as_degrees_are_refused(tmp_path: Path) -> None:
    path = store(tmp_path / "town.parquet", [LineString([(500, 3400), (510, 3400)])], crs="EPSG:4326")
    with pytest.raises(RoadFileError, match="do not fit"):
        read_roads(path)


def test_several_line_layers_are_one_too_many_and_a_layer_of_points_none(tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    frame = gpd.GeoDataFrame(geometry=[MAIN_STREET], crs=UTM_50N)
    frame.to_file(path, layer="roads")
    gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=UTM_50N).to_file(path, layer="trees")
    assert len(read_roads(path).lines) == 1
    frame.to_file(path, layer="rivers")
    with pytest.raises(RoadFileError, match=r"several line layers \(roads, rivers\)"):
        read_roads(path)


def test_a_layer_of_points_holds_no_road(tmp_path: Path) -> None:
    path = store(tmp_path / "trees.geojson", [Point(114, 30)], crs=4326)
    with pytest.raises(RoadFileError, match="holds no line"):
        read_roads(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".parquet"])
def test_half_a_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = store(tmp_path / f"town{suffix}", [MAIN_STREET] * 500)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RoadFileError, match="town"):
        read_roads(path)


def test_a_table_without_geometry_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(RoadFileError, match="cannot be read as a line layer"):
        read_roads(tmp_path / "table.parquet")


NODES = LayerColumns(from_node="u", to_node="v")


def test_node_ids_keep_a_bridge_apart_from_the_road_below(tmp_path: Path) -> None:
    roads = [
        line((0, 0), (100, 0)),
        line((100, 0), (200, 0)),
        line((100, 90), (100, 0)),
        line((100, 0), (100, -90)),
    ]
    path = store(tmp_path / "town.parquet", roads, u=[1, 2, 4, 5], v=[2, 3, 5, 6])
    assert network_of(read_roads(path)).components == 1
    assert network_of(read_roads(path, NODES)).components == 2


def test_a_line_drawn_from_its_second_node_joins_all_the_same(tmp_path: Path) -> None:
    roads = [line((100, 0), (0, 0)), line((100, 0), (200, 0)), line((300, 0), (200, 0))]
    path = store(tmp_path / "town.parquet", roads, u=[11, 12, 13], v=[12, 13, 14])
    source = read_roads(path, NODES)
    network = network_of(source)
    assert (network.nodes, network.components, network.junctions) == (4, 1, 2)
    ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert ends == [(1, 0), (1, 2), (3, 2)]


def test_two_nodes_with_no_other_line_may_lie_either_way_round_but_all_their_lines_the_same(
    tmp_path: Path,
) -> None:
    roads = [line((0, 0), (100, 0)), line((100, 0), (50, 9), (0, 0))]
    path = store(tmp_path / "town.parquet", roads, u=[1, 1], v=[2, 2])
    network = network_of(read_roads(path, NODES))
    assert (network.tail[0], network.head[0]) == (network.head[1], network.tail[1])


def test_a_loop_and_ids_in_the_index_are_understood(tmp_path: Path) -> None:
    roads = [line((0, 0), (50, 50), (50, -50), (0, 0)), line((0, 0), (-100, 0))]
    index = pd.MultiIndex.from_tuples([(1, 1, 0), (1, 2, 0)], names=["u", "v", "key"])
    gpd.GeoDataFrame(geometry=roads, crs=UTM_50N, index=index).to_parquet(tmp_path / "town.parquet")
    network = network_of(read_roads(tmp_path / "town.parquet", NODES))
    assert (network.nodes, network.segments, network.components) == (2, 2, 1)


def test_node_ids_that_contradict_the_drawing_are_refused_with_their_row(tmp_path: Path) -> None:
    roads = [MAIN_STREET, line((2000, 0), (3000, 0)), line((2000, 900), (2000, 500))]
    path = store(tmp_path / "town.parquet", roads, u=[1, 2, 2], v=[2, 3, 4])
    with pytest.raises(RoadFileError, match=r"row \d does not end where the other lines of its nodes do"):
        read_roads(path, NODES)


def test_a_line_without_a_node_id_is_refused_with_its_row(tmp_path: Path) -> None:
    path = store(tmp_path / "town.parquet", [None, MAIN_STREET, SIDE_STREET], u=[0, 1, None], v=[0, 2, 3])
    with pytest.raises(RoadFileError, match="column 'u' holds nan in row 3; it takes the id of a node"):
        read_roads(path, NODES)


def test_lines_of_several_parts_cannot_have_node_ids(tmp_path: Path) -> None:
    parts = MultiLineString([MAIN_STREET, SIDE_STREET])
    path = store(tmp_path / "town.parquet", [parts], u=[1], v=[2])
    with pytest.raises(RoadFileError, match="several parts"):
        read_roads(path, NODES)


def test_one_node_column_without_the_other_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="name both columns or neither"):
        LayerColumns(from_node="u")
