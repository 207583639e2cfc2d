"""A decision is made again from what was kept of it, to the byte, or what differs is named."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient
from geoalchemy2.shape import from_shape
from shapely import LineString, box
from sqlalchemy import func, select, update

import api.decision_parts
import api.replaying
from api.decision_parts import PLACES_AND_ADDRESSES, packages_used, parts_of, picture_used, settings_used
from api.decision_version import DECISION_VERSION
from api.dispatching import Centre, picture_of_call, recommend, report
from api.http.app import create_app
from api.live_roads import open_live_roads
from api.needs import NeedsAsked, parse_capabilities, parse_supplies
from api.replaying import CannotReplayError, replay
from api.roadworks import import_roads
from api.settings import Settings
from data import conditions, incidents
from data.canonical import EncodingError, decode
from data.database import Sessions, transaction
from data.decisions import Basis, keep_inputs
from data.incidents import KeptAnswer
from data.models import DecisionInput, Stock, Unit
from data.models.base import WGS84_SRID
from data.registry import NewIncident, NewStock
from data.registry.rows import point
from data.roads.layer_columns import LayerColumns
from tests.db.conditions import slowdown
from tests.river_town import (
    EAST_STATION,
    NORTH_STREET,
    QUAY,
    STREETS,
    WEST_STATION,
    Posting,
    now,
    post,
    river_centre,
    store_depot,
)
from tests.towns import spot

ASKED = NeedsAsked(parse_capabilities("hazmat=2,rescue=12"), parse_supplies("sorbent=500kg"))
HIGH_STREET = (spot(-2000, 0), spot(0, 1000))
MILL_ROAD = box(*spot(-1200, -100), *spot(-800, 100))


@pytest.fixture(scope="module")
def town(sessions: Sessions, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Open a command centre on the river town with two engines and two depots."""
    post(
        sessions,
        Posting("west engine", "west", {"hazmat": 2, "rescue": 6}, position=NORTH_STREET, position_at=now()),
        Posting("east engine", "east", {"hazmat": 3, "rescue": 6}),
        Posting("broken engine", "north", {"hazmat": 3}, in_service=False),
    )
    store_depot(sessions, "west depot", WEST_STATION, _sorbent(0.4, "t"))
    store_depot(sessions, "east depot", EAST_STATION, _sorbent(300, "kg"))
    return river_centre(sessions, tmp_path_factory.mktemp("var"))


def _sorbent(quantity: float, unit_of_measure: str) -> NewStock:
    return NewStock(item="sorbent", unit_of_measure=unit_of_measure, quantity=quantity)


def call() -> NewIncident:
    return NewIncident(
        kind="chemical-leak",
        severity=2,
        place=QUAY,
        substance="氯 chlorine",
        reported_at=now(),
        reported_by="desk",
    )


@pytest.fixture
def given(town: Centre) -> KeptAnswer:
    """Record an incident and give its first recommendation."""
    return recommend(report(call(), ASKED, town), ASKED, town)


def kept_with(given: KeptAnswer, town: Centre, basis: Basis, answer: str | None = None) -> int:
    """Keep the same answer, or another, on another basis, and return its number."""
    with transaction(town.sessions) as session:
        number = incidents.next_number(session, given.incident_id)
        said = (answer or given.answer).replace('"number":1,', f'"number":{number},')
        incidents.keep_answer(session, KeptAnswer(given.incident_id, number, given.made_at, said, basis))
    return number


def command(town: Centre, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    url = town.sessions.kw["bind"].url.render_as_string(hide_password=False)
    return subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"DATABASE_URL": url, "RESCUEGRID_VAR": str(town.settings.var), "PYTHONHASHSEED": "11"},
    )


def rebuilt(town: Centre, *more: tuple[tuple[float, float], tuple[float, float]]) -> Centre:
    """Import the town's roads again, with some streets more, and open them."""
    file = town.settings.roads_root / "river.geojson"
    streets = [*STREETS, *more]
    frame = gpd.GeoDataFrame(
        {"kmh": 36.0, "name": [f"street {i}" for i in range(len(streets))]},
        geometry=[LineString(street) for street in streets],
        crs="EPSG:4326",
    )
    frame.to_file(file, driver="GeoJSON")
    import_roads(file, "river", town.settings.roads_root, LayerColumns(speed="kmh", name="name"), "made up")
    return replace(town, roads=open_live_roads(town.settings.roads_root, "river"))


def test_another_process_makes_the_same_bytes(town: Centre, given: KeptAnswer) -> None:
    told = command(town, "replay", str(given.incident_id))
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"identical: {len(given.answer.encode())} bytes\n"


def test_the_command_says_as_json_what_it_rests_on(town: Centre, given: KeptAnswer) -> None:
    told = command(town, "replay", str(given.incident_id), "--number", "1", "--json")
    said = json.loads(told.stdout)
    assert said["identical_bytes"] == len(given.answer.encode())
    assert said["inputs"] == given.basis.inputs
    assert set(said["inputs"]) >= {"incident", "needs", "units", "positions", "depots", "conditions", "roads"}


def test_what_changes_later_changes_no_replay(town: Centre, given: KeptAnswer) -> None:
    with transaction(town.sessions) as session:
        session.execute(update(Unit).values(position=from_shape(point(QUAY), WGS84_SRID), position_at=now()))
        session.execute(update(Unit).values(in_service=False, turnout_s=999.0))
        session.execute(update(Stock).values(quantity=0))
        closed = conditions.add(session, slowdown(shape=MILL_ROAD, factor=3.0))
    try:
        again = recommend(given.incident_id, ASKED, town)
        assert json.loads(again.answer)["units"] == []
        late = replace(town, settings=town.settings.model_copy(update={"snap_limit_m": 1.0}))
        assert replay(given.incident_id, given.number, late).identical_bytes == len(given.answer.encode())
        assert replay(given.incident_id, None, late).number == again.number
    finally:
        with transaction(town.sessions) as session:
            session.execute(update(Unit).values(in_service=True, turnout_s=60.0))
            session.execute(update(Stock).values(quantity=400))
            conditions.withdraw(session, closed.id, "test", "over")
    assert replay(given.incident_id, again.number, town).number == again.number


def test_an_answer_given_under_a_closure_is_replayed_after_it_was_lifted(town: Centre) -> None:
    with transaction(town.sessions) as session:
        slowed = conditions.add(session, slowdown(shape=MILL_ROAD, factor=3.0, reason="flood water"))
    given = recommend(report(call(), ASKED, town), ASKED, town)
    with transaction(town.sessions) as session:
        conditions.withdraw(session, slowed.id, "test", "dry again")
    assert "flood water" in given.answer
    assert replay(given.incident_id, None, town).identical_bytes == len(given.answer.encode())


def test_roads_imported_anew_leave_the_old_ones_to_be_replayed_on(town: Centre, given: KeptAnswer) -> None:
    changed = rebuilt(town, HIGH_STREET)
    assert changed.roads.stored.hash != given.basis.roads_hash
    assert replay(given.incident_id, None, changed).number == 1
    assert command(town, "replay", str(given.incident_id)).returncode == 0


def test_roads_that_are_no_longer_kept_are_named(town: Centre, given: KeptAnswer) -> None:
    changed = rebuilt(town, HIGH_STREET, (spot(0, 1000), spot(200, 1000)))
    then, current = given.basis.roads_hash[:16], changed.roads.stored.hash[:16]
    named = f"no version {then} .*; the current version is {current}"
    folder = town.settings.roads_root / "river" / then
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        told = command(town, "replay", str(given.incident_id))
        with pytest.raises(CannotReplayError, match=named):
            replay(given.incident_id, None, changed)
    finally:
        aside.rename(folder)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.count("\n") == 1
    assert then in told.stderr


def test_another_version_of_the_rule_refuses(
    town: Centre, given: KeptAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.replaying, "DECISION_VERSION", "nearest by air")
    with pytest.raises(CannotReplayError) as refused:
        replay(given.incident_id, None, town)
    assert refused.value.reason == (
        f"version {DECISION_VERSION} of the rule decided it, this program has version nearest by air"
    )
    assert str(refused.value).startswith(
        f"recommendation 1 of incident {given.incident_id} cannot be replayed: "
    )


def test_an_answer_kept_without_its_inputs_says_so(town: Centre, given: KeptAnswer) -> None:
    number = kept_with(given, town, Basis(given.basis.roads_hash, None, None))
    with pytest.raises(CannotReplayError, match="given before the inputs of decisions were kept"):
        replay(given.incident_id, number, town)


@pytest.mark.parametrize("part", ["units", "positions", "conditions", "settings", "read_at"])
def test_a_part_that_is_missing_is_named(town: Centre, given: KeptAnswer, part: str) -> None:
    inputs = dict(given.basis.inputs or {})
    gone = kept_with(given, town, replace(given.basis, inputs=inputs | {part: "0" * 64}))
    with pytest.raises(CannotReplayError, match=f"the part '{part}' is missing: nothing is kept under 000"):
        replay(given.incident_id, gone, town)
    del inputs[part]
    never = kept_with(given, town, replace(given.basis, inputs=inputs))
    with pytest.raises(CannotReplayError, match=f"the part '{part}' was not kept"):
        replay(given.incident_id, never, town)


def test_a_part_that_this_program_has_no_place_for_is_named(town: Centre, given: KeptAnswer) -> None:
    inputs = dict(given.basis.inputs or {})
    number = kept_with(given, town, replace(given.basis, inputs=inputs | {"tides": inputs["needs"]}))
    with pytest.raises(CannotReplayError, match="the part 'tides' has no place in this program"):
        replay(given.incident_id, number, town)


def test_where_the_bytes_differ_the_first_place_is_named(town: Centre, given: KeptAnswer) -> None:
    arrival_s = json.loads(given.answer)["units"][0]["arrival_s"]
    scribbled = given.answer.replace(f'"arrival_s":{arrival_s}', '"arrival_s":1.5')
    number = kept_with(given, town, given.basis, scribbled)
    with pytest.raises(CannotReplayError) as refused:
        replay(given.incident_id, number, town)
    assert refused.value.reason == (
        f"at $.units[0].arrival_s it says {arrival_s} instead of 1.5; inputs, rule and packages are the same"
    )


def test_where_a_choice_was_cut_short_that_is_said(town: Centre, given: KeptAnswer) -> None:
    cut = given.answer.replace('"proved":true', '"proved":false')
    number = kept_with(given, town, given.basis, cut)
    with pytest.raises(CannotReplayError, match="the same, but the time allowed for choosing ended first"):
        replay(given.incident_id, number, town)


def test_where_the_bytes_differ_the_packages_that_changed_are_named(town: Centre, given: KeptAnswer) -> None:
    with transaction(town.sessions) as session:
        other = keep_inputs(session, {"packages": b'{"dict":[["numpy","1.0"],["scipy","0.1"]]}'})
    basis = replace(given.basis, inputs=dict(given.basis.inputs or {}) | other)
    assert replay(given.incident_id, kept_with(given, town, basis), town).number == 2
    number = kept_with(given, town, basis, given.answer.replace('"desk"', '"somebody else"'))
    with pytest.raises(CannotReplayError, match=r"at \$\.incident\.reported_by .*numpy was 1\.0 and is 2\."):
        replay(given.incident_id, number, town)


def test_a_second_answer_keeps_only_what_changed(town: Centre, given: KeptAnswer) -> None:
    with transaction(town.sessions) as session:
        before = session.scalar(select(func.count(DecisionInput.hash)))
        first = given.basis.inputs or {}
    second = recommend(given.incident_id, ASKED, town).basis.inputs or {}
    with transaction(town.sessions) as session:
        after = session.scalar(select(func.count(DecisionInput.hash)))
    assert {name for name in first if first[name] != second[name]} == {"read_at"}
    assert (after or 0) - (before or 0) == 1


def test_over_http_it_is_the_same_or_a_conflict(town: Centre, given: KeptAnswer) -> None:
    lost = kept_with(given, town, replace(given.basis, inputs=None))
    with TestClient(create_app(town)) as client:
        same = client.get(f"/incidents/{given.incident_id}/replay", params={"number": 1})
        conflict = client.get(f"/incidents/{given.incident_id}/replay", params={"number": lost})
        nobody = client.get("/incidents/987654/replay")
    assert (same.status_code, same.json()["identical_bytes"]) == (200, len(given.answer.encode()))
    assert (conflict.status_code, nobody.status_code) == (409, 404)
    assert "before the inputs of decisions were kept" in conflict.json()["detail"][0]["reason"]


def test_a_picture_comes_back_whole_with_the_settings_that_decide_and_no_address(town: Centre) -> None:
    picture = picture_of_call(call(), ASKED, town)
    settings = town.settings.model_copy(
        update={"stale_after_s": 77.0, "database_url": "postgresql://secret@x"}
    )
    parts = parts_of(picture, settings)
    again = picture_used(parts, town.roads)
    assert parts_of(again, settings) == parts
    assert settings_used(parts).stale_after_s == 77.0
    assert not any(b"secret" in content for content in parts.values())
    assert set(decode(parts["settings"], dict)) == set(Settings.model_fields) - PLACES_AND_ADDRESSES
    assert packages_used(parts)["numpy"]


def test_a_setting_that_is_no_more_is_named() -> None:
    with pytest.raises(EncodingError, match="holds tea_break_s, which this program lacks"):
        settings_used({"settings": b'{"dict":[["tea_break_s",3.0]]}'})
