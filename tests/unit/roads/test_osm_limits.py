"""One hand-made OpenStreetMap file for each rule: whom a road is open to, limits, barriers and heights."""

import math
from pathlib import Path

import numpy as np
import pytest

from api.roadworks import network_of
from data.roads.codes import RoadAccess, RoadBarrier
from data.roads.files import read_roads
from data.roads.source import RoadSource
from routing.network import Access, Barrier
from tests.unit.roads.osm_town import osm_xml


def town(tmp_path: Path, tags: dict[str, str]) -> RoadSource:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1, 2], {"highway": "residential"} | tags)]))
    return read_roads(path)


def barred_road(tmp_path: Path, tags: dict[str, str]) -> RoadSource:
    """Read a road with a node in its middle that has these tags."""
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1, 2, 3], {"highway": "service"})], node_tags={2: tags}))
    return read_roads(path)


def test_the_numbers_of_a_file_are_those_of_a_network() -> None:
    assert [(a.name, a.value) for a in RoadAccess] == [(a.name, a.value) for a in Access]
    assert [(b.name, b.value) for b in RoadBarrier] == [(b.name, b.value) for b in Barrier]


@pytest.mark.parametrize(
    ("tags", "access"),
    [
        ({}, Access.EVERYBODY),
        ({"access": "yes"}, Access.EVERYBODY),
        ({"access": "permissive"}, Access.EVERYBODY),
        ({"access": "a word nobody knows"}, Access.EVERYBODY),
        ({"access": "destination"}, Access.DESTINATION),
        ({"access": "customers"}, Access.DESTINATION),
        ({"access": "permit"}, Access.DESTINATION),
        ({"vehicle": "residents"}, Access.DESTINATION),
        ({"motor_vehicle": "delivery"}, Access.DESTINATION),
        ({"motor_vehicle": "agricultural"}, Access.DESTINATION),
        ({"motor_vehicle": "forestry"}, Access.DESTINATION),
        ({"access": "private"}, Access.PRIVATE),
        ({"access": "private", "motor_vehicle": "yes"}, Access.EVERYBODY),
        ({"access": "yes", "motor_vehicle": "private"}, Access.PRIVATE),
        ({"access": "private", "emergency": "yes"}, Access.PRIVATE),
        ({"access": "no", "emergency": "yes"}, Access.EMERGENCY),
        ({"motor_vehicle": "no", "emergency": "designated"}, Access.EMERGENCY),
        ({"vehicle": "no", "bus": "yes"}, Access.EMERGENCY),
        ({"access": "no", "psv": "designated"}, Access.EMERGENCY),
        ({"highway": "busway"}, Access.EMERGENCY),
        ({"highway": "busway", "motor_vehicle": "destination"}, Access.DESTINATION),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, Access.DESTINATION),
        ({"highway": "footway", "access": "yes", "emergency": "yes"}, Access.EMERGENCY),
        ({"emergency": "yes"}, Access.EVERYBODY),
    ],
)
def test_a_road_is_open_to(tmp_path: Path, tags: dict[str, str], access: Access) -> None:
    assert town(tmp_path, tags).roads["access"].tolist() == [access]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.5", 3.5),
        ("3,5", 3.5),
        ("3.5 m", 3.5),
        ("3.5m", 3.5),
        ("350 cm", 3.5),
        ("11'6\"", 3.5052),
        ("11' 6\"", 3.5052),
        ("12'", 3.6576),
        ("12 ft", 3.6576),
        ("12 ft 6 in", 3.81),
        *(
            (word, math.nan)
            for word in ("default", "none", "unsigned", "below_default", "low", "", "0", "-3")
        ),
        ("4.2;3.5", math.nan),
        ("3.5 furlongs", math.nan),
    ],
)
def test_a_height_and_a_width_read(tmp_path: Path, text: str, metres: float) -> None:
    road = town(tmp_path, {"maxheight": text, "maxwidth": text}).roads.iloc[0]
    assert road["max_height_m"] == pytest.approx(metres, nan_ok=True)
    assert road["max_width_m"] == pytest.approx(metres, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("7.5", 7.5),
        ("7.5 t", 7.5),
        ("7,5t", 7.5),
        ("7500 kg", 7.5),
        ("16000 lbs", 7.257),
        ("10 st", 9.072),
        *((word, math.nan) for word in ("default", "none", "unsigned", "heavy", "", "0", "5 m")),
    ],
)
def test_a_weight_reads(tmp_path: Path, text: str, tonnes: float) -> None:
    road = town(tmp_path, {"maxweight": text}).roads.iloc[0]
    assert road["max_weight_t"] == pytest.approx(tonnes, abs=0.001, nan_ok=True)


def test_of_two_limits_the_lower_counts_and_an_unreadable_one_does_not(tmp_path: Path) -> None:
    tags = {"maxheight": "default", "maxheight:physical": "4.1", "maxweight": "12", "maxweightrating": "7.5"}
    network = network_of(town(tmp_path, tags))
    assert network.max_height_m == pytest.approx([4.1])
    assert network.max_weight_t == pytest.approx([7.5])
    assert np.isnan(network.max_width_m).all()


@pytest.mark.parametrize(
    ("tags", "barrier"),
    [
        *(({"barrier": kind}, Barrier.GATE) for kind in ("gate", "lift_gate", "swing_gate", "chain")),
        *(({"barrier": kind}, Barrier.BLOCK) for kind in ("bollard", "block", "jersey_barrier", "debris")),
        *(({"barrier": kind}, Barrier.NONE) for kind in ("toll_booth", "entrance", "cattle_grid", "what?")),
        ({"barrier": "gate", "access": "private"}, Barrier.GATE),
        ({"barrier": "gate", "access": "yes"}, Barrier.NONE),
        ({"barrier": "gate", "locked": "no"}, Barrier.NONE),
        ({"barrier": "lift_gate", "motor_vehicle": "yes"}, Barrier.NONE),
        ({"barrier": "bollard", "access": "yes"}, Barrier.BLOCK),
        ({"barrier": "bollard", "bollard": "removable"}, Barrier.GATE),
        ({"barrier": "bollard", "emergency": "yes"}, Barrier.GATE),
        ({"barrier": "block", "motor_vehicle": "yes"}, Barrier.NONE),
    ],
)
def test_a_barrier_on_a_node_is(tmp_path: Path, tags: dict[str, str], barrier: Barrier) -> None:
    assert network_of(barred_road(tmp_path, tags)).barrier.tolist() == [barrier]


def test_a_barrier_beside_the_roads_bars_none(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml([([1, 2], {"highway": "service"})], node_tags={7: {"barrier": "gate"}}))
    assert read_roads(path).barriers == {}


def test_a_road_rises_between_nodes_of_known_height(tmp_path: Path) -> None:
    path = tmp_path / "hill.osm"
    street = {"highway": "residential"}
    heights = {1: {"ele": "210"}, 2: {"ele": "250.5"}, 3: {"ele": "high"}}
    path.write_text(osm_xml([([1, 2], street), ([2, 3], street)], node_tags=heights))
    network = network_of(read_roads(path))
    assert network.rise_m == pytest.approx([40.5, math.nan], nan_ok=True)


def test_where_no_height_is_tagged_none_is_known(tmp_path: Path) -> None:
    assert town(tmp_path, {}).lines.ele_m is None
