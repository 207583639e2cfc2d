"""Road conditions over HTTP and on the command line, on the town with one bridge."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.dispatching import Centre
from data import conditions
from data.database import transaction
from tests.api.test_incidents import Json
from tests.river_town import QUAY
from tests.towns import spot

MILL_ROAD, WEST_BANK, OLD_BRIDGE = 0, 1, 2
ON_BRIDGE = spot(100, 5000)
JSON = {"content-type": "application/json"}


def ring(*corners: tuple[float, float]) -> list[list[float]]:
    """Return a closed ring through spots so many metres east and north of the market."""
    return [list(spot(*corner)) for corner in (*corners, corners[0])]


def area(*corners: tuple[float, float]) -> Json:
    return {"type": "Polygon", "coordinates": [ring(*corners)]}


BRIDGE_AREA = area((50, 4900), (150, 4900), (150, 5100), (50, 5100))


def closure(**changes: object) -> Json:
    """Close the bridge because of smoke."""
    return {"kind": "closure", "geometry": BRIDGE_AREA, "reason": "smoke", "author": "duty desk"} | changes


@pytest.fixture(autouse=True)
def roads_are_free(centre: Centre) -> Iterator[None]:
    """Withdraw what a test leaves in force."""
    yield
    with transaction(centre.sessions) as session:
        for left in conditions.read(session).conditions:
            conditions.withdraw(session, left.id, "test", "over")


def closed(centre: Centre) -> list[int]:
    """Return the segments that are closed now."""
    with transaction(centre.sessions) as session:
        effect = centre.situations.now(session).effect
    numbers: list[int] = np.flatnonzero(effect.closed).tolist()
    return numbers


def test_an_area_over_the_bridge_closes_the_bridge_until_it_is_withdrawn(
    client: TestClient, centre: Centre
) -> None:
    before = client.get("/road-conditions/version").json()["conditions_version"]
    response = client.post("/road-conditions", json=closure())
    added = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/road-conditions/{added['id']}"
    assert (added["segments"], added["streets"]) == (1, ["Old Bridge"])
    assert added["kilometres"] == pytest.approx(0.2, abs=0.001)
    assert added["conditions_version"] == before + 1
    assert closed(centre) == [OLD_BRIDGE]
    gone = client.delete(f"/road-conditions/{added['id']}", params={"who": "desk", "why": "smoke is gone"})
    assert gone.json() == {"id": added["id"], "conditions_version": before + 2}
    assert closed(centre) == []


def test_the_list_is_geojson_with_its_version_and_who_says_what_until_when(client: TestClient) -> None:
    ends = "2199-01-01T06:00:00+08:00"
    added = client.post("/road-conditions", json=closure(valid_to=ends, synthetic=True)).json()
    listed = client.get("/road-conditions")
    assert listed.headers["content-type"] == "application/geo+json"
    collection = listed.json()
    assert collection["conditions_version"] == added["conditions_version"]
    (feature,) = collection["features"]
    assert feature == client.get(f"/road-conditions/{added['id']}").json()
    assert feature["geometry"]["coordinates"][0][0] in BRIDGE_AREA["coordinates"][0]
    said = feature["properties"]
    assert (said["reason"], said["author"], said["standing"]) == ("smoke", "duty desk", "in-force")
    assert said["valid_to"] == "2198-12-31T22:00:00+00:00"
    assert said["synthetic"] is True


def test_what_is_to_come_and_what_was_withdrawn_are_listed_when_asked_for(client: TestClient) -> None:
    coming = client.post("/road-conditions", json=closure(valid_from="2198-01-01T00:00:00Z")).json()["id"]
    gone = client.post("/road-conditions", json=closure()).json()["id"]
    client.delete(f"/road-conditions/{gone}", params={"who": "desk", "why": "over"})

    def listed(standing: str) -> list[int]:
        answer = client.get("/road-conditions", params={"standing": standing, "limit": 1000}).json()
        return [feature["id"] for feature in answer["features"]]

    assert listed("in-force") == []
    assert listed("coming") == [coming]
    assert gone in listed("withdrawn")
    assert {coming, gone} <= set(listed("all"))
    client.delete(f"/road-conditions/{coming}", params={"who": "desk", "why": "test over"})


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"type": "Point", "coordinates": list(ON_BRIDGE)}, [OLD_BRIDGE]),
        (
            {"type": "LineString", "coordinates": [list(spot(3, 5001)), list(spot(198, 4999))]},
            [OLD_BRIDGE],
        ),
        ({"type": "Feature", "properties": {}, "geometry": BRIDGE_AREA}, [OLD_BRIDGE]),
        (area((-3000, -4000), (3000, -4000), (3000, 6000), (-3000, 6000)), [0, 1, 2, 3, 4]),
        (
            {
                "type": "Polygon",
                "coordinates": [
                    ring((-100, 4800), (300, 4800), (300, 5200), (-100, 5200)),
                    ring((-50, 4850), (-50, 5150), (250, 5150), (250, 4850)),
                ],
            },
            [WEST_BANK, 3],
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}, []),
    ],
    ids=["point", "line", "feature", "everything", "bridge in the hole", "far away"],
)
def test_what_a_shape_closes(client: TestClient, centre: Centre, where: Json, expected: list[int]) -> None:
    response = client.post("/road-conditions", json=closure(geometry=where))
    assert response.status_code == 201, response.text
    assert response.json()["segments"] == len(expected)
    assert closed(centre) == expected


def test_segments_are_named_by_number_and_their_lines_stand_for_them_elsewhere(
    client: TestClient, centre: Centre
) -> None:
    body = {"kind": "closure", "segments": [OLD_BRIDGE, MILL_ROAD], "reason": "smoke", "author": "desk"}
    added = client.post("/road-conditions", json=body).json()
    assert closed(centre) == [MILL_ROAD, OLD_BRIDGE]
    feature = client.get(f"/road-conditions/{added['id']}").json()
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["properties"]["roads"] == "river"
    newer = replace(centre.roads, stored=replace(centre.roads.stored, hash="of a newer import"))
    assert closed(replace(centre, roads=newer)) == [MILL_ROAD, OLD_BRIDGE]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"geometry": area((0, 0), (100, 100), (100, 0), (0, 100))}, "geometry", "Self-intersection"),
        ({"geometry": {"type": "Polygon"}}, "geometry", "not a GeoJSON geometry"),
        ({"geometry": {"type": "Circle", "coordinates": [1, 2]}}, "geometry", "not a GeoJSON geometry"),
        ({"geometry": "POINT(1 2)"}, "geometry", "not a GeoJSON geometry"),
        ({"geometry": {"type": "MultiPoint", "coordinates": [[1, 2]]}}, "geometry", "is needed"),
        ({"geometry": {"type": "Point", "coordinates": [QUAY.lat, QUAY.lon]}}, "geometry", "swapped"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "geometry", "must lie within 100 m"),
        (
            {"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
            "geometry",
            "runs along no road",
        ),
        ({"geometry": None}, "body", "a geometry or segments"),
        ({"segments": [1]}, "body", "one of them"),
        ({"geometry": None, "segments": []}, "segments", "at least 1"),
        ({"geometry": None, "segments": [5]}, "segments", "there is no segment 5; they go from 0 to 4"),
        ({"geometry": None, "segments": [-1]}, "segments.0", "greater than or equal to 0"),
        ({"reason": " "}, "reason", "at least 1"),
        ({"reason": None}, "reason", "string"),
        ({"author": "a\x00b"}, "author", "control characters"),
        ({"kind": "party"}, "kind", "'closure' or 'slowdown'"),
        ({"factor": 2}, "body", "a closure has no factor"),
        ({"kind": "slowdown"}, "body", "a factor or a preset"),
        ({"kind": "slowdown", "factor": 0.5}, "factor", "greater than or equal to 1"),
        ({"kind": "slowdown", "factor": float("nan")}, "factor", "finite"),
        ({"kind": "slowdown", "factor": float("inf")}, "factor", "finite"),
        ({"kind": "slowdown", "preset": "hail"}, "preset", "'night', 'ice' or 'fog'"),
        (
            {"valid_from": "2198-01-02T00:00:00Z", "valid_to": "2198-01-01T00:00:00Z"},
            "valid_to",
            "is not after the beginning",
        ),
        ({"valid_to": "2001-01-01T00:00:00Z"}, "valid_to", "is not after the beginning"),
        ({"valid_to": "2198-01-01T00:00:00"}, "valid_to", "timezone"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
def test_a_condition_that_cannot_be_right_is_refused_by_field_and_reason(
    client: TestClient, changes: Json, field: str, reason: str
) -> None:
    before = client.get("/road-conditions/version").json()
    response = client.post("/road-conditions", content=json.dumps(closure(**changes)), headers=JSON)
    assert response.status_code == 422, response.text
    problem = response.json()["detail"][0]
    assert problem["field"] == field
    assert reason in problem["reason"]
    assert client.get("/road-conditions/version").json() == before


def test_a_missing_reason_is_refused(client: TestClient) -> None:
    body = closure()
    del body["reason"]
    response = client.post("/road-conditions", json=body)
    assert response.status_code == 422
    assert response.json()["detail"][0] == {"field": "reason", "reason": "Field required"}


def test_withdrawing_needs_who_and_why_and_something_to_withdraw(client: TestClient) -> None:
    home = f"/road-conditions/{client.post('/road-conditions', json=closure()).json()['id']}"
    said = {"who": "desk", "why": "over"}
    assert client.delete(home).status_code == 422
    assert client.delete(home, params={"who": " ", "why": "over"}).json()["detail"][0]["field"] == "who"
    assert client.delete(home, params=said).status_code == 200
    again = client.delete(home, params=said)
    assert again.status_code == 409
    assert "withdrawn before by desk" in again.json()["detail"][0]["reason"]
    assert client.delete("/road-conditions/999999", params=said).status_code == 404
    assert client.get("/road-conditions/999999").status_code == 404


def test_the_interface_shows_how_to_close_and_to_slow(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert [example["kind"] for example in described["components"]["schemas"]["ConditionIn"]["examples"]] == [
        "closure",
        "slowdown",
    ]
    assert "409" in described["paths"]["/road-conditions/{condition_id}"]["delete"]["responses"]


@pytest.fixture
def command_line(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on the river town."""
    bind = centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(centre.settings.var))
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> int:
    """Run a command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(("conditions", *arguments))
    return int(ended.value.code or 0)


SAID = ("--roads", "river", "--reason", "smoke", "--author", "desk")


@pytest.mark.usefixtures("command_line")
def test_the_command_line_closes_lists_and_withdraws(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = ON_BRIDGE
    assert run("close", *SAID, "--at", f"{lon},{lat}", "--until", "2199-01-01T00:00+08:00") == 0
    said = capsys.readouterr().out
    number = said.split(":")[0]
    assert "closure of 1 segments, 0.20 km: Old Bridge" in said
    assert closed(centre) == [OLD_BRIDGE]
    assert run("list") == 0
    said = capsys.readouterr().out
    assert "closed" in said
    assert "2198-12-31 16:00 UTC" in said
    assert run("list", "--json") == 0
    assert [str(f["id"]) for f in json.loads(capsys.readouterr().out)["features"]] == [number]
    assert run("withdraw", number, "--reason", "over", "--author", "desk") == 0
    assert closed(centre) == []


@pytest.mark.usefixtures("command_line")
def test_the_command_line_takes_an_area_as_a_file_or_wkt(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cloud.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": BRIDGE_AREA}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    corners = ", ".join(f"{lon} {lat}" for lon, lat in BRIDGE_AREA["coordinates"][0])
    assert run("close", *SAID, "--shape", str(file)) == 0
    assert run("slow", *SAID, "--shape", f"POLYGON(({corners}))", "--factor", "2.5") == 0
    assert run("slow", *SAID, "--segments", "0,2", "--preset", "ice") == 0
    capsys.readouterr()
    assert run("list") == 0
    assert "slower by 2.5" in (said := capsys.readouterr().out)
    assert "slower by ice" in said
    with transaction(centre.sessions) as session:
        found = centre.situations.now(session).effect
    assert found.time_factor.tolist() == [1.7, 1.0, 2.5, 1.0, 1.0]
    assert np.flatnonzero(found.closed).tolist() == [OLD_BRIDGE]


@pytest.mark.usefixtures("command_line")
@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ((), "give one of --at, --shape and --segments"),
        (("--at", "1,2", "--segments", "1"), "give one of --at, --shape and --segments"),
        (("--shape", "CIRCLE(1 2)"), "is neither WKT nor a file"),
        (("--shape", "nowhere.geojson"), "nowhere.geojson: No such file"),
        (("--segments", "one"), "segments.0: "),
        (("--at", f"{QUAY.lat},{QUAY.lon}"), "swapped"),
        (("--segments", "1", "--until", "tomorrow"), "valid_to: "),
    ],
)
def test_the_command_line_says_in_one_sentence_what_is_wrong(
    options: tuple[str, ...], refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("close", *SAID, *options) == 2
    assert refusal in capsys.readouterr().err
