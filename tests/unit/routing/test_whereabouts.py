"""Old fixes on one long road by hand, and in random towns judged by asking from every node in turn."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.places import geodesic_m
from routing.network import RoadNetwork
from routing.snapping import RoadIndex, Snapped
from routing.whereabouts import Discs, Reach, places_to_stand, radius_m, ranking_survives, reach_of
from tests.towns import Street, main_road, spot, town
from tests.unit.routing.plain_roads import plain_ms
from tests.unit.routing.random_towns import Situation, situations
from tests.unit.routing.routers import car


def discs(network: RoadNetwork, *places: tuple[float, float, float]) -> Discs:
    """Return discs around spots: metres east, metres north, radius."""
    lon, lat = np.array([spot(east_m, north_m) for east_m, north_m, _ in places]).T
    return Discs(RoadIndex(network).snap(lon, lat), lon, lat, np.array([radius for *_, radius in places]))


def reach(network: RoadNetwork, target: tuple[float, float], around: Discs) -> Reach:
    router = car(network)
    lon, lat = np.array([spot(*target)]).T
    stands = places_to_stand(network, router.metric)
    return reach_of(router, RoadIndex(network).snap(lon, lat), around, stands)


def test_a_unit_may_be_as_far_as_it_drove_since_its_fix_and_no_farther_than_the_cap() -> None:
    assert radius_m(np.array([60.0, 600.0, -30.0]), 10.0, 3000.0).tolist() == [600.0, 3000.0, 0.0]


def test_in_a_disc_of_two_kilometres_on_a_road_of_a_kilometre_a_minute_the_ends_are_best_and_worst() -> None:
    road = main_road(60, 60, 60, 60, 60, 60)
    found = reach(road, (0, 0), discs(road, (4000, 0, 2100), (4000, 0, 999)))
    assert found.best_s == pytest.approx([120, 240], abs=0.01)
    assert found.worst_s == pytest.approx([360, 240], abs=0.01)
    assert found.nodes.tolist() == [5, 1]


def test_where_no_node_lies_in_the_disc_the_fix_itself_is_best_and_worst() -> None:
    road = main_road(100)
    found = reach(road, (0, 0), discs(road, (500, 0, 300)))
    assert (found.best_s[0], found.worst_s[0]) == pytest.approx((50, 50), abs=0.01)
    assert found.nodes.tolist() == [0]


def test_who_may_have_turned_into_the_lane_of_no_return_may_never_come() -> None:
    network = town(
        {"a": spot(0, 0), "b": spot(1000, 0), "quarry": spot(1000, 500)},
        [Street("a", "b", seconds=100), Street("b", "quarry", oneway=True)],
    )
    found = reach(network, (0, 0), discs(network, (900, 0, 700)))
    assert found.best_s == pytest.approx([90], abs=0.1)
    assert np.isinf(found.worst_s[0])


def test_a_node_only_closed_roads_lead_to_is_no_place_for_a_vehicle_and_one_flooded_since_is() -> None:
    road = main_road(60, 60)
    dry = car(road).metric
    flooded = dry.under(np.array([False, True]), np.ones(2))
    assert places_to_stand(road, flooded).node.tolist() == [0, 1]
    around = discs(road, (1000, 0, 1100))
    lon, lat = np.array([spot(0, 0)]).T
    target = RoadIndex(road).snap(lon, lat)
    wet = car(road).under(flooded)
    assert np.isinf(reach_of(wet, target, around, places_to_stand(road, dry)).worst_s[0])
    assert reach_of(wet, target, around, places_to_stand(road, flooded)).worst_s == pytest.approx(
        [60], abs=0.1
    )


def test_nobody_stale_is_no_trouble() -> None:
    road = main_road(60)
    nobody = np.zeros(0)
    assert len(reach(road, (0, 0), Discs(RoadIndex(road).snap(nobody, nobody), *[nobody] * 3)).best_s) == 0


def test_the_first_stays_first_while_its_worst_is_no_later_than_anybodys_best() -> None:
    arrival_s = np.array([300.0, 120.0, 200.0])
    survives = ranking_survives(arrival_s, np.array([180.0, 100, 200]), np.array([400.0, 180, 200]), 1)
    overtaken = ranking_survives(arrival_s, np.array([179.0, 100, 200]), np.array([400.0, 180, 200]), 1)
    assert (survives, overtaken) == (True, False)


def test_two_places_hold_only_if_the_second_holds_too() -> None:
    arrival_s, best_s, worst_s = (
        np.array([60.0, 90, 100]),
        np.array([60.0, 90, 80]),
        np.array([60.0, 90, 150]),
    )
    assert ranking_survives(arrival_s, best_s, worst_s, 1)
    assert not ranking_survives(arrival_s, best_s, worst_s, 2)


def test_one_out_of_reach_by_its_fix_may_yet_be_the_first() -> None:
    never = np.inf
    assert not ranking_survives(np.array([60.0, never]), np.array([60.0, 30]), np.array([60.0, never]), 1)
    assert ranking_survives(np.array([60.0, never]), np.array([60.0, never]), np.array([60.0, never]), 2)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((10, 20, 30)), st.integers(0, 15), st.integers(0, 15)), max_size=4))
def test_the_ranking_survives_just_where_no_pair_can_change_places(rows: list[tuple[int, int, int]]) -> None:
    arrival_s = np.array([float(a) for a, _, _ in rows])
    best_s = np.array([float(a - sooner) for a, sooner, _ in rows])
    worst_s = np.array([float(a + later) for a, _, later in rows])
    order = sorted(range(len(rows)), key=lambda i: (arrival_s[i], i))
    for first in range(len(rows) + 1):
        judged = all(
            worst_s[above] <= best_s[below]
            for rank, above in enumerate(order[:first])
            for below in order[rank + 1 :]
        )
        assert ranking_survives(arrival_s, best_s, worst_s, first) == judged


@settings(max_examples=60, deadline=None)
@given(situations(), st.sampled_from((0.0, 150.0, 390.0, 460.0, 2000.0)))
def test_best_and_worst_are_those_of_asking_from_every_node(situation: Situation, radius: float) -> None:
    network, target = situation.network, situation.target
    fix = situation.origins
    found = reach_of(
        car(network),
        target,
        Discs(fix, fix.lon, fix.lat, np.full(len(fix), radius)),
        places_to_stand(network, car(network).metric),
    )
    for i in range(len(fix)):
        times_s = [plain_ms(network, fix[i : i + 1], target) / 1000]
        for node in range(network.nodes):
            off_m = float(
                geodesic_m(fix.lon[[i]], fix.lat[[i]], network.node_lon[[node]], network.node_lat[[node]])[0]
            )
            assume(abs(off_m - radius) > 0.1 or radius == 0.0)
            if off_m <= radius:
                times_s.append(plain_ms(network, at_node(network, node), target) / 1000)
        if radius > 0:
            assert (found.best_s[i], found.worst_s[i]) == (min(times_s), max(times_s))
            assert found.nodes[i] == len(times_s) - 1


def at_node(network: RoadNetwork, node: int) -> Snapped:
    segment = np.flatnonzero((network.tail == node) | (network.head == node))[:1]
    along = np.where(network.tail[segment] == node, 0.0, 1.0)
    return Snapped(
        segment,
        along,
        np.array([True]),
        np.array([node]),
        np.zeros(1),
        network.node_lon[[node]],
        network.node_lat[[node]],
    )
