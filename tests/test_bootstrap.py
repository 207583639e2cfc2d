"""Setting up a bare machine: what can be seen of it on a machine that is ready."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "data" / "bootstrap.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Lay out a project that is nothing but its set-up and a lock that no index can meet."""
    (tmp_path / "data").mkdir()
    shutil.copy(SCRIPT, tmp_path / "data")
    (tmp_path / "requirements.lock").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def set_up(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(project / "data" / "bootstrap.py"), *arguments]
    offline = {**os.environ, "PIP_NO_INDEX": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=offline, check=False)


def test_an_old_python_can_read_the_script_and_needs_nothing_else() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {n.module if isinstance(n, ast.ImportFrom) else n.names[0].name for n in imports}
    assert names <= sys.stdlib_module_names | {"collections.abc"}


def test_without_run_or_test_it_says_how_it_is_used(project: Path) -> None:
    done = set_up(project)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "usage: python3 data/bootstrap.py run|test\n"


def test_what_cannot_be_installed_is_one_sentence_and_the_half_made_environment_is_made_again(
    project: Path,
) -> None:
    first, second = set_up(project, "run"), set_up(project, "run")
    assert (first.returncode, second.returncode) == (2, 2)
    assert first.stdout.startswith("setup: making .venv\n")
    assert second.stdout.startswith("setup: making .venv again: it was half made or moved\n")
    assert first.stderr.startswith("ERROR: Could not find a version that satisfies")
    assert first.stderr.endswith(": check network and disk space, then run this again.\n")
    assert first.stderr.count("\n") == 1
