"""Random small towns: one-way streets, dead ends, islands, parallel streets, loops, streets of no time."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from routing.network import RoadNetwork
from routing.segment_lines import cumulative_share
from routing.snapping import RoadIndex, Snapped
from tests.towns import Street, spot, town

CORNERS = {str(i): (400.0 * (i % 3), 300.0 * (i // 3)) for i in range(6)}
ON_TOP_OF_CORNER_0 = "bridge ramp"
EAST_NORTH = CORNERS | {ON_TOP_OF_CORNER_0: CORNERS["0"]}
SECONDS = (0.0, 0.001, 0.0015, 1.0, 7.5, 60.0, 3600.0)
SHARES = (0.0, 0.001, 0.2, 0.2001, 0.5, 0.8, 1.0)


@dataclass(frozen=True)
class Situation:
    network: RoadNetwork
    origins: Snapped
    target: Snapped


@st.composite
def streets(draw: st.DrawFn) -> Street:
    a, b = draw(st.sampled_from(list(EAST_NORTH))), draw(st.sampled_from(list(EAST_NORTH)))
    bend_m = draw(st.sampled_from((0.0, 0.0, 40.0, 90.0)))
    (east_a, north_a), (east_b, north_b) = EAST_NORTH[a], EAST_NORTH[b]
    middle = spot((east_a + east_b) / 2 + bend_m, (north_a + north_b) / 2 - bend_m)
    via: tuple[tuple[float, float], ...] = (middle,) if bend_m else ()
    if a == b:
        via = (spot(east_a + 50 + bend_m, north_a), spot(east_a + 50 + bend_m, north_a + 60))
    return Street(a, b, oneway=draw(st.booleans()), seconds=draw(st.sampled_from(SECONDS)), via=via)


@st.composite
def with_streets_that_differ_by_direction(draw: st.DrawFn, network: RoadNetwork) -> RoadNetwork:
    """Make some streets slower one way than the other, and open some one-way streets the other way only."""
    n = network.segments
    slower = draw(st.lists(st.sampled_from((1, 1, 3)), min_size=n, max_size=n))
    reverse = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))) & ~network.backward
    return replace(
        network,
        forward=network.forward & ~reverse,
        backward=network.backward | reverse,
        backward_ms=network.backward_ms * np.array(slower, dtype=np.int32),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw a town, a target and some origins on its streets, often on the same one."""
    plan = draw(st.lists(streets(), min_size=1, max_size=9))
    used = {name for street in plan for name in (street.a, street.b)}
    network = town({name: spot(*at) for name, at in EAST_NORTH.items() if name in used}, plan)
    network = draw(with_streets_that_differ_by_direction(network))
    somewhere = st.tuples(st.integers(0, network.segments - 1), st.sampled_from(SHARES))
    places = draw(st.lists(somewhere, min_size=2, max_size=7))
    lon, lat = np.array([_on_street(network, *place) for place in places]).T
    snapped = RoadIndex(network).snap(lon, lat)
    return Situation(network, snapped[1:], snapped[:1])


def _on_street(network: RoadNetwork, segment: int, share: float) -> tuple[float, float]:
    points = slice(network.point_first[segment], network.point_first[segment + 1])
    reached = cumulative_share(network.point_x[points], network.point_y[points])
    lon, lat = network.point_lon[points], network.point_lat[points]
    return float(np.interp(share, reached, lon)), float(np.interp(share, reached, lat))
