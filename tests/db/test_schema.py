"""What the database itself refuses, whoever writes."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.cluster import Cluster, create_database
from data.database import Sessions, open_engine, transaction
from data.migrating import alembic_config, migrate
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
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
SPATIAL = {
    "idx_hazard_source_place",
    "idx_rescue_base_place",
    "idx_unit_position",
    "idx_depot_place",
    "idx_incident_place",
    "idx_road_condition_shape",
    "idx_plan_contact_area",
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


@pytest.mark.parametrize("statement", ["UPDATE event SET who = 'x'", "DELETE FROM event", "TRUNCATE event"])
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
