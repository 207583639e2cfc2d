"""What every test may ask for: one private cluster, migrated databases on it, and the shared data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from data.cluster import Cluster, create_database, ensure_running
from data.database import Sessions, open_engine, sessions_on
from data.migrating import migrate
from data.samples.archive import wuhan_roads
from tests.clusters import cluster_folder
from tests.databases import TEMPLATE, fresh_database

settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One private cluster for the whole run; ask for databases on it, not for the cluster to be stopped."""
    with cluster_folder() as directory:
        yield ensure_running(directory)


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> Cluster:
    """Give the cluster a migrated database to copy."""
    create_database(cluster, TEMPLATE)
    engine = open_engine(cluster.url(TEMPLATE))
    migrate(engine)
    engine.dispose()
    return cluster


@pytest.fixture(scope="module")
def sessions(migrated: Cluster) -> Iterator[Sessions]:
    """Sessions on a database of the module's own, migrated and empty."""
    with fresh_database(migrated) as url:
        engine = open_engine(url)
        yield sessions_on(engine)
        engine.dispose()


@pytest.fixture(scope="session")
def wuhan_file() -> Path:
    """Fetch the roads of Wuhan once, as the demonstration does; without them the tests fail, never skip."""
    return wuhan_roads(REPOSITORY / "var" / "downloads")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the repository; without it the tests that need it are skipped."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the shared data in {folder}")
    return folder
