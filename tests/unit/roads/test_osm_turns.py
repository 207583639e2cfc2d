"""
Turn restrictions as relations say them, on one little town.

Its streets are 1-2, 2-3, 3-4, 3-5, 2-6 and 4-8, with a bend at 7 in the street from 2 to 3. A forbidden turn
is told by the nodes it runs through.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from api.roadworks import network_of
from data.roads.files import read_roads
from routing.network import RoadNetwork
from tests.unit.roads.osm_town import Ways, node_at, osm_xml

STREET = {"highway": "residential"}
WEST, MIDDLE, EAST, NORTH, LANE, FAR_EAST = 1, 2, 3, 4, 5, 6
TOWN: Ways = [
    ([1, 2], STREET),
    ([2, 7, 3], STREET),
    ([3, 4], STREET),
    ([3, 5], STREET),
    ([2, 6], STREET),
    ([4, 8], STREET),
]

Member = tuple[str, str, int]
Nodes = tuple[int, ...]


def way(role: str, *ids: int) -> list[Member]:
    return [(role, "way", i) for i in ids]


def node(i: int) -> list[Member]:
    return [("via", "node", i)]


def forbidden(network: RoadNetwork) -> set[Nodes]:
    """Return the nodes each forbidden turn runs through."""
    turns = set()
    for a, b in pairwise(network.turn_first.tolist()):
        segment, forward = network.turn_segment[a:b], network.turn_forward[a:b]
        starts = np.where(forward, network.tail[segment], network.head[segment])
        last = np.where(forward, network.head[segment], network.tail[segment])[-1]
        turns.add(tuple(node_at(network.node_lon[i]) for i in (*starts, last)))
    return turns


def restricted(
    tmp_path: Path, tags: dict[str, str], members: Sequence[Member], ways: Ways = TOWN
) -> tuple[set[Nodes], tuple[str, ...]]:
    path = tmp_path / "town.osm"
    path.write_text(osm_xml(ways, relations=[({"type": "restriction"} | tags, members)]))
    source = read_roads(path)
    return forbidden(network_of(source)), source.assumptions[1:]


@pytest.mark.parametrize(
    ("kind", "members", "turns"),
    [
        ("no_left_turn", [*way("from", WEST), *node(2), *way("to", MIDDLE)], {(1, 2, 3)}),
        ("no_u_turn", [*way("from", WEST), *node(2), *way("to", WEST)], {(1, 2, 1)}),
        ("only_straight_on", [*way("from", WEST), *node(2), *way("to", MIDDLE)], {(1, 2, 6)}),
        ("no_entry", [*way("from", WEST, LANE), *node(2), *way("to", MIDDLE)], {(1, 2, 3), (6, 2, 3)}),
        ("no_exit", [*way("from", WEST), *node(2), *way("to", MIDDLE, LANE)], {(1, 2, 3), (1, 2, 6)}),
    ],
)
def test_by_way_of_a_node(tmp_path: Path, kind: str, members: list[Member], turns: set[Nodes]) -> None:
    assert restricted(tmp_path, {"restriction": kind}, members) == (turns, ())


def test_by_way_of_a_street_the_turn_is_the_whole_way(tmp_path: Path) -> None:
    members = [*way("from", WEST), *way("via", MIDDLE), *way("to", EAST)]
    assert restricted(tmp_path, {"restriction": "no_u_turn"}, members) == ({(1, 2, 3, 4)}, ())


def test_the_only_way_on_by_way_of_a_street_forbids_the_other_exits(tmp_path: Path) -> None:
    members = [*way("from", WEST), *way("via", MIDDLE), *way("to", EAST)]
    assert restricted(tmp_path, {"restriction": "only_right_turn"}, members) == ({(1, 2, 3, 5)}, ())


def test_two_streets_on_the_way_may_stand_in_any_order(tmp_path: Path) -> None:
    ways = [*TOWN, ([8, 9], STREET)]
    members = [*way("from", WEST), *way("via", EAST, MIDDLE), *way("to", FAR_EAST)]
    assert restricted(tmp_path, {"restriction": "no_u_turn"}, members, ways) == ({(1, 2, 3, 4, 8)}, ())


def test_a_side_street_cuts_the_street_on_the_way_and_the_turn_is_the_same(tmp_path: Path) -> None:
    ways = [*TOWN, ([7, 9], STREET)]
    members = [*way("from", WEST), *way("via", MIDDLE), *way("to", EAST)]
    turns, _ = restricted(tmp_path, {"restriction": "no_u_turn"}, members, ways)
    assert turns == {(1, 2, 7, 3, 4)}


def test_a_street_on_the_way_may_be_drawn_against_it(tmp_path: Path) -> None:
    members = [*way("from", EAST), *way("via", MIDDLE), *way("to", WEST)]
    assert restricted(tmp_path, {"restriction": "no_u_turn"}, members) == ({(4, 3, 2, 1)}, ())


def test_a_restriction_that_frees_emergency_vehicles_stays_for_the_others(tmp_path: Path) -> None:
    tags = {"restriction": "no_left_turn", "except": "emergency;bus"}
    members = [*way("from", WEST), *node(2), *way("to", MIDDLE)]
    assert restricted(tmp_path, tags, members) == ({(1, 2, 3)}, ())


@pytest.mark.parametrize(
    "tags",
    [
        {"restriction:hgv": "no_left_turn"},
        {"restriction:conditional": "no_left_turn @ (07:00-09:00)"},
        {"type": "route", "restriction": "no_left_turn"},
    ],
)
def test_what_is_meant_for_others_or_for_some_hours_is_passed_over(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    members = [*way("from", WEST), *node(2), *way("to", MIDDLE)]
    assert restricted(tmp_path, tags, members) == (set(), ())


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("no_left_turn", [*way("from", WEST), *node(2), *way("to", 77)]),
        ("no_left_turn", [*way("from", WEST), *node(77), *way("to", MIDDLE)]),
        ("no_left_turn", [*way("from", WEST), *node(2), *way("to", EAST)]),
        ("no_left_turn", [*way("from", WEST), *node(2)]),
        ("no_left_turn", [*way("from", WEST), *way("to", MIDDLE)]),
        ("no_left_turn", [*way("from", WEST), *node(2), *node(3), *way("to", MIDDLE)]),
        ("no_u_turn", [*way("from", WEST), *way("via", NORTH), *way("to", EAST)]),
        ("only_straight_on", [*way("from", WEST), *node(2), *way("to", MIDDLE, LANE)]),
        ("perhaps", [*way("from", WEST), *node(2), *way("to", MIDDLE)]),
    ],
)
def test_what_is_missing_or_does_not_meet_or_contradicts_itself_is_counted(
    tmp_path: Path, kind: str, members: list[Member]
) -> None:
    turns, warnings = restricted(tmp_path, {"restriction": kind}, members)
    assert turns == set()
    assert warnings == ("1 turn restrictions name what is no road here, or roads that do not meet",)


def test_a_turn_inside_a_street_that_should_be_cut_there_is_not_guessed(tmp_path: Path) -> None:
    ways: Ways = [([1, 2, 3], STREET), ([2, 4], STREET)]
    members = [*way("from", 1), *node(2), *way("to", 2)]
    turns, warnings = restricted(tmp_path, {"restriction": "no_left_turn"}, members, ways)
    assert turns == set()
    assert len(warnings) == 1
