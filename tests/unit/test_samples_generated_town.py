from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.roads.files import read_roads
from data.roads.layer_columns import LayerColumns
from data.samples.generated_town import generated_town, write_generated_town
from routing.building import build_network
from routing.network import RoadNetwork


@pytest.fixture(scope="module")
def streets() -> gpd.GeoDataFrame:
    return generated_town()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    path = tmp_path_factory.mktemp("town") / "roads" / "town.parquet"
    write_generated_town(path)
    source = read_roads(path, LayerColumns(oneway="oneway", road_class="highway", name="name"))
    assert source.warnings == ()
    return build_network(source.lines, source.roads)


def test_the_town_has_about_three_thousand_junctions_around_wuhan(network: RoadNetwork) -> None:
    assert 2800 <= network.junctions <= 3200
    west, south, east, north = network.bounds
    assert west < 114.3 < east
    assert south < 30.6 < north


def test_every_junction_can_be_driven_to_from_every_other(network: RoadNetwork) -> None:
    tail = np.concatenate((network.tail[network.forward], network.head[network.backward]))
    head = np.concatenate((network.head[network.forward], network.tail[network.backward]))
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(network.nodes, network.nodes))
    assert connected_components(links, connection="strong")[0] == 1


def test_some_streets_are_one_way_and_every_class_is_there(network: RoadNetwork) -> None:
    assert 0.1 < np.mean(~network.backward) < 0.2
    assert set(network.class_names) - {""} == {"primary", "secondary", "residential", "service"}


def test_streets_meet_only_at_their_ends(streets: gpd.GeoDataFrame) -> None:
    crossing = streets.sindex.query(streets.geometry, predicate="crosses")
    assert crossing.shape[1] == 0


def test_without_its_four_bridges_the_town_falls_in_two(streets: gpd.GeoDataFrame) -> None:
    bridges = streets["name"].str.endswith("大桥")
    assert bridges.sum() == 4
    assert pieces(streets) == 1
    assert pieces(streets[~bridges]) == 2


def test_the_same_seed_gives_the_same_town_and_another_seed_another(
    streets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_generated_town(tmp_path / "again.parquet")
    assert gpd.read_parquet(tmp_path / "again.parquet").equals(streets)
    assert not generated_town(seed=2).equals(streets)


def pieces(streets: gpd.GeoDataFrame) -> int:
    ends = np.array([(line.coords[0], line.coords[-1]) for line in streets.geometry]).reshape(-1, 2)
    places, end = np.unique(ends, axis=0, return_inverse=True)
    tail, head = end.reshape(-1, 2).T
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(len(places), len(places)))
    return int(connected_components(links, directed=False)[0])
