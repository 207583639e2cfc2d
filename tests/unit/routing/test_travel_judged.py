"""Random small towns, judged: the times are those of a plain search, and every route can be driven."""

import numpy as np
from hypothesis import given, settings

from geo.places import WGS84
from routing.travel import Travel, travel_to
from tests.unit.routing.plain_roads import drive, plain_ms, standing_at
from tests.unit.routing.random_towns import Situation, situations
from tests.unit.routing.routers import car

PARTS_OF_A_ROUTE = 2
JUDGED_TOWNS = settings(max_examples=60, deadline=None)


def travel(situation: Situation) -> Travel:
    network = situation.network
    return travel_to(car(network), situation.origins, situation.target)


@JUDGED_TOWNS
@given(situations())
def test_every_time_is_that_of_a_plain_search_and_infinite_just_where_that_finds_no_road(
    situation: Situation,
) -> None:
    found = travel(situation)
    for i in range(len(situation.origins)):
        origin = situation.origins[i : i + 1]
        assert found.time_s[i] == plain_ms(situation.network, origin, situation.target) / 1000


@JUDGED_TOWNS
@given(situations())
def test_every_route_is_driven_street_by_street_from_its_origin_to_the_target_in_its_time(
    situation: Situation,
) -> None:
    found = travel(situation)
    for i, time_s in enumerate(found.time_s):
        route = found.route(i)
        assert (route is None) == np.isinf(time_s)
        if route is None:
            continue
        begins, ends, ms = drive(situation.network, route)
        assert (begins, ends) == (
            standing_at(situation.origins[i : i + 1]),
            standing_at(situation.target),
        )
        assert abs(ms - time_s * 1000) <= PARTS_OF_A_ROUTE


@JUDGED_TOWNS
@given(situations())
def test_every_line_has_two_points_or_more_joins_the_road_places_and_is_as_long_as_it_says(
    situation: Situation,
) -> None:
    found, origins, target = travel(situation), situation.origins, situation.target
    for i in np.flatnonzero(np.isfinite(found.time_s)):
        route = found.route(int(i))
        assert route is not None
        assert len(route.lon) == len(route.lat) >= 2
        assert (route.lon[0], route.lat[0]) == (origins.lon[i], origins.lat[i])
        assert (route.lon[-1], route.lat[-1]) == (target.lon[0], target.lat[0])
        assert abs(WGS84.line_length(route.lon, route.lat) - route.length_m) <= 0.01 + 1e-3 * route.length_m
