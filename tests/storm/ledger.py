"""What was said to a client, kept beside it: whatever is killed later, it has been heard."""

import json
import os
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

SUFFIX = ".ledger"
ANYBODY = ""
"""Instead of a name, where the product does not say whether a thing was done before."""


class Outcome(StrEnum):
    """How a deed ended, as far as its client knows."""

    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    REFUSED = "refused"
    LOST = "lost"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True)
class Entry:
    """
    One thing that was said to a client.

    Attributes
    ----------
    outcome : Outcome
    what : str
        The kind of event of what was acknowledged; the name of the error, or its words, of what was not.
    row : int
        The incident, assignment, reservation or unit; 0 where there is none.
    who : str
        Who did it, a name used for this one deed.
    """

    outcome: Outcome
    what: str
    row: int
    who: str


def acknowledged(what: str, row: int, who: str) -> Entry:
    """Return the entry of a commit that was acknowledged."""
    return Entry(Outcome.ACKNOWLEDGED, what, row, who)


LOST_BEGINS = f'["{Outcome.LOST}"'.encode()


class Ledger:
    """The entries of one life of a client; what was acknowledged is on the disk before the next deed."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def write(self, *entries: Entry) -> None:
        """Write entries, and wait for the disk where something was acknowledged."""
        os.write(self._descriptor, "".join(f"{json.dumps(astuple(one))}\n" for one in entries).encode())
        if any(one.outcome == Outcome.ACKNOWLEDGED for one in entries):
            os.fsync(self._descriptor)


def entries_in(folder: Path) -> Iterator[Entry]:
    """Return every entry of every client; a line that a kill has torn was never heard."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        whole, _, _ = path.read_text().rpartition("\n")
        for line in whole.splitlines():
            outcome, what, row, who = json.loads(line)
            yield Entry(Outcome(outcome), what, row, who)


class Progress:
    """How much clients have been told so far, without what was lost."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._told = folder, 0
        self._read: dict[Path, int] = {}

    def told(self) -> int:
        """Return how many entries there are, reading what is new."""
        for path in self._folder.glob(f"*{SUFFIX}"):
            with path.open("rb") as ledger:
                ledger.seek(self._read.get(path, 0))
                new = ledger.read()
            self._read[path] = self._read.get(path, 0) + len(new)
            self._told += new.count(b"\n") - new.count(LOST_BEGINS)
        return self._told
