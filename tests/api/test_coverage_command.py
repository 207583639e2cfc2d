"""``rescuegrid coverage`` on the river town: all streets are driven at ten metres a second."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from data.registry import Share
from geo.places import Place
from tests.api.planning import by_name, draw, refused, run, said, use
from tests.decision_town import BRIDGE, Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import ISLAND, QUAY
from tests.towns import spot

BASE = up_mill_road(2000)


@pytest.fixture(autouse=True)
def works(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a hazmat crew 2,000 m up Mill Road, a tank farm at the quay, and works across the river."""
    use(town, monkeypatch)
    town.write(Crew("west", BASE, {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)
    town.site("east works", over_the_bridge(10_000), 2)


def test_sources_are_counted_by_grade_with_the_first_due(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "coverage", "--seconds", 300)
    assert [(row["grade"], row["sources"], row["reached"]) for row in answer["grades"]] == [
        (1, 1, 1),
        (2, 1, 0),
    ]
    quay, east = by_name(answer)["tank farm"], by_name(answer)["east works"]
    assert (quay["first_base"], quay["second_base"], quay["second_s"]) == ("west", None, None)
    assert quay["first_s"] == pytest.approx(260, abs=0.1)
    assert east["first_s"] == pytest.approx(60 + 200 + 1000, abs=0.5)
    assert (answer["met"], answer["worst"], answer["never"]) == (False, east["id"], [])


def test_a_clock_that_starts_with_the_wheels_does_not_count_turnout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rolling = said(capsys, "coverage", "--seconds", 200.5, "--clock", "departure")
    ordered = said(capsys, "coverage", "--seconds", 200.5)
    assert [by_name(answer)["tank farm"]["reached"] for answer in (rolling, ordered)] == [True, False]


def test_a_standard_brings_its_seconds_its_crews_and_its_grade(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.write(Crew("near but unskilled", up_mill_road(100), {"hazmat": 1}))
    answer = said(capsys, "coverage", "--standard", "cover-grade-1")
    asked = answer["question"]
    assert (asked["within_s"], asked["capability"], asked["grade"]) == (900, "hazmat@2", 1)
    assert [base["name"] for base in answer["bases"]] == ["west"]
    assert list(by_name(answer)) == ["tank farm"]
    assert answer["met"] is True


def test_a_crew_whose_certificate_has_run_out_does_not_count(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    lapsed = Share(quantity=2, valid_until=date(2020, 1, 1))
    town.write(Crew("lapsed", up_mill_road(100), {"hazmat": lapsed}))
    answer = said(capsys, "coverage", "--seconds", 600, "--team-capability", "hazmat@2")
    assert [base["name"] for base in answer["bases"]] == ["west"]
    assert "1 units do not hold what is asked and do not count" in answer["notes"]


def test_a_crew_of_another_authority_counts_once_that_has_approved(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.authority("neighbour", approval_s=100)
    town.write(Crew("neighbours", up_mill_road(500), {"hazmat": 2}, authority="neighbour"))
    quay = by_name(said(capsys, "coverage", "--seconds", 600))["tank farm"]
    assert (quay["first_base"], quay["second_base"]) == ("neighbours", "west")
    assert quay["first_s"] == pytest.approx(60 + 100 + 50, abs=0.1)


def test_a_site_s_own_crew_counts_for_its_own_site_alone(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.write(Crew("own crew", over_the_bridge(9900), {"hazmat": 2}, guards="east works"))
    sources = by_name(said(capsys, "coverage", "--seconds", 600))
    assert sources["east works"]["first_base"] == "own crew"
    assert (sources["tank farm"]["first_base"], sources["tank farm"]["second_base"]) == ("west", None)


def test_the_circle_lies_about_the_far_bank(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "coverage", "--seconds", 300, "--radius-km", 2.5)
    east = by_name(answer)["east works"]
    radius = answer["radius"]
    assert (radius["sources_promised"], radius["sources_kept"], radius["lies"]) == (2, 1, [east["id"]])
    assert radius["roads_promised_km"] > radius["roads_kept_km"] > 2.0
    assert answer["roads"]["reached_km"] == pytest.approx(2.4, abs=0.01)


def test_with_the_bridge_closed_nobody_comes_to_the_far_bank(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "coverage", "--seconds", 3000, "--close", BRIDGE.wkt)
    assert answer["never"] == [by_name(answer)["east works"]["id"]]
    assert answer["question"]["closed_segments"] > 0


def test_on_ice_the_quay_is_no_longer_reached(capsys: pytest.CaptureFixture[str]) -> None:
    quay = by_name(said(capsys, "coverage", "--seconds", 300, "--preset", "ice"))["tank farm"]
    assert quay["first_s"] == pytest.approx(60 + 1.7 * 200, abs=0.5)
    assert quay["reached"] is False


def test_a_pipeline_counts_by_the_share_of_its_length(capsys: pytest.CaptureFixture[str], town: Town) -> None:
    line = shapely.LineString([spot(0, 0), spot(0, 980)])
    draw(town, "pipeline", line, 2)
    answer = said(capsys, "coverage", "--seconds", 310)
    pipeline = by_name(answer)["pipeline"]
    assert (pipeline["share"], pipeline["reached"]) == (0.5, False)
    assert (answer["lines"]["total_km"], answer["lines"]["reached_km"]) == (
        pytest.approx(0.98, abs=0.001),
        pytest.approx(0.49, abs=0.001),
    )


def test_a_plant_counts_by_the_gate_that_is_farthest_by_road(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    yard = shapely.Polygon([spot(-50, 100), spot(50, 100), spot(50, 400), spot(-50, 400)])
    draw(town, "yard", yard, 1)
    found = by_name(said(capsys, "coverage", "--seconds", 280))["yard"]
    assert (found["gates"], found["reached"]) == (2, False)
    assert found["first_s"] == pytest.approx(60 + 200 + 40, abs=0.5)


def test_people_and_districts_are_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    people, districts = tmp_path / "people.csv", tmp_path / "districts.gpkg"
    rows = [f"quay,{QUAY.lon},{QUAY.lat},300", f"island,{ISLAND.lon},{ISLAND.lat},50"]
    people.write_text("\n".join(["id,lon,lat,population", *rows]))
    banks = [
        shapely.box(*spot(-3000, -4000), *spot(100, 6000)),
        shapely.box(*spot(100, -500), *spot(900, 6000)),
    ]
    gpd.GeoDataFrame({"name": ["west", "east"]}, geometry=banks, crs=4326).to_file(districts)
    options = ("--seconds", 300, "--population", people, "--districts", districts)
    answer = said(capsys, "coverage", *options)
    assert answer["people"] == {"total": 350, "reached": 300}
    west, east = answer["districts"]
    assert (west["name"], west["sources"], west["grades_1_2_reached"]) == ("west", 1, 1)
    assert (east["name"], east["sources"], east["reached"], east["people"]["total"]) == ("east", 1, 0, 0)
    assert by_name(answer)["east works"]["district"] == "east"


def test_only_the_bases_named_count(capsys: pytest.CaptureFixture[str], town: Town) -> None:
    town.write(Crew("mill", up_mill_road(300), {}))
    answer = said(capsys, "coverage", "--seconds", 300, "--bases", "mill")
    assert by_name(answer)["tank farm"]["first_s"] == pytest.approx(90, abs=0.1)
    assert "no unit belongs to 'nowhere'" in refused(
        capsys, "coverage", "--seconds", 300, "--bases", "nowhere"
    )


def test_the_table_says_where_the_worst_arrival_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("coverage", "--roads", "river", "--seconds", 300, "--radius-km", 2.5) == 0
    words = capsys.readouterr().out
    assert "1 of 2 hazard sources reached in time: not met" in words
    assert "Worst arrival: 21:00 min, east works at" in words
    assert "It lies about 1: east works" in words


def test_layers_and_a_map_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out, page = tmp_path / "coverage.gpkg", tmp_path / "coverage.html"
    options = ("--seconds", 300, "--radius-km", 2.5, "--out", out, "--map", page)
    said(capsys, "coverage", *options)
    assert set(gpd.list_layers(out)["name"]) == {
        "sources",
        "bases",
        "reached_area",
        "reached_roads",
        "circles",
    }
    sources = gpd.read_file(out, layer="sources").set_index("name")
    assert sources["circle_lies"].to_dict() == {"tank farm": False, "east works": True}
    assert "east works" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "give a standard"),
        (("--standard", "cover-grade-1", "--seconds", 300), "give one of --standard and --seconds"),
        (("--standard", "none-such"), "there is no standard 'none-such'; there is cover-grade-1"),
        (("--standard", "nfpa-1710-turnout-fire"), "ends with turnout, not with an arrival"),
        (("--standard", "accident-report-level"), "ends with a report"),
        (("--seconds", 0), "must be above 0"),
        (("--seconds", 300, "--clock", "noon"), "neither order nor departure"),
        (("--seconds", 300, "--team-capability", "magic"), "there is no capability 'magic'"),
        (("--seconds", 300, "--team-capability", "hazmat@two"), "is not NAME or NAME@LEVEL"),
        (
            ("--seconds", 300, "--team-capability", "hazmat@9"),
            "no unit counts: none in service holds hazmat@9",
        ),
        (("--seconds", 300, "--radius-km", -1), "radius_km: -1 must be above 0"),
        (("--seconds", 300, "--population", "none.csv"), "none.csv: there is no such file"),
    ],
)
def test_what_cannot_be_answered_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[object, ...], words: str
) -> None:
    assert words in refused(capsys, "coverage", *options)


def test_a_town_without_a_source_of_the_grade_has_nothing_to_reach(
    capsys: pytest.CaptureFixture[str], town: Town
) -> None:
    town.empty()
    town.write(Crew("west", BASE, {"hazmat": 2}))
    answer = said(capsys, "coverage", "--standard", "cover-grade-1")
    assert (answer["met"], answer["sources"], answer["worst"]) == (None, [], None)
    assert answer["roads"]["reached_km"] > 0


@pytest.mark.parametrize("command", ["coverage", "critical-links"])
def test_a_base_and_a_source_far_off_the_road_are_named(
    command: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write(Crew("ship", Place(113.0, 30.0), {"hazmat": 2}))
    town.site("light ship", Place(113.0, 30.1), 2)
    answer = said(capsys, command, "--seconds", 600)
    assert "no road leads to bases more than 500 m off it: ship" in answer["notes"]
    assert "no road leads to sources more than 500 m off it: light ship" in answer["notes"]
