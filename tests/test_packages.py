"""The four packages are installed under plain names: guard that they are ours."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SAY_WHERE = (
    "import geo, routing, api, data; print(geo.__file__, routing.__file__, api.__file__, data.__file__)"
)


def test_the_installed_packages_are_this_repositorys(tmp_path: Path) -> None:
    asked = [sys.executable, "-I", "-c", SAY_WHERE]
    told = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    expected = [REPOSITORY / package / "__init__.py" for package in ("geo", "routing", "api", "data")]
    assert [Path(file) for file in told.split()] == expected
