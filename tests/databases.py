"""Databases that last as long as a test, copied from a migrated template."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import URL

from data.cluster import Cluster, create_database, drop_database

TEMPLATE = "template_rescuegrid"
_numbers = count(1)


@contextmanager
def fresh_database(cluster: Cluster) -> Iterator[URL]:
    """Lend a migrated, empty database."""
    name = f"test_{next(_numbers)}"
    create_database(cluster, name, TEMPLATE)
    try:
        yield cluster.url(name)
    finally:
        drop_database(cluster, name)
