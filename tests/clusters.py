"""Folders for private clusters that last as long as a test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.cluster import stop


@contextmanager
def cluster_folder() -> Iterator[Path]:
    """Lend a folder that root's server can enter, unlike pytest's own; stop its cluster and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="rescuegrid-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        stop(folder)
        shutil.rmtree(folder)
