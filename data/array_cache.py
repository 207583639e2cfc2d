"""Arrays that take long to make, kept on disk: memory-mapped where they are whole, made again where not."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MANIFEST = "manifest.json"

Arrays = Mapping[str, NDArray[Any]]


def cached_arrays(folder: Path, make: Callable[[], Arrays]) -> Arrays:
    """
    Return the arrays kept in a folder, made and kept first if they are not there or not whole.

    The folder's name has to say all that the arrays depend on.
    """
    kept = _load(folder)
    if kept is None:
        _save(folder, make())
        kept = _load(folder)
    return make() if kept is None else kept


def _load(folder: Path) -> Arrays | None:
    try:
        digests = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: folder / f"{name}.npy" for name in digests}
        if any(_sha256(file) != digests[name] for name, file in files.items()):
            return None
        return {name: np.load(file, mmap_mode="r", allow_pickle=False) for name, file in files.items()}
    except (OSError, ValueError):
        return None


def _save(folder: Path, arrays: Arrays) -> None:
    """Write the arrays aside and move them into place; whoever comes second keeps what is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        fresh = Path(scratch) / "arrays"
        fresh.mkdir()
        for name, array in arrays.items():
            np.save(fresh / f"{name}.npy", array, allow_pickle=False)
        digests = {name: _sha256(fresh / f"{name}.npy") for name in arrays}
        (fresh / MANIFEST).write_text(json.dumps(digests), encoding="utf-8")
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        fresh.rename(folder)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
