"""
Make the folder of shipped scripts, styles and images again from pinned npm packages.

``python -m geo.maps.vendor`` needs npm; ``python -m geo.maps.vendor --check`` only compares what is there
with the manifest and needs nothing.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from geo.maps.shipped import Asset, AssetError, verify_folder

FOLDER = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Package:
    """One npm package at one version; ``takes`` pairs each file with the name folium asks for it by."""

    name: str
    version: str
    licence: str
    takes: tuple[tuple[str, str | None], ...]


PACKAGES = (
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        (
            ("LICENSE", None),
            ("dist/leaflet.js", "leaflet"),
            ("dist/leaflet.css", "leaflet_css"),
            ("dist/images/layers.png", None),
            ("dist/images/layers-2x.png", None),
            ("dist/images/marker-icon.png", None),
            ("dist/images/marker-icon-2x.png", None),
            ("dist/images/marker-shadow.png", None),
        ),
    ),
    Package("jquery", "3.7.1", "MIT", (("LICENSE.txt", None), ("dist/jquery.min.js", "jquery"))),
    Package(
        "leaflet.fullscreen",
        "3.0.0",
        "MIT",
        (
            ("LICENSE", None),
            ("Control.FullScreen.js", "Control.Fullscreen.js"),
            ("Control.FullScreen.css", "Control.FullScreen.css"),
            ("icon-fullscreen.svg", None),
        ),
    ),
)


def make(folder: Path, packages: Sequence[Package]) -> None:
    """
    Fill ``folder`` with the pinned files and their manifest; an existing folder is replaced only on success.

    Raises
    ------
    AssetError
        When a file of an unchanged version does not have the sha256 recorded before.
    """
    with TemporaryDirectory() as work:
        _install(packages, Path(work))
        made = Path(work) / "assets"
        rows = [row for package in packages for row in _take(package, Path(work) / "node_modules", made)]
        _refuse_changed(rows, folder / "manifest.json")
        text = json.dumps([asdict(row) for row in rows], indent=2)
        (made / "manifest.json").write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)


def _install(packages: Sequence[Package], work: Path) -> None:
    wanted = {package.name: package.version for package in packages}
    (work / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    subprocess.run(
        ["/usr/bin/env", "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=work,
        check=True,
    )


def _take(package: Package, modules: Path, made: Path) -> list[Asset]:
    rows = []
    for path, serves in package.takes:
        target = made / package.name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (modules / package.name / path).read_bytes()
        target.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        where = f"{package.name}/{path}"
        rows.append(Asset(where, package.name, package.version, package.licence, sha256, serves))
    return rows


def _refuse_changed(rows: Sequence[Asset], before: Path) -> None:
    if not before.exists():
        return
    known = {(row["path"], row["version"]): row["sha256"] for row in json.loads(before.read_text())}
    for row in rows:
        if known.get((row.path, row.version), row.sha256) != row.sha256:
            raise AssetError(
                f"{row.path} {row.version} came with another sha256 than recorded: do not ship it"
            )


def run(command: str, folder: Path, packages: Sequence[Package], arguments: Sequence[str] | None) -> None:
    """Make a folder of shipped files again unless told only to ``--check`` it, and verify it."""
    parser = argparse.ArgumentParser(
        prog=command, description=f"Make {folder.name} from pinned npm packages."
    )
    parser.add_argument("--check", action="store_true", help="only compare the files with the manifest")
    if not parser.parse_args(arguments).check:
        make(folder, packages)
    verify_folder(folder, command)
    sys.stdout.write("Every shipped file matches the manifest.\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command for the files of the maps."""
    run("python -m geo.maps.vendor", FOLDER, PACKAGES, arguments)


if __name__ == "__main__":
    main()
