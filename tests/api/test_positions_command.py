"""Positions at the terminal: handed in from a file, and let go of when they are old."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from api.cli import main
from api.dispatching import Centre
from data.database import transaction
from data.models import UnitPosition
from tests.river_town import QUAY, now

UNIT = 5


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
    monkeypatch.setenv("RESCUEGRID_ROADS", "river")
    with transaction(centre.sessions) as session:
        session.execute(delete(UnitPosition))


def kept(centre: Centre) -> int:
    with transaction(centre.sessions) as session:
        return session.scalars(select(func.count()).select_from(UnitPosition)).one()


def test_the_good_fixes_of_a_file_are_taken_and_the_bad_ones_named(
    centre: Centre, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, lines = tmp_path / "fixes.csv", tmp_path / "fixes.ndjson"
    table.write_text(
        f"unit_id,lon,lat,at\n{UNIT},{QUAY.lon},{QUAY.lat},{now().isoformat()}\n{UNIT},181,0,x\n"
    )
    assert run("positions", "add", str(table)) == 0
    said = capsys.readouterr()
    assert said.out == "taken 1, doubled 0, refused 1; units moved 1\n"
    assert said.err.startswith("row 2: at: ")
    fix = {"unit_id": UNIT, "lon": QUAY.lon, "lat": QUAY.lat, "at": now().isoformat()}
    lines.write_text(f"{json.dumps(fix)}\n{json.dumps(fix)}\n")
    assert run("positions", "add", str(lines)) == 0
    assert capsys.readouterr().out == "taken 1, doubled 1, refused 0; units moved 1\n"
    assert kept(centre) == 2


def test_a_file_of_another_kind_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "fixes.xlsx"
    file.write_bytes(b"")
    assert run("positions", "add", str(file)) == 2
    assert "fixes.xlsx does not end in one of .json, .ndjson, .jsonl, .csv" in capsys.readouterr().err


def test_positions_of_past_days_are_let_go_and_no_day_to_come_is_taken(
    centre: Centre, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    long_ago, today = now() - timedelta(days=40), now()
    fixes = [{"unit_id": UNIT, "lon": QUAY.lon, "lat": QUAY.lat, "at": f"{at}"} for at in (long_ago, today)]
    file = tmp_path / "fixes.json"
    file.write_text(json.dumps(fixes))
    assert run("positions", "add", str(file)) == 0
    month_ago = (today - timedelta(days=30)).date().isoformat()
    capsys.readouterr()
    assert run("positions", "prune", "--before", month_ago) == 0
    assert capsys.readouterr().out == "removed 1\n"
    assert kept(centre) == 1
    assert run("positions", "prune", "--before", "2150-01-01") == 2
    assert "2150-01-01 has not come yet" in capsys.readouterr().err
    assert run("positions", "prune") == 2
    assert kept(centre) == 1
