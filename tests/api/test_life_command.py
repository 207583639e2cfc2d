"""The life of an incident at the terminal: who waits, who is sent, how far they come, and how it ends."""

import json

import pytest

from tests.api.life import Desk
from tests.api.test_plans_command import run
from tests.decision_town import Crew, up_mill_road


@pytest.fixture
def room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Write two engines, and make the commands work on the town."""
    desk.town.write(
        Crew("near", up_mill_road(1200), {"hazmat": 2}), Crew("middle", up_mill_road(2000), {"hazmat": 2})
    )
    bind = desk.town.centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(desk.town.centre.settings.var))
    monkeypatch.setenv("RESCUEGRID_ROADS", "river")
    monkeypatch.setenv("COLUMNS", "200")
    return desk


def test_an_incident_lives_at_the_terminal_from_the_waiting_list_to_its_end(
    room: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = str(room.report("hazmat=2"))
    assert run("waiting") == 0
    assert "hazmat 1" in capsys.readouterr().out
    assert run("dispatch", incident, "--who", "Li", "--order") == 0
    out = capsys.readouterr().out
    assert ("near" in out, "ordered" in out) == (True, True)
    (near,) = room.each(f"/incidents/{incident}/assignments")
    assert run("step", str(near["id"]), "on-scene", "--who", "Li", "--source", "radio") == 0
    assert "returning, released" in capsys.readouterr().out
    assert run("incident", "close", incident, "--who", "Li") == 2
    assert f"release or cancel assignments {near['id']}" in capsys.readouterr().err
    assert run("step", str(near["id"]), "released", "--who", "Li") == 0
    assert run("incident", "under-control", incident, "--who", "Li") == 0
    assert run("incident", "close", incident, "--who", "Li") == 0
    assert run("incident", "reopen", incident, "--who", "Li") == 0
    assert f"incident {incident}: open" in capsys.readouterr().out


def test_what_was_taken_is_named_at_the_terminal_and_how_to_confirm_the_next_best(
    room: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = room.report("hazmat=2"), room.report("hazmat=2")
    room.dispatch(first, who="Wang")
    assert run("dispatch", str(second), "--who", "Li") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert f"near is reserved for incident {first}, sent by Wang" in out
    assert f"rescuegrid dispatch {second} --number 2 --who NAME" in out
    assert run("dispatch", str(second), "--who", "Li", "--number", "2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["claimed"][0]["unit_name"] == "middle"


def test_a_unit_is_diverted_incidents_merged_and_doubles_shown(
    room: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = room.report("hazmat=2"), room.report("hazmat=2", severity=1)
    assert run("incident", "duplicates", str(second)) == 0
    assert f"{first}: chemical-leak, 0 m off" in capsys.readouterr().out
    (near,) = room.dispatch(first)["claimed"]
    assert run("divert", str(near["id"]), str(second), "--who", "Li", "--note", "graver") == 0
    assert run("assignments", str(second)) == 0
    assert "near" in capsys.readouterr().out
    assert run("incident", "merge", str(first), str(second), "--who", "Li") == 0
    assert f"incident {first}: merged into {second}" in capsys.readouterr().out


def test_nobody_and_what_cannot_be_get_one_sentence_and_exit_code_2(
    room: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = str(room.report("hazmat=2"))
    for arguments, said in (
        (("dispatch", incident, "--who", "api"), "who: it names nobody"),
        (("dispatch", incident, "--who", " "), "who: Value should have at least 1 item"),
        (("dispatch", "999999", "--who", "Li"), "there is no incident 999999"),
        (("step", "999999", "en-route", "--who", "Li"), "there is no assignment 999999"),
        (("dispatch", incident, "--who", "Li", "--at", "yesterday"), "happened_at: Input should be a valid"),
    ):
        assert run(*arguments) == 2
        err = capsys.readouterr().err
        assert said in err
        assert err.count("\n") == 1
