"""Where a private cluster lies, and as whom its programs run."""

import fcntl
import hashlib
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.postgres_binaries import find_binaries
from geo.errors import RescueError

ROOT_UID = 0
WHEN_ROOT_RUN_AS = "postgres"
WHEN_UNREACHABLE = Path("/var/lib/rescuegrid")
SHORT_SOCKETS = Path("/", "tmp")
LONGEST_SOCKET_DIRECTORY = 80
"""Bytes; a socket's whole path may have 107 on Linux and 103 on macOS."""


class ClusterError(RescueError):
    """The private cluster cannot be made, reached or started; the message says how to mend it."""


@dataclass(frozen=True)
class ClusterHome:
    """
    The folder of one private cluster and the user its server runs as.

    PostgreSQL refuses root: for root the server runs as whoever owns the data, ``postgres`` when it is new.
    Root keeps the folder and its lock; the data and the socket folder belong to that user, mode 0700.
    """

    directory: Path
    uid: int

    @property
    def pgdata(self) -> Path:
        """The data directory."""
        return self.directory / "pgdata"

    @property
    def unfinished(self) -> Path:
        """Where a data directory is made before it takes its name."""
        return self.directory / "pgdata.new"

    @property
    def start_log(self) -> Path:
        """What the server says until its own log in ``pgdata/log`` takes over."""
        return self.pgdata / "start.log"

    @property
    def socket_directory(self) -> Path:
        """The folder of the server's socket: beside the data, or under ``/tmp`` where that is too long."""
        beside = self.directory / "pgsocket"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY and not set(str(beside)) & set(',"'):
            return beside
        return SHORT_SOCKETS / f"rescuegrid-{_digest(self.directory)}"

    @property
    def user(self) -> str:
        """The name of the user the server runs as."""
        return _name(self.uid)

    @property
    def major(self) -> int | None:
        """The major version of PostgreSQL that made the data, ``None`` before there is any."""
        version = self.pgdata / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from starting or stopping this cluster meanwhile."""
        descriptor = os.open(self.directory / "pgdata.lock", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the cluster's user, without the caller's terminal and PG variables."""
        return _run_as(self.uid, *command)

    def is_private(self, folder: Path) -> bool:
        """Whether ``folder`` is a true folder that only the cluster's user (and root) can enter."""
        try:
            found = folder.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.uid and not found.st_mode & 0o077

    def make_private(self, folder: Path) -> None:
        """Make ``folder`` for the cluster's user alone unless it is there; refuse somebody else's."""
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, -1)
        if not self.is_private(folder):
            raise ClusterError(f"{folder} must be a folder of user {self.user} with mode 0700: remove it.")


def home_of(directory: Path) -> ClusterHome:
    """
    Return the home of the cluster for ``directory``, which is made if it is not there.

    Where root asks and the server's user cannot enter ``directory`` (``/root`` is 0700), the home is a folder
    under ``/var/lib/rescuegrid`` instead.

    Raises
    ------
    ClusterError
        When this user may not use the directory, or the cluster in it.
    """
    directory = directory.resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        owner_uid = _owner_uid(directory / "pgdata")
        usable = os.access(directory, os.W_OK | os.X_OK)
    except OSError as error:
        raise ClusterError(f"{directory} cannot be used: {error.strerror}; choose another folder.") from error
    if os.geteuid() == ROOT_UID:
        return _home_for_root(directory, owner_uid)
    if owner_uid is not None and owner_uid != os.geteuid():
        raise ClusterError(f"{directory} belongs to user {_name(owner_uid)}: run as that user or as root.")
    if not usable:
        raise ClusterError(f"{directory} cannot be written by this user: choose another folder.")
    return ClusterHome(directory, os.geteuid())


def _home_for_root(directory: Path, owner_uid: int | None) -> ClusterHome:
    if owner_uid is not None:
        return _home_with_data(directory, owner_uid)
    elsewhere = WHEN_UNREACHABLE / f"{directory.name}-{_digest(directory)}"
    owner_elsewhere_uid = _owner_uid(elsewhere / "pgdata")
    if owner_elsewhere_uid is not None:
        return _home_with_data(elsewhere, owner_elsewhere_uid)
    uid = _uid_when_root()
    if _can_enter(directory, uid):
        return ClusterHome(directory, uid)
    for folder in (WHEN_UNREACHABLE, elsewhere):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    return ClusterHome(elsewhere, uid)


def _home_with_data(directory: Path, owner_uid: int) -> ClusterHome:
    if owner_uid == ROOT_UID:
        remedy = f"chown -R {WHEN_ROOT_RUN_AS} {directory / 'pgdata'}"
        raise ClusterError(f"PostgreSQL refuses to run as root, who owns its data: run `{remedy}`.")
    if not _can_enter(directory, owner_uid):
        raise ClusterError(
            f"{directory}: let user {_name(owner_uid)}, who owns the data, enter it: chmod it."
        )
    return ClusterHome(directory, owner_uid)


def _uid_when_root() -> int:
    try:
        return pwd.getpwnam(WHEN_ROOT_RUN_AS).pw_uid
    except KeyError:
        found = find_binaries()
        reason = f"{found.folder}: PostgreSQL refuses to run as root, and there is no user {WHEN_ROOT_RUN_AS}"
        raise ClusterError(f"{reason}: run as an ordinary user.") from None


def _owner_uid(path: Path) -> int | None:
    """Return who owns ``path``, ``None`` where there is nothing."""
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _can_enter(directory: Path, uid: int) -> bool:
    return _run_as(uid, "test", "-x", str(directory)).returncode == 0


def _digest(directory: Path) -> str:
    return hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]


def _run_as(uid: int, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    other = None if uid == os.geteuid() else pwd.getpwuid(uid)
    return subprocess.run(
        command,
        cwd="/",
        env=environment | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        check=False,
        umask=0o077,
        user=other and other.pw_uid,
        group=other and other.pw_gid,
        extra_groups=other and os.getgrouplist(other.pw_name, other.pw_gid),
    )
