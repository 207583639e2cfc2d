"""Road conditions in the database: versions, validity, what is refused, and writers and readers racing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from shapely import LineString, MultiPolygon, Point, Polygon, box
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from data import conditions
from data.cluster import Cluster
from data.condition_facts import ConditionFacts, ConditionsSet, Standing
from data.conditions import AlreadyWithdrawnError
from data.database import Sessions, sessions_on, transaction
from data.incidents import NotFoundError
from data.registry.conditions import NamedSegments, NewRoadCondition
from geo.errors import InvalidInputError
from tests.databases import fresh_database
from tests.db.conditions import AREA, closure, events_of, slowdown

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
WITHDRAW = "UPDATE road_condition SET withdrawn_at = now(), withdrawn_by = 'x'"
ROW = (
    "INSERT INTO road_condition (kind, shape, reason, author, {columns}) "
    "VALUES ('{kind}', 'SRID=4326;{shape}', '{reason}', 'desk', {values})"
)


def add(sessions: Sessions, row: NewRoadCondition) -> int:
    with transaction(sessions) as session:
        return conditions.add(session, row).id


def read(sessions: Sessions, at: datetime | None = None, known: ConditionsSet | None = None) -> ConditionsSet:
    with transaction(sessions) as session:
        return conditions.read(session, at, known)


def withdraw(sessions: Sessions, condition_id: int) -> None:
    with transaction(sessions) as session:
        conditions.withdraw(session, condition_id, "duty desk", "smoke is gone")


def ids(found: ConditionsSet) -> list[int]:
    return [condition.id for condition in found.conditions]


def test_a_closure_is_in_the_very_next_reading_and_its_withdrawal_in_the_one_after(
    sessions: Sessions,
) -> None:
    before = read(sessions)
    added = add(sessions, closure())
    during = read(sessions, known=before)
    withdraw(sessions, added)
    after = read(sessions, known=during)
    assert [added in ids(before), added in ids(during), added in ids(after)] == [False, True, False]
    assert [during.version, after.version] == [before.version + 1, before.version + 2]


def test_what_was_written_is_read_back(sessions: Sessions) -> None:
    named = NamedSegments(roads="river", roads_hash="abc", numbers=(3, 1))
    end = NOW + HOUR
    slow = slowdown(factor=2.5, segments=named, valid_to=end, synthetic=True)
    added = add(sessions, slow)
    with transaction(sessions) as session:
        found = conditions.facts(session, added)
    assert found.shape.equals(AREA)
    assert found.segments == named
    assert (found.factor, found.preset, found.synthetic) == (2.5, None, True)
    assert (found.reason, found.author, found.valid_to) == ("smoke", "duty desk", end)
    assert found.withdrawal is None


def test_while_nothing_changes_a_known_set_is_handed_back_itself(sessions: Sessions) -> None:
    known = read(sessions)
    assert read(sessions, known=known) is known


def test_a_set_is_stale_by_time_when_the_next_condition_begins_or_ends(sessions: Sessions) -> None:
    begins, ends = NOW + 2 * HOUR, NOW + 4 * HOUR
    added = add(sessions, closure(valid_from=begins, valid_to=ends))
    now = read(sessions, NOW + HOUR)
    assert now.changes_at == begins
    assert read(sessions, begins - timedelta(microseconds=1), now) is now
    during = read(sessions, begins, now)
    assert added in ids(during)
    assert during.changes_at == ends
    assert during.version == now.version
    assert added not in ids(read(sessions, ends, during))
    assert read(sessions, NOW + HOUR, during) is not during, "a set read later does not hold earlier"
    withdraw(sessions, added)


def test_a_version_can_be_read_again_as_it_was(sessions: Sessions) -> None:
    added = add(sessions, closure())
    then = read(sessions)
    withdraw(sessions, added)
    add(sessions, closure())
    with transaction(sessions) as session:
        again = conditions.as_of(session, then.version, then.at)
        assert ids(again) == ids(then)
        with pytest.raises(NotFoundError, match="no version 1000000"):
            conditions.as_of(session, 1_000_000, then.at)


def test_a_transaction_that_is_undone_leaves_the_version_as_it_was(sessions: Sessions) -> None:
    before = read(sessions)
    with sessions() as session, session.begin() as undone:
        conditions.add(session, closure())
        undone.rollback()
    assert read(sessions, known=before) is before


def test_every_change_is_an_event(sessions: Sessions) -> None:
    added = add(sessions, closure())
    withdraw(sessions, added)
    with transaction(sessions) as session:
        assert events_of(session, added) == ["road-condition.added", "road-condition.withdrawn"]


def test_a_condition_is_withdrawn_once(sessions: Sessions) -> None:
    added = add(sessions, closure())
    withdraw(sessions, added)
    with pytest.raises(AlreadyWithdrawnError, match="withdrawn before by duty desk"):
        withdraw(sessions, added)
    with pytest.raises(NotFoundError, match="no road condition 999999"):
        withdraw(sessions, 999_999)


def test_the_list_tells_what_is_in_force_coming_past_and_withdrawn(sessions: Sessions) -> None:
    rows = {
        Standing.IN_FORCE: closure(),
        Standing.COMING: closure(valid_from=NOW + HOUR),
        Standing.PAST: closure(valid_from=NOW - HOUR, valid_to=datetime.now(UTC) + timedelta(seconds=1)),
        Standing.WITHDRAWN: closure(),
    }
    added = {standing: add(sessions, row) for standing, row in rows.items()}
    withdraw(sessions, added[Standing.WITHDRAWN])
    with transaction(sessions) as session:
        session.execute(text("SELECT pg_sleep(1.05)"))
        for standing, condition_id in added.items():
            page = conditions.listing(session, standing, 1000, 0)
            assert condition_id in [row.id for row in page.conditions]
            assert {row.standing(page.at) for row in page.conditions} == {standing}
            assert page.matched == len(page.conditions)
        everything = conditions.listing(session, None, 2, 1)
        beyond = conditions.listing(session, None, 2, 10_000)
    assert len(everything.conditions) == 2
    assert beyond.conditions == ()
    assert beyond.matched == everything.matched
    assert beyond.version == everything.version


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shape": Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, "Self-intersection"),
        ({"shape": Polygon()}, "is needed"),
        ({"shape": {"type": "Point", "coordinates": [0]}}, "not a GeoJSON geometry"),
        ({"shape": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]}}, "not a GeoJSON geometry"),
        ({"shape": {"type": "GeometryCollection", "geometries": []}}, "is needed"),
        ({"shape": Point(30.6, 114.3)}, "swapped"),
        ({"shape": Point(float("nan"), 30.6)}, "shape"),
        ({"reason": " "}, "at least 1"),
        ({"author": ""}, "at least 1"),
        ({"factor": 2.0}, "a closure has no factor"),
        ({"kind": "slowdown"}, "a factor or a preset"),
        ({"kind": "slowdown", "factor": 2.0, "preset": "ice"}, "give one"),
        ({"kind": "slowdown", "factor": 0.5}, "greater than or equal to 1"),
        ({"kind": "slowdown", "factor": float("nan")}, "finite|greater"),
        ({"kind": "slowdown", "factor": 101}, "less than or equal to 100"),
        ({"kind": "slowdown", "preset": "hail"}, "'night', 'ice' or 'fog'"),
        ({"kind": "party"}, "'closure' or 'slowdown'"),
        ({"valid_from": "2026-01-01T00:00:00"}, "timezone"),
    ],
)
def test_a_condition_that_cannot_be_right_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        closure(**changes)


@pytest.mark.parametrize(
    "shape",
    [
        box(-180, -90, 180, 90),
        AREA.difference(box(114.295, 30.595, 114.305, 30.605)),
        MultiPolygon([AREA, box(0, 0, 1, 1)]),
        LineString([(114.3, 30.6), (114.31, 30.6)]),
        Point(114.3, 30.6),
        {"type": "Point", "coordinates": [114.3, 30.6, 12.0]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [114.3, 30.6]}},
    ],
)
def test_a_shape_may_swallow_everything_have_holes_or_be_a_line_or_a_point(
    sessions: Sessions, shape: object
) -> None:
    withdraw(sessions, add(sessions, closure(shape=shape)))


@pytest.mark.parametrize(
    ("begins", "ends", "reason"),
    [
        (NOW + 2 * HOUR, NOW + HOUR, "is not after the beginning"),
        (NOW + HOUR, NOW + HOUR, "is not after the beginning"),
        (None, NOW - HOUR, "is not after the beginning"),
        (NOW - 2 * HOUR, NOW - HOUR, "has passed"),
    ],
)
def test_a_condition_that_would_never_be_in_force_is_refused(
    sessions: Sessions, begins: datetime | None, ends: datetime, reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        add(sessions, closure(valid_from=begins, valid_to=ends))


@pytest.mark.parametrize(
    ("parts", "constraint"),
    [
        ({"kind": "party"}, "kind_known"),
        ({"reason": " "}, "reason_not_blank"),
        ({"columns": "factor", "values": "2"}, "slowdown_has_factor_or_preset"),
        ({"kind": "slowdown"}, "slowdown_has_factor_or_preset"),
        ({"kind": "slowdown", "columns": "factor, preset", "values": "2, 'ice'"}, "slowdown_has"),
        ({"kind": "slowdown", "columns": "factor", "values": "0.5"}, "factor_1_to_100"),
        ({"kind": "slowdown", "columns": "factor", "values": "'NaN'"}, "factor_1_to_100"),
        ({"kind": "slowdown", "columns": "factor", "values": "'Infinity'"}, "factor_1_to_100"),
        ({"kind": "slowdown", "columns": "preset", "values": "'hail'"}, "preset_known"),
        ({"shape": "POLYGON((0 0,1 1,1 0,0 1,0 0))"}, "shape_valid"),
        ({"shape": "MULTIPOINT(0 0,1 1)"}, "shape_simple"),
        ({"shape": "POINT(30.6 114.3)"}, "shape_on_earth"),
        ({"columns": "valid_from, valid_to", "values": "now(), now()"}, "valid_to_after_valid_from"),
        ({"columns": "segments", "values": "'{1}'"}, "segments_of_roads"),
        ({"columns": "roads, roads_hash, segments", "values": "'r', 'h', '{}'"}, "segments_named"),
        ({"columns": "roads, roads_hash, segments", "values": "'r', 'h', '{1,-1}'"}, "segments_named"),
        ({"columns": "withdrawn_at", "values": "now()"}, "added before it is withdrawn"),
    ],
)
def test_the_database_refuses_a_condition_that_cannot_be_true(
    sessions: Sessions, parts: dict[str, str], constraint: str
) -> None:
    plain = {
        "kind": "closure",
        "shape": "POINT(114.3 30.6)",
        "reason": "smoke",
        "columns": "synthetic",
        "values": "true",
    }
    with pytest.raises(DBAPIError, match=constraint), transaction(sessions) as session:
        session.execute(text(ROW.format(**(plain | parts))))


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE road_condition SET reason = 'other'", "changed in no other way"),
        ("UPDATE road_condition SET shape = 'SRID=4326;POINT(0 0)'", "changed in no other way"),
        (
            f"{WITHDRAW}, withdrawn_why = 'y', reason = 'z'",
            "changed in no other way",
        ),
        (f"{WITHDRAW} WHERE withdrawn_at IS NULL", "withdrawn_by_somebody"),
        ("DELETE FROM road_condition", "written once"),
        ("TRUNCATE road_condition", "written once"),
        ("UPDATE road_conditions_version SET version = version - 1", "only grows"),
        ("DELETE FROM road_conditions_version", "written once"),
        ("INSERT INTO road_conditions_version DEFAULT VALUES", "pk_road_conditions_version"),
        ("INSERT INTO road_conditions_version VALUES (false, 5)", "only_one"),
    ],
)
def test_the_database_refuses_to_change_or_remove_what_was_written(
    sessions: Sessions, statement: str, refusal: str
) -> None:
    add(sessions, closure())
    with pytest.raises(DBAPIError, match=refusal), transaction(sessions) as session:
        session.execute(text(statement))


@pytest.fixture
def quiet(migrated: Cluster) -> Iterator[Sessions]:
    """Sessions on a database in which nothing has happened."""
    with fresh_database(migrated) as url:
        engine = create_engine(url, pool_size=12)
        yield sessions_on(engine)
        engine.dispose()


def test_eight_writers_race_and_every_set_that_readers_see_is_exactly_its_versions(quiet: Sessions) -> None:
    rounds, changes_a_round = 5, 5

    def write(_: int) -> None:
        for _ in range(rounds):
            kept = add(quiet, closure())
            with transaction(quiet) as session:
                one, _two = (conditions.add(session, closure()).id for _ in range(2))
                conditions.withdraw(session, one, "writer", "the other stays")
            withdraw(quiet, kept)

    def watch(_: int) -> list[ConditionsSet]:
        seen = [read(quiet)]
        while seen[-1].version < 8 * rounds * changes_a_round:
            seen.append(read(quiet, known=seen[-1]))
        return seen

    with ThreadPoolExecutor(12) as pool:
        watching = [pool.submit(watch, reader) for reader in range(4)]
        list(pool.map(write, range(8)))
        seen = [found for watcher in watching for found in watcher.result()]
    with transaction(quiet) as session:
        history = conditions.listing(session, None, 1000, 0).conditions
    assert len(history) == 8 * rounds * 3
    assert len({found.version for found in seen}) > 2
    for found in seen:
        assert ids(found) == [row.id for row in history if held(row, found.version)]


def held(row: ConditionFacts, version: int) -> bool:
    return row.added_in <= version and (row.withdrawal is None or row.withdrawal.version > version)
