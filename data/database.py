"""Sessions on the database, and the one block that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]
DATABASE_LOST = (OperationalError, InterfaceError, PoolTimeoutError)
"""What is raised where the database cannot be reached, or has no connection to spare."""


def open_engine(url: URL | str) -> Engine:
    """Return an engine that notices a database that went away and came back."""
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})


def sessions_on(engine: Engine) -> Sessions:
    """Return the maker of sessions; rows stay readable after their transaction has ended."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """Commit everything done in the block, or nothing."""
    with sessions() as session, session.begin():
        yield session
