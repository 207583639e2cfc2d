"""What closures, slow-downs and openings do to the streets of small towns."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from data.models import RoadPreset
from geo.crs import to_metres
from geo.errors import InvalidInputError
from routing.conditions import Action, Condition, Effect, effect
from routing.network import RoadNetwork
from routing.profiles import presets
from routing.snapping import RoadIndex
from tests.towns import Street, spot, town
from tests.unit.routing.random_towns import EAST_NORTH, streets

WEST_LANE, MAIN_STREET, EAST_LANE, BYPASS = range(4)


@pytest.fixture(scope="module")
def cross_town() -> RoadNetwork:
    """Lay a street of three stretches of 100, 1000 and 100 m from west to east, and a bypass across it."""
    return town(
        {
            "w": spot(-600, 0),
            "a": spot(-500, 0),
            "b": spot(500, 0),
            "e": spot(600, 0),
            "n": spot(0, 800),
            "s": spot(0, -800),
        },
        [Street("w", "a"), Street("a", "b"), Street("b", "e"), Street("n", "s", road_class="motorway")],
    )


def under(network: RoadNetwork, *conditions: Condition) -> Effect:
    return effect(network, RoadIndex(network), conditions)


def closes(network: RoadNetwork, where: BaseGeometry) -> list[int]:
    closed: list[int] = np.flatnonzero(under(network, Condition(Action.CLOSE, where)).closed).tolist()
    return closed


def area(*corners: tuple[float, float]) -> Polygon:
    return Polygon([spot(*corner) for corner in corners])


def line(*places: tuple[float, float]) -> LineString:
    return LineString([spot(*place) for place in places])


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (area((-50, -50), (50, -50), (50, 50), (-50, 50)), [MAIN_STREET, BYPASS]),
        (area((-300, -50), (-200, -50), (-200, 50), (-300, 50)), [MAIN_STREET]),
        (area((-700, -50), (-550, -50), (-550, 50), (-700, 50)), [WEST_LANE]),
        (area((-700, -50), (700, -50), (700, 50), (-700, 50)), [0, 1, 2, 3]),
        (area((100, 100), (400, 100), (400, 300), (100, 300)), []),
        (box(-180, -90, 180, 90), [0, 1, 2, 3]),
        (box(0, 0, 1, 1), []),
        (box(114, 30, 115, 31).difference(area((-700, -900), (700, -900), (700, 900), (-700, 900))), []),
    ],
    ids=["crossed", "only crossed", "a road ends in it", "all", "no road", "the world", "elsewhere", "hole"],
)
def test_an_area_closes_every_road_that_enters_it(
    cross_town: RoadNetwork, where: Polygon, expected: list[int]
) -> None:
    assert closes(cross_town, where) == expected


def test_a_road_that_only_touches_an_area_stays_open_and_one_along_its_border_is_closed(
    cross_town: RoadNetwork,
) -> None:
    west_end, junction = spot(-600, 0), spot(-500, 0)
    beyond = Polygon([junction, spot(-490, 60), spot(-510, 60)])
    beside = Polygon([west_end, junction, spot(-500, 60), spot(-600, 60)])
    assert closes(cross_town, beyond) == []
    assert closes(cross_town, beside) == [WEST_LANE]


def test_an_area_thinner_than_a_long_roads_bend_in_metres_closes_it() -> None:
    """A straight line in degrees, 60 km long, lies 40 m off the straight line in metres between its ends."""
    west, east = spot(-30_000, 0), spot(30_000, 0)
    network = town({"w": west, "e": east}, [Street("w", "e")])
    middle = Point((west[0] + east[0]) / 2, (west[1] + east[1]) / 2)
    dot = shapely.buffer(middle, 1e-5)
    x, y = to_metres(network.metric_system, np.array([middle.x]), np.array([middle.y]))
    assert shapely.distance(RoadIndex(network).lines[0], Point(x[0], y[0])) > 10
    assert closes(network, dot) == [0]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (line((-499, 4), (499, -3)), [MAIN_STREET]),
        (line((-600, 2), (-510, 2)), [WEST_LANE]),
        (line((-600, 0), (600, 0)), [WEST_LANE, MAIN_STREET, EAST_LANE]),
        (line((100, 3), (300, 3)), [MAIN_STREET]),
        (line((0, 700), (0, -700)), [BYPASS]),
        (line((-600, 0), (-300, 0)), [WEST_LANE, MAIN_STREET]),
        (line((-490, 20), (490, 20)), []),
        (line((-200, -300), (200, 300)), []),
        (LineString([(0, 0), (179, 80)]), []),
        (MultiLineString([line((-600, 0), (-500, 0)), line((500, 0), (600, 0))]), [WEST_LANE, EAST_LANE]),
    ],
)
def test_a_line_closes_the_roads_it_runs_along_and_not_those_it_crosses(
    cross_town: RoadNetwork, where: BaseGeometry, expected: list[int]
) -> None:
    assert closes(cross_town, where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (spot(-550, 20), [WEST_LANE]),
        (spot(-500, 0), [WEST_LANE, MAIN_STREET]),
        (spot(0, 0), [MAIN_STREET, BYPASS]),
        (spot(300, 90), [MAIN_STREET]),
        (spot(300, 110), []),
        ((0.0, 0.0), []),
        ((-66.0, -30.0), []),
    ],
)
def test_a_point_closes_the_nearest_road_and_at_a_junction_all_that_meet_there(
    cross_town: RoadNetwork, where: tuple[float, float], expected: list[int]
) -> None:
    assert closes(cross_town, Point(where)) == expected


def test_segments_can_be_named(cross_town: RoadNetwork) -> None:
    found = under(cross_town, Condition(Action.CLOSE, np.array([BYPASS, WEST_LANE, BYPASS])))
    assert np.flatnonzero(found.closed).tolist() == [WEST_LANE, BYPASS]
    for unknown in (-1, 4):
        with pytest.raises(InvalidInputError, match=f"no segment {unknown}; they go from 0 to 3"):
            under(cross_town, Condition(Action.CLOSE, np.array([0, unknown])))


def test_of_several_slow_downs_the_largest_counts(cross_town: RoadNetwork) -> None:
    everywhere = box(114, 30, 115, 31)
    found = under(
        cross_town,
        Condition(Action.SLOW, everywhere, factor=1.6),
        Condition(Action.SLOW, np.array([MAIN_STREET]), factor=3.0),
        Condition(Action.SLOW, everywhere, preset="ice"),
    )
    assert found.time_factor.tolist() == [1.7, 3.0, 1.7, 1.6], "ice: 1.7, on motorways 1.5"
    assert not found.closed.any()
    assert found.slowings.of(MAIN_STREET) == (0, 1, 2)
    assert found.slowings.of(BYPASS) == (0, 2)


def test_each_closed_road_knows_what_closed_it(cross_town: RoadNetwork) -> None:
    found = under(
        cross_town,
        Condition(Action.CLOSE, line((-600, 0), (600, 0))),
        Condition(Action.SLOW, np.array([WEST_LANE]), factor=2),
        Condition(Action.CLOSE, np.array([WEST_LANE])),
    )
    assert [found.closings.of(segment) for segment in range(4)] == [(0, 2), (0,), (0,), ()]


def test_an_opening_undoes_closures_and_leaves_slow_downs(cross_town: RoadNetwork) -> None:
    found = under(
        cross_town,
        Condition(Action.OPEN, np.array([MAIN_STREET])),
        Condition(Action.CLOSE, line((-600, 0), (600, 0))),
        Condition(Action.SLOW, np.array([MAIN_STREET]), factor=2),
    )
    assert found.closed.tolist() == [True, False, True, False]
    assert found.closings.of(MAIN_STREET) == ()
    assert found.time_factor[MAIN_STREET] == 2


def test_without_conditions_nothing_changes(cross_town: RoadNetwork) -> None:
    found = under(cross_town)
    assert not found.closed.any()
    assert (found.time_factor == 1).all()
    assert found.closings.of(0) == found.slowings.of(0) == ()


@pytest.mark.parametrize("factor", [0.5, math.nan, math.inf, -1, None])
def test_a_factor_is_at_least_one(factor: float | None) -> None:
    with pytest.raises(InvalidInputError, match="factor"):
        Condition(Action.SLOW, Point(0, 0), factor=factor)


def test_a_closure_has_no_factor_and_a_preset_is_known() -> None:
    with pytest.raises(InvalidInputError, match="factor"):
        Condition(Action.CLOSE, Point(0, 0), factor=2)
    with pytest.raises(InvalidInputError, match="'hail' is not a road preset"):
        Condition(Action.SLOW, Point(0, 0), preset="hail")


def test_the_registry_knows_the_presets_that_the_roads_know() -> None:
    assert [preset.value for preset in RoadPreset] == list(presets())


@dataclass(frozen=True)
class Zone:
    network: RoadNetwork
    area: BaseGeometry


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """Draw a town and an area whose corners lie anywhere, often on the town's corners, maybe with a hole."""
    plan = draw(st.lists(streets(), min_size=1, max_size=9))
    used = {name for street in plan for name in (street.a, street.b)}
    network = town({name: spot(*at) for name, at in EAST_NORTH.items() if name in used}, plan)
    anywhere = st.tuples(st.floats(-300, 1100), st.floats(-300, 700))
    corners = st.one_of(anywhere, st.sampled_from(sorted(set(EAST_NORTH.values()))))
    rings = draw(st.lists(st.lists(corners, min_size=3, max_size=6, unique=True), min_size=1, max_size=2))
    whole, *holes = (shapely.make_valid(Polygon([spot(*place) for place in ring])) for ring in rings)
    for hole in holes:
        whole = whole.difference(hole)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return Zone(network, shapely.union_all(parts))


@settings(deadline=None, max_examples=300)
@given(zones())
def test_no_open_road_enters_an_area_and_no_road_outside_is_closed(zone: Zone) -> None:
    network, area = zone.network, zone.area
    closed = np.zeros(network.segments, dtype=np.bool_)
    if not area.is_empty:
        closed = under(network, Condition(Action.CLOSE, area)).closed
    for segment in range(network.segments):
        points = slice(network.point_first[segment], network.point_first[segment + 1])
        drawn = LineString(np.column_stack((network.point_lon[points], network.point_lat[points])))
        enters = shapely.relate_pattern(drawn, area, "T********")
        assert closed[segment] or not enters
        assert not closed[segment] or drawn.intersects(area)
        if not closed[segment]:
            assert drawn.intersection(area).length == 0
            assert not any(area.contains(Point(*place)) for place in drawn.coords)


@settings(deadline=None, max_examples=100)
@given(zones(), st.floats(-300, 1100), st.floats(-300, 700))
def test_a_place_in_a_closed_area_is_put_on_the_nearest_open_road_outside(
    zone: Zone, east_m: float, north_m: float
) -> None:
    network, index = zone.network, RoadIndex(zone.network)
    lon, lat = spot(east_m, north_m)
    is_open = ~effect(
        network, index, [Condition(Action.CLOSE, zone.area)] if not zone.area.is_empty else []
    ).closed
    found = index.snap_among(lon, lat, is_open)
    if found is None:
        assert not is_open.any()
        return
    there = index.snap(found.lon, found.lat)
    assert is_open[found.segment[0]]
    assert there.off_m[0] < 0.01
    x, y = to_metres(network.metric_system, np.array([lon]), np.array([lat]))
    to_each_m = shapely.distance(index.lines, Point(x[0], y[0]))
    assert to_each_m[found.segment[0]] == to_each_m[is_open].min()


def test_where_every_road_is_closed_there_is_no_place_to_go(cross_town: RoadNetwork) -> None:
    assert RoadIndex(cross_town).snap_among(114.3, 30.6, np.zeros(4, dtype=np.bool_)) is None


def test_a_place_out_of_the_projections_reach_is_put_on_an_open_road_like_any_other(
    cross_town: RoadNetwork,
) -> None:
    only_east = np.arange(4) == EAST_LANE
    found = RoadIndex(cross_town).snap_among(-75.0, -30.0, only_east)
    assert found is not None
    assert found.segment.tolist() == [EAST_LANE]
