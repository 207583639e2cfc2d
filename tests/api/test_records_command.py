"""``rescuegrid records``: what is written from files, all rows or none, and listed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from api.records import RecordKind, list_records
from data.audit import newest_changes
from data.database import transaction
from data.models import Drill, Enterprise, HazardSource
from tests.api.planning import run, use
from tests.api.test_incidents import Json
from tests.decision_town import Crew, Town, up_mill_road
from tests.river_town import QUAY

LATER = (datetime.now(UTC) + timedelta(days=2)).date()
SQUARE = '"POLYGON((114.2 30.5,114.3 30.5,114.3 30.6,114.2 30.5))"'
GOOD = {
    "enterprises": ("name,headcount,revenue_yuan", "mill,4,1e6"),
    "drills": ("held_on,form,organiser,team", "2026-05-01,tabletop,team,west"),
    "verified": ("table,name,verified_on,verified_by", "unit,west / west,2026-05-02,Wang"),
    "areas": ("base,station_class,area", f"west,small,{SQUARE}"),
    "plans": ("plan,filed_on", "fire severity 1 (default),2026-01-01"),
}
"""A heading and a row that may be written."""


@pytest.fixture(autouse=True)
def files(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Put a crew up Mill Road, with nothing on file of it."""
    use(town, monkeypatch)
    monkeypatch.chdir(tmp_path)
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    yield
    with transaction(town.centre.sessions) as session:
        session.execute(delete(Drill))
        session.execute(delete(Enterprise))


def add(kind: str, *lines: str, who: str = "Li") -> int:
    """Write a file of these lines and add it."""
    Path("rows.csv").write_text("\n".join(lines), encoding="utf-8")
    return run("records", "add", kind, "rows.csv", "--who", who)


def on_file(town: Town, kind: RecordKind) -> list[Json]:
    return [vars(row) for row in list_records(kind, town.centre.sessions)]


def test_enterprises_are_written_and_changed_by_their_name(town: Town) -> None:
    assert add("enterprises", "name,headcount,revenue_yuan", "works,30,", "mill,4,1e6") == 0
    assert add("enterprises", "headcount,name", "31,works") == 0
    assert [(row["name"], row["headcount"]) for row in on_file(town, RecordKind.ENTERPRISES)] == [
        ("works", 31),
        ("mill", 4),
    ]


def test_drills_areas_checks_and_plans_are_written_and_the_audit_tells_by_whom(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = "chemical-leak severity 1 (default)"
    drill = f"2026-05-01,practical,team,west,{plan}"
    assert add("drills", "held_on,form,organiser,team,plan", drill) == 0
    assert add("areas", "base,station_class,area", f"west,small,{SQUARE}") == 0
    assert add("verified", "table,name,verified_on,verified_by", "unit,west / west,2026-05-02,Wang") == 0
    assert add("plans", "plan,revised_on", f"{plan},2026-01-31") == 0
    assert "plans: 1 rows written" in capsys.readouterr().out
    (held,) = on_file(town, RecordKind.DRILLS)
    assert (held["team"], held["plan"], held["organiser"]) == ("west", plan, "team")
    (area,) = on_file(town, RecordKind.AREAS)
    assert (area["base"], area["km2"] > 50) == ("west", True)
    checked = {row["name"]: str(row["verified_on"]) for row in on_file(town, RecordKind.VERIFIED)}
    assert checked["west / west"] == "2026-05-02"
    dates = {row["name"]: row["revised_on"] for row in on_file(town, RecordKind.PLANS)}
    assert str(dates[plan]) == "2026-01-31"
    with transaction(town.centre.sessions) as session:
        told = newest_changes(session, 4)
    assert {(change.who, change.source) for change in told} == {("Li", "desk")}


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("enterprises", "works,many,", "row 2, headcount"),
        ("enterprises", "works,-1,", "row 2, headcount"),
        ("enterprises", ",1,", "row 2, name"),
        ("enterprises", "mill,5,", "name: 'mill' (number 2) stands there twice"),
        ("enterprises", "works", "row 2: it has 1 cells, the heading 3"),
        ("enterprises", "works,1,nan", "row 2, revenue_yuan"),
        ("drills", "2026-05-02,tabletop,team,", "names the team"),
        ("drills", "2026-05-02,tabletop,team,east", "team: 'east' (number 2) is not in the registry"),
        ("drills", "1.5.2026,tabletop,government,", "row 2, held_on"),
        ("drills", "2026-05-02,party,government,", "row 2, form"),
        ("drills", f"{LATER},tabletop,government,", "(number 2) is still to come"),
        ("drills", "2026-05-01,tabletop,team,west", "(number 2) is on file already"),
        ("verified", "moon,x,2026-05-02,Wang", "row 2, table"),
        ("verified", "unit,x,2026-05-02,Wang", "name: 'x' (number 2) is in no row of unit"),
        ("areas", "west,small,POINT(0 0)", "row 2, area"),
        ("areas", "west,small,a square", "row 2, area"),
        ("areas", 'west,small,"POLYGON((0 0,1 1,1 0,0 1,0 0))"', "row 2, area"),
        ("areas", 'west,small,"POLYGON((30 114,31 114,31 115,30 114))"', "row 2, area"),
        ("plans", "fire severity 2 (default),", "give revised_on, filed_on or both"),
    ],
)
def test_of_a_file_with_a_wrong_row_nothing_is_written(
    town: Town, capsys: pytest.CaptureFixture[str], kind: str, wrong: str, said: str
) -> None:
    before = on_file(town, RecordKind(kind))
    assert add(kind, *GOOD[kind], wrong) == 2
    sentence = capsys.readouterr().err
    assert said in sentence
    assert sentence.count("\n") == 1
    assert on_file(town, RecordKind(kind)) == before


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("headcount", "name is missing"),
        ("name,colour", "column 'colour' is not known"),
        ("name,name", "a column stands there twice"),
    ],
)
def test_a_heading_that_is_wrong_is_told(capsys: pytest.CaptureFixture[str], heading: str, said: str) -> None:
    assert add("enterprises", heading, "mill,4") == 2
    assert said in capsys.readouterr().err


def test_a_hazard_source_whose_name_others_bear_is_verified_by_its_number(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = town.site("tank farm", QUAY, 1), town.site("mill", QUAY, 2)
    with transaction(town.centre.sessions) as session:
        session.execute(update(HazardSource).values(name="tank farm"))
    heading = "table,name,verified_on,verified_by"
    assert add("verified", heading, "hazard_source,tank farm,2026-05-02,Wang") == 2
    assert "is the name of 2 rows: give #NUMBER" in capsys.readouterr().err
    assert add("verified", heading, f"hazard_source,#{second},2026-05-02,Wang") == 0
    dated = {
        row["id"]: row["verified_on"]
        for row in on_file(town, RecordKind.VERIFIED)
        if row["table"] == "hazard_source"
    }
    assert (dated[first], str(dated[second])) == (None, "2026-05-02")


def test_a_file_is_bounded(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.records_file.MOST_ROWS", 2)
    assert add("enterprises", "name", "a", "b", "c") == 2
    assert "more than 2 rows" in capsys.readouterr().err
    monkeypatch.setattr("data.records_file.MOST_BYTES", 5)
    assert add("enterprises", "name", "a", "b") == 2
    assert "larger than" in capsys.readouterr().err
    assert on_file(town, RecordKind.ENTERPRISES) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [((), "name is missing"), (("name",), "it holds no row"), (("name", '"mill'), "not a CSV file")],
)
def test_a_file_without_rows_is_refused(
    capsys: pytest.CaptureFixture[str], lines: tuple[str, ...], said: str
) -> None:
    assert add("enterprises", *lines) == 2
    assert said in capsys.readouterr().err


def test_whoever_writes_has_a_name_and_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert add("enterprises", "name", "mill", who=" ") == 2
    assert run("records", "add", "enterprises", "nothing.csv", "--who", "Li") == 2
    assert "nothing.csv: there is no such file" in capsys.readouterr().err


def test_the_list_is_a_table_or_json_and_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("records", "list", "enterprises") == 0
    assert "rescuegrid records add enterprises" in capsys.readouterr().out
    add("enterprises", "name,headcount", "mill,4")
    assert run("records", "list", "enterprises") == 0
    assert "Enterprises: 1" in capsys.readouterr().out
    assert run("records", "list", "verified", "--json") == 0
    assert '"name":"west / west"' in capsys.readouterr().out.replace('": "', '":"')
