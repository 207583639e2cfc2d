"""
Wuhan's roads, fetched once and held to the hashes written here.

They are OpenStreetMap data (ODbL 1.0) inside the source distribution of the package neatnet. Nothing of that
package is installed or imported: one file is copied out of its archive.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from geo.errors import RescueError

LONGEST_FETCH_S = 600
CONNECTION_RETRIES = 2
REFUSED_HASH = re.compile(r"Expected sha256 (?P<expected>[0-9a-f]+)\s+Got\s+(?P<got>[0-9a-f]+)")


@dataclass(frozen=True)
class PinnedFile:
    """A file known before it is there: its name, its size and the SHA-256 of its bytes."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class RoadArchive:
    """A package whose source distribution holds roads, and the file inside it that does."""

    package: str
    version: str
    file: PinnedFile
    member: str
    roads: PinnedFile


WUHAN = RoadArchive(
    package="neatnet",
    version="0.1.6",
    file=PinnedFile(
        "neatnet-0.1.6.tar.gz",
        25_213_051,
        "a1f760e0875a7f42a778d86293c397b37ee61e71fba49769c2b3db30271a7fff",
    ),
    member="neatnet-0.1.6/data/wuhan_8989/original.parquet",
    roads=PinnedFile(
        "wuhan-roads.parquet",
        3_073_057,
        "aeadb891a146320d617de30b7df552818b200e9372cfeaf50535300b8bd8d244",
    ),
)


class SampleUnavailableError(RescueError):
    """The demo city's roads could not be had."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the demo city could not be fetched ({reason}); "
            "`make demo TOWN=generated` runs on a generated town instead"
        )
        self.reason = reason


def wuhan_roads(cache: Path, archive: RoadArchive = WUHAN) -> Path:
    """
    Return the path of Wuhan's roads in ``cache``, fetching them where they are not there yet.

    Every file is used only with the size and SHA-256 pinned for it. The archive is kept, so that a road file
    that was changed is put right without a second fetch.

    Raises
    ------
    SampleUnavailableError
        When the archive cannot be fetched, or is not the pinned one.
    OSError
        When there can be no folder ``cache``.
    """
    roads = cache / archive.roads.name
    if _difference(roads, archive.roads) is None:
        return roads
    kept = cache / archive.file.name
    cache.mkdir(parents=True, exist_ok=True)
    try:
        if not kept.exists():
            _fetch(archive, kept)
        _refuse_difference(kept, archive.file)
        _take_out(archive, kept, roads)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise SampleUnavailableError(str(error)) from error
    return roads


def _fetch(archive: RoadArchive, target: Path) -> None:
    """Download the source distribution beside ``target``, check it, and only then give it its name."""
    with TemporaryDirectory(dir=target.parent, prefix="fetch-") as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"{archive.package}=={archive.version} --hash=sha256:{archive.file.sha256}\n")
        _run_pip(
            "download",
            f"--dest={folder}",
            "--no-deps",
            f"--no-binary={archive.package}",
            "--require-hashes",
            f"--requirement={wanted}",
            f"--retries={CONNECTION_RETRIES}",
            "--progress-bar=off",
            "--disable-pip-version-check",
        )
        fetched = Path(folder, archive.file.name)
        _refuse_difference(fetched, archive.file)
        fetched.replace(target)


def _run_pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=LONGEST_FETCH_S
        )
    except subprocess.TimeoutExpired as error:
        raise SampleUnavailableError(f"pip did not finish within {LONGEST_FETCH_S} s") from error
    if done.returncode != 0:
        raise SampleUnavailableError(_complaint(done.stderr))


def _complaint(stderr: str) -> str:
    """Return on one line which hash pip refused, else its last error, else the last thing it wrote."""
    if refused := REFUSED_HASH.search(stderr):
        return f"the package has the SHA-256 {refused['got']} instead of {refused['expected']}"
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return "pip says: " + (errors or lines or ["nothing"])[-1].rstrip(".:")


def _take_out(archive: RoadArchive, kept: Path, target: Path) -> None:
    """Copy the one named member out of the archive; nothing else in it is unpacked."""
    with tarfile.open(kept, "r:gz") as package, _replacing(target) as (partial, out):
        member = next((entry for entry in package if entry.name == archive.member), None)
        content = package.extractfile(member) if member is not None and member.isreg() else None
        if content is None:
            raise SampleUnavailableError(f"{kept} holds no file {archive.member}")
        shutil.copyfileobj(content, out)
        out.flush()
        _refuse_difference(partial, archive.roads)


@contextmanager
def _replacing(target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """Lend a file to write beside ``target`` that takes its place when the block ends well."""
    with TemporaryDirectory(dir=target.parent, prefix="copy-") as folder:
        partial = Path(folder, target.name)
        with partial.open("wb") as out:
            yield partial, out
        partial.replace(target)


def _refuse_difference(path: Path, pinned: PinnedFile) -> None:
    difference = _difference(path, pinned)
    if difference is not None:
        raise SampleUnavailableError(f"{path} {difference}, so it was refused: remove it")


def _difference(path: Path, pinned: PinnedFile) -> str | None:
    """Return how the file differs from the pinned one, or None when it does not."""
    if not path.is_file():
        return "is not there"
    size_bytes = path.stat().st_size
    if size_bytes != pinned.size_bytes:
        return f"has {size_bytes} bytes instead of {pinned.size_bytes}"
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return None if sha256 == pinned.sha256 else f"has the SHA-256 {sha256} instead of {pinned.sha256}"
