"""Bring a database to the newest schema and vocabulary."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select

from data.vocabulary import write_vocabulary

MIGRATION_LOCK = 722_105
"""Two processes that migrate at once take turns by it."""


def alembic_config() -> Config:
    """Return Alembic's configuration, found wherever the product is installed."""
    config = Config()
    config.set_main_option("script_location", str(files("data") / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Apply every migration not yet applied and bring the shipped vocabulary up to date, all or nothing."""
    config = alembic_config()
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        write_vocabulary(connection)
