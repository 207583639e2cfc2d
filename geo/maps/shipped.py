"""The scripts, styles and images shipped with the product, with the record of where each came from."""

import base64
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from geo.errors import RescueError

URL_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


@dataclass(frozen=True)
class Asset:
    """
    One shipped file.

    Attributes
    ----------
    path : str
        Where it lies below its folder, e.g. ``leaflet/dist/leaflet.js``.
    package, version, licence : str
        The npm package it was taken from, and that package's SPDX licence.
    sha256 : str
        Of its bytes.
    serves : str or None
        The name by which folium asks for it, e.g. ``leaflet_css``; None when only another file needs it.
    """

    path: str
    package: str
    version: str
    licence: str
    sha256: str
    serves: str | None


class AssetError(RescueError):
    """A shipped file is missing, altered or not in the manifest."""


def assets_folder() -> Traversable:
    """Return the folder of third-party files inside the installed package."""
    return files("geo.maps") / "assets"


@cache
def manifest() -> tuple[Asset, ...]:
    """Read the record of every shipped third-party file."""
    return read_manifest(assets_folder())


def read_manifest(folder: Traversable) -> tuple[Asset, ...]:
    """Read the record beside any folder of shipped third-party files."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return tuple(Asset(**row) for row in rows)


@cache
def asset_for(folium_name: str) -> Asset | None:
    """Return the shipped file behind a name folium uses in its header, or None when there is none."""
    return next((asset for asset in manifest() if asset.serves == folium_name), None)


@cache
def asset_bytes(path: str) -> bytes:
    """Read one shipped file."""
    return assets_folder().joinpath(*PurePosixPath(path).parts).read_bytes()


@cache
def asset_text(path: str) -> str:
    """Read one shipped text file."""
    return asset_bytes(path).decode("utf-8")


@cache
def data_uri(path: str) -> str:
    """Return one shipped file as a ``data:`` address."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(asset_bytes(path)).decode('ascii')}"


@cache
def style_without_files(path: str) -> str:
    """Return a shipped style sheet with every image and font it names written into it."""
    folder = PurePosixPath(path).parent

    def inlined(match: re.Match[str]) -> str:
        address = match.group(1)
        if address.startswith(("data:", "#")):
            return match.group(0)
        return f"url({data_uri(str(folder / address))})"

    return URL_IN_STYLE.sub(inlined, asset_text(path))


@cache
def page_text(name: str) -> str:
    """Read one of the product's own page parts: a style, a script or a template."""
    return (files("geo.maps") / "page" / name).read_text(encoding="utf-8")


def verify_assets() -> None:
    """Compare every file the maps are shipped with to the manifest; see ``verify_folder``."""
    verify_folder(assets_folder(), "python -m geo.maps.vendor")


def verify_folder(folder: Traversable, remade_by: str) -> None:
    """
    Compare every file of a folder with its manifest; ``remade_by`` is the command that makes it again.

    Raises
    ------
    AssetError
        Naming the first file that is missing, altered or unrecorded.
    """
    recorded = {asset.path: asset.sha256 for asset in read_manifest(folder)}
    present = set(_walk(folder)) - {"manifest.json"}
    for path in sorted(recorded.keys() | present):
        if path not in present:
            raise AssetError(f"{path} is in the manifest but missing: run {remade_by}")
        if path not in recorded:
            raise AssetError(f"{path} is not in the manifest: run {remade_by}")
        content = folder.joinpath(*PurePosixPath(path).parts).read_bytes()
        if hashlib.sha256(content).hexdigest() != recorded[path]:
            raise AssetError(f"{path} differs from its recorded sha256: run {remade_by}")


def _walk(folder: Traversable, prefix: str = "") -> list[str]:
    paths: list[str] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            paths.extend(_walk(entry, f"{prefix}{entry.name}/"))
        else:
            paths.append(prefix + entry.name)
    return paths
