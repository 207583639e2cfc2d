"""The service as a process: it survives its database, and says so when it cannot start."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.cluster import stop
from tests.clusters import cluster_folder
from tests.river_town import import_river_town

PATIENCE_S = 60


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Lend a var folder with the river town's roads, and stop its private cluster at the end."""
    with cluster_folder() as folder:
        import_river_town(folder / "roads")
        yield folder
        stop(folder / "postgres")


@pytest.fixture(scope="module")
def port() -> int:
    """Find a port nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture(scope="module")
def service(var: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the service on a private cluster of its own."""
    running = subprocess.Popen(serve(var, port))
    yield running
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) == 0


def serve(var: Path, port: int) -> list[str]:
    call = "from api.cli import main; main()"
    return [sys.executable, "-c", call, "serve", "--roads", "river", "--port", str(port), "--var", str(var)]


def health(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as said:
            return said.status, said.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def until(port: int, status: int) -> str:
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        now, said = health(port)
        if now == status:
            return said
        time.sleep(0.05)
    raise AssertionError(f"the service never said {status}")


def test_when_the_database_goes_the_service_says_503_and_recovers_by_itself(
    service: subprocess.Popen[bytes], var: Path, port: int
) -> None:
    assert json.loads(until(port, 200))["status"] == "ok"
    postmaster = int((var / "postgres" / "pgdata" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    problem = json.loads(until(port, 503))["detail"][0]
    assert problem["reason"].startswith("the database cannot be reached")
    until(port, 200)
    assert service.poll() is None


def test_a_port_in_use_is_named_with_what_to_do(
    service: subprocess.Popen[bytes], var: Path, port: int
) -> None:
    until(port, 200)
    second = subprocess.run(serve(var, port), capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert service.poll() is None
    assert second.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use" in second.stderr
    assert f"--port {port + 1}" in second.stderr
    assert "Serving" not in second.stdout
