"""Open a command centre: the database, brought to the newest schema, and the roads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from api.dispatching import Centre
from api.live_roads import open_live_roads
from api.settings import Settings
from data.cluster import create_database, ensure_running
from data.database import Sessions, open_engine, sessions_on
from data.migrating import migrate
from geo.errors import InvalidInputError, RescueError


class DatabaseUnreachableError(RescueError):
    """The database that was named cannot be reached or used."""


def database_url(settings: Settings) -> URL:
    """Return where the database is: the one given, or our own private one, started if need be."""
    if settings.database_url is not None:
        return _given(settings.database_url)
    cluster = ensure_running(settings.cluster_directory)
    create_database(cluster, settings.database)
    return cluster.url(settings.database)


def _given(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise InvalidInputError("DATABASE_URL", "it is not a URL like postgresql://user@host/name") from None
    if not url.drivername.startswith("postgres"):
        raise InvalidInputError("DATABASE_URL", f"{url.drivername} is not PostgreSQL: PostGIS is needed")
    return url.set(drivername="postgresql+psycopg")


@contextmanager
def open_database(settings: Settings) -> Iterator[Sessions]:
    """Open the database at the newest schema, and let go of it at the end."""
    engine = open_engine(database_url(settings))
    try:
        _bring_up_to_date(engine)
        yield sessions_on(engine)
    finally:
        engine.dispose()


def _bring_up_to_date(engine: Engine) -> None:
    try:
        migrate(engine)
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise DatabaseUnreachableError(f"the database {engine.url} cannot be used: {reason}") from error


@contextmanager
def open_centre(settings: Settings) -> Iterator[Centre]:
    """Open the roads and the database, and let go of them at the end."""
    roads = open_live_roads(settings.roads_root, settings.roads)
    with open_database(settings) as sessions:
        yield Centre(sessions, roads, settings)
