"""``rescuegrid clauses`` on the river town: what it prints, writes and refuses, and how it ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely import LineString
from sqlalchemy import delete

from data.database import transaction
from data.models import Drill, Enterprise
from data.registry.records import (
    NewDrill,
    NewEnterprise,
    NewStationArea,
    add_drills,
    put_enterprises,
    put_station_areas,
)
from tests.api.planning import refused, run, said, use
from tests.api.test_incidents import Json
from tests.decision_town import Crew, Town, up_mill_road
from tests.river_town import QUAY
from tests.towns import spot

HOSTILE = "</script><b>{{ 7 * 7 }}"


@pytest.fixture(autouse=True)
def station(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a fire station at the quay whose area goes 2,401 m up West Bank, a second too far."""
    use(town, monkeypatch)
    with transaction(town.centre.sessions) as session:
        session.execute(delete(Drill))
        session.execute(delete(Enterprise))
    town.write(Crew(HOSTILE, QUAY, {"hazmat": 2}))
    town.site("tank farm", up_mill_road(2000), 1)
    corners = [spot(-500, -100), spot(100, -100), spot(100, 2401), spot(-500, 2401)]
    drawn = NewStationArea(base=HOSTILE, station_class="class-1", area=shapely.Polygon(corners))
    with transaction(town.centre.sessions) as session:
        put_station_areas(session, [drawn])


def of(answer: Json, code: str) -> Json:
    """Return the only finding on a clause."""
    found: list[Json] = [finding for finding in answer["findings"] if finding["clause"] == code]
    (only,) = found
    return only


def test_every_clause_is_listed_with_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "clauses")
    reach = of(answer, "fire-station-reach")
    assert (reach["verdict"], reach["value"], reach["threshold"], reach["unit"]) == ("red", 301, 300, "s")
    assert (reach["subject"], reach["confirmed"]) == (HOSTILE, False)
    counted = sum(row["green"] + row["red"] + row["cannot_tell"] for row in answer["clauses"])
    assert counted == len(answer["findings"])
    totals = answer["totals"]
    assert totals["green"] + totals["red"] + totals["cannot_tell"] == counted
    assert all(
        row["judged_by"] or row["green"] + row["red"] + row["cannot_tell"] for row in answer["clauses"]
    )


def test_only_what_is_asked_about_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    should = said(capsys, "clauses", "--strength", "should")
    assert {row["strength"] for row in should["clauses"]} == {"should"}
    two = said(capsys, "clauses", "--clause", "cover-grade-1", "--clause", "drill-government-708")
    codes = [row["code"] for row in two["clauses"]]
    assert codes == ["drill-government-708", "drill-government-shiyan", "cover-grade-1"]
    assert two["clauses"][0]["judged_by"] == "drill-government-shiyan"


def test_reds_are_no_error_unless_it_is_asked_to_be_strict(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("clauses", "--roads", "river", "--clause", "fire-station-reach")
    assert run(*asked) == 0
    assert run(*asked, "--strict") == 1
    assert run("clauses", "--roads", "river", "--clause", "fire-station-turnout", "--strict") == 0
    assert "1 findings break a shall" in capsys.readouterr().out


def test_on_ice_the_station_is_later_at_its_edge(capsys: pytest.CaptureFixture[str]) -> None:
    icy = said(capsys, "clauses", "--clause", "fire-station-drive", "--preset", "ice")
    assert of(icy, "fire-station-drive")["value"] == pytest.approx(1.7 * 240.1, abs=1)


def test_records_and_layers_decide_what_was_open(
    capsys: pytest.CaptureFixture[str], town: Town, tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()
    drill = NewDrill(held_on=today - timedelta(days=9), form="practical", organiser="government")
    with transaction(town.centre.sessions) as session:
        put_enterprises(session, [NewEnterprise(name="works", headcount=2000, revenue_yuan=1e9)])
        add_drills(session, [drill])
    people, exits, rails = (tmp_path / name for name in ("people.csv", "exits.csv", "rails.gpkg"))
    people.write_text(f"id,lon,lat,population\nquay,{QUAY.lon},{QUAY.lat},300\n")
    exits.write_text(f"id,lon,lat\nschool,{QUAY.lon},{QUAY.lat}\n")
    rail = LineString([spot(-300, -500), spot(-300, 3000)])
    gpd.GeoDataFrame({"name": ["rail"]}, geometry=[rail], crs=4326).to_file(rails)
    layers = ("--population", people, "--exits", exits, "--borders", rails, "--wind-from", 90)
    answer = said(capsys, "clauses", *layers)
    assert of(answer, "drill-government-shiyan")["verdict"] == "green"
    assert of(answer, "gb30077-vehicles-1")["verdict"] == "red"
    assert of(answer, "station-exits")["value"] == 0
    assert of(answer, "area-crosses-barrier")["value"] == pytest.approx(2401, abs=2)
    assert of(answer, "hazmat-plant-density")["verdict"] == "green"
    assert of(answer, "station-upwind")["verdict"] == "green"


def test_the_tables_say_what_is_red_and_what_would_decide_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("clauses", "--roads", "river") == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "fire-station-reach" in words
    assert "not confirmed in a printed source" in words
    assert "--wind-from DEG" in words


def test_layers_and_a_map_are_written_and_a_name_is_never_markup(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out, page = tmp_path / "clauses.gpkg", tmp_path / "clauses.html"
    said(capsys, "clauses", "--out", out, "--map", page)
    assert set(gpd.list_layers(out)["name"]) == {"red", "green", "cannot_tell", "clauses"}
    red = gpd.read_file(out, layer="red").set_index("clause")
    assert red.loc["fire-station-reach", "value"] == 301
    html = page.read_text(encoding="utf-8")
    assert HOSTILE not in html
    assert "Fire station reach" in html


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--strength", "must"), "'must' is neither shall nor should"),
        (("--clause", "no-such"), "there is no clause 'no-such'"),
        (("--wind-from", 361), "361 is no direction"),
        (("--preset", "sand"), "'sand' is not a road preset"),
        (("--exits", "none.csv"), "none.csv: there is no such file"),
        (("--population", "none.csv"), "none.csv: there is no such file"),
        (("--borders", "roads.osm.pbf"), "is no layer of railways and rivers"),
    ],
)
def test_what_cannot_be_answered_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[object, ...], words: str
) -> None:
    assert words in refused(capsys, "clauses", *options)
