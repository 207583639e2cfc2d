import json
import subprocess
import sys
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select

from api.cli import main
from api.dispatching import Centre
from api.settings import Settings
from data.database import transaction
from data.models import Incident
from tests.api.test_incidents import Json
from tests.river_town import QUAY
from tests.towns import spot

AT = f"{QUAY.lon},{QUAY.lat}"
ASKED = ("--kind", "chemical-leak", "--severity", "2")


@pytest.fixture(autouse=True)
def town(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on the river town."""
    bind = centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(centre.settings.var))
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> int:
    """Run a command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def recorded(centre: Centre) -> int:
    with transaction(centre.sessions) as session:
        return session.scalar(select(func.count(Incident.id))) or 0


def answered(capsys: pytest.CaptureFixture[str], *options: str, at: str = AT) -> Json:
    assert run("recommend", "--roads", "river", *ASKED, "--at", at, *options, "--json") == 0
    said: Json = json.loads(capsys.readouterr().out)
    return said


def test_the_answer_as_json_is_the_one_that_http_gives(capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--need", "hazmat=2", "--supply", "sorbent=500kg")
    assert [unit["name"] for unit in said["units"]] == ["west engine", "east engine"]
    assert said["first_due"] == said["units"][0]["id"]
    assert said["incident"]["id"] is None
    assert said["number"] is None
    assert list(said["met_at_s"]) == ["hazmat", "sorbent"]


def test_asking_records_nothing(capsys: pytest.CaptureFixture[str], centre: Centre) -> None:
    before = recorded(centre)
    answered(capsys)
    assert recorded(centre) == before


def test_the_answer_for_people_names_who_is_first_and_who_was_passed_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("recommend", "--roads", "river", *ASKED, "--at", AT, "--need", "hazmat=2,rescue=20") == 0
    said = capsys.readouterr().out
    assert "First due: patrol, west team, in 2:40 min" in said
    assert "broken engine" in said
    assert "out of service" in said
    assert "position 40 min old" in said


def test_the_map_is_written_when_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answered(capsys, "--map", str(tmp_path / "answer.html"))
    assert "west engine" in (tmp_path / "answer.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--at", f"{QUAY.lat},{QUAY.lon}"), "swapped?"),
        (("--at", "nan,30"), "is not a number of degrees"),
        (("--at", "114.3"), "is not LON,LAT"),
        (("--at", "-76.88,40.27"), "the nearest road in river is"),
        (("--at", AT, "--kind", "picnic"), "is not a kind of incident"),
        (("--at", AT, "--severity", "9"), "severity"),
        (("--at", AT, "--substance", "a\tb"), "substance: it holds control characters"),
        (("--at", AT, "--need", "hazmat=-1"), "not a quantity above zero"),
        (("--at", AT, "--supply", "sorbent=5blorp"), "is not known; use kg"),
        (("--at", AT, "--roads", "atlantis"), "there is no road network 'atlantis'"),
    ],
)
def test_what_cannot_be_answered_gets_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], reason: str
) -> None:
    assert run("recommend", "--roads", "river", *ASKED, *options) == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_map_that_cannot_be_written_is_said_after_the_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nowhere = tmp_path / "no such folder" / "answer.html"
    assert run("recommend", "--roads", "river", *ASKED, "--at", AT, "--map", str(nowhere)) == 2
    said = capsys.readouterr()
    assert "First due" in said.out
    assert said.err == f"rescuegrid: the map cannot be written to {nowhere}: No such file or directory\n"


def test_a_setting_that_cannot_be_is_named_as_it_is_written_in_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESCUEGRID_SNAP_LIMIT_M", "far")
    assert run("recommend", "--roads", "river", *ASKED, "--at", AT) == 2
    said = capsys.readouterr().err
    assert said.startswith("rescuegrid: RESCUEGRID_SNAP_LIMIT_M: Input should be a valid number")
    assert said.count("\n") == 1


def test_a_setting_left_empty_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_a_database_that_is_not_there_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody:secret@/none?host={tmp_path}")
    assert run("recommend", "--roads", "river", *ASKED, "--at", AT) == 2
    said = capsys.readouterr().err
    assert "cannot be used" in said
    assert "secret" not in said


def test_a_database_of_another_make_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.db")
    assert run("recommend", "--roads", "river", *ASKED, "--at", AT) == 2
    assert "sqlite is not PostgreSQL" in capsys.readouterr().err


def test_a_what_if_closes_a_road_in_thought(capsys: pytest.CaptureFixture[str]) -> None:
    box = shapely.box(*spot(-1200, -100), *spot(-800, 100)).wkt
    said = answered(capsys, "--need", "hazmat=2", "--close", box)
    assert said["what_if"]
    assert [unit["name"] for unit in said["units"]] == ["east engine"]
    assert answered(capsys, "--need", "hazmat=2")["units"][0]["name"] == "west engine"


def test_what_a_native_library_prints_does_not_spoil_the_output() -> None:
    program = (
        "import os\nfrom api.cli.own_stdout import own_stdout\n"
        "with own_stdout():\n    os.write(1, b'stray')\n    print('ours')\nprint('after')"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("ours\nafter\n", "stray")
