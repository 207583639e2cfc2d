"""The private cluster: made, shared, killed and found again, with every committed row."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from data.cluster import Cluster, create_database, drop_database, ensure_running, stop
from data.cluster_home import ClusterError, home_of
from data.postgres_binaries import OVERRIDE, PostgisMissingError, find_binaries
from tests.clusters import cluster_folder

STARTS_AND_SAYS_ITS_SERVER = """
import sys
from pathlib import Path
from data.cluster import ensure_running

home = ensure_running(Path(sys.argv[1]))
print((home.directory / "pgdata" / "postmaster.pid").read_text().splitlines()[0])
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with cluster_folder() as directory:
        yield directory


def server_pid(cluster: Cluster) -> int:
    return int((cluster.directory / "pgdata" / "postmaster.pid").read_text().splitlines()[0])


def ask(cluster: Cluster, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
    engine = create_engine(cluster.url(database), isolation_level="AUTOCOMMIT")
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        rows = [tuple(row) for row in cursor.fetchall()] if cursor.description else []
    engine.dispose()
    return rows


def test_a_cluster_has_postgis_and_hears_nobody_on_the_network(cluster: Cluster) -> None:
    create_database(cluster, "hears_nobody")
    ask(cluster, "CREATE EXTENSION postgis", "hears_nobody")
    metres = "SELECT round(ST_Distance('POINT(114 30)'::geography, 'POINT(114 31)'::geography))"
    assert ask(cluster, metres, "hears_nobody") == [(110861.0,)]
    assert ask(cluster, "SHOW listen_addresses") == [("",)]
    assert ask(cluster, "SHOW fsync") == [("on",)]
    drop_database(cluster, "hears_nobody")


def test_only_the_servers_user_can_enter_its_folders(cluster: Cluster) -> None:
    for private in (cluster.socket_directory, cluster.directory / "pgdata"):
        found = private.stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == home_of(cluster.directory).uid != 0


def test_asking_again_finds_the_same_server_even_without_binaries(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = server_pid(cluster)
    monkeypatch.setenv(OVERRIDE, "/nowhere")
    assert ensure_running(cluster.directory) == cluster
    assert server_pid(cluster) == before


def test_four_processes_starting_at_once_share_one_server(folder: Path) -> None:
    start = [sys.executable, "-c", STARTS_AND_SAYS_ITS_SERVER, str(folder)]
    starting = [subprocess.Popen(start, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate()[0] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0, 0]
    assert said == [f"{server_pid(ensure_running(folder))}\n"] * 4


def test_a_killed_server_comes_back_with_every_committed_row(folder: Path) -> None:
    cluster = ensure_running(folder)
    ask(cluster, "CREATE TABLE calls AS SELECT generate_series(1, 1000) AS id")
    uncommitted = psycopg.connect(host=str(cluster.socket_directory), user="postgres", port=5432)
    with closing(uncommitted) as connection:
        connection.execute("INSERT INTO calls VALUES (1001)")
        killed = server_pid(cluster)
        os.kill(killed, signal.SIGKILL)
        again = ensure_running(folder)
    assert again == cluster
    assert server_pid(again) != killed
    assert ask(again, "SELECT count(*), max(id) FROM calls") == [(1000, 1000)]


def test_a_pid_file_whose_number_another_program_has_now_is_no_hindrance(folder: Path) -> None:
    cluster = ensure_running(folder)
    pid_file = folder / "pgdata" / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    stop(folder)
    user = home_of(folder).uid
    with subprocess.Popen(["/bin/sleep", "600"], user=user if os.geteuid() == 0 else None) as stranger:
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        pid_file.chmod(0o644)
        assert ask(ensure_running(folder), "SELECT 1") == [(1,)]
        assert server_pid(cluster) != stranger.pid
        stranger.kill()


def test_a_half_made_data_directory_is_made_again(folder: Path) -> None:
    (folder / "pgdata.new" / "base").mkdir(parents=True)
    assert ask(ensure_running(folder), "SELECT 1") == [(1,)]
    assert not (folder / "pgdata.new").exists()


def test_the_variables_of_the_callers_own_postgresql_do_not_lead_elsewhere(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGHOST", "/nowhere")
    monkeypatch.setenv("PGDATABASE", "nothing")
    engine = create_engine(ensure_running(cluster.directory).url("postgres"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "postgres"
    engine.dispose()


@pytest.mark.parametrize("name", ["deep/" * 30, "stock, spare"], ids=["long", "with a comma"])
def test_a_path_that_no_socket_can_have_gets_a_short_one_under_tmp(folder: Path, name: str) -> None:
    awkward = folder / name
    try:
        cluster = ensure_running(awkward)
        assert cluster.socket_directory.parent == Path("/", "tmp")
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        stop(awkward)
        home_of(awkward).socket_directory.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    (folder / "pgsocket").mkdir(mode=0o777)
    with pytest.raises(
        ClusterError, match=r"pgsocket must be a folder of user \w+ with mode 0700: remove it"
    ):
        ensure_running(folder)


def test_stopping_says_whether_there_was_something_to_stop(folder: Path) -> None:
    assert not stop(folder / "never made")
    assert not stop(folder)
    ensure_running(folder)
    assert stop(folder)
    assert not stop(folder)


def test_a_database_is_created_once_and_can_be_copied(cluster: Cluster) -> None:
    assert create_database(cluster, "Wuhan station")
    assert not create_database(cluster, "Wuhan station")
    ask(cluster, "CREATE TABLE depots AS SELECT 7 AS id", "Wuhan station")
    assert create_database(cluster, "copy", template="Wuhan station")
    assert ask(cluster, "SELECT id FROM depots", "copy") == [(7,)]
    for name in ("copy", "Wuhan station", "never made"):
        drop_database(cluster, name)


def test_without_postgis_one_sentence_says_what_to_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OVERRIDE, "/bin")
    with pytest.raises(
        PostgisMissingError, match=rf"^{OVERRIDE}=/bin holds no PostgreSQL with PostGIS: run `"
    ):
        ensure_running(folder)


def test_data_of_an_older_major_version_is_never_given_to_a_newer_server(folder: Path) -> None:
    (folder / "pgdata").mkdir()
    (folder / "pgdata" / "PG_VERSION").write_text("9\n")
    if os.geteuid() == 0:
        os.chown(folder / "pgdata", home_of(folder / "other").uid, -1)
    with pytest.raises(PostgisMissingError, match="the stored data needs PostgreSQL 9 with PostGIS"):
        ensure_running(folder)


def test_the_newest_postgresql_with_postgis_is_taken() -> None:
    assert find_binaries() == find_binaries(find_binaries().major)


if os.geteuid() == 0:  # only root runs the server as another user

    def test_where_roots_server_cannot_enter_the_data_goes_under_var_lib(folder: Path) -> None:
        folder.chmod(0o700)
        home = home_of(folder / "var")
        assert home.directory.parent == Path("/var/lib/rescuegrid")
        assert home.directory.name.startswith("var-")
        home.directory.rmdir()
        folder.chmod(0o755)

    def test_where_data_lies_already_it_is_not_left_behind_when_the_folder_closes(folder: Path) -> None:
        cluster = ensure_running(folder)
        folder.chmod(0o700)
        with pytest.raises(ClusterError, match=f"let user {cluster.user}, who owns the data, enter it"):
            ensure_running(folder)
        folder.chmod(0o755)
