"""``rescuegrid times`` and ``isochrone`` on the river town: no database is needed."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box
from shapely.geometry import shape

from api.cli import main
from geo.places import Place
from tests.river_town import EAST_STATION, FAR_FIELD, ISLAND, QUAY, WEST_STATION, import_river_town
from tests.towns import spot


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the river town."""
    folder = tmp_path_factory.mktemp("var")
    import_river_town(folder / "roads")
    return folder


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def table(path: Path, **places: Place) -> Path:
    rows = [{"id": name, "lon": place.lon, "lat": place.lat} for name, place in places.items()]
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def layer(path: Path, **places: Place) -> Path:
    points = [Point(place.lon, place.lat) for place in places.values()]
    gpd.GeoDataFrame({"id": list(places)}, geometry=points, crs=4326).to_crs(32650).to_file(path)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_every_pair_has_its_seconds_and_metres(var: Path, tmp_path: Path, ending: str) -> None:
    origins = table(tmp_path / "o.csv", west=WEST_STATION, east=EAST_STATION, field=FAR_FIELD)
    destinations = layer(tmp_path / "d.gpkg", quay=QUAY, island=ISLAND)
    out = tmp_path / f"times.{ending}"
    where = ("--origins", origins, "--destinations", destinations, "--out", out)
    assert run("times", "--roads", "river", *where, "--var", var) == 0
    rows = pd.read_csv(out) if ending == "csv" else pd.read_parquet(out)
    assert list(rows.columns) == ["origin", "destination", "seconds", "metres"]
    found = rows.set_index(["origin", "destination"])
    assert found.loc[("west", "quay")].tolist() == pytest.approx([200, 2000], abs=1)
    assert found.loc[("east", "quay")].tolist() == pytest.approx([1020, 10_200], abs=5)
    assert np.isinf(found.loc[("west", "island")]).all()
    assert np.isinf(found.loc[("field", "quay")]).all(), "it lies 900 m from any road"
    assert len(rows) == 6


def test_on_foot_a_kilometre_takes_twelve_minutes(var: Path, tmp_path: Path) -> None:
    origins, destinations = table(tmp_path / "o.csv", west=WEST_STATION), table(tmp_path / "d.csv", quay=QUAY)
    where = ("--origins", origins, "--destinations", destinations, "--out", tmp_path / "t.csv")
    assert run("times", "--roads", "river", *where, "--profile", "on-foot", "--var", var) == 0
    assert pd.read_csv(tmp_path / "t.csv")["seconds"].tolist() == pytest.approx([2 * 720], rel=1e-3)


def test_a_what_if_closes_the_bridge_and_the_east_is_cut_off(var: Path, tmp_path: Path) -> None:
    origins = table(tmp_path / "o.csv", west=WEST_STATION, east=EAST_STATION)
    where = ("--origins", origins, "--destinations", table(tmp_path / "d.csv", quay=QUAY))
    bridge = box(*spot(50, 4900), *spot(150, 5100)).wkt
    asked = (*where, "--out", tmp_path / "t.csv", "--close", bridge, "--var", var)
    assert run("times", "--roads", "river", *asked) == 0
    seconds = pd.read_csv(tmp_path / "t.csv").set_index("origin")["seconds"]
    assert seconds["west"] == pytest.approx(200, abs=0.1)
    assert np.isinf(seconds["east"])


def test_from_a_place_to_itself_takes_no_time_and_zero_has_no_sign(var: Path, tmp_path: Path) -> None:
    here = table(tmp_path / "o.csv", street=Place(*spot(0, 1000)), same=Place(*spot(0, 1000)))
    where = ("--origins", here, "--destinations", here, "--out", tmp_path / "t.csv")
    assert run("times", "--roads", "river", *where, "--var", var) == 0
    rows = pd.read_csv(tmp_path / "t.csv", dtype=str)
    assert set(rows["seconds"]) == set(rows["metres"]) == {"0"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,lon\na,1\n", "lat is missing"),
        ("id,lon,lat\na,1,x\n", "row 1, lat: nan is not a number"),
        ("id,lon,lat\na,1,2\na,3,4\n", "row 2, id: 'a' stands there twice"),
        ("id,lon,lat\na,30.6,114.3\n", "swapped?"),
        ("id,lon,lat\n", "it holds no place"),
        ("", "it is not a CSV file"),
    ],
)
def test_places_that_are_none_are_refused_by_row(
    var: Path, tmp_path: Path, content: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.csv").write_text(content)
    where = ("--origins", tmp_path / "o.csv", "--destinations", tmp_path / "o.csv")
    assert run("times", "--roads", "river", *where, "--out", tmp_path / "t.csv", "--var", var) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "t.csv").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--profile", "tank"), "'tank' is not a vehicle profile; known are car"),
        (("--preset", "sandstorm"), "'sandstorm' is not a road preset; known are night"),
        (("--minutes", "soon"), "is not a list of numbers"),
        (("--minutes", "-5"), "must be above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    var: Path, options: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = f"{QUAY.lon},{QUAY.lat}"
    assert run("isochrone", "--roads", "river", "--at", at, *options, "--var", var) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("corners", "code", "said"),
    [
        ((-100, -500, 100, 500), 0, "1 min: 0.6 km of road"),
        ((-100, -500, 100, 500), 0, "the nearest road is closed; times are counted at the nearest open one"),
        ((-100, -500, 100, 500), 0, "200 m away"),
        ((-2100, -3100, 300, 5100), 2, "every road of river is closed"),
    ],
)
def test_a_place_in_a_closed_area_is_reached_at_the_nearest_open_road(
    var: Path, corners: tuple[int, int, int, int], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    west, south, east, north = corners
    area = box(*spot(west, south), *spot(east, north)).wkt
    asked = ("--at", f"{QUAY.lon},{QUAY.lat}", "--minutes", "1", "--close", area)
    assert run("isochrone", "--roads", "river", *asked, "--var", var) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def test_an_isochrone_is_areas_and_roads_and_a_map(
    var: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, page = tmp_path / "reach.geojson", tmp_path / "reach.html"
    asked = ("--at", f"{QUAY.lon},{QUAY.lat}", "--minutes", "1,3", "--out", out, "--map", page)
    assert run("isochrone", "--roads", "river", *asked, "--var", var) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(" of road")[0] for line in said] == ["1 min: 1.2 km", "3 min: 3.6 km"]
    features = json.loads(out.read_text())["features"]
    assert [f["properties"]["kind"] for f in features] == ["area", "roads", "area", "roads"]
    area = shape(features[2]["geometry"])
    assert area.contains(Point(QUAY.lon, QUAY.lat))
    assert not area.contains(Point(EAST_STATION.lon, EAST_STATION.lat)), "the river lies between"
    assert "03:00" in page.read_text(encoding="utf-8")
