"""Critical links on real roads, judged by closing roads at random, and the bridges those roads have."""

from pathlib import Path

import numpy as np
import pytest

from api.live_roads import LiveRoads, open_live_roads
from api.roadworks import import_roads
from data.planning_layers import read_structures
from data.roads.layer_columns import LayerColumns
from routing.coverage import Demands, due_at
from routing.covering import RoadCover
from routing.critical_links import worst_closures
from routing.links import Fleet, Links, arrivals_under

POSTS, SPOTS, CLOSINGS = 3, 30, 60
WITHIN_S = 900.0


@pytest.fixture(scope="module", params=["andorra", "harrisburg"])
def real(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> LiveRoads:
    """Import real roads."""
    root = tmp_path_factory.mktemp("roads")
    import_roads(shared_data / "roads" / f"{request.param}.osm.pbf", request.param, root, LayerColumns())
    return open_live_roads(root, request.param)


def drawn(roads: LiveRoads) -> Links:
    """Put posts and demands at nodes drawn by chance."""
    chance = np.random.default_rng(1)
    nodes = chance.choice(roads.network.nodes, POSTS + SPOTS, replace=False)
    places = roads.index.snap(roads.network.node_lon[nodes], roads.network.node_lat[nodes])
    grade, each = chance.integers(1, 5, SPOTS), np.arange(SPOTS)
    demands = Demands(grade, np.zeros(SPOTS, dtype=bool), each, np.ones(SPOTS))
    fleets = [
        Fleet(roads.routers.get(drives), post, places[post], np.full(len(post), 60.0))
        for drives, post in (("fire-engine", np.arange(1)), ("passenger", np.arange(1, POSTS)))
    ]
    return Links(fleets, places[POSTS + each], demands, np.zeros((POSTS, SPOTS), dtype=bool))


def test_closing_roads_at_random_never_finds_a_harm_that_was_not_said(real: LiveRoads) -> None:
    links, every = drawn(real), np.arange(SPOTS)
    before_s = due_at(arrivals_under(links, (), every), links.demands).first_s
    said = {one.segments: one.worst_s for one in worst_closures(links, WITHIN_S)}
    for segment in np.random.default_rng(2).choice(real.network.segments, CLOSINGS, replace=False).tolist():
        after_s = due_at(arrivals_under(links, (segment,), every), links.demands).first_s
        harmful = bool((after_s != before_s).any())
        assert harmful == ((segment,) in said)
        if harmful:
            assert said[(segment,)] == after_s[np.isfinite(before_s)].max()


def test_a_bridge_or_tunnel_that_closes_as_a_whole_does_the_harm_that_was_said(
    real: LiveRoads, shared_data: Path
) -> None:
    links, every = drawn(real), np.arange(SPOTS)
    cover = RoadCover(real.network, real.index)
    built = read_structures(shared_data / "roads" / f"{real.stored.name}.osm.pbf")
    covered = [{int(s) for shape in one.shapes for s in cover.segments(shape)} for one in built]
    whole = [tuple(sorted(segments)) for segments in covered if len(segments) > 1]
    before_s = due_at(arrivals_under(links, (), every), links.demands).first_s
    said = {one.segments: one.worst_s for one in worst_closures(links, WITHIN_S, whole)}
    harmful = [segments for segments in said if len(segments) > 1]
    assert harmful
    for segments in harmful[:CLOSINGS] + whole[:CLOSINGS]:
        after_s = due_at(arrivals_under(links, segments, every), links.demands).first_s
        changed = bool((after_s != before_s).any())
        assert said.get(segments) == (after_s[np.isfinite(before_s)].max() if changed else None)


def test_the_bridges_and_tunnels_of_the_file_lie_on_its_roads(real: LiveRoads, shared_data: Path) -> None:
    built = read_structures(shared_data / "roads" / f"{real.stored.name}.osm.pbf")
    cover = RoadCover(real.network, real.index)
    on_road = [any(len(cover.segments(shape)) for shape in one.shapes) for one in built]
    assert {one.kind for one in built} == {"bridge", "tunnel"}
    assert np.mean(on_road) > 0.9
