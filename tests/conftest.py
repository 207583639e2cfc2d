"""What every test may ask for: one private cluster for the whole run, and the shared data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.cluster import Cluster, ensure_running
from tests.clusters import cluster_folder

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One private cluster for the whole run; ask for databases on it, not for the cluster to be stopped."""
    with cluster_folder() as directory:
        yield ensure_running(directory)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the repository; without it the tests that need it are skipped."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the shared data in {folder}")
    return folder
