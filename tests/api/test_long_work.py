"""Long work on the river town: it says what memory it takes, refuses too much, and can be stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pandas as pd
import pytest

from api.cli.long_work import interruptible
from api.simulating.runs import interrupts_held
from data import free_memory
from tests.api.planning import run, use
from tests.decision_town import Crew, Town, over_the_bridge, up_mill_road
from tests.river_town import QUAY, WEST_STATION

COMMANDS = ("times", "coverage", "critical-links", "site")


@pytest.fixture(autouse=True)
def works(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a crew 2,000 m up Mill Road, a tank farm at the quay, and works across the river."""
    use(town, monkeypatch)
    town.write(Crew("west", up_mill_road(2000), {"hazmat": 2}))
    town.site("tank farm", QUAY, 1)
    town.site("east works", over_the_bridge(9000), 2)


def asked(command: str, tmp_path: Path) -> tuple[object, ...]:
    """Return a whole command line that would write a file into the folder ``out``."""
    out = tmp_path / "out"
    out.mkdir()
    if command == "times":
        rows = [{"id": "a", "lon": QUAY.lon, "lat": QUAY.lat}, {"id": "b", **vars(WEST_STATION)}]
        pd.DataFrame(rows).to_csv(tmp_path / "places.csv", index=False)
        both = ("--origins", tmp_path / "places.csv", "--destinations", tmp_path / "places.csv")
        return command, "--roads", "river", *both, "--out", out / "times.csv"
    return command, "--roads", "river", "--seconds", 1500, "--map", out / "map.html"


def stopped_by_hand(found: Iterator[object], **_: object) -> Iterator[object]:
    """Show the first thing found on the bar, then press Ctrl-C."""
    yield next(found)
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_ends_it_with_one_sentence_and_leaves_no_file(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("api.cli.long_work.track", stopped_by_hand)
    assert run(*asked(command, tmp_path)) == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "rescuegrid: stopped before it was done; nothing is left half-written"
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_is_heard_while_a_solver_is_busy() -> None:
    solved = Event()

    def solve() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        solved.wait()

    with pytest.raises(KeyboardInterrupt):
        interruptible(solve)
    solved.set()


def test_ctrl_c_while_a_command_is_loaded_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.cli.import_module", interrupted)
    assert run("coverage") == 130
    assert capsys.readouterr().err == "rescuegrid: stopped before it was done; nothing is left half-written\n"


def test_a_process_that_is_begun_hears_ctrl_c_only_once_it_is_ready() -> None:
    pressed = "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('goes on')"
    with interrupts_held():
        begun = subprocess.run([sys.executable, "-c", pressed], capture_output=True, text=True, check=True)
    assert begun.stdout == "goes on\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_what_memory_it_takes_before_it_does(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*asked(command, tmp_path)) == 0
    assert "MB of memory" in capsys.readouterr().err.splitlines()[0]
    assert [path.suffix for path in (tmp_path / "out").iterdir()] in ([".csv"], [".html"])


@pytest.mark.parametrize("command", COMMANDS)
def test_more_memory_than_is_free_is_not_taken(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / "meminfo"
    full.write_text("MemTotal:       16000000 kB\nMemAvailable:          0 kB\n", encoding="ascii")
    monkeypatch.setattr(free_memory, "MACHINE", full)
    assert run(*asked(command, tmp_path)) == 2
    words = capsys.readouterr().err
    assert words.count("\n") == 1
    assert "MB and 0 MB are free; " in words
    assert list((tmp_path / "out").iterdir()) == []


def test_a_container_may_have_less_than_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("1000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("400000\n", encoding="ascii")
    monkeypatch.setattr(free_memory, "CONTAINER", tmp_path)
    assert free_memory.free_bytes() == 600_000
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert (free_memory.free_bytes() or 0) > 600_000


def test_a_cluster_has_its_own_workers(capsys: pytest.CaptureFixture[str]) -> None:
    both = ("--scheduler", "tcp://127.0.0.1:9", "--workers", 2)
    assert run("critical-links", "--roads", "river", *both) == 2
    assert "leave one of them out" in capsys.readouterr().err
