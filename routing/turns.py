"""Turn restrictions: from what a road file says of its lines to forbidden sequences of directed segments."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Edge = tuple[int, bool]
"""A segment, and whether it is driven from tail to head."""


@dataclass(frozen=True)
class SegmentEnds:
    """Which line each segment was cut from, and the vertices at its two ends, shape (segments,)."""

    line: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]


def forbidden_turns(
    segments: SegmentEnds, turns: pd.DataFrame | None
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """
    Return the forbidden sequences: where each begins, their segments, and the direction of each.

    Parameters
    ----------
    segments
        The segments of a network.
    turns
        One row a restriction: ``from_line`` and ``to_line`` (positions of lines), ``via_vertex`` (where the
        first line meets the others), ``via_lines`` (positions of lines in the order driven, empty for a turn
        at one vertex), ``only`` (bool: the turn is the only one allowed, rather than forbidden). A row whose
        lines do not meet as it says is passed over.
    """
    sequences: list[list[Edge]] = []
    if turns is not None and len(turns):
        finder = _Finder(segments)
        for row in turns.itertuples(index=False):
            sequences.extend(
                finder.forbidden(
                    row.from_line, row.via_vertex, list(row.via_lines), row.to_line, only=row.only
                )
            )
    distinct = sorted({tuple(sequence) for sequence in sequences})
    first = np.concatenate(([0], np.cumsum([len(s) for s in distinct]))).astype(np.int64)
    edges = [edge for sequence in distinct for edge in sequence]
    return (
        first,
        np.array([segment for segment, _ in edges], dtype=np.int32),
        np.array([forward for _, forward in edges], dtype=np.bool_),
    )


class _Finder:
    """Looks segments up by the vertices they join."""

    def __init__(self, segments: SegmentEnds) -> None:
        self._segments = segments
        both = np.concatenate((segments.tail, segments.head))
        order = np.argsort(both, kind="stable")
        self._vertex = both[order]
        self._segment = order % len(segments.tail)
        self._leaves_by_tail = order < len(segments.tail)
        by_line = np.argsort(segments.line, kind="stable")
        self._line = segments.line[by_line]
        self._of_line = by_line

    def forbidden(
        self, from_line: int, via_vertex: int, via_lines: list[int], to_line: int, *, only: bool
    ) -> Iterator[list[Edge]]:
        """Yield the sequences that one restriction forbids."""
        arriving = [edge for edge in self._arriving(via_vertex) if self._segments.line[edge[0]] == from_line]
        for came in arriving:
            for on_the_way in self._by_way_of(via_vertex, via_lines):
                way = [came, *on_the_way]
                exits = self._leaving(self._end(way[-1]))
                meant = [edge for edge in exits if self._segments.line[edge[0]] == to_line]
                if not meant:
                    continue
                wrong = (
                    [e for e in exits if e not in meant and not _turns_back(way[-1], e)] if only else meant
                )
                yield from ([*way, edge] for edge in wrong)

    def _by_way_of(self, vertex: int, lines: list[int]) -> list[list[Edge]]:
        """Return the ways from a vertex along whole lines, each as its segments in the order driven."""
        ways: list[tuple[int, list[Edge]]] = [(vertex, [])]
        for line in lines:
            ways = [(end, [*way, *run]) for start, way in ways for end, run in self._along(line, start)]
        return [way for _, way in ways]

    def _along(self, line: int, vertex: int) -> list[tuple[int, list[Edge]]]:
        """Return the runs along a line from one of its ends to the other."""
        found = slice(np.searchsorted(self._line, line), np.searchsorted(self._line, line, side="right"))
        pieces = [int(s) for s in self._of_line[found]]
        runs = []
        for forward in (True, False):
            way = [(s, forward) for s in (pieces if forward else pieces[::-1])]
            if way and self._start(way[0]) == vertex:
                runs.append((self._end(way[-1]), way))
        return runs

    def _leaving(self, vertex: int) -> list[Edge]:
        found = slice(
            np.searchsorted(self._vertex, vertex), np.searchsorted(self._vertex, vertex, side="right")
        )
        return [
            (int(s), bool(by_tail))
            for s, by_tail in zip(self._segment[found], self._leaves_by_tail[found], strict=True)
        ]

    def _arriving(self, vertex: int) -> list[Edge]:
        return [(segment, not forward) for segment, forward in self._leaving(vertex)]

    def _start(self, edge: Edge) -> int:
        return int((self._segments.tail if edge[1] else self._segments.head)[edge[0]])

    def _end(self, edge: Edge) -> int:
        return int((self._segments.head if edge[1] else self._segments.tail)[edge[0]])


def _turns_back(came: Edge, leaves: Edge) -> bool:
    return came[0] == leaves[0] and came[1] != leaves[1]
