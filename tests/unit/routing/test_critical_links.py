"""Critical links: one road closed at a time, in towns small enough to close every road by hand."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.chunks import Found
from routing.closing import with_all_open
from routing.coverage import Demands, due_at
from routing.critical_links import closings, joined, worst_closures
from routing.graph import SearchGraph
from routing.links import Fleet, Links, arrivals_under
from routing.metric import metric_of
from routing.network import RoadNetwork
from routing.profiles import CAR, profile
from routing.router import Router
from routing.snapping import RoadIndex, Snapped
from tests.towns import Street, main_road, spot, town

NORTH_BRIDGE, SOUTH_BRIDGE, QUAY_ROAD, HILL_ROAD = range(4)


def river_town() -> RoadNetwork:
    """Build a station west of a river, a quay east of it, bridges of 100 s and 400 s, and a hill."""
    return town(
        {"station": spot(0, 0), "quay": spot(1000, 0), "works": spot(2000, 0), "hill": spot(1000, 2000)},
        [
            Street("station", "quay", seconds=100),
            Street("station", "quay", seconds=400, via=(spot(500, -900),)),
            Street("quay", "works", seconds=50),
            Street("quay", "hill", seconds=200),
        ],
    )


def links_in(network: RoadNetwork, posts: list[int], spots: list[int], grade: list[int]) -> Links:
    """Ask about posts and spots that stand at nodes, a demand a spot."""
    graph, index = SearchGraph.of(network), RoadIndex(network)
    router = Router.plain(network, graph, metric_of(network, profile(CAR)))

    def at(nodes: list[int]) -> Snapped:
        return index.snap(network.node_lon[nodes], network.node_lat[nodes])

    demands = Demands(
        np.array(grade), np.zeros(len(spots), dtype=bool), np.arange(len(spots)), np.ones(len(spots))
    )
    fleet = Fleet(router, np.arange(len(posts)), at(posts), np.zeros(len(posts)))
    return Links([fleet], at(spots), demands, np.zeros((len(posts), len(spots)), dtype=bool))


def test_the_only_road_to_the_works_comes_before_the_bridge_that_has_a_detour() -> None:
    links = links_in(river_town(), [0], [2, 3], [1, 2])
    works_road, hill_road, bridge = worst_closures(links, within_s=600)
    assert works_road.segments == (QUAY_ROAD,)
    assert (works_road.lost.tolist(), works_road.cut_off.tolist()) == ([0], [0])
    assert works_road.worst_s == np.inf
    assert (hill_road.segments, hill_road.lost.tolist()) == ((HILL_ROAD,), [1])
    assert (bridge.segments, bridge.lost.tolist()) == ((NORTH_BRIDGE,), [])
    assert (bridge.worst_s, bridge.worst, bridge.delay_s) == (600, 1, 600)


def test_a_bridge_whose_detour_is_too_long_for_the_standard_drops_both_sources() -> None:
    worst = worst_closures(links_in(river_town(), [0], [2, 3], [1, 2]), within_s=300)[0]
    assert (worst.segments, worst.lost.tolist(), worst.cut_off.tolist()) == ((NORTH_BRIDGE,), [0, 1], [])


def test_the_bridge_nobody_uses_does_not_matter() -> None:
    links = links_in(river_town(), [0], [2, 3], [1, 2])
    asked = closings(links, with_all_open(links))
    assert {one.segments: one.spots.tolist() for one in asked} == {
        (NORTH_BRIDGE,): [0, 1],
        (QUAY_ROAD,): [0],
        (HILL_ROAD,): [1],
    }


def test_two_bridges_that_close_together_cut_the_town_in_two() -> None:
    links = links_in(river_town(), [0], [2, 3], [1, 2])
    worst = worst_closures(links, 600, structures=[(NORTH_BRIDGE, SOUTH_BRIDGE)])[0]
    assert worst.segments == (NORTH_BRIDGE, SOUTH_BRIDGE)
    assert worst.cut_off.tolist() == [0, 1]


def test_a_second_station_beyond_the_river_makes_the_bridge_matter_to_nobody() -> None:
    found = worst_closures(links_in(river_town(), [0, 1], [2, 3], [1, 2]), within_s=300)
    assert [closure.segments for closure in found] == [(QUAY_ROAD,), (HILL_ROAD,)]


def test_the_stretch_a_source_stands_on_is_not_counted_against_it() -> None:
    network = river_town()
    links = links_in(network, [0], [2], [1])
    middle = RoadIndex(network).snap(*np.array([spot(1500, 0)]).T)
    beside = Links(links.fleets, middle, links.demands, links.barred)
    assert [closure.segments for closure in worst_closures(beside, 600)] == [(NORTH_BRIDGE,)]


def test_who_waits_can_see_how_far_it_is_and_stop_it() -> None:
    seen: list[tuple[int, int]] = []

    def watched(found: Iterator[Found], total: int, /) -> Iterator[Found]:
        for i, one in enumerate(found, start=1):
            seen.append((i, total))
            yield one

    links = links_in(river_town(), [0], [2, 3], [1, 2])
    worst_closures(links, 600, progress=watched)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert links.needs_bytes == 3 * 8 * 1 * 2


@st.composite
def towns(draw: st.DrawFn) -> tuple[RoadNetwork, list[int], list[int], list[int]]:
    """Draw a ring of crossings with a few chords, one or two posts and three spots."""
    n = draw(st.integers(4, 8))
    names = [str(i) for i in range(n)]
    ring = [(i, (i + 1) % n) for i in range(n)]
    chords = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=4))
    pairs = ring[draw(st.integers(0, 1)) :] + [(a, b) for a, b in chords if a != b]
    streets = [Street(names[a], names[b], seconds=draw(st.integers(1, 9)) * 10.0) for a, b in pairs]
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    places = {
        name: spot(2000 * float(np.cos(t)), 2000 * float(np.sin(t)))
        for name, t in zip(names, angle, strict=True)
    }
    nodes = st.integers(0, n - 1)
    posts = draw(st.lists(nodes, min_size=1, max_size=2, unique=True))
    spots = draw(st.lists(nodes, min_size=3, max_size=3, unique=True))
    return town(places, streets), posts, spots, draw(st.lists(st.integers(0, 4), min_size=3, max_size=3))


@settings(max_examples=60)
@given(towns(), st.sampled_from([30.0, 80.0, np.inf]))
def test_no_road_of_a_random_town_does_more_harm_than_closing_each_in_turn_shows(
    drawn: tuple[RoadNetwork, list[int], list[int], list[int]], within_s: float
) -> None:
    network, posts, spots, grade = drawn
    links = links_in(network, posts, spots, grade)
    every = np.arange(len(spots))
    before_s = due_at(arrivals_under(links, (), every), links.demands).first_s
    judged = {}
    for segment in range(network.segments):
        after_s = due_at(arrivals_under(links, (segment,), every), links.demands).first_s
        if (after_s != before_s).any():
            lost = (
                (before_s <= within_s)
                & np.isfinite(before_s)
                & ~((after_s <= within_s) & np.isfinite(after_s))
            )
            judged[(segment,)] = (np.flatnonzero(lost).tolist(), float(after_s[np.isfinite(before_s)].max()))
    found = worst_closures(links, within_s)
    assert {one.segments: (one.lost.tolist(), one.worst_s) for one in found} == judged
    ranks = [[int((np.array(grade)[one.lost] == g).sum()) for g in (1, 2)] for one in found]
    assert ranks == sorted(ranks, reverse=True)


def test_without_posts_no_road_matters() -> None:
    links = links_in(river_town(), [0], [2], [1])
    nobody = Links([], links.spots, links.demands, np.zeros((0, 1), dtype=bool))
    assert worst_closures(nobody, 600) == []


def test_a_post_that_may_not_come_does_not_count() -> None:
    links = links_in(river_town(), [0, 1], [2], [1])
    held = Links(links.fleets, links.spots, links.demands, np.array([[False], [True]]))
    worst = worst_closures(held, 600)
    assert [closure.segments for closure in worst] == [(QUAY_ROAD,), (NORTH_BRIDGE,)]
    assert worst[1].worst_s == pytest.approx(450)


def test_stretches_in_a_row_that_do_the_same_harm_are_one_link() -> None:
    network = main_road(10, 20, 30)
    links = links_in(network, [0], [3], [1])
    found = worst_closures(links, 600)
    assert [closure.segments for closure in found] == [(0,), (1,), (2,)]
    assert [segments for _, segments in joined(network, found)] == [(0, 1, 2)]


def test_roads_that_do_the_same_harm_apart_from_each_other_stay_two_links() -> None:
    links = links_in(river_town(), [0, 1], [2, 3], [1, 1])
    stretches = [segments for _, segments in joined(river_town(), worst_closures(links, 600))]
    assert stretches == [(QUAY_ROAD,), (HILL_ROAD,)]
