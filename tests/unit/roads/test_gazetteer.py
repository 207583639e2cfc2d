"""What road files name, and how it is found."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString

from data.roads.files import read_roads
from data.roads.gazetteer import COLUMNS, matches
from data.roads.layer_columns import LayerColumns
from tests.unit.roads.osm_town import osm_xml
from tests.unit.roads.test_cities import city

STREET = {"highway": "residential"}


def named(
    tmp_path: Path, ways: list[tuple[list[int], dict[str, str]]], **nodes: dict[str, str]
) -> pd.DataFrame:
    path = tmp_path / "town.osm"
    node_tags = {int(key.removeprefix("n")): tags for key, tags in nodes.items()}
    path.write_text(osm_xml([*ways], node_tags=node_tags))
    return read_roads(path).names


def test_a_street_of_several_ways_is_named_once_for_each_stretch_that_hangs_together(tmp_path: Path) -> None:
    quay = STREET | {"name": "Quay"}
    names = named(
        tmp_path,
        [([1, 2, 3], quay), ([3, 4, 5], quay), ([7, 8], quay), ([5, 7], STREET | {"name": "Bridge"})],
    )
    assert list(zip(names["kind"], names["name"], names["lon"].round(3), strict=True)) == [
        ("street", "Bridge", 11.007),
        ("street", "Quay", 11.003),
        ("street", "Quay", 11.008),
    ]


def test_a_street_without_a_name_goes_by_its_number_else_it_is_not_named(
    tmp_path: Path,
) -> None:
    names = named(tmp_path, [([1, 2], STREET | {"ref": "G318"}), ([2, 3], STREET)])
    assert names["name"].tolist() == ["G318"]


def test_names_in_chinese_and_english_are_kept(tmp_path: Path) -> None:
    tags = {"name": "长江大道", "name:zh": "长江大道", "name:en": "Yangtze Avenue"}
    row = named(tmp_path, [([1, 2], STREET | tags)]).iloc[0]
    assert (row["name"], row["name_zh"], row["name_en"]) == ("长江大道", "长江大道", "Yangtze Avenue")


def test_tunnels_places_posts_and_exits_are_named_where_they_lie(tmp_path: Path) -> None:
    names = named(
        tmp_path,
        [([1, 2, 3], STREET | {"tunnel": "yes", "name": "Ring", "tunnel:name": "Hill Tunnel"})],
        n4={"place": "village", "name": "Upton"},
        n5={"highway": "milestone", "ref": "G70", "distance": "1024.5"},
        n6={"highway": "motorway_junction", "ref": "41", "name": "Upton North"},
        n7={"highway": "milestone"},
        n8={"place": "hamlet"},
        n9={"highway": "crossing", "name": "no such thing"},
    )
    assert list(zip(names["kind"], names["name"], names["lon"].round(3), strict=True)) == [
        ("exit", "41 Upton North", 11.006),
        ("kilometre post", "G70 1024.5", 11.005),
        ("place", "Upton", 11.004),
        ("street", "Ring", 11.002),
        ("tunnel", "Hill Tunnel", 11.002),
    ]


def test_a_town_that_names_nothing_has_an_empty_table(tmp_path: Path) -> None:
    names = named(tmp_path, [([1, 2], STREET)])
    assert names.empty
    assert tuple(names.columns) == COLUMNS


def test_a_layer_names_its_streets(tmp_path: Path) -> None:
    line = LineString([(114, 30), (114.1, 30), (114.2, 30)])
    gpd.GeoDataFrame({"label": ["Quay"]}, geometry=[line], crs=4326).to_file(tmp_path / "town.gpkg")
    names = read_roads(tmp_path / "town.gpkg", LayerColumns(name="label")).names
    assert names[["kind", "name"]].to_numpy().tolist() == [["street", "Quay"]]
    assert names["lon"].tolist() == pytest.approx([114.1])


def table(*names: str) -> pd.DataFrame:
    return pd.DataFrame([("street", name, "", "", 114.0, 30.0) for name in names], columns=list(COLUMNS))


def test_whole_names_come_first_then_beginnings_then_the_rest_the_shorter_the_sooner() -> None:
    found = matches(table("Old Quay", "Quayside Walk", "Quayside", "quay", "Bridge"), " QUAY ")
    assert found["name"].tolist() == ["quay", "Quayside", "Quayside Walk", "Old Quay"]


def test_a_name_in_another_language_counts_as_much() -> None:
    names = table("长江大道", "Yangtze Bridge").assign(name_en=["Yangtze", ""])
    assert matches(names, "yangtze")["name"].tolist() == ["长江大道", "Yangtze Bridge"]


def test_signs_that_mean_something_to_a_pattern_are_only_signs() -> None:
    assert matches(table("A(1)", "A1"), "a(1").equals(table("A(1)"))


def test_bayreuth_names_its_exits_and_andorra_its_villages() -> None:
    exits = read_roads(city("north-bayreuth.osm.gz")).names.query("kind == 'exit'")["name"].tolist()
    assert "24 Kulmbach/Neudrossenfeld" in exits
    andorra = read_roads(city("andorra.osm.pbf")).names
    assert "Andorra la Vella" in matches(andorra, "andorra la v")["name"].tolist()
    assert set(andorra["kind"]) >= {"street", "place", "tunnel"}
