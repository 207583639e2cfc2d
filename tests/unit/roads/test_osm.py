"""One hand-made OpenStreetMap file for each rule: which ways are roads, which way they run, how fast."""

import bz2
import gzip
import math
from pathlib import Path

import osmium
import pandas as pd
import pytest

from data.roads.files import read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError
from routing.building import build_network
from tests.unit.roads.osm_town import osm_xml


def roads_with(tmp_path: Path, **tags: str) -> pd.DataFrame:
    """Read one way with these tags (``__`` stands for ``:``) beside a street that is always there."""
    path = tmp_path / "town.osm"
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    path.write_text(osm_xml([([1, 2], {"highway": "residential", "name": "Always"}), ([2, 3], tags)]))
    roads = read_roads(path).roads
    return roads[roads["street"] != "Always"]


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "trunk_link"},
        {"highway": "service"},
        {"highway": "busway"},
        {"highway": "track", "tracktype": "grade1"},
        {"highway": "track", "tracktype": "grade2"},
        {"highway": "pedestrian", "motor_vehicle": "delivery"},
        {"highway": "footway", "emergency": "yes"},
        {"highway": "residential", "access": "private"},
        {"highway": "residential", "access": "destination"},
        {"highway": "residential", "access": "customers"},
        {"highway": "service", "access": "permissive"},
        {"highway": "unclassified", "motor_vehicle": "agricultural"},
        {"highway": "unclassified", "hgv": "no"},
        {"highway": "unclassified", "access": "no", "vehicle": "destination"},
        {"highway": "unclassified", "vehicle": "no", "motor_vehicle": "delivery"},
        {"highway": "unclassified", "motor_vehicle": "no", "emergency": "yes"},
        {"highway": "service", "access": "no", "bus": "yes"},
        {"highway": "service", "motor_vehicle": "no", "psv": "designated"},
        {"highway": "residential", "area": "no"},
    ],
)
def test_an_emergency_vehicle_may_drive(tmp_path: Path, tags: dict[str, str]) -> None:
    assert roads_with(tmp_path, **tags)["road_class"].tolist() == [tags["highway"]]


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "construction", "construction": "primary"},
        {"highway": "proposed"},
        {"highway": "primary", "construction": "yes"},
        {"highway": "pedestrian", "area": "yes", "motor_vehicle": "yes"},
        {"highway": "steps", "emergency": "yes"},
        {"highway": "cycleway"},
        {"highway": "pedestrian"},
        {"highway": "footway", "motor_vehicle": "no"},
        {"highway": "track"},
        {"highway": "track", "tracktype": "grade3", "motor_vehicle": "yes"},
        {"highway": "residential", "access": "no"},
        {"highway": "residential", "vehicle": "no"},
        {"highway": "residential", "access": "yes", "motor_vehicle": "no"},
        {"highway": "residential", "motor_vehicle": "yes", "emergency": "no"},
        {"highway": "service", "access": "no", "bus": "yes", "emergency": "no"},
        {"highway": "service", "access": "no", "bus": "no"},
        {"highway": "residential", "oneway": "reversible"},
        {"railway": "rail"},
    ],
)
def test_an_emergency_vehicle_may_not_drive(tmp_path: Path, tags: dict[str, str]) -> None:
    assert roads_with(tmp_path, **tags).empty


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential"}, True, True),
        ({"highway": "residential", "oneway": "yes"}, True, False),
        ({"highway": "residential", "oneway": "true"}, True, False),
        ({"highway": "residential", "oneway": "1"}, True, False),
        ({"highway": "residential", "oneway": "-1"}, False, True),
        ({"highway": "residential", "oneway": "reverse"}, False, True),
        ({"highway": "residential", "oneway": "no"}, True, True),
        ({"highway": "residential", "oneway": "alternating"}, True, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
        ({"highway": "motorway_link"}, True, True),
        ({"highway": "tertiary", "junction": "roundabout"}, True, False),
        ({"highway": "tertiary", "junction": "circular"}, True, False),
        ({"highway": "tertiary", "junction": "roundabout", "oneway": "-1"}, False, True),
        ({"highway": "residential", "oneway": "yes", "oneway__emergency": "no"}, True, True),
        ({"highway": "residential", "oneway": "reversible", "oneway__emergency": "no"}, True, True),
        ({"highway": "residential", "oneway": "unreadable"}, True, True),
    ],
)
def test_a_road_runs(tmp_path: Path, tags: dict[str, str], forward: bool, backward: bool) -> None:
    road = roads_with(tmp_path, **tags).iloc[0]
    assert (road["forward"], road["backward"]) == (forward, backward)


@pytest.mark.parametrize(
    ("limit", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("walk", 7),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("FR:rural", 80),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("50 mph", 80.47),
        ("unknown", math.nan),
        ("none", math.nan),
        ("signals", math.nan),
        ("50;30", math.nan),
        ("0", math.nan),
        ("-30", math.nan),
        ("9999", math.nan),
        ("", math.nan),
    ],
)
def test_a_limit_reads(tmp_path: Path, limit: str, kmh: float) -> None:
    road = roads_with(tmp_path, highway="residential", maxspeed=limit).iloc[0]
    assert road["kmh_forward"] == pytest.approx(kmh, abs=0.01, nan_ok=True)
    assert road["kmh_backward"] == pytest.approx(kmh, abs=0.01, nan_ok=True)


def test_a_limit_of_one_direction_wins_over_that_of_both(tmp_path: Path) -> None:
    road = roads_with(tmp_path, highway="primary", maxspeed="50", maxspeed__backward="30 mph").iloc[0]
    assert (road["kmh_forward"], road["kmh_backward"]) == pytest.approx((50, 48.28), abs=0.01)


@pytest.mark.parametrize(
    ("tags", "street"),
    [({"name": "长江大道", "ref": "G318"}, "长江大道"), ({"ref": "G318"}, "G318"), ({}, "")],
)
def test_a_street_is_called_by_its_name_else_its_number(
    tmp_path: Path, tags: dict[str, str], street: str
) -> None:
    assert roads_with(tmp_path, highway="primary", **tags)["street"].tolist() == [street]


def test_ways_meet_at_their_nodes(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1, 2, 3], {"highway": "primary"}), ([2, 4], {"highway": "service"})]))
    source = read_roads(path)
    network = build_network(source.lines, source.roads)
    assert (network.nodes, network.segments) == (4, 3)
    assert network.node_lon == pytest.approx([11.001, 11.002, 11.003, 11.004])
    assert source.licence is not None
    assert "OpenStreetMap" in source.licence


def test_a_road_that_runs_off_the_extract_keeps_its_known_stretches(tmp_path: Path) -> None:
    path = tmp_path / "clipped.osm"
    street = {"highway": "residential", "name": "Long", "maxspeed": "30"}
    path.write_text(osm_xml([([1, 2, 77, 3, 78, 4, 5, 6, 79], street), ([1, 80], street)]))
    source = read_roads(path)
    assert source.lines.vertex.tolist() == [1, 2, 4, 5, 6]
    assert source.lines.first.tolist() == [0, 2, 5]
    assert source.roads["street"].tolist() == ["Long", "Long"]
    assert source.warnings == ("2 roads run past the edge of the file; the stretches it knows are kept",)


def test_a_way_of_one_node_is_no_road(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1], {"highway": "primary"}), ([1, 2], {"highway": "primary"})]))
    source = read_roads(path)
    assert (len(source.lines), source.warnings) == (1, ())


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".osm.pbf"])
def test_every_dress_of_a_file_reads_the_same(tmp_path: Path, suffix: str) -> None:
    xml = osm_xml([([1, 2, 3], {"highway": "primary", "oneway": "yes"}), ([2, 4], {"highway": "service"})])
    plain, path = tmp_path / "plain.osm", tmp_path / f"dressed{suffix}"
    plain.write_text(xml)
    if suffix == ".osm.pbf":
        with osmium.SimpleWriter(str(path)) as writer:
            for entity in osmium.FileProcessor(str(plain)):
                writer.add(entity)
    else:
        dressed = {
            ".osm": xml.encode(),
            ".osm.gz": gzip.compress(xml.encode()),
            ".osm.bz2": bz2.compress(xml.encode()),
        }
        path.write_bytes(dressed[suffix])
    expected, actual = read_roads(plain), read_roads(path)
    assert actual.lines.vertex.tolist() == expected.lines.vertex.tolist() == [1, 2, 3, 2, 4]
    pd.testing.assert_frame_equal(actual.roads, expected.roads)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.osm.pbf", b"", "is empty"),
        ("noise.osm.pbf", b"\x00noise" * 50, "not a whole OpenStreetMap file"),
        ("cut.osm", osm_xml([([1, 2], {"highway": "primary"})]).encode()[:-20], "not a whole"),
        (
            "cut.osm.gz",
            gzip.compress(osm_xml([([1, 2], {"highway": "primary"})]).encode())[:-20],
            "not a whole",
        ),
        ("roadless.osm", osm_xml([([1, 2], {"waterway": "river"})]).encode(), "holds no road"),
        ("roads.csv", b"a,b", "of an unknown kind"),
    ],
)
def test_a_file_without_roads_is_named_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RoadFileError, match=reason) as refused:
        read_roads(path)
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RoadFileError, match="no such file"):
        read_roads(tmp_path / "nowhere.osm")
    with pytest.raises(RoadFileError, match="is a folder"):
        read_roads(tmp_path)


def test_columns_of_an_openstreetmap_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1, 2], {"highway": "primary"})]))
    with pytest.raises(RoadFileError, match="name no columns"):
        read_roads(path, LayerColumns(speed="maxspeed"))
