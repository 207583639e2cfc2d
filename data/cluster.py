"""
The private cluster: a PostgreSQL with PostGIS of our own, on a unix socket, in a folder of its own.

It is made at first need, started when it is not running, and never listens on a network port.
"""

import os
import shlex
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import errors, pq, sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL

from data.cluster_home import ClusterError, ClusterHome, home_of
from data.postgres_binaries import Binaries, find_binaries

ROLE = "postgres"
SOCKET_NUMBER = 5432
"""Only a part of the socket's name: nothing listens on a port."""
PRISTINE_TEMPLATE = "template0"
PATIENCE_S = 60
RETRY_S = 0.25
LOCALE = "C.UTF-8" if os.uname().sysname == "Linux" else "C"
SETTINGS = f"""
# A small private server: connections come through the socket folder named at each start, never by network.
listen_addresses = ''
unix_socket_directories = ''
port = {SOCKET_NUMBER}
dynamic_shared_memory_type = mmap    # /dev/shm is small in containers, emptied when its user logs out
random_page_cost = 1.1               # solid-state disks
work_mem = 16MB
maintenance_work_mem = 128MB
jit = off                            # short queries: compiling them takes longer than answering
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on               # a week of logs, then over again
log_filename = '%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
cluster_name = 'rescuegrid'
"""


@dataclass(frozen=True)
class Cluster:
    """
    A running private cluster.

    Attributes
    ----------
    directory : Path
        Where its data lies.
    socket_directory : Path
        The folder of its socket, which only ``user`` and root can enter.
    user : str
        The operating-system user it runs as.
    major : int
        The major version of its PostgreSQL.
    """

    directory: Path
    socket_directory: Path
    user: str
    major: int

    def url(self, database: str) -> URL:
        """Return the SQLAlchemy address of one of its databases."""
        where = {"host": str(self.socket_directory)}
        return URL.create("postgresql+psycopg", ROLE, port=SOCKET_NUMBER, database=database, query=where)


def ensure_running(directory: Path) -> Cluster:
    """
    Return the private cluster of ``directory``, made and started if need be.

    Any number of processes may ask at once. After a crash of the server, or of the machine, everything that
    was committed is there again.

    Raises
    ------
    PostgisMissingError
        When no PostgreSQL with PostGIS is installed.
    ClusterError
        When the directory cannot be used or the server does not start.
    """
    home = home_of(directory)
    if not _answers(home):
        with home.locked():
            _make_and_start(home)
    if (major := home.major) is None:
        raise ClusterError(f"{home.pgdata} was removed while its server runs: stop that server first.")
    return Cluster(home.directory, home.socket_directory, home.user, major)


def stop(directory: Path) -> bool:
    """Stop the private cluster of ``directory``, ending its connections; whether there was one to stop."""
    if not directory.exists():
        return False
    home = home_of(directory)
    with home.locked():
        if not (home.pgdata / "postmaster.pid").exists():
            return False
        pg_ctl = find_binaries(home.major).path("pg_ctl")
        ended = home.run(pg_ctl, "stop", "-w", "-m", "fast", "-D", str(home.pgdata))
        if _answers(home):
            raise ClusterError(f"PostgreSQL in {home.directory} does not stop: {_last_line(ended.stdout)}.")
        return ended.returncode == 0


def create_database(cluster: Cluster, name: str, template: str | None = None) -> bool:
    """Create a database, empty or a copy of ``template``; false where one of that name is there already."""
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or PRISTINE_TEMPLATE)
    )
    with _administering(cluster) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None:
            return False
        with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
            connection.execute(create)
            return True
    return False


def drop_database(cluster: Cluster, name: str) -> None:
    """Drop a database, ending its connections; nothing happens where there is none of that name."""
    with _administering(cluster) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
        )


def _administering(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_conninfo(cluster.socket_directory), autocommit=True)


def _conninfo(socket_directory: Path) -> str:
    return make_conninfo(host=str(socket_directory), port=SOCKET_NUMBER, user=ROLE, dbname="postgres")


def _answers(home: ClusterHome) -> bool:
    """Whether our server takes connections: one behind a socket folder of somebody else is not ours."""
    if not home.is_private(home.socket_directory):
        return False
    return pq.PGconn.ping(_conninfo(home.socket_directory).encode()) == pq.Ping.OK


def _make_and_start(home: ClusterHome) -> None:
    binaries = find_binaries(home.major)
    if home.major is None:
        _make_data(home, binaries)
    home.make_private(home.socket_directory)
    _start(home, binaries)


def _make_data(home: ClusterHome, binaries: Binaries) -> None:
    """Make a data directory aside and rename it, so that a half-made one is never taken for whole."""
    if home.unfinished.exists():
        shutil.rmtree(home.unfinished)
    home.make_private(home.unfinished)
    made = home.run(
        binaries.path("initdb"),
        *("-D", str(home.unfinished), "-U", ROLE, "-A", "trust", "-E", "UTF8", f"--locale={LOCALE}"),
        "--data-checksums",
    )
    if made.returncode:
        raise ClusterError(f"{home.directory}: PostgreSQL cannot make its files: {_last_line(made.stdout)}.")
    with (home.unfinished / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    home.unfinished.rename(home.pgdata)


def _start(home: ClusterHome, binaries: Binaries) -> None:
    """
    Start the server and wait until it takes connections.

    For a second or two after a crash neither ``pg_ctl status`` nor a refused start means anything, since the
    old server's children hold its memory: ask the server itself, and try again.
    """
    start = (
        *(binaries.path("pg_ctl"), "start", "-w", "-D", str(home.pgdata), "-l", str(home.start_log)),
        *("-o", f"-k {shlex.quote(str(home.socket_directory))}"),
    )
    give_up = time.monotonic() + PATIENCE_S
    while not _answers(home):
        if time.monotonic() > give_up:
            said = _last_line(home.start_log.read_text(errors="replace"))
            raise ClusterError(f"PostgreSQL does not start: {said}; see start.log and log/ in {home.pgdata}.")
        _drop_foreign_pid_file(home.pgdata)
        if home.run(*start).returncode:
            time.sleep(RETRY_S)


def _drop_foreign_pid_file(pgdata: Path) -> None:
    """
    Remove a pid file left by a crash whose number has since been given to another program.

    PostgreSQL itself only sees that such a process lives, and would never start again. A server works in its
    data directory; a process that works elsewhere is another. Where that cannot be seen the file is left.
    """
    pid_file = pgdata / "postmaster.pid"
    with suppress(OSError, ValueError):
        pid = int(pid_file.read_text().partition("\n")[0])
        if not Path(f"/proc/{pid}/cwd").samefile(pgdata):
            pid_file.unlink()


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2].rstrip(".") or "it does not say why"
