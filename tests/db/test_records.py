"""What a bureau keeps on file, as the database holds it."""

from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from shapely import box
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.audit import changes_of, speaking_as
from data.cluster import Cluster
from data.database import Sessions, open_engine
from data.migrating import alembic_config
from data.models import (
    DrillForm,
    DrillOrganiser,
    Enterprise,
    RescueBase,
    StationClass,
    Team,
    Tier,
)
from data.records import DrillFacts, EnterpriseFacts, drills, enterprises, station_areas, verified_rows
from data.registry import NewBase, NewTeam, add_bases, add_teams
from data.registry.records import (
    NewDrill,
    NewEnterprise,
    NewStationArea,
    Verification,
    add_drills,
    put_enterprises,
    put_station_areas,
    verify,
)
from geo.errors import InvalidInputError
from tests.databases import fresh_database
from tests.river_town import QUAY, WEST_STATION

SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)
AROUND = box(114.28, 30.58, 114.32, 30.62)
BASE_OF_BEFORE = (
    "INSERT INTO rescue_base (name, address, contact, phone, place) "
    "VALUES ('old station', '', '', '', 'SRID=4326;POINT(114.3 30.6)')"
)
DRILL = "INSERT INTO drill (held_on, form, organiser) VALUES ('2026-04-01', 'tabletop', 'government')"
NEW_TABLES = ("drill", "enterprise", "station_area")


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """Open a session on two stations, each with a team; nothing of it stays."""
    with sessions() as opened:
        bases = [NewBase(name="west", place=WEST_STATION), NewBase(name="quay", place=QUAY)]
        add_bases(opened, bases)
        add_teams(
            opened,
            [
                NewTeam(
                    base=base.name,
                    name=f"{base.name} team",
                    kind="fire",
                    tier=Tier.FIRE_BRIGADE,
                    call_sign=base.name,
                )
                for base in bases
            ],
        )
        yield opened
        opened.rollback()


def drill(held_on: date = SPRING, team: str | None = "west team") -> NewDrill:
    return NewDrill(held_on=held_on, form=DrillForm.PRACTICAL, organiser=DrillOrganiser.ENTERPRISE, team=team)


def test_an_enterprise_written_again_is_the_same_one_with_its_new_size(session: Session) -> None:
    put_enterprises(session, [NewEnterprise(name="works", headcount=10), NewEnterprise(name="mill")])
    put_enterprises(session, [NewEnterprise(name="works", headcount=12)])
    put_enterprises(session, [NewEnterprise(name="works", revenue_yuan=5e6)])
    assert enterprises(session) == (EnterpriseFacts("works", 12, 5e6), EnterpriseFacts("mill", None, None))


def test_a_drill_outlives_its_team(session: Session) -> None:
    add_drills(session, [drill()])
    session.execute(delete(Team).where(Team.name == "west team"))
    assert drills(session) == (DrillFacts(SPRING, "practical", "enterprise", None, None),)


def test_a_drill_is_filed_once(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="number 2") as refused:
        add_drills(session, [drill(), drill()])
    assert refused.value.field == "held_on"


def test_an_area_is_replaced_and_goes_with_its_station(session: Session) -> None:
    for station_class in (StationClass.CLASS_1, StationClass.SMALL):
        put_station_areas(session, [NewStationArea(base="west", station_class=station_class, area=AROUND)])
    (area,) = station_areas(session)
    assert (area.base, area.station_class, area.area.equals(AROUND)) == ("west", "small", True)
    assert (area.lon, area.lat) == (WEST_STATION.lon, WEST_STATION.lat)
    session.execute(delete(Team).where(Team.name == "west team"))
    session.execute(delete(RescueBase).where(RescueBase.name == "west"))
    assert station_areas(session) == ()


def test_a_row_is_verified_by_its_name_or_its_number(session: Session) -> None:
    number = session.scalars(select(Team.id).where(Team.name == "quay team")).one()
    verify(
        session,
        [
            Verification(table="rescue_base", name="west", verified_on=SPRING, verified_by="Li"),
            Verification(table="team", name=f"#{number}", verified_on=SUMMER, verified_by="Wang"),
        ],
    )
    said = {(row.table, row.name): (row.verified_on, row.verified_by) for row in verified_rows(session)}
    assert said == {
        ("rescue_base", "west"): (SPRING, "Li"),
        ("rescue_base", "quay"): (None, None),
        ("team", "west team"): (None, None),
        ("team", "quay team"): (SUMMER, "Wang"),
    }


def test_a_row_that_is_not_there_cannot_be_verified(session: Session) -> None:
    for name in ("nowhere", "#999999"):
        with pytest.raises(InvalidInputError, match="number 1"):
            verify(session, [Verification(table="unit", name=name, verified_on=SPRING, verified_by="Li")])


def test_who_wrote_a_record_is_in_the_audit(session: Session) -> None:
    speaking_as(session, "Li", "desk")
    put_enterprises(session, [NewEnterprise(name="works", headcount=10)])
    put_enterprises(session, [NewEnterprise(name="works", headcount=12)])
    number = session.scalars(select(Enterprise.id)).one()
    told = [(change.who, change.action) for change in changes_of(session, "enterprise", number)]
    assert told == [("Li", "insert"), ("Li", "update")]


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO enterprise (name) VALUES (' ')", "name_not_blank"),
        ("INSERT INTO enterprise (name, headcount) VALUES ('w', -1)", "headcount_not_negative"),
        ("INSERT INTO enterprise (name, revenue_yuan) VALUES ('w', 'NaN')", "revenue_yuan_not_negative"),
        ("INSERT INTO drill (held_on, form, organiser) VALUES ('2026-01-01', 'x', 'team')", "form_known"),
        (
            "INSERT INTO drill (held_on, form, organiser) VALUES ('2026-01-01', 'tabletop', 'x')",
            "organiser_known",
        ),
        (
            "INSERT INTO station_area (base_id, station_class, area) SELECT id, 'class-1', "
            "'SRID=4326;POLYGON((0 0,1 1,1 0,0 1,0 0))' FROM rescue_base LIMIT 1",
            "area_valid",
        ),
        ("TRUNCATE drill", "one by one"),
    ],
)
def test_the_database_refuses_a_record_that_cannot_be_true(
    session: Session, statement: str, constraint: str
) -> None:
    with pytest.raises(DBAPIError, match=constraint):
        session.execute(text(statement))


def test_records_come_and_go_with_the_migration_and_the_rows_of_before_stay(migrated: Cluster) -> None:
    with fresh_database(migrated) as url:
        engine, config = open_engine(url), alembic_config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0004")
            assert _tables(connection) == set()
            connection.execute(text(BASE_OF_BEFORE))
            command.upgrade(config, "head")
            assert _checked(connection) == ("old station", None)
            connection.execute(text("UPDATE rescue_base SET verified_on = '2026-04-01', verified_by = 'Li'"))
            connection.execute(text("UPDATE response_plan SET revised_on = '2026-04-01'"))
            connection.execute(text("INSERT INTO enterprise (name) VALUES ('works')"))
            connection.execute(text(DRILL))
            command.downgrade(config, "0004")
            assert _tables(connection) == set()
            command.upgrade(config, "head")
            assert _checked(connection) == ("old station", None)
            assert _tables(connection) == set(NEW_TABLES)
            assert connection.scalar(text("SELECT count(*) FROM enterprise")) == 0
        engine.dispose()


def _checked(connection: Connection) -> tuple[str, date | None]:
    name, verified_on = connection.execute(text("SELECT name, verified_on FROM rescue_base")).one()
    return name, verified_on


def _tables(connection: Connection) -> set[str]:
    found = text("SELECT tablename FROM pg_tables WHERE tablename = ANY (:names)")
    return set(connection.scalars(found, {"names": list(NEW_TABLES)}))
