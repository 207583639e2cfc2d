"""``rescuegrid critical-links`` on the river town: one bridge, and what hangs on it."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.api.planning import run, said, use
from tests.decision_town import Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import QUAY
from tests.towns import spot


@pytest.fixture(autouse=True)
def works(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a crew 2,000 m up Mill Road, a tank farm at the quay, and works across the river."""
    use(town, monkeypatch)
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)
    town.site("east works", over_the_bridge(9000), 2)


def test_the_road_that_everybody_takes_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "critical-links", "--seconds", 1500)
    assert [(link["name"], len(link["lost"]), link["worst_s"]) for link in answer["links"]] == [
        ("Mill Road", 2, None),
        ("West Bank", 1, None),
        ("Old Bridge", 1, None),
    ]
    assert (answer["tried"], answer["harmful"]) == (3, 3)
    assert answer["before_s"] == pytest.approx(60 + 200 + 900, abs=0.5)


def test_it_does_not_matter_how_many_threads_close_roads(capsys: pytest.CaptureFixture[str]) -> None:
    one, three = (said(capsys, "critical-links", "--seconds", 1500, "--workers", n) for n in (1, 3))
    assert one == three


def test_a_crew_on_each_bank_makes_the_bridge_matter_to_nobody(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.write(Crew("east", over_the_bridge(10_200), {"hazmat": 2}))
    answer = said(capsys, "critical-links", "--seconds", 1500)
    assert "Old Bridge" not in [link["name"] for link in answer["links"] if link["lost"]]


def test_without_a_standard_a_source_is_dropped_when_nobody_can_come(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = said(capsys, "critical-links", "--most", 1)
    (link,) = answer["links"]
    assert (link["name"], len(link["cut_off"]), answer["question"]["within_s"]) == ("Mill Road", 2, None)


def test_a_structure_closes_as_a_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    layer = tmp_path / "structures.gpkg"
    both = shapely.MultiLineString([[spot(0, 0), spot(0, 5000)], [spot(0, 5000), spot(200, 5000)]])
    gpd.GeoDataFrame({"name": ["Bridge and ramp"]}, geometry=[both], crs=4326).to_file(layer)
    answer = said(capsys, "critical-links", "--seconds", 1500, "--structures", layer)
    links = {link["name"]: link for link in answer["links"]}
    assert (links["Bridge and ramp"]["kind"], len(links["Bridge and ramp"]["segments"])) == ("structure", 2)


def test_the_table_and_the_map_name_the_bridge(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "links.html"
    assert run("critical-links", "--roads", "river", "--seconds", 1500, "--map", page) == 0
    assert "Old Bridge" in capsys.readouterr().out
    assert "Old Bridge" in page.read_text(encoding="utf-8")


def test_a_town_without_a_source_has_no_critical_link(capsys: pytest.CaptureFixture[str], town: Town) -> None:
    town.empty()
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    answer = said(capsys, "critical-links", "--seconds", 1500)
    assert (answer["links"], answer["before_s"], answer["tried"]) == ([], None, 0)
