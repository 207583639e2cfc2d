"""
Layers whose lines carry the ids of the nodes they join, as OSMnx writes them (``u`` and ``v``).

Where a bridge and the road below it have a vertex at the very same spot, coordinates alone make a crossing of
them; the ids keep them apart. A line need not be drawn from its first node to its second: which node lies at
which end is told by the other lines of that node.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.lines import Lines

Ints = NDArray[np.int64]


class ContradictingNodesError(ValueError):
    """A line whose nodes cannot lie at its ends, with its position."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} does not end where the other lines of its nodes do")
        self.line = line


def joined_by_ids(lines: Lines, from_id: pd.Series, to_id: pd.Series) -> Lines:
    """
    Give the ends of lines the identity of their nodes, and every other point one of its own.

    ``lines`` come with one vertex for each place. A node lies where all its lines have an end; a line between
    two nodes that have no other line may lie either way round, which makes the same network.
    """
    id_of_end, words = pd.factorize(pd.concat([from_id, to_id]), sort=True)
    u, v = id_of_end.reshape(2, -1)
    begins, ends = lines.first[:-1], lines.first[1:] - 1
    start, end = lines.vertex[begins], lines.vertex[ends]
    u_at_start, u_at_end, v_at_start, v_at_end = _may_lie(u, v, start, end)
    drawn, turned = u_at_start & v_at_end, u_at_end & v_at_start
    contradicts = ~(drawn | turned) | ((u == v) & (start != end))
    if contradicts.any():
        raise ContradictingNodesError(int(contradicts.argmax()))
    drawn &= ~turned | ((u < v) == (start < end))
    vertex = len(words) + np.arange(len(lines.vertex), dtype=np.int64)
    vertex[begins] = np.where(drawn, u, v)
    vertex[ends] = np.where(drawn, v, u)
    return replace(lines, vertex=vertex)


def _may_lie(u: Ints, v: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Tell of u at start, u at end, v at start and v at end whether all lines of the node end there."""
    touches = pd.DataFrame(
        {
            "line": np.tile(np.arange(len(u)), 4),
            "node": np.concatenate((u, u, v, v)),
            "place": np.concatenate((start, end, start, end)),
        }
    )
    lines_of_node = touches.groupby("node")["line"].transform("nunique")
    lines_there = touches.groupby(["node", "place"])["line"].transform("nunique")
    may_lie: NDArray[np.bool_] = (lines_there == lines_of_node).to_numpy().reshape(4, -1)
    return may_lie
