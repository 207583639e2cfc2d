"""Files that a command is to write: refused at once where they cannot be, not after the work."""

import os
from pathlib import Path

from data.layers_file import check_layers_file
from geo.errors import InvalidInputError


def check_files(out: Path | None, map_file: Path | None) -> None:
    """
    Refuse a GeoPackage or a map that has no folder to be written to.

    Raises
    ------
    InvalidInputError
        Naming the option.
    """
    if out is not None:
        check_layers_file(out)
        _check_place("out", out)
    if map_file is not None:
        _check_place("map", map_file)


def _check_place(option: str, path: Path) -> None:
    if path.is_dir():
        raise InvalidInputError(option, f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise InvalidInputError(option, f"there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise InvalidInputError(option, f"nothing may be written to the folder {path.parent}")
