"""``rescuegrid replay-log``: eight days of San Francisco, and files that are no log."""

import json
from pathlib import Path

import pytest

from tests.api.planning import run
from tests.api.test_incidents import Json

HEADER = (
    "Call Number,Unit ID,Unit Type,Dispatch DtTm,Response DtTm,On Scene DtTm,Available DtTm,Final Priority,"
    "Station Area,Location"
)
PLACE = '"(37.75, -122.45)"'
BEGIN = "01/01/2017 10:00:00 AM"
FIRST = f"1,E1,ENGINE,{BEGIN},,,01/01/2017 11:00:00 AM,3,39,{PLACE}"
SECOND = f"2,E1,ENGINE,01/01/2017 10:30:00 AM,,,01/01/2017 11:30:00 AM,3,39,{PLACE}"


@pytest.fixture(scope="module")
def eight_days(shared_data: Path) -> Path:
    return shared_data / "incidents" / "sffd_calls_2016-12-31_2017-01-07.csv"


def replayed(capsys: pytest.CaptureFixture[str], path: Path) -> Json:
    """Replay a log and return what is said as JSON."""
    assert run("replay-log", path, "--json") == 0
    answer: Json = json.loads(capsys.readouterr().out)
    return answer


def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, *lines: str) -> str:
    """Replay a file that is no log and return the one sentence that refuses it."""
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run("replay-log", path) == 2
    words = capsys.readouterr().err
    assert words.count("\n") == 1
    return words


def test_san_francisco_books_nine_units_twice_and_the_replay_none(
    capsys: pytest.CaptureFixture[str], eight_days: Path
) -> None:
    answer = replayed(capsys, eight_days)
    assert (answer["responses"], answer["calls"], answer["units"]) == (7704, 3560, 178)
    assert [one["unit"] for one in answer["unusable"]] == ["E03", "77", "E06", "E38", "87"]
    doubles = answer["double_bookings"]
    assert len(doubles) == 9
    assert {
        "unit": "E03",
        "first_call": "170051873",
        "second_call": "170051964",
        "dispatched_at": "2017-01-05T13:06:11",
        "available_at": "2017-01-05T13:59:20",
    } in doubles
    assert all(one["dispatched_at"] < one["available_at"] for one in doubles)
    own, nearest = answer["replays"]
    assert (own["rule"], own["in_two_places"], nearest["in_two_places"]) == ("own-unit-first", 0, 0)
    assert 9 <= own["to_others"] < 30 < nearest["to_others"]
    assert own["largest_difference"] < 0.02
    assert own["mean_difference"] < 0.001 < nearest["mean_difference"]


def test_busy_fractions_are_said_by_unit_and_by_type_the_largest_difference_first(
    capsys: pytest.CaptureFixture[str], eight_days: Path
) -> None:
    own = replayed(capsys, eight_days)["replays"][0]
    gaps = [abs(one["difference"]) for one in own["units"]]
    assert (len(gaps), gaps) == (178, sorted(gaps, reverse=True))
    assert gaps[0] == pytest.approx(own["largest_difference"])
    engines = next(one for one in own["types"] if one["unit_type"] == "ENGINE")
    assert (engines["units"], engines["responses"]) == (44, 2906)
    assert engines["logged"] == pytest.approx(engines["simulated"], abs=0.001)


def test_a_person_reads_the_double_bookings_and_the_differences(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, FIRST, SECOND]), encoding="utf-8")
    assert run("replay-log", path) == 0
    said = capsys.readouterr().out
    assert "double bookings: 1" in said
    assert "1 waited (longest 30:00 min)" in said


def test_a_response_without_an_end_is_listed_and_left_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    endless = SECOND.replace("01/01/2017 11:30:00 AM", "")
    path.write_text("\n".join([HEADER, FIRST, endless]), encoding="utf-8")
    answer = replayed(capsys, path)
    assert answer["unusable"] == [{"row": 3, "unit": "E1", "call": "2"}]
    assert (answer["responses"], answer["double_bookings"]) == (2, [])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("unit,when", "1,2"), "row 1, Unit ID: log.csv has no such column"),
        (
            (HEADER, FIRST.replace(BEGIN, "noon")),
            "row 2, Dispatch DtTm: 'noon' is no time",
        ),
        ((HEADER, FIRST.replace(BEGIN, "")), "row 2, Dispatch DtTm: it is empty"),
        ((HEADER, FIRST, SECOND.replace("E1", "")), "row 3, Unit ID: it is empty"),
        (
            (HEADER, FIRST.replace("11:00:00 AM", "09:00:00 AM")),
            "row 2, Available DtTm: 01/01/2017 09",
        ),
        ((HEADER, FIRST.replace("37.75", "here")), "row 2, Location: '(here, -122.45)' is no place like"),
        ((HEADER, "1,E1"), "row 2, Dispatch DtTm: it is empty"),
        ((HEADER,), "row 2, Available DtTm: log.csv holds no response with an end"),
    ],
)
def test_any_other_file_is_refused_by_row_field_and_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lines: tuple[str, ...], words: str
) -> None:
    assert words in refused(capsys, tmp_path, *lines)
