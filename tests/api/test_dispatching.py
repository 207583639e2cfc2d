"""The story of an incident when something gives way in the middle of it."""

from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from api.dispatching import LOST_MEANWHILE, answer_call
from api.needs import NeedsAsked
from data.cluster import Cluster
from data.database import open_engine, sessions_on
from data.registry import NewIncident
from tests.databases import fresh_database
from tests.river_town import QUAY, now, river_centre


def shut(cluster: Cluster, name: str) -> None:
    """Let nobody into a database any more, and throw out who is in it."""
    engine = open_engine(cluster.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
    engine.dispose()


def test_a_call_recorded_before_the_database_goes_away_still_says_its_number(
    migrated: Cluster, tmp_path: Path
) -> None:
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        centre = river_centre(sessions_on(engine), tmp_path)

        @event.listens_for(centre.sessions, "after_commit")
        def goes_away(_: Session) -> None:
            shut(migrated, str(url.database))

        call = NewIncident(kind="fire", severity=2, place=QUAY, reported_at=now(), reported_by="duty desk")
        reported = answer_call(call, NeedsAsked(), centre)
        engine.dispose()
    assert (reported.incident_id, reported.number) == (1, None)
    assert reported.why_none == LOST_MEANWHILE
