"""Sessions on the database, and the one block that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

Sessions = sessionmaker[Session]
DATABASE_LOST = (OperationalError, InterfaceError, PoolTimeoutError)
"""What is raised where the database cannot be reached, or has no connection to spare."""

PREFER_LZ4 = """
    SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
"""
"""PostgreSQL compresses what is long: an answer of 500 units ten times as fast as by its default."""


def open_engine(url: URL | str) -> Engine:
    """Return an engine that notices a database that went away and came back."""
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    event.listen(engine, "connect", _compress_fast)
    return engine


def _compress_fast(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(PREFER_LZ4)
    cursor.close()
    connection.commit()


def sessions_on(engine: Engine) -> Sessions:
    """Return the maker of sessions; rows stay readable after their transaction has ended."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """Commit everything done in the block, or nothing."""
    with sessions() as session, session.begin():
        yield session
