"""The listener hears of each version, outlives the database, and no reading depends on it."""

from sqlalchemy import Engine, text

from data import conditions
from data.cluster import create_database, ensure_running, stop
from data.database import Sessions, open_engine, sessions_on, transaction
from data.listening import ConditionsListener
from data.migrating import migrate
from tests.clusters import cluster_folder
from tests.db.conditions import closure

PATIENCE_S = 60


def close_a_road(sessions: Sessions) -> int:
    """Add a closure and return the version that first held it."""
    with transaction(sessions) as session:
        return conditions.add(session, closure()).added_in


def engine_of(sessions: Sessions) -> Engine:
    engine: Engine = sessions.kw["bind"]
    return engine


def test_the_listener_hears_of_each_version(sessions: Sessions) -> None:
    with ConditionsListener(engine_of(sessions).url) as listener:
        heard = listener.wait_beyond(None, PATIENCE_S)
        for _ in range(3):
            added = close_a_road(sessions)
            heard = listener.wait_beyond(heard, PATIENCE_S)
            assert heard == added
        assert listener.latest == heard
        assert listener.wait_beyond(heard, 0) is None, "nothing newer is there to hear"


def test_readings_are_right_while_nobody_listens(sessions: Sessions) -> None:
    with ConditionsListener(engine_of(sessions).url) as deaf:
        heard = deaf.wait_beyond(None, PATIENCE_S)
    added = close_a_road(sessions)
    with transaction(sessions) as session:
        assert conditions.read(session).version == added
    assert deaf.latest == heard


def test_a_cut_connection_is_made_again(sessions: Sessions) -> None:
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ 'road_conditions_version' "
        "AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    with ConditionsListener(engine_of(sessions).url) as listener:
        heard = listener.wait_beyond(None, PATIENCE_S)
        with transaction(sessions) as session:
            assert any(session.scalars(cut))
        added = close_a_road(sessions)
        assert listener.wait_beyond(heard, PATIENCE_S) == added


def test_the_listener_hears_again_after_the_database_was_restarted() -> None:
    with cluster_folder() as folder:
        cluster = ensure_running(folder)
        create_database(cluster, "restarted")
        engine = open_engine(cluster.url("restarted"))
        migrate(engine)
        with ConditionsListener(engine.url) as listener:
            heard = listener.wait_beyond(None, PATIENCE_S)
            stop(folder)
            ensure_running(folder)
            added = close_a_road(sessions_on(engine))
            assert listener.wait_beyond(heard, PATIENCE_S) == added
        engine.dispose()
