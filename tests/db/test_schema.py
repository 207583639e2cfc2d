"""What the database itself refuses, whoever writes."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.cluster import Cluster, create_database
from data.database import Sessions, open_engine, transaction
from data.migrating import alembic_config, migrate
from data.vocabulary import write_vocabulary
from tests.databases import fresh_database

BASE = "INSERT INTO rescue_base (name, address, contact, phone, place) VALUES ('{name}', '', '', '', {place})"
INCIDENT = (
    "INSERT INTO incident (kind, severity, place, reported_at, reported_by) "
    "VALUES ('{kind}', {severity}, 'SRID=4326;POINT(114.3 30.6)', now(), '{by}')"
)
DEPOT = (
    "INSERT INTO depot (name, tier, contact, phone, loading_s, delivers, place) "
    "VALUES ('{name}', '{tier}', '', '', {loading_s}, true, 'SRID=4326;POINT(114.3 30.6)')"
)
HAZARD = (
    "INSERT INTO hazard_source (name, kind, enterprise, contact, phone, place, grade) "
    "VALUES ('plant', 'chemical-plant', 'works', '', '', {place}, {grade})"
)
PLAN = (
    "INSERT INTO response_plan (name, incident_kind, severity, substance, lead_department, order_text, "
    "action_card) VALUES ('p', '{kind}', {severity}, {substance}, 'office', 'go', '')"
)
NEED = (
    "INSERT INTO plan_need (plan_id, capability, level, quantity, weight) "
    "SELECT id, '{capability}', 0, {quantity}, 1 FROM response_plan "
    "WHERE name LIKE 'chemical-leak severity 1%'"
)
AUTHORITY = (
    "INSERT INTO authority (name, approver, phone, approval_s) VALUES "
    "('office ' || {approval_s}, 'duty', '', {approval_s})"
)
AGREEMENT = (
    "INSERT INTO agreement (authority_id, number, mobilise_within_s, call_out_cost_yuan, cost_per_hour_yuan, "
    "consents_to_bare_site, valid_from, valid_until) "
    "SELECT id, '1', 60, 0, 0, false, '2026-01-01', {until} FROM authority"
)
STANDARD = (
    "INSERT INTO standard "
    "(code, name_en, name_zh, clause, strength, clock_start, seconds, applies_to, source) "
    "VALUES ('s', 's', 's', '', 'shall', '{clock_start}', {seconds}, 'all', 'us')"
)
TEAM_OF_BEFORE = (
    "INSERT INTO team (base_id, name, kind, tier, contact, phone, call_sign, radio) "
    "SELECT id, '{name}', 'fire', '{name}', '', '', '{name}', '' FROM rescue_base"
)
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
SPATIAL = {
    "idx_hazard_source_place",
    "idx_rescue_base_place",
    "idx_unit_position",
    "idx_depot_place",
    "idx_incident_place",
    "idx_road_condition_shape",
    "idx_plan_contact_area",
    "idx_station_area_area",
}


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (BASE.format(name=" ", place="'SRID=4326;POINT(114.3 30.6)'"), "name_not_blank"),
        (BASE.format(name="b", place="'SRID=4326;POINT(30.6 114.3)'"), "place_on_earth"),
        (BASE.format(name="b", place="'SRID=4326;POINT(NaN 30.6)'"), "place_on_earth"),
        (BASE.format(name="b", place="'SRID=4326;POINT EMPTY'"), "place_on_earth"),
        (BASE.format(name="b", place="'SRID=4326;LINESTRING(0 0,1 1)'"), "Geometry type"),
        (BASE.format(name="b", place="'SRID=3857;POINT(1 1)'"), "SRID"),
        (INCIDENT.format(kind="picnic", severity=2, by="desk"), "fk_incident_kind"),
        (INCIDENT.format(kind="fire", severity=5, by="desk"), "severity_1_to_4"),
        (INCIDENT.format(kind="fire", severity=2, by=""), "reported_by_not_blank"),
        (DEPOT.format(name="d", tier="galaxy", loading_s=1), "tier_known"),
        (DEPOT.format(name="d", tier="city", loading_s=-1), "loading_s_not_negative"),
        (DEPOT.format(name="d", tier="city", loading_s="'NaN'"), "loading_s_not_negative"),
        (DEPOT.format(name="d", tier="city", loading_s="'Infinity'"), "loading_s_not_negative"),
        (HAZARD.format(place="'SRID=4326;MULTIPOINT(0 0,1 1)'", grade="NULL"), "place_simple"),
        (HAZARD.format(place="'SRID=4326;POLYGON((0 0,1 1,1 0,0 1,0 0))'", grade="NULL"), "place_valid"),
        (HAZARD.format(place="'SRID=4326;POINT(0 0)'", grade="5"), "grade_1_to_4"),
    ],
)
def test_the_database_refuses_a_row_that_cannot_be_true(
    sessions: Sessions, statement: str, constraint: str
) -> None:
    with pytest.raises(DBAPIError, match=constraint), transaction(sessions) as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (PLAN.format(kind="fire", severity="1", substance="NULL"), "uq_response_plan_matched_by"),
        (PLAN.format(kind="fire", severity="NULL", substance="'Water'"), "substance_lower"),
        (PLAN.format(kind="fire", severity="NULL", substance="' '"), "substance_lower"),
        (PLAN.format(kind="picnic", severity="1", substance="NULL"), "fk_response_plan_incident_kind"),
        (NEED.format(capability="juggling", quantity=1), "fk_plan_need_capability"),
        (NEED.format(capability="foam", quantity=0), "quantity_positive"),
        (NEED.format(capability="foam", quantity="'NaN'"), "quantity_positive"),
        (NEED.format(capability="hazmat", quantity=1), "uq_plan_need_plan_id"),
        (AUTHORITY.format(approval_s=-1), "approval_s_not_negative"),
        (AGREEMENT.format(until="'2025-01-01'"), "valid_until_not_before_valid_from"),
        (AGREEMENT.format(until="NULL"), "uq_agreement_promised"),
        (STANDARD.format(clock_start="noon", seconds=60), "clock_start_known"),
        (STANDARD.format(clock_start="alarm", seconds=0), "seconds_positive"),
    ],
)
def test_the_database_refuses_a_plan_or_promise_that_cannot_be_true(
    sessions: Sessions, statement: str, constraint: str
) -> None:
    before = (AUTHORITY.format(approval_s=60), AGREEMENT.format(until="'2027-01-01'"))
    with pytest.raises(DBAPIError, match=constraint), transaction(sessions) as session:
        session.execute(text("; ".join((*before, statement))))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decision_input SET content = 'x'", "DELETE FROM decision_input", "TRUNCATE decision_input"],
)
def test_what_a_decision_rested_on_is_written_once_and_never_changed(
    sessions: Sessions, statement: str
) -> None:
    with transaction(sessions) as session:
        keep = "INSERT INTO decision_input (hash, content) VALUES ('abc', 'stock') ON CONFLICT DO NOTHING"
        session.execute(text(keep))
    with pytest.raises(DBAPIError, match="written once"), transaction(sessions) as session:
        session.execute(text(statement))


def test_teams_and_capabilities_of_before_are_staffed_and_sorted_by_the_migration(migrated: Cluster) -> None:
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        config = alembic_config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0002")
            connection.execute(text(BASE.format(name="b", place="'SRID=4326;POINT(114.3 30.6)'")))
            for name in ("fire-brigade", "enterprise-part-time", "volunteer"):
                connection.execute(text(TEAM_OF_BEFORE.format(name=name)))
            command.upgrade(config, "head")
            staffing = connection.scalars(text("SELECT staffing FROM team ORDER BY id")).all()
            by_crew = text("SELECT by_crew FROM capability WHERE code IN ('foam', 'medical') ORDER BY code")
            assert connection.scalars(by_crew).all() == [False, True]
        engine.dispose()
    assert staffing == ["full-time", "part-time", "volunteer"]


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET who = 'x'", "DELETE FROM event", "TRUNCATE event CASCADE"]
)
def test_an_event_is_written_once_and_never_changed_or_removed(sessions: Sessions, statement: str) -> None:
    with transaction(sessions) as session:
        session.execute(text("INSERT INTO event (kind, who) VALUES ('test', 'somebody')"))
    with pytest.raises(DBAPIError, match="written once"), transaction(sessions) as session:
        session.execute(text(statement))


def test_every_place_has_a_gist_index(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        gist = text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%USING gist%'")
        found = set(session.scalars(gist))
    assert found >= SPATIAL


def test_the_migrations_say_what_the_models_say_and_can_be_undone(migrated: Cluster) -> None:
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        config = alembic_config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.check(config)
            command.downgrade(config, "base")
            left = set(connection.scalars(TABLES))
            command.upgrade(config, "head")
        engine.dispose()
    assert left == {"alembic_version", "spatial_ref_sys"}


def test_migrating_an_empty_database_twice_is_as_good_as_once(cluster: Cluster) -> None:
    create_database(cluster, "twice")
    engine = open_engine(cluster.url("twice"))
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        kinds = connection.scalar(text("SELECT count(*) FROM incident_kind"))
    engine.dispose()
    assert kinds == 9


def test_events_and_incidents_of_before_are_dated_by_the_migration(migrated: Cluster) -> None:
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        config = alembic_config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0003")
            connection.execute(text(INCIDENT.format(kind="fire", severity=1, by="desk")))
            connection.execute(text("UPDATE incident SET status = 'closed'"))
            connection.execute(text("INSERT INTO event (kind, who, at) VALUES ('test', 'x', '2026-01-01 Z')"))
            command.upgrade(config, "head")
            write_vocabulary(connection)
            dated = connection.execute(text("SELECT at = happened_at, source FROM event")).one()
            over = connection.scalar(text("SELECT closed_at IS NOT NULL FROM incident"))
            connection.execute(text("UPDATE incident SET status = 'open'"))
            connection.execute(text("UPDATE incident SET status = 'under-control'"))
            command.downgrade(config, "0003")
            assert connection.scalar(text("SELECT status FROM incident")) == "open"
            command.upgrade(config, "head")
        engine.dispose()
    assert (tuple(dated), over) == ((True, "api"), True)


@pytest.mark.parametrize(
    ("kinds", "owed"),
    [("{}", 2), ("{assignment}", 1), ("{assignment.refused,weather}", 1), ("{assign,assignment.on}", 0)],
)
def test_an_event_is_owed_to_the_receivers_that_want_its_kind(
    sessions: Sessions, kinds: str, owed: int
) -> None:
    with sessions() as session:
        hook = "INSERT INTO webhook (url, secret, kinds) VALUES ('https://a.example', 's', :kinds)"
        session.execute(text(hook), {"kinds": kinds})
        said = "INSERT INTO event (kind, who) VALUES ('assignment.refused', 'x'), ('incident.closed', 'x')"
        session.execute(text(said))
        assert session.scalar(text("SELECT count(*) FROM webhook_delivery")) == owed
        session.rollback()
