"""Who gets along where: limits, gates, private roads, slopes and weather."""

from dataclasses import replace

import numpy as np
import pytest

from routing.fleet import fleet_travel
from routing.graph import SearchGraph
from routing.hindrances import hindrances
from routing.metric import metric_of, why_barred
from routing.network import Access, Barrier, RoadNetwork
from routing.profiles import preset, presets, profile, profiles
from routing.router import Router
from routing.snapping import RoadIndex, Snapped
from tests.towns import Street, spot, town

WEST, EAST = (0.0, 0.0), (1000.0, 0.0)
UNDERPASS, DETOUR = 0, 1
EMERGENCY = {"ambulance", "fire-engine", "supply-truck", "heavy-hazmat-truck"}


@pytest.fixture(scope="module")
def two_ways() -> RoadNetwork:
    """Build an underpass of 60 s and a detour of 300 s from west to east."""
    return town(
        {"west": spot(*WEST), "east": spot(*EAST)},
        [
            Street("west", "east", seconds=60, name="Underpass"),
            Street("west", "east", seconds=300, via=(spot(500, 1000),), name="Ring"),
        ],
    )


def with_underpass(network: RoadNetwork, **arrays: float) -> RoadNetwork:
    changed = {}
    for name, value in arrays.items():
        array = getattr(network, name).copy()
        array[UNDERPASS] = value
        changed[name] = array
    return replace(network, **changed)


def router(network: RoadNetwork, name: str) -> Router:
    return Router.plain(network, SearchGraph.of(network), metric_of(network, profile(name)))


def ends(network: RoadNetwork) -> Snapped:
    lon, lat = np.array([spot(*WEST), spot(*EAST)]).T
    return RoadIndex(network).snap(lon, lat)


def seconds(network: RoadNetwork, name: str) -> float:
    places = ends(network)
    return float(router(network, name).times_to(places[:1], places[1:])[0])


@pytest.mark.parametrize(
    ("barrier", "by_underpass"),
    [
        ({"max_height_m": 3.5}, {"passenger", "ambulance", "fire-engine", "supply-truck"}),
        ({"max_weight_t": 7.5}, {"passenger", "ambulance"}),
        ({"max_width_m": 2.5}, {"passenger", "ambulance", "fire-engine", "supply-truck"}),
        ({"access": Access.PRIVATE}, EMERGENCY),
        (
            {"access": Access.DESTINATION},
            EMERGENCY | {"passenger"},
        ),
        ({"barrier": Barrier.GATE}, EMERGENCY),
        ({"barrier": Barrier.BLOCK}, set()),
    ],
)
def test_a_limit_turns_those_away_that_it_is_for(
    two_ways: RoadNetwork, barrier: dict[str, float], by_underpass: set[str]
) -> None:
    network = with_underpass(two_ways, **barrier)
    drivers = set(profiles()) - {"car", "on-foot"}
    assert {name for name in drivers if seconds(network, name) < 290} == by_underpass


def test_who_is_turned_away_is_told_by_which_limit(two_ways: RoadNetwork) -> None:
    network = with_underpass(two_ways, max_height_m=3.5, barrier=Barrier.BLOCK)
    assert why_barred(network, profile("heavy-hazmat-truck"), UNDERPASS) == (
        "Underpass has a height limit of 3.5 m, a heavy-hazmat-truck has 3.9 m",
        "Underpass has a barrier that does not open to a heavy-hazmat-truck",
    )
    assert why_barred(network, profile("passenger"), DETOUR) == ()


def test_a_vehicle_with_no_way_left_is_told_what_is_in_its_way() -> None:
    only = town(
        {"west": spot(*WEST), "east": spot(*EAST)}, [Street("west", "east", seconds=60, name="Underpass")]
    )
    network, places = with_underpass(only, max_weight_t=7.5), ends(only)
    profiles = ["fire-engine", "ambulance"]
    start, end = places[np.array([0, 0])], places[1:]
    travel = fleet_travel(lambda name: router(network, name), profiles, start, end)
    assert travel.time_s.tolist() == [np.inf, 60.0]
    said = hindrances(travel, profiles, end, router(network, "car"), lambda _: ())
    assert said == ("Underpass has a weight limit of 7.5 t, a fire-engine has 16 t", "")


def test_on_foot_neither_blocks_nor_one_way_streets_matter_but_motorways_do(two_ways: RoadNetwork) -> None:
    against = town({"west": spot(*EAST), "east": spot(*WEST)}, [Street("west", "east", oneway=True)])
    assert seconds(against, "on-foot") == pytest.approx(720, abs=1)
    assert np.isinf(seconds(against, "fire-engine"))
    motorway = town(
        {"west": spot(*WEST), "east": spot(*EAST)}, [Street("west", "east", road_class="motorway")]
    )
    assert np.isinf(seconds(motorway, "on-foot"))
    assert seconds(with_underpass(two_ways, barrier=Barrier.BLOCK), "on-foot") == pytest.approx(720, abs=1)


def test_uphill_a_heavy_truck_is_slower_and_downhill_it_is_not(two_ways: RoadNetwork) -> None:
    hill = with_underpass(two_ways, rise_m=50.0)
    metric = metric_of(hill, profile("heavy-hazmat-truck"))
    assert metric.forward_ms[UNDERPASS] == pytest.approx(60_000 * 1.4, rel=1e-3)
    assert metric.backward_ms[UNDERPASS] == 60_000
    assert metric_of(hill, profile("passenger")).forward_ms[UNDERPASS] == 60_000


def test_a_top_speed_caps_what_a_road_allows() -> None:
    fast = town({"west": spot(*WEST), "east": spot(*EAST)}, [Street("west", "east", kmh=120)])
    assert seconds(fast, "fire-engine") == pytest.approx(36, abs=0.1)
    assert seconds(fast, "passenger") == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize("name", presets())
def test_a_preset_makes_every_road_take_longer_by_its_class(two_ways: RoadNetwork, name: str) -> None:
    plain, slower = metric_of(two_ways, profile("car")), metric_of(two_ways, profile("car"), preset(name))
    factor = preset(name).factor("residential")
    assert factor > 1
    assert slower.forward_ms == pytest.approx(plain.forward_ms * factor, abs=1)
