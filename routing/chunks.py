"""Large questions in pieces: the same function on every piece, whoever does them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Kept = TypeVar("Kept", bound=tuple[object, ...])
Piece = TypeVar("Piece")
Found = TypeVar("Found")
AHEAD = 2
"""So many pieces a thread are begun before the first is asked for."""


class Workers(Protocol):
    """
    Whoever does work piece by piece: this thread, several, or machines elsewhere.

    The work is a function of a module, so that every machine that has the product has it. What all pieces
    need is kept by each worker; it is handed over once, however often it is asked about again.
    """

    def each(
        self, work: Callable[[Kept, Piece], Found], kept: Kept, pieces: Sequence[Piece]
    ) -> Iterator[Found]:
        """Yield what the work finds for every piece, in their order. Whoever reads on may stop at any."""
        ...


class Progress(Protocol):
    """Is handed what is found and how much there will be, and hands it on."""

    def __call__(self, found: Iterator[Found], total: int, /) -> Iterator[Found]:
        """Yield all that is found, telling of it meanwhile."""
        ...


@dataclass(frozen=True)
class Here:
    """One piece after another, in this thread."""

    def each(
        self, work: Callable[[Kept, Piece], Found], kept: Kept, pieces: Sequence[Piece]
    ) -> Iterator[Found]:
        """Yield what the work finds for every piece."""
        return (work(kept, piece) for piece in pieces)


@dataclass(frozen=True)
class Threads:
    """Several pieces at once in this process: the searches let go of the interpreter, nothing is copied."""

    count: int

    def each(
        self, work: Callable[[Kept, Piece], Found], kept: Kept, pieces: Sequence[Piece]
    ) -> Iterator[Found]:
        """Yield what the work finds; who stops reading waits for the pieces in hand alone."""
        pool = ThreadPoolExecutor(self.count)
        waiting = iter(pieces)
        begun: list[Future[Found]] = []
        try:
            begun += [pool.submit(work, kept, piece) for piece in islice(waiting, AHEAD * self.count)]
            while begun:
                yield begun.pop(0).result()
                begun += [pool.submit(work, kept, piece) for piece in islice(waiting, 1)]
        finally:
            pool.shutdown(cancel_futures=True)


HERE = Here()


def untold(found: Iterator[Found], _: int, /) -> Iterator[Found]:
    """Tell nobody of progress."""
    return found


def runs(count: int, size: int) -> list[NDArray[np.int64]]:
    """Return the positions from 0 to a count in runs of a size; the last is what is left."""
    return [np.arange(first, min(first + size, count)) for first in range(0, count, size)]
