import subprocess
import sys
from pathlib import Path

from api.cli import PANELS

PROGRAM = Path(sys.executable).with_name("rescuegrid")


def test_the_help_groups_every_command() -> None:
    ran = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True)
    panels = [f"─ {panel}" for panel in PANELS]
    found = [ran.stdout.index(panel) for panel in panels]
    assert found == sorted(found)


def test_whoever_stops_reading_is_told_of_no_fault() -> None:
    with subprocess.Popen([PROGRAM, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        assert ran.stderr.read() == b""
