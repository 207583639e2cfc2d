"""The planner's commands on the river town: who runs them, and what they print."""

import json

import pytest
from shapely.geometry.base import BaseGeometry
from sqlalchemy import update

from api.cli import main
from data.database import transaction
from data.models import HazardSource
from data.registry import NewHazardSource, add_hazard_sources
from tests.api.test_incidents import Json
from tests.decision_town import Town


def run(*arguments: object) -> int:
    """Run a command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def use(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the commands work on a town."""
    bind = town.centre.sessions.kw["bind"]
    monkeypatch.setenv("DATABASE_URL", bind.url.render_as_string(hide_password=False))
    monkeypatch.setenv("RESCUEGRID_VAR", str(town.centre.settings.var))
    monkeypatch.setenv("COLUMNS", "160")


def said(capsys: pytest.CaptureFixture[str], command: str, *options: object) -> Json:
    """Run a command on the river town and return what it says as JSON."""
    assert run(command, "--roads", "river", *options, "--json") == 0
    answer: Json = json.loads(capsys.readouterr().out)
    return answer


def refused(capsys: pytest.CaptureFixture[str], command: str, *options: object) -> str:
    """Run a command that is refused and return the one sentence it says."""
    assert run(command, "--roads", "river", *options) == 2
    words = capsys.readouterr().err
    assert words.count("\n") == 1
    return words


def draw(town: Town, name: str, shape: BaseGeometry, grade: int) -> None:
    """Write a hazard source of any shape."""
    row = NewHazardSource(name=name, kind="pipeline", enterprise="works", place=shape)
    with transaction(town.centre.sessions) as session:
        add_hazard_sources(session, [row])
        session.execute(update(HazardSource).where(HazardSource.name == name).values(grade=grade))


def by_name(answer: Json) -> dict[str, Json]:
    """Return the sources of an answer by their names."""
    return {source["name"]: source for source in answer["sources"]}
