"""What a road file gives, and what is said when it gives nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data.roads.codes import RoadBarrier
from data.roads.gazetteer import NamedKind, gazetteer, named_lines, no_names
from geo.errors import RescueError
from geo.lines import Lines

ROAD_COLUMNS = (
    *("road_class", "street", "forward", "backward", "kmh_forward", "kmh_backward", "seconds"),
    *("access", "max_height_m", "max_weight_t", "max_width_m"),
)
TURN_COLUMNS = ("from_line", "via_vertex", "via_lines", "to_line", "only")


class RoadFileError(RescueError):
    """A road file that cannot be read, or holds no road."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def street_names(lines: Lines, street: pd.Series) -> pd.DataFrame:
    """Return the gazetteer of a file that names its streets and nothing else."""
    names = pd.DataFrame({"name": street.to_numpy(), "name_zh": "", "name_en": ""})
    return gazetteer([named_lines(NamedKind.STREET, lines, names)])


def counted(count: int, what: str) -> tuple[str, ...]:
    """Return a warning that begins with a count, nothing where there is nothing to count."""
    return (f"{count} {what}",) if count else ()


@dataclass(frozen=True)
class SourceFile:
    """Which file roads came from: its name and the SHA-256 of its bytes; of several, joined."""

    name: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "SourceFile":
        """Describe the file at ``path``."""
        with path.open("rb") as file:
            return cls(path.name, hashlib.file_digest(file, "sha256").hexdigest())

    @classmethod
    def joined(cls, paths: Sequence[Path]) -> "SourceFile":
        """Describe files as one: their names in the order given, and the SHA-256 of their SHA-256 in hex."""
        files = [cls.of(path) for path in paths]
        if len(files) == 1:
            return files[0]
        hashes = "".join(file.sha256 for file in files)
        return cls(" + ".join(file.name for file in files), hashlib.sha256(hashes.encode()).hexdigest())


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
        ``seconds`` (nan: by length and speed; else the time of the whole line). Where the file tells also
        ``access`` (a value of ``RoadAccess``), ``max_height_m``, ``max_weight_t`` and ``max_width_m``.
    licence
        Under which the roads are published, ``None`` where the file does not say.
    file
        The file they came from.
    assumptions
        One sentence for each thing the file does not tell and every answer on these roads rests on.
    warnings
        One sentence for each kind of thing that was left out or could not be understood, with its count.
    turns
        One row a turn restriction: ``from_line``, ``via_vertex`` (where the first line meets the next),
        ``via_lines`` (tuple of lines in the order driven), ``to_line`` and ``only`` (bool: the one way on).
    barriers
        What stands in the way at a vertex.
    names
        What the file names, see ``data.roads.gazetteer``.
    """

    lines: Lines
    roads: pd.DataFrame
    licence: str | None
    file: SourceFile
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    turns: pd.DataFrame | None = None
    barriers: Mapping[int, RoadBarrier] = field(default_factory=dict)
    names: pd.DataFrame = field(default_factory=no_names)
