"""Who changed what: every row of the registry and every step, told by the database itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from data.assignments import Claim, claim
from data.audit import changes_of, newest_changes, speaking_as
from data.cluster import Cluster
from data.database import Sessions, transaction
from data.models import Audit, Team
from tests.db.duty import call, duty_room, run

TABLES = [
    "agreement",
    "assignment",
    "authority",
    "depot",
    "drill",
    "enterprise",
    "gb_substance",
    "gb_unit",
    "hazard_source",
    "incident",
    "plan_contact",
    "plan_need",
    "plan_standard",
    "plan_supply",
    "rescue_base",
    "reservation",
    "response_plan",
    "standard",
    "station_area",
    "stock",
    "team",
    "unit",
    "unit_capability",
    "webhook",
]
TRIGGERS = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_is_audited'")


@pytest.fixture(scope="module")
def room(migrated: Cluster) -> Iterator[Sessions]:
    with duty_room(migrated) as sessions:
        yield sessions


def test_a_changed_phone_number_tells_the_old_the_new_who_and_from_where(room: Sessions) -> None:
    with transaction(room) as session:
        speaking_as(session, "Li", "desk")
        session.get_one(Team, 1).phone = "027 119"
    run(room, "UPDATE team SET phone = '027 120'")
    with transaction(room) as session:
        made, told, untold = changes_of(session, "team", 1)
        assert newest_changes(session, 1) == (untold,)
        assert newest_changes(session, 1, before_id=untold.id) == (told,)
    assert (made.action, made.old, made.new and made.new["name"]) == ("insert", None, "First")
    assert (told.who, told.source, told.action) == ("Li", "desk", "update")
    assert (told.old, told.new) == ({"phone": ""}, {"phone": "027 119"})
    assert (untold.who, untold.source) == ("unknown", "unknown")


def test_who_speaks_is_forgotten_at_the_end_of_the_transaction(room: Sessions) -> None:
    with room() as session:
        with session.begin():
            speaking_as(session, "Li", "desk")
        with session.begin():
            session.execute(text("UPDATE depot SET phone = '1'"))
            assert changes_of(session, "depot", 1)[-1].who == "unknown"


def test_a_step_is_told_in_the_name_of_whoever_took_it(room: Sessions) -> None:
    with transaction(room) as session:
        made = claim(session, Claim(call(room), 1), "Li", "radio")
        assert made is not None
        (told,) = changes_of(session, "assignment", made)
    assert (told.who, told.source, told.action) == ("Li", "radio", "insert")


def test_a_key_of_two_columns_is_told_and_a_removed_row_is_kept_whole(room: Sessions) -> None:
    run(room, "DELETE FROM unit_capability WHERE unit_id = 2")
    with transaction(room) as session:
        told = changes_of(session, "unit_capability", "2/rescue")[-1]
    assert (told.action, told.new, told.old and told.old["quantity"]) == ("delete", None, 6)


def test_positions_sums_and_what_stays_the_same_are_not_told(room: Sessions) -> None:
    run(room, "UPDATE unit SET position = 'SRID=4326;POINT(114 30)', position_at = now(), crew = crew")
    run(room, "UPDATE stock SET reserved = 0")
    with transaction(room) as session:
        told = set(session.execute(select(Audit.table_name, Audit.action)).all())
    assert ("unit", "insert") in told
    assert not told & {("unit", "update"), ("stock", "update")}


def test_the_secret_of_a_webhook_is_never_told_but_that_it_changed_is(room: Sessions) -> None:
    run(room, "INSERT INTO webhook (url, secret) VALUES ('https://example.org', 'hush')")
    run(room, "UPDATE webhook SET secret = 'hush hush'")
    with transaction(room) as session:
        made, changed = changes_of(session, "webhook", 1)
    assert made.new is not None
    assert (made.new["secret"], changed.old, changed.new) == ("***", {"secret": "***"}, {"secret": "***"})


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_what_was_told_is_never_changed_or_removed(room: Sessions, statement: str) -> None:
    with pytest.raises(DBAPIError, match="written once"):
        run(room, statement)


def test_every_table_of_the_registry_is_audited_row_by_row(room: Sessions) -> None:
    with transaction(room) as session:
        assert sorted(session.scalars(TRIGGERS)) == TABLES
    with pytest.raises(DBAPIError, match="one by one"):
        run(room, "TRUNCATE unit_capability")


def test_without_its_trigger_a_change_leaves_no_trace(migrated: Cluster) -> None:
    with duty_room(migrated) as scratch:
        run(scratch, "DROP TRIGGER team_is_audited ON team")
        run(scratch, "UPDATE team SET phone = '027 119'")
        with transaction(scratch) as session:
            assert [told.action for told in changes_of(session, "team", 1)] == ["insert"]
