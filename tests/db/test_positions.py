"""Fixes and trails: doubled ones count once, late ones move nothing, an incident's are never pruned."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from data.assignments import Claim, claim
from data.cluster import Cluster
from data.database import Sessions, transaction
from data.incidents import NotFoundError
from data.models import Assignment, Event, Unit, UnitPosition
from data.positions import Fix, Kept, keep_fixes, last_seen, place_unit, prune
from data.trails import Span, incident_trails, unit_trail
from geo.places import Place
from tests.db.duty import DESK, call, claimed, duty_room, run, walk

MINUTE = timedelta(minutes=1)
ALL = Span(None, None, 100)


def now() -> datetime:
    return datetime.now(UTC)


def east(minute: int) -> Place:
    """Return a place so many hundredths of a degree east of the station."""
    return Place(114.3 + minute / 100, 30.6)


@pytest.fixture
def room(migrated: Cluster) -> Iterator[Sessions]:
    """Open a room with units 1 to 8 that were never seen."""
    with duty_room(migrated) as sessions:
        yield sessions


def keep(sessions: Sessions, *fixes: Fix) -> Kept:
    with transaction(sessions) as session:
        return keep_fixes(session, fixes)


def trail(sessions: Sessions, unit_id: int = 1, wanted: Span = ALL) -> list[float]:
    """Return the longitudes of a unit's trail, oldest first."""
    with transaction(sessions) as session:
        return [round(point.lon, 2) for point in unit_trail(session, unit_id, wanted).points]


def stands(sessions: Sessions, unit_id: int = 1) -> tuple[float, datetime]:
    """Return the longitude a unit was last seen at, and when."""
    with transaction(sessions) as session:
        row = session.execute(
            select(func.ST_X(Unit.position), Unit.position_at).where(Unit.id == unit_id)
        ).one()
        return round(row[0], 2), row[1]


def test_fixes_of_several_units_in_any_order_are_kept_and_each_unit_stands_at_its_newest(
    room: Sessions,
) -> None:
    start = now()
    fixes = [Fix(unit, east(i), start + i * MINUTE) for unit in (1, 2) for i in range(5)]
    assert keep(room, *fixes[::-3], *fixes[-2::-3], *fixes[-3::-3]) == Kept(
        frozenset({1, 2}), 10, frozenset({1, 2})
    )
    assert trail(room) == trail(room, 2) == [114.30, 114.31, 114.32, 114.33, 114.34]
    assert stands(room) == stands(room, 2) == (114.34, start + 4 * MINUTE)


def test_a_fix_sent_twice_counts_once_and_the_first_stays(room: Sessions) -> None:
    at = now()
    assert keep(room, Fix(1, east(1), at), Fix(1, east(2), at)).fixes == 1
    assert keep(room, Fix(1, east(3), at)) == Kept(frozenset({1}), 0, frozenset())
    assert trail(room) == [114.31]
    assert stands(room) == (114.31, at)


def test_fixes_of_units_there_are_not_are_left_out_and_the_others_kept(room: Sessions) -> None:
    kept = keep(room, Fix(77, east(1), now()), Fix(1, east(1), now()))
    assert kept == Kept(frozenset({1}), 1, frozenset({1}))
    assert keep(room) == Kept(frozenset(), 0, frozenset())
    with transaction(room) as session, pytest.raises(NotFoundError, match="no unit 77"):
        place_unit(session, Fix(77, east(1), now()))


def test_writers_of_the_same_units_in_opposite_orders_never_deadlock(room: Sessions) -> None:
    start, ready = now(), Barrier(6)

    def write(writer: int) -> None:
        ready.wait()
        for i in range(20):
            fixes = [Fix(unit, east(writer), start + i * MINUTE) for unit in range(1, 9)]
            keep(room, *(fixes if writer % 2 else fixes[::-1]))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert [len(trail(room, unit)) for unit in range(1, 9)] == [20] * 8
    with transaction(room) as session:
        assert last_seen(session, range(1, 9)) == dict.fromkeys(range(1, 9), start + 19 * MINUTE)


def test_a_late_fix_of_a_released_unit_joins_its_trail_and_moves_nothing_else(room: Sessions) -> None:
    incident = call(room)
    assignment = claimed(room, incident, 1)
    walk(room, assignment, "en-route")
    on_the_way = now()
    walk(room, assignment, "on-scene", "returning", "released")
    home = now()
    keep(room, Fix(1, east(9), home))
    with transaction(room) as session:
        before = session.scalars(select(func.max(Event.id))).one()
    kept = keep(room, Fix(1, east(3), on_the_way))
    assert (kept.fixes, kept.moved) == (1, frozenset())
    assert stands(room) == (114.39, home)
    with transaction(room) as session:
        assert session.get_one(Assignment, assignment).state == "released"
        assert session.scalars(select(func.max(Event.id))).one() == before, "nothing is noted"
        [found] = incident_trails(session, incident, 100)
        assert [point.at for point in found.trail.points] == [on_the_way], "where it went while assigned"


def test_a_span_takes_its_beginning_and_leaves_its_end_and_a_limit_keeps_the_newest(room: Sessions) -> None:
    start = now()
    keep(room, *(Fix(1, east(i), start + i * MINUTE) for i in range(6)))
    assert trail(room, 1, Span(start + MINUTE, start + 4 * MINUTE, 100)) == [114.31, 114.32, 114.33]
    assert trail(room, 1, Span(None, None, 2)) == [114.34, 114.35]
    with transaction(room) as session:
        assert unit_trail(session, 1, Span(None, None, 5)).more
        assert not unit_trail(session, 1, Span(None, None, 6)).more
        with pytest.raises(NotFoundError):
            unit_trail(session, 77, ALL)
        with pytest.raises(NotFoundError):
            incident_trails(session, 77, 100)


def test_an_incidents_trail_begins_when_the_unit_was_already_rolling(room: Sessions) -> None:
    """The claim was entered late: the unit had been bound for ten minutes by then."""
    incident = call(room)
    rolling = now() - 10 * MINUTE
    fixes = [Fix(1, east(i), rolling + i * MINUTE) for i in (-1, 0, 5)]
    keep(room, *fixes)
    with transaction(room) as session:
        assert claim(session, Claim(incident, 1), DESK.who, DESK.source, rolling) is not None
    with transaction(room) as session:
        [found] = incident_trails(session, incident, 100)
    assert found.begun == rolling
    assert [round(point.lon, 2) for point in found.trail.points] == [114.30, 114.35]


def test_who_was_only_proposed_leaves_no_trail_at_an_incident(room: Sessions) -> None:
    incident = call(room)
    run(
        room,
        "INSERT INTO assignment (incident_id, unit_id, state, how, state_by, synthetic) "
        "VALUES (:incident, 2, 'proposed', 'order', 'desk', false)",
        incident=incident,
    )
    keep(room, Fix(2, east(1), now()))
    with transaction(room) as session:
        assert incident_trails(session, incident, 100) == ()


def test_old_fixes_are_pruned_but_those_of_incidents_closed_or_open_stay(room: Sessions) -> None:
    closed, open_ = call(room), call(room)
    keep(room, Fix(1, east(0), now()), Fix(3, east(0), now()))
    done = claimed(room, closed, 1)
    claimed(room, open_, 2)
    keep(room, Fix(1, east(1), now()), Fix(2, east(1), now()), Fix(3, east(1), now()))
    walk(room, done, "en-route", "on-scene", "returning", "released")
    run(room, "UPDATE incident SET status = 'closed' WHERE id = :id", id=closed)
    keep(room, Fix(1, east(2), now()))
    tomorrow = now() + 60 * 24 * MINUTE
    keep(room, Fix(1, east(3), tomorrow))
    with transaction(room) as session:
        assert prune(session, tomorrow) == 4
    assert (trail(room, 1), trail(room, 2), trail(room, 3)) == ([114.31, 114.33], [114.31], [])
    with transaction(room) as session:
        assert session.scalar(select(func.count()).select_from(UnitPosition)) == 3
        [told] = session.scalars(select(Event).where(Event.kind == "positions.pruned"))
        assert told.detail == {"before": tomorrow.isoformat(), "removed": 4}
    assert stands(room, 3)[0] == 114.31, "where it was last seen is still known"
