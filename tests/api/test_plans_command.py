"""Response plans at the terminal: seen, added from a file, and asked which one speaks."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from shapely import Point
from sqlalchemy import select

from api.cli import main
from api.dispatching import Centre
from data.database import transaction
from data.models import HazardSource
from data.registry import NewHazardSource, add_hazard_sources
from tests.api.test_plans import HAZMAT, matched, plan
from tests.river_town import EAST_STATION, NORTH_STREET

AT = f"{NORTH_STREET.lon},{NORTH_STREET.lat}"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.fixture(autouse=True)
def terminal(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on the river town."""
    bind = centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(centre.settings.var))
    monkeypatch.setenv("COLUMNS", "200")


def test_the_terminal_lists_what_http_lists(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plans", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == client.get("/plans?limit=1000").json()["rows"]
    assert run("plans", "list") == 0
    assert "hazmat@2=2/15min" in capsys.readouterr().out


def test_a_plan_is_shown_with_everything_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plans", "show", "chemical-leak chlorine (default)") == 0
    said = capsys.readouterr().out
    assert "For: kind chemical-leak, substance chlorine" in said
    assert "sorbent=800kg/60min" in said
    assert "1. 从上风、高处接近" in said
    assert run("plans", "show", "chemical-leak chlorine (default)", "--json") == 0
    assert json.loads(capsys.readouterr().out)["needs"][0]["capability"] == "hazmat"
    assert run("plans", "show", "nothing") == 2
    assert "there is no response plan 'nothing'" in capsys.readouterr().err


def test_plans_are_added_from_a_file_one_or_many(
    capsys: pytest.CaptureFixture[str], client: TestClient, tmp_path: Path
) -> None:
    before = matched(client, "/plans")
    file = tmp_path / "plans.json"
    file.write_text(json.dumps(plan("洪水", substance="oil")), encoding="utf-8")
    assert run("plans", "add", str(file)) == 0
    file.write_text(json.dumps([plan("two", substance="tar"), plan("three", substance="salt")]))
    assert run("plans", "add", str(file)) == 0
    assert capsys.readouterr().out == "added: 洪水\nadded: two\nadded: three\n"
    assert matched(client, "/plans") == before + 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON: Expecting property name"),
        ("\udcff", "it is not JSON: 'utf-8' codec"),
        ("[]", "it holds no plan"),
        ("7", "row 1: Input should be a valid dictionary"),
        (
            json.dumps([plan("a", grade=3), plan("b", needs=[HAZMAT, HAZMAT])]),
            "row 2 ('b'): needs of plan 'b'",
        ),
        (
            json.dumps(plan("a", needs=[HAZMAT, HAZMAT | {"quantity": -1}])),
            "row 1 ('a'), needs, number 2, quantity: Input should be greater than 0",
        ),
        (
            json.dumps(plan("a", needs=[HAZMAT | {"quantity": float("nan")}])),
            "number 1, quantity: Input should",
        ),
        (json.dumps([plan("a", grade=3), plan("b", grade=3)]), "plan: 'a' and 'b' contradict each other"),
        (
            json.dumps([plan("a", grade=3), plan("b", needs=[HAZMAT | {"capability": "juggling"}])]),
            "capability of plan 'b': 'juggling' (number 1) is not in the registry",
        ),
    ],
)
def test_a_file_that_cannot_be_added_gets_one_sentence_and_nothing_is_written(
    client: TestClient, capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, reason: str
) -> None:
    before = matched(client, "/plans")
    file = tmp_path / "plans.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    assert run("plans", "add", str(file)) == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert (said.err.count("\n"), said.out) == (1, "")
    assert matched(client, "/plans") == before


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("plans", "add", str(tmp_path / "no.json")) == 2
    assert capsys.readouterr().err == f"rescuegrid: {tmp_path / 'no.json'}: No such file or directory\n"


def match(*options: str) -> int:
    return run("plans", "match", "--kind", "chemical-leak", "--severity", "2", "--at", AT, *options)


def test_of_two_plans_that_name_as_much_the_one_that_names_the_substance_speaks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert match("--substance", "Chlorine gas") == 0
    speaks, why, grade, then = capsys.readouterr().out.splitlines()
    assert speaks == "chemical-leak chlorine (default)"
    assert why.startswith("It names kind chemical-leak, substance chlorine, all of which is so.")
    assert grade == "Grade: none: no hazard source is known there"
    assert "chemical-leak severity 2 (default), which names kind chemical-leak, severity 2" in then


def test_the_grade_is_that_of_the_source_at_the_place_unless_one_is_given(
    capsys: pytest.CaptureFixture[str], centre: Centre, client: TestClient
) -> None:
    works = NewHazardSource(
        name="works", kind="mine", enterprise="Works", place=Point(EAST_STATION.lon, EAST_STATION.lat)
    )
    with transaction(centre.sessions) as session:
        add_hazard_sources(session, [works])
        session.scalars(select(HazardSource)).one().grade = 1
    grave = plan("grave", incident_kind="chemical-leak", severity=2, grade=1)
    assert client.post("/plans", json=grave).status_code == 201
    assert match("--at", f"{EAST_STATION.lon},{EAST_STATION.lat}", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["plan"]["name"], said["grade"], said["site"]["name"]) == ("grave", 1, "works")
    assert match("--grade", "1") == 0
    assert capsys.readouterr().out.splitlines()[2] == "Grade: 1, as given"
    assert match("--grade", "2") == 0
    assert capsys.readouterr().out.startswith("chemical-leak severity 2 (default)")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--kind", "picnic"), "'picnic' is not a kind of incident"),
        (("--at", "114"), "is not LON,LAT"),
        (("--grade", "9"), "grade: Input should be less than or equal to 4"),
        (("--substance", "a\tb"), "substance: it holds control characters"),
        (("--severity", "0"), "severity: Input should be greater than or equal to 1"),
    ],
)
def test_a_case_that_cannot_be_is_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], reason: str
) -> None:
    assert match(*options) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
