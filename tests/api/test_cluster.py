"""
Four workers of a Dask cluster find what this process finds alone, bit for bit.

The roads are Andorra's; crews, sources and sites stand at crossings drawn by chance.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.coverage.counting import CoverageAsked, coverage
from api.critical_links.ranking import LinksAsked, critical_links
from api.dispatching import Centre
from api.live_roads import open_live_roads
from api.long_work import Told
from api.planning import PlanAsked
from api.roadworks import import_roads
from api.settings import Settings
from api.siting.asked import CandidatesAsked, Clocked, RoadsAsked, SitingAsked
from api.siting.plan import plan_sites
from api.timetable import Trip, write_times
from data.database import Sessions
from data.roads.layer_columns import LayerColumns
from data.workers import ClusterError, DaskWorkers, Installed, do_piece, workers_at
from geo.errors import InvalidInputError
from geo.places import Place
from routing.conditions import Action, Condition
from routing.driving import OPEN, Trips, driving_s
from tests.decision_town import Crew, Town
from tests.lost_worker import leave_once

WORKERS, CREWS, SOURCES = 4, 5, 12
ALONE = Told(lambda _: None)
SOON_S = 0.3


@pytest.fixture(scope="module")
def centre(sessions: Sessions, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Open a command centre in Andorra."""
    settings = Settings(
        var=tmp_path_factory.mktemp("var"), roads="andorra", database_url="postgresql://not/used"
    )
    import_roads(shared_data / "roads" / "andorra.osm.pbf", "andorra", settings.roads_root, LayerColumns())
    centre = Centre(sessions, open_live_roads(settings.roads_root, "andorra"), settings)
    at = drawn(centre, CREWS + SOURCES)
    town = Town(centre)
    town.write(*(Crew(f"crew {i}", place, {"hazmat": 2}) for i, place in enumerate(at[:CREWS])))
    for i, place in enumerate(at[CREWS:]):
        town.site(f"plant {i}", place, 1 + i % 4)
    return centre


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Run a scheduler and four workers, each a process of its own."""
    with import_module("distributed").LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, memory_limit=None
    ) as running:
        yield running.scheduler_address


@pytest.fixture(scope="module")
def four(scheduler: str) -> Iterator[DaskWorkers]:
    """Connect to them."""
    with workers_at(scheduler) as workers:
        yield workers


def drawn(centre: Centre, count: int) -> list[Place]:
    """Draw crossings by chance, the same each time."""
    network = centre.roads.network
    nodes = np.random.default_rng(7).choice(network.nodes, count, replace=False)
    return [Place(float(network.node_lon[node]), float(network.node_lat[node])) for node in nodes]


def told(workers: DaskWorkers) -> Told:
    return Told(lambda _: None, workers=workers)


def test_a_worker_that_is_lost_has_its_piece_done_by_another(four: DaskWorkers, tmp_path: Path) -> None:
    assert list(four.each(leave_once, (tmp_path / "left",), [1, 2, 3])) == [1, 4, 9]
    assert (tmp_path / "left").exists()


def test_a_table_of_times_is_the_same_file(centre: Centre, four: DaskWorkers, tmp_path: Path) -> None:
    places = [{"id": str(i), "lon": p.lon, "lat": p.lat} for i, p in enumerate(drawn(centre, 60))]
    pd.DataFrame(places[:40]).to_csv(tmp_path / "from.csv", index=False)
    pd.DataFrame(places[40:]).to_csv(tmp_path / "to.csv", index=False)
    trip = Trip(centre.roads.routers.get("fire-engine"), centre.roads.index, 500)
    for name, who in (("alone", ALONE), ("four", told(four))):
        write_times(trip, tmp_path / "from.csv", tmp_path / "to.csv", tmp_path / f"{name}.csv", who)
    assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "four.csv").read_bytes()
    assert (tmp_path / "four.csv").read_text(encoding="utf-8").count("\n") == 1 + 40 * 20


def test_coverage_is_the_same_and_the_roads_are_sent_once(centre: Centre, scheduler: str) -> None:
    asked = CoverageAsked(PlanAsked(seconds=600))
    with workers_at(scheduler) as workers:
        alone, four = coverage(centre, asked, ALONE), coverage(centre, asked, told(workers))
        assert len(workers.sent) == 1
    assert alone.answer == four.answer
    assert np.array_equal(alone.figures.segment_m, four.figures.segment_m)
    assert 0 < np.count_nonzero(four.figures.due.first_s <= 600) < SOURCES


def test_critical_links_are_the_same(centre: Centre, four: DaskWorkers) -> None:
    asked = LinksAsked(PlanAsked(seconds=600))
    alone, by_four = critical_links(centre, asked, ALONE), critical_links(centre, asked, told(four))
    assert alone.answer == by_four.answer
    assert alone.answer.harmful > 0


def test_sites_compared_in_two_scenarios_are_the_same(centre: Centre, four: DaskWorkers) -> None:
    busiest = critical_links(centre, LinksAsked(PlanAsked(seconds=600)), ALONE).answer.links[0]
    closing = Condition(Action.CLOSE, np.array(busiest.segments))
    asked = SitingAsked(
        new=1,
        clock=Clocked(seconds=600),
        candidates=CandidatesAsked(near=20),
        roads=RoadsAsked(presets=("ice",), closures=(("the busiest", closing),)),
    )
    alone, by_four = plan_sites(asked, centre, ALONE), plan_sites(asked, centre, told(four))
    assert alone.plans == by_four.plans
    assert alone.plans


def test_a_worker_with_another_version_does_nothing(centre: Centre) -> None:
    router = centre.roads.routers.get("car")
    spot = centre.roads.index.snap(*np.array([[place.lon, place.lat] for place in drawn(centre, 1)]).T)
    with pytest.raises(ClusterError, match=r"has rescuegrid .*, this machine 0\.0\.1 on 3\.11; install the"):
        do_piece(Installed("0.0.1", "3.11"), driving_s, (router,), Trips(0, OPEN, spot, spot))


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with (
        pytest.raises(ClusterError, match="no Dask scheduler answers at tcp://127"),
        workers_at("tcp://127.0.0.1:9", SOON_S),
    ):
        pass


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="is not an address like"), workers_at("somewhere"):
        pass


def test_without_dask_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'rescuegrid\[cluster\]'"), workers_at("tcp://a:1"):
        pass
