"""What a road file gives, and what is said when it gives nothing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import RescueError
from geo.lines import Lines

ROAD_COLUMNS = ("road_class", "street", "forward", "backward", "kmh_forward", "kmh_backward", "seconds")


class RoadFileError(RescueError):
    """A road file that cannot be read, or holds no road."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class SourceFile:
    """Which file roads came from: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "SourceFile":
        """Describe the file at ``path``."""
        with path.open("rb") as file:
            return cls(path.name, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True)
class RoadSource:
    """
    Roads as a file gives them.

    Attributes
    ----------
    lines
        One polyline a road.
    roads
        One row a line: ``road_class`` and ``street`` (str, "" where unknown), ``forward`` and ``backward``
        (bool, at least one true), ``kmh_forward`` and ``kmh_backward`` (nan: the speed of the class) and
        ``seconds`` (nan: by length and speed; else the time of the whole line).
    licence
        Under which the roads are published, ``None`` where the file does not say.
    file
        The file they came from.
    assumptions
        One sentence for each thing the file does not tell and every answer on these roads rests on.
    warnings
        One sentence for each kind of thing that was left out or could not be understood, with its count.
    """

    lines: Lines
    roads: pd.DataFrame
    licence: str | None
    file: SourceFile
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
