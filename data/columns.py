"""Rows of the database as columns and tables of numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

EPOCH: Final = date(1970, 1, 1)
"""Days are counted from here."""


def columns_of(rows: Sequence[Sequence[Any]], width: int) -> list[NDArray[np.object_]]:
    """Return rows of one width as columns."""
    columns = [np.empty(len(rows), dtype=np.object_) for _ in range(width)]
    for column, values in zip(columns, zip(*rows, strict=True), strict=False):
        column[:] = values
    return columns


def of_owners(
    columns: list[NDArray[np.object_]], owner: int, ids: NDArray[np.int64]
) -> list[NDArray[np.object_]]:
    """Return the rows whose owner, in a column, is among the ids: another may have come meanwhile."""
    known = np.isin(columns[owner].astype(np.int64), ids)
    return [column[known] for column in columns]


def positions(names: Iterable[str], among: Sequence[str]) -> NDArray[np.int64]:
    """Return where each name stands among different ones."""
    place = {name: j for j, name in enumerate(among)}
    return np.array([place[name] for name in names], dtype=np.int64)


def laid_out(
    shape: tuple[int, int],
    absent: float,
    place: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return a table with values in some places, by row and column, and one value in all others."""
    table = np.full(shape, absent)
    table[place] = values
    return table
