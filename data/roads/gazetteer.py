"""What a road file names: streets, places, kilometre posts, tunnels and exits, each where it lies."""

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.lines import Lines

COLUMNS = ("kind", "name", "name_zh", "name_en", "lon", "lat")
NAMES = ("name", "name_zh", "name_en")
EXACT, BEGINS, HOLDS = range(3)


class NamedKind(StrEnum):
    """What kind of thing a name is of."""

    STREET = "street"
    PLACE = "place"
    KILOMETRE_POST = "kilometre post"
    TUNNEL = "tunnel"
    EXIT = "exit"


def no_names() -> pd.DataFrame:
    """Return a gazetteer that names nothing."""
    return gazetteer([])


def gazetteer(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put parts together into one table in a fixed order."""
    empty = pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
    table = pd.concat([empty, *parts])[list(COLUMNS)].astype({"lon": np.float64, "lat": np.float64})
    return table.sort_values(list(COLUMNS), ignore_index=True)


def named_lines(kind: NamedKind, lines: Lines, names: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row for each stretch of lines that have one name and hang together, at a point of its middle.

    ``names`` has a row a line: ``name`` ("" where there is none), ``name_zh`` and ``name_en``.
    """
    point = np.flatnonzero((names["name"] != "").to_numpy()[lines.line_of_point])
    if not len(point):
        return no_names()
    stretch = _stretches(lines, pd.factorize(names["name"])[0])[lines.line_of_point[point]]
    point = point[np.argsort(stretch, kind="stable")]
    _, first, count = np.unique(np.sort(stretch), return_index=True, return_counts=True)
    middle = point[first + count // 2]
    named = names.iloc[lines.line_of_point[middle]].reset_index(drop=True)
    return named.assign(kind=kind.value, lon=lines.lon[middle], lat=lines.lat[middle])


def matches(table: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows one of whose names holds a text in any case: whole names first, then beginnings."""
    wanted = text.strip().casefold()
    rank = np.full(len(table), HOLDS + 1)
    for column in NAMES:
        name = table[column].str.casefold()
        rank = np.minimum(rank, np.where(name.str.contains(wanted, regex=False), HOLDS, HOLDS + 1))
        rank = np.where(name.str.startswith(wanted), np.minimum(rank, BEGINS), rank)
        rank = np.where(name == wanted, EXACT, rank)
    found = table.assign(rank=rank, length=table["name"].str.len())[rank <= HOLDS]
    return found.sort_values(["rank", "length", *COLUMNS], ignore_index=True)[list(COLUMNS)]


def _stretches(lines: Lines, name: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which stretch each line belongs to: lines of one name that share a vertex are of one."""
    named_vertex = pd.MultiIndex.from_arrays((name[lines.line_of_point], lines.vertex))
    spot, _ = pd.factorize(named_vertex)
    size = len(lines) + len(lines.vertex)
    links = coo_array(
        (np.ones(len(spot), dtype=np.int8), (lines.line_of_point, len(lines) + spot)), shape=(size, size)
    )
    _, stretch = connected_components(links, directed=False)
    return stretch[: len(lines)].astype(np.int64)
