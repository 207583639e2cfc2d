"""The main job end to end, as ``make demo`` runs it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import main
from data.cluster import Cluster
from tests.databases import fresh_database

MOST_BYTES = 8_000_000


@pytest.fixture(params=["wuhan", "generated"])
def demo(
    request: pytest.FixtureRequest,
    migrated: Cluster,
    wuhan_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[list[str]]:
    """Ready a demonstration in a var of its own, on the road data that was fetched already."""
    (tmp_path / "downloads").mkdir()
    shutil.copy(wuhan_file, tmp_path / "downloads")
    with fresh_database(migrated) as url:
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        yield ["demo", "--town", request.param, "--no-serve", "--var", str(tmp_path)]


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_demo_records_answers_and_draws_and_does_it_again(
    demo: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(demo) == 0
    said = capsys.readouterr()
    answer = json.loads((tmp_path / "demo" / "incident.json").read_text(encoding="utf-8"))
    assert answer["incident"]["synthetic"]
    assert answer["units"]
    assert answer["depots"]
    assert answer["first_due"] == answer["units"][0]["id"]
    assert all(unit["synthetic"] for unit in answer["units"])
    assert {"out of service"} <= {reason for one in answer["passed_over"] for reason in one["reasons"]}
    assert f"First due: {answer['units'][0]['name']}" in said.out
    page = tmp_path / "demo" / "incident.html"
    assert page.stat().st_size < MOST_BYTES
    assert "模拟" in page.read_text(encoding="utf-8")

    assert run(demo) == 0
    again = json.loads((tmp_path / "demo" / "incident.json").read_text(encoding="utf-8"))
    assert again["incident"]["id"] == answer["incident"]["id"] + 1
    assert again["roads"]["hash"] == answer["roads"]["hash"]
    assert "importing" not in capsys.readouterr().err


@pytest.mark.parametrize("town", ["wuhan", "generated"])
def test_a_var_that_cannot_be_written_is_named(
    town: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a file"
    file.touch()
    assert run(["demo", "--town", town, "--no-serve", "--var", str(file / "var")]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"rescuegrid: {file}")
    assert said.endswith("Not a directory")
