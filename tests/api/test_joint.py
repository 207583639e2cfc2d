"""Two fires in the town with two engines: the west one 260 s from the quay, the east one 1,080 s."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.dispatching import Centre
from api.http.app import create_app
from data.database import Sessions
from tests.api.test_incidents import Json
from tests.river_town import EAST_STATION, QUAY, Posting, post, river_centre


@pytest.fixture(scope="module")
def centre(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    post(
        sessions,
        Posting("west engine", "west", {"water": 5000}),
        Posting("east engine", "east", {"water": 5000}),
    )
    return river_centre(sessions, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def client(centre: Centre) -> Iterator[TestClient]:
    with TestClient(create_app(centre)) as talking:
        yield talking


@pytest.fixture(autouse=True)
def town(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the command work on the town."""
    bind = centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(centre.settings.var))
    monkeypatch.setenv("RESCUEGRID_ROADS", "river")
    monkeypatch.setenv("COLUMNS", "160")


def reported(client: TestClient, severity: int, lon: float, lat: float) -> int:
    call = {"kind": "fire", "severity": severity, "lon": lon, "lat": lat, "reported_by": "desk"}
    number: int = client.post("/incidents", json=call | {"need": "water=5000"}).json()["id"]
    return number


def jointly(client: TestClient, *incidents: int, bound: dict[int, int] | None = None) -> list[Json]:
    body = {
        "incidents": list(incidents),
        "bound": [{"unit": unit, "incident": incident} for unit, incident in (bound or {}).items()],
    }
    said = client.post("/joint-recommendation", json=body)
    assert said.status_code == 200, said.text
    answered: list[Json] = said.json()["incidents"]
    return answered


def run(*arguments: str) -> int:
    """Run a command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def engine(client: TestClient, incident: int, name: str) -> int:
    """Return the number of an engine that could go to an incident."""
    units = client.get(f"/incidents/{incident}/recommendation").json()["units"]
    number: int = next(unit["id"] for unit in units if unit["name"] == name)
    return number


def names(said: Json) -> list[str]:
    return [unit["name"] for unit in said["choice"]["units"]]


def test_the_more_severe_chooses_first_and_no_unit_goes_to_both(client: TestClient) -> None:
    lesser, graver = reported(client, 4, QUAY.lon, QUAY.lat), reported(client, 1, QUAY.lon, QUAY.lat)
    said = {one["incident"]: names(one) for one in jointly(client, lesser, graver)}
    assert said == {graver: ["west engine"], lesser: ["east engine"]}


def test_of_one_severity_both_are_served_as_well_as_together_they_can_be(client: TestClient) -> None:
    quay = reported(client, 3, QUAY.lon, QUAY.lat)
    east = reported(client, 3, EAST_STATION.lon, EAST_STATION.lat)
    said = {one["incident"]: names(one) for one in jointly(client, east, quay)}
    assert said == {quay: ["west engine"], east: ["east engine"]}


def test_what_taking_a_bound_unit_would_gain_is_said_and_not_done(client: TestClient) -> None:
    first, second = reported(client, 2, QUAY.lon, QUAY.lat), reported(client, 2, QUAY.lon, QUAY.lat)
    west = engine(client, first, "west engine")
    one, other = jointly(client, first, second, bound={west: first})
    assert "west engine" not in names(one) + names(other)
    left = next(said for said in (one, other) if not names(said))
    assert left["choice"]["met_at_s"] == {"water": None}
    gain = left["preempting"][0]
    assert (gain["name"], gain["bound_to"]) == ("west engine", first)
    assert gain["gains"][0]["en"] == "water: 5000 less missing"
    served = next(said for said in (one, other) if names(said))
    assert served["preempting"][0]["gains"][0]["en"] == "water: 820 s sooner"


@pytest.mark.parametrize(
    ("incidents", "bound", "status", "reason"),
    [
        ([1], [], 422, "name 2 to 20 incidents, each once"),
        ([1, 1], [], 422, "name 2 to 20 incidents, each once"),
        ([1, 10**9], [], 404, "there is no incident 1000000000"),
        ([1, 2], [{"unit": 10**9, "incident": 1}], 422, "there is no unit 1000000000"),
    ],
)
def test_what_cannot_be_chosen_for_is_said(
    client: TestClient, incidents: list[int], bound: list[Json], status: int, reason: str
) -> None:
    reported(client, 2, QUAY.lon, QUAY.lat), reported(client, 2, QUAY.lon, QUAY.lat)
    said = client.post("/joint-recommendation", json={"incidents": incidents, "bound": bound})
    assert said.status_code == status
    assert reason in said.json()["detail"][0]["reason"]


def test_the_command_says_as_json_what_http_says(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    lesser, graver = reported(client, 4, QUAY.lon, QUAY.lat), reported(client, 1, QUAY.lon, QUAY.lat)
    assert run("joint", str(lesser), str(graver), "--json") == 0
    assert json.loads(capsys.readouterr().out)["incidents"] == jointly(client, lesser, graver)


def test_a_person_reads_who_goes_to_which_incident_and_what_a_bound_engine_would_gain(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    graver, lesser = reported(client, 1, QUAY.lon, QUAY.lat), reported(client, 4, QUAY.lon, QUAY.lat)
    west = engine(client, graver, "west engine")
    assert run("joint", str(graver), str(lesser), "--bound", f"{west}:{graver}") == 0
    first, second = capsys.readouterr().out.split(f"Incident {lesser}: fire, severity 4")
    assert f"Incident {graver}: fire, severity 1" in first
    assert "east engine" in first
    assert "18:00" in first
    assert f"west engine ({west})" in first
    assert "water: 820 s sooner" in first
    assert "nobody can go" in second
    assert "water: 5000 less missing" in second


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("1",), "incidents: name 2 to 20 incidents, each once"),
        (("1", "1"), "incidents: name 2 to 20 incidents, each once"),
        (("1", "1000000000"), "there is no incident 1000000000"),
        (("1", "2", "--bound", "1000000000:1"), "bound: there is no unit 1000000000"),
        (("1", "2", "--bound", "7"), "bound: '7' is not UNIT:INCIDENT, e.g. 17:1"),
        (("1", "2", "--bound", "west:1"), "bound: 'west:1' is not UNIT:INCIDENT, e.g. 17:1"),
        (("1", "2", "--bound", "7:1", "--bound", "7:2"), "bound: unit 7 is bound twice"),
        (("1", "2", "--roads", "atlantis"), "there is no road network 'atlantis'"),
    ],
)
def test_what_the_command_cannot_choose_for_gets_one_sentence_and_exit_code_2(
    client: TestClient, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    reported(client, 2, QUAY.lon, QUAY.lat), reported(client, 2, QUAY.lon, QUAY.lat)
    assert run("joint", *arguments) == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
