"""
Versions of road networks on disk, under ``ROOT/NAME/VERSION/``.

A version is a folder of one ``.npy`` an array, the gazetteer and a ``manifest.json``; it is called by the
beginning of its content hash, and ``ROOT/NAME/current`` says which version counts. A version is written
beside the others, then renamed into place, then pointed to: a reader sees the old network or the new one,
whole. Older versions stay.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from data.roads.stored_files import sha256_of, write_array, write_table, write_through
from geo.errors import InvalidInputError, RescueError

SCHEMA_VERSION = 4
POINTER = "current"
MANIFEST = "manifest.json"
GAZETTEER = "gazetteer.parquet"
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
VERSION = re.compile(r"[0-9a-f]{16}")

Arrays = Mapping[str, NDArray[Any]]


class RoadStoreError(RescueError):
    """A stored road network that is not there, or not as it was stored."""


@dataclass(frozen=True)
class RoadFacts:
    """
    What is kept beside the arrays of a network.

    Attributes
    ----------
    metric_system
        PROJ string of the one projected system of the network.
    source, source_sha256
        Name and SHA-256 of the file the roads came from.
    licence
        ``None`` where nobody said.
    nodes, junctions, directed_edges, components, kilometres
        Counts of the network; ``bounds`` is west, south, east, north in degrees.
    assumptions
        What every answer on these roads takes for granted.
    warnings
        What the import left out or could not understand.
    forbidden_turns, barriers, height_limits, weight_limits, width_limits
        Forbidden turns, and the stretches between nodes that have a barrier or a limit.
    names
        How many rows the gazetteer has.
    near_miss_count
        How many dead ends lie a step away from a road they do not touch.
    near_misses
        Longitude and latitude of the first dead ends that lie a step away from a road they do not touch.
    """

    metric_system: str
    source: str
    source_sha256: str
    licence: str | None
    nodes: int
    junctions: int
    directed_edges: int
    components: int
    kilometres: float
    bounds: tuple[float, float, float, float]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    forbidden_turns: int
    barriers: int
    height_limits: int
    weight_limits: int
    width_limits: int
    names: int
    near_miss_count: int
    near_misses: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class RoadsToStore:
    """A network as a store keeps it: its arrays, what is known of it, and what its source names."""

    arrays: Arrays
    facts: RoadFacts
    names: pd.DataFrame


@dataclass(frozen=True)
class StoredRoads(RoadFacts):
    """One stored version: its facts, its name, its content hash and the moment it was first stored."""

    name: str
    hash: str
    imported_at: datetime


@dataclass(frozen=True)
class _Manifest:
    schema_version: int
    imported_at: datetime
    files: dict[str, str]
    facts: RoadFacts

    @property
    def hash(self) -> str:
        """SHA-256 over everything but the time."""
        content = {"schema": self.schema_version, "files": self.files, "facts": asdict(self.facts)}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class _Form:
    """What every form of manifest has."""

    schema_version: int


_MANIFESTS, _FORMS = TypeAdapter(_Manifest), TypeAdapter(_Form)


def names(root: Path) -> list[str]:
    """Return the names of the networks under ``root``."""
    return sorted(pointer.parent.name for pointer in root.glob(f"*/{POINTER}"))


def save(root: Path, name: str, roads: RoadsToStore) -> StoredRoads:
    """
    Store a network and make it the current one of its name.

    What is stored already, and whole, is not stored again: it keeps its hash and its first time.

    Raises
    ------
    RoadStoreError
        When the folder cannot be written, or the disk is full.
    """
    home = _home(root, name)
    try:
        return _stored(name, _keep(home, roads))
    except OSError as error:
        raise RoadStoreError(f"{home} cannot be written: {error.strerror}") from error


def load(root: Path, name: str, whole_hash: str | None = None) -> tuple[dict[str, NDArray[Any]], StoredRoads]:
    """
    Return the arrays of a version, memory-mapped, and what is known of it; without a hash of the current one.

    Raises
    ------
    RoadStoreError
        When no network has the name, or no version the hash, or a file was changed, cut short or lost since.
    """
    version = _current(root, name) if whole_hash is None else _of_hash(root, name, whole_hash)
    manifest = _read_manifest(version)
    _check(version, manifest, manifest.files)
    arrays = {
        Path(file).stem: np.load(version / file, mmap_mode="r", allow_pickle=False)
        for file in manifest.files
        if file != GAZETTEER
    }
    return arrays, _stored(name, manifest)


def load_names(root: Path, name: str) -> pd.DataFrame:
    """
    Return the gazetteer of the current version, see ``data.roads.gazetteer``.

    Raises
    ------
    RoadStoreError
        When no network has the name, or its gazetteer was changed or lost since it was stored.
    """
    version = _current(root, name)
    manifest = _read_manifest(version)
    _check(version, manifest, [GAZETTEER])
    return pd.read_parquet(version / GAZETTEER)


def _home(root: Path, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise InvalidInputError("name", f"{name!r} is no name for a network; use letters, digits, - and _")
    return root / name


def _current(root: Path, name: str) -> Path:
    home = _home(root, name)
    try:
        version = (home / POINTER).read_text(encoding="ascii").strip()
    except OSError:
        there = ", ".join(names(root)) or "none; import one with `rescuegrid roads import`"
        raise RoadStoreError(f"there is no road network {name!r} under {root}; there is {there}") from None
    except UnicodeDecodeError:
        version = ""
    if not VERSION.fullmatch(version):
        raise RoadStoreError(f"{home / POINTER} names no version; import the roads again")
    return home / version


def _of_hash(root: Path, name: str, whole_hash: str) -> Path:
    version = _home(root, name) / whole_hash[:16]
    if not version.is_dir() or _read_manifest(version).hash != whole_hash:
        raise RoadStoreError(f"no version {version.name} of the roads of {name} is kept under {root}")
    return version


def _keep(home: Path, roads: RoadsToStore) -> _Manifest:
    """Write a version beside the others, put it in its place and point to it."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".new-") as scratch:
        fresh = Path(scratch) / "version"
        fresh.mkdir()
        version = home / _version_of(_write(fresh, roads))
        _put_in_place(fresh, version)
        pointer = Path(scratch) / POINTER
        write_through(pointer, version.name.encode())
        pointer.replace(home / POINTER)
    return _read_manifest(version)


def _put_in_place(fresh: Path, version: Path) -> None:
    """Rename a fresh version into its place, unless the same one stands there whole."""
    if version.exists():
        if _is_whole(version):
            return
        version.rename(fresh.with_name("damaged"))
    try:
        fresh.rename(version)
    except OSError:
        if not _is_whole(version):  # another import of the same roads was faster
            raise


def _write(folder: Path, roads: RoadsToStore) -> _Manifest:
    for name in sorted(roads.arrays):
        write_array(folder / f"{name}.npy", roads.arrays[name])
    write_table(folder / GAZETTEER, roads.names)
    files = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
    manifest = _Manifest(SCHEMA_VERSION, datetime.now(UTC), files, roads.facts)
    write_through(folder / MANIFEST, _MANIFESTS.dump_json(manifest, indent=2))
    return manifest


def _read_manifest(version: Path) -> _Manifest:
    try:
        written = (version / MANIFEST).read_bytes()
        form = _FORMS.validate_json(written).schema_version
        if form != SCHEMA_VERSION:
            raise RoadStoreError(
                f"{version} was stored in form {form}, this program reads {SCHEMA_VERSION}; "
                "import the roads again"
            )
        return _MANIFESTS.validate_json(written)
    except (OSError, ValidationError) as error:
        raise RoadStoreError(f"{version / MANIFEST} cannot be read; import the roads again") from error


def _check(version: Path, manifest: _Manifest, files: Iterable[str]) -> None:
    """Refuse a version whose manifest or files are not those it was stored with."""
    if _version_of(manifest) != version.name:
        raise RoadStoreError(f"{version / MANIFEST} was changed since it was stored; import the roads again")
    for file in files:
        path = version / file
        if not path.is_file() or sha256_of(path) != manifest.files[file]:
            raise RoadStoreError(f"{path} was lost or changed since it was stored; import the roads again")


def _is_whole(version: Path) -> bool:
    try:
        manifest = _read_manifest(version)
        _check(version, manifest, manifest.files)
    except RoadStoreError:
        return False
    return True


def _version_of(manifest: _Manifest) -> str:
    return manifest.hash[:16]


def _stored(name: str, manifest: _Manifest) -> StoredRoads:
    facts = {field.name: getattr(manifest.facts, field.name) for field in fields(manifest.facts)}
    return StoredRoads(**facts, name=name, hash=manifest.hash, imported_at=manifest.imported_at)
