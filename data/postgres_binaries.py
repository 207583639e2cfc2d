"""The PostgreSQL programs of this machine, those that have PostGIS, newest first."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import RescueError

OVERRIDE = "RESCUEGRID_PG_BIN"
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PGDG on Red Hat, Fedora and SUSE
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_config")


class PostgisMissingError(RescueError):
    """No PostgreSQL with PostGIS was found where the private cluster looks for it."""

    def __init__(self, reason: str = "PostgreSQL with PostGIS is not installed") -> None:
        super().__init__(f"{reason}: {_remedy()}.")


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL that has PostGIS: the folder of its programs and its major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """Return the full path of one of its programs, e.g. ``pg_ctl``."""
        return str(self.folder / program)


def find_binaries(major: int | None = None) -> Binaries:
    """
    Return the newest PostgreSQL that has PostGIS, or the newest of one major version.

    The variable ``RESCUEGRID_PG_BIN`` names a folder of programs to use instead of all others.

    Raises
    ------
    PostgisMissingError
        When there is none; the message says how to install it.
    """
    found = [b for b in map(_with_postgis, _folders()) if b and major in (None, b.major)]
    if found:
        return max(found, key=lambda binaries: binaries.major)
    if override := os.environ.get(OVERRIDE):
        raise PostgisMissingError(f"{OVERRIDE}={override} holds no PostgreSQL{_of(major)} with PostGIS")
    if major is not None:
        raise PostgisMissingError(f"the stored data needs PostgreSQL{_of(major)} with PostGIS")
    raise PostgisMissingError


def _of(major: int | None) -> str:
    return "" if major is None else f" {major}"


def _folders() -> Iterator[Path]:
    if override := os.environ.get(OVERRIDE):
        yield Path(override)
        return
    for pattern in PLACES:
        yield from Path("/").glob(pattern.removeprefix("/"))
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def _with_postgis(folder: Path) -> Binaries | None:
    """Return the programs in ``folder`` if they are whole and their PostgreSQL has PostGIS."""
    if not all(shutil.which(program, path=folder) for program in PROGRAMS):
        return None
    asked = [str(folder / "pg_config"), "--version", "--sharedir"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    told = re.fullmatch(r"PostgreSQL (\d+).*\n(.+)\n", answer.stdout)
    if told is None or not Path(told[2], "extension", "postgis.control").is_file():
        return None
    return Binaries(folder, int(told[1]))


def _remedy() -> str:
    if shutil.which("apt-get"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"run `{sudo}apt-get install -y postgresql-postgis`"
    if platform.system() == "Darwin":
        return "run `brew install postgresql@17 postgis`"
    return f"install it with this system's packages, or set {OVERRIDE} to the folder of its programs"
