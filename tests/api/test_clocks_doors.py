"""The clocks as programs and people ask for them: over HTTP and on the command line."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.dispatching import Centre
from api.http.app import create_app
from data.cluster import Cluster
from data.database import Sessions
from tests.decision_town import Crew, over_the_bridge, up_mill_road
from tests.river_town import river_centre
from tests.watched_town import DESK, Room, empty_room

NEAR = Crew("near", up_mill_road(1200), {"rescue": 6})
EAST = Crew("east", over_the_bridge(10_200), {"rescue": 6})


@pytest.fixture(scope="module")
def roads(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    return river_centre(sessions, tmp_path_factory.mktemp("var"))


@pytest.fixture
def room(migrated: Cluster, roads: Centre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Make the command work on the town too."""
    with empty_room(migrated, roads) as room:
        url = room.centre.sessions.kw["bind"].url
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        monkeypatch.setenv("RESCUEGRID_VAR", str(roads.settings.var))
        monkeypatch.setenv("RESCUEGRID_ROADS", "river")
        monkeypatch.setenv("COLUMNS", "160")
        yield room


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    with TestClient(create_app(room.centre)) as talking:
        yield talking


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_command_names_whom_to_call(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    room.town.write(NEAR)
    room.send(room.town.report("rescue=6").incident, "near", ago_s=90)
    assert run("clocks", "acknowledgements") == 0
    assert "overdue by" in capsys.readouterr().out
    run("clocks", "acknowledgements", "--json")
    assert [one["unit"] for one in json.loads(capsys.readouterr().out)["overdue"]] == ["near"]


def test_the_command_names_the_successor_and_the_minutes(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.town.write(NEAR, EAST)
    (sent,) = room.send(room.town.report("rescue=6").incident, "near")
    assert run("clocks", "successor", str(sent)) == 0
    told = capsys.readouterr().out
    assert "east" in told
    assert "18.0 min" in told
    run("clocks", "successor", str(sent), "--json")
    assert json.loads(capsys.readouterr().out)["needs"][0]["without_s"] == pytest.approx(1080, abs=0.1)


def test_the_command_tells_old_against_new(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    room.town.write(EAST, replace(NEAR, in_service=False))
    incident = room.town.report("rescue=6").incident
    room.send(incident, "east")
    room.town.change_unit("near", in_service=True)
    room.town.close_bridge("flood")
    assert run("clocks", "redispatch", str(incident)) == 0
    told = capsys.readouterr().out
    assert "cut off" in told
    assert "road closed: flood" in told
    assert "near" in told
    run("clocks", "redispatch", str(incident), "--json")
    assert [one["cut_off"] for one in json.loads(capsys.readouterr().out)] == [True]


def test_relief_is_due_four_hours_after_a_crew_mobilised(
    room: Room, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    room.town.write(NEAR, EAST)
    early, late = room.send(room.town.report("rescue=12").incident, "near", "east", ago_s=15_000)
    room.log(early, "mobilising", ago_s=14_500)
    room.log(late, "mobilising", ago_s=13_000)
    said = client.get("/relief").json()
    assert [(one["unit"], one["due"], one["hours"]) for one in said] == [
        ("near", True, 4.03),
        ("east", False, 3.61),
    ]
    assert run("clocks", "relief") == 0
    assert "due" in capsys.readouterr().out


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/assignments/99/successor").status_code == 404
    assert client.get("/incidents/99/redispatch").status_code == 404


def test_an_incident_that_is_over_has_no_successors(room: Room, client: TestClient) -> None:
    room.town.write(NEAR)
    incident = room.town.report("rescue=6").incident
    (sent,) = room.send(incident, "near")
    room.log(sent, "cancelled")
    client.post(f"/incidents/{incident}/close", json={"who": DESK})
    assert client.get(f"/assignments/{sent}/successor").status_code == 409
