"""
From lines and what is known of each to a road network.

*Nodes* are the ends of lines and the vertices used more than once, by two lines or twice by one; lines are
cut there into *segments*. *Junctions* are the nodes without exactly two neighbours, parallel segments
counted once. The same input gives the same arrays, bit for bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import metric_system, to_metres
from geo.errors import InvalidInputError
from geo.lines import Lines
from geo.places import geodesic_m
from routing.network import MS_PER_S, Access, Barrier, RoadNetwork
from routing.speeds import speeds_kmh
from routing.turns import SegmentEnds, forbidden_turns

KMH_PER_M_PER_S = 3.6
LEAST_MS = 1
LONGEST_MS = np.iinfo(np.int32).max
MOST_CLASSES = np.iinfo(np.int16).max
POINTS_OF_A_LINE = 2
SEGMENTS_AT_A_THROUGH_NODE = 2


@dataclass(frozen=True)
class _Pieces:
    """Segments as runs of a line's points: from ``first`` to ``last``, both included."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    length_m: NDArray[np.float64]

    def __getitem__(self, kept: NDArray[np.bool_]) -> "_Pieces":
        return _Pieces(self.first[kept], self.last[kept], self.length_m[kept])

    @property
    def points(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The points of all segments in turn, and where each segment's begin."""
        counts = self.last - self.first + 1
        begin = np.concatenate(([0], np.cumsum(counts)))
        return np.arange(begin[-1]) + np.repeat(self.first - begin[:-1], counts), begin


def build_network(
    lines: Lines,
    roads: pd.DataFrame,
    turns: pd.DataFrame | None = None,
    barriers: Mapping[int, Barrier] | None = None,
) -> RoadNetwork:
    """
    Cut lines into segments where they meet and time each segment.

    Parameters
    ----------
    lines
        One polyline a road.
    roads
        One row a line: ``road_class`` and ``street`` (str, "" where unknown), ``forward`` and ``backward``
        (bool, at least one true), ``kmh_forward`` and ``kmh_backward`` (nan: the speed of the class),
        ``seconds`` (nan: length by speed; else the time of the whole line, shared out by length). Where
        known also ``access`` (a value of ``Access``), ``max_height_m``, ``max_weight_t``, ``max_width_m``
        (nan: none posted).
    turns
        One row a turn restriction, see ``routing.turns.forbidden_turns``.
    barriers
        What stands in the way at a vertex. It bars the segments it lies inside of, and those that end at it
        unless more than two meet there.

    Returns
    -------
    RoadNetwork
        Nodes in ascending order of their vertex, segments in the order of their lines. A stretch of no length
        is kept only where it joins two nodes, and no segment takes less than 1 ms.

    Raises
    ------
    InvalidInputError
        When no line has two different vertices, a road may be driven in neither direction, or a segment takes
        longer than 24 days.
    """
    if not (roads["forward"] | roads["backward"]).all():
        raise InvalidInputError("roads", "each must be open in at least one direction; leave the others out")
    lines = _without_repeated_vertices(lines)
    pieces = _cut(lines)
    if not len(pieces.first):
        raise InvalidInputError("lines", "none joins two different places, so there is no road to drive on")
    line = lines.line_of_point[pieces.first]
    point, point_first = pieces.points
    system = metric_system(lines.lon[point], lines.lat[point])
    point_x, point_y = to_metres(system, lines.lon[point], lines.lat[point])
    road_class, class_names = _words(roads["road_class"], line)
    street, street_names = _words(roads["street"], line)
    if len(class_names) > MOST_CLASSES:
        raise InvalidInputError("road_class", f"{len(class_names)} different classes are not classes of road")
    return RoadNetwork(
        **_nodes(lines, pieces),
        forward=roads["forward"].to_numpy(dtype=np.bool_)[line],
        backward=roads["backward"].to_numpy(dtype=np.bool_)[line],
        forward_ms=_times_ms(roads, "kmh_forward", line, pieces.length_m),
        backward_ms=_times_ms(roads, "kmh_backward", line, pieces.length_m),
        length_m=pieces.length_m,
        road_class=road_class.astype(np.int16),
        street=street.astype(np.int32),
        access=_known(roads, "access", Access.EVERYBODY)[line].astype(np.int8),
        barrier=_barriers(lines, pieces, barriers or {}),
        max_height_m=_known(roads, "max_height_m", np.nan)[line].astype(np.float32),
        max_weight_t=_known(roads, "max_weight_t", np.nan)[line].astype(np.float32),
        max_width_m=_known(roads, "max_width_m", np.nan)[line].astype(np.float32),
        rise_m=_rise_m(lines, pieces),
        **_turns(lines, pieces, turns),
        point_first=point_first,
        point_lon=lines.lon[point],
        point_lat=lines.lat[point],
        point_x=point_x,
        point_y=point_y,
        class_names=class_names,
        street_names=street_names,
        metric_system=system,
    )


def _without_repeated_vertices(lines: Lines) -> Lines:
    """Drop each point that repeats the vertex before it, and with them the lines that go nowhere."""
    begins, _ = _ends(lines)
    kept = begins | (np.diff(lines.vertex, prepend=0) != 0)
    line = lines.line_of_point
    kept &= np.bincount(line, weights=kept, minlength=len(lines))[line] >= POINTS_OF_A_LINE
    counts = np.bincount(line[kept], minlength=len(lines))
    return Lines(
        vertex=lines.vertex[kept],
        lon=lines.lon[kept],
        lat=lines.lat[kept],
        first=np.concatenate(([0], np.cumsum(counts))),
        ele_m=None if lines.ele_m is None else lines.ele_m[kept],
    )


def _cut(lines: Lines) -> _Pieces:
    """Cut every line at its ends and at each vertex used more than once."""
    begins, ends = _ends(lines)
    _, vertex, uses = np.unique(lines.vertex, return_inverse=True, return_counts=True)
    cuts = begins | ends | (uses[vertex] > 1)
    first = np.flatnonzero(cuts & ~ends)
    last = np.flatnonzero(cuts & ~begins)
    step_m = geodesic_m(lines.lon[:-1], lines.lat[:-1], lines.lon[1:], lines.lat[1:])
    step_m[ends[:-1]] = 0.0
    length_m = np.add.reduceat(step_m, first) if len(first) else np.zeros(0)
    pieces = _Pieces(first, last, length_m)
    return pieces[(lines.vertex[first] != lines.vertex[last]) | (length_m > 0)]


def _ends(lines: Lines) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which points begin a line and which end one."""
    filled = np.diff(lines.first) > 0
    begins = np.zeros(len(lines.vertex), dtype=np.bool_)
    ends = np.zeros(len(lines.vertex), dtype=np.bool_)
    begins[lines.first[:-1][filled]] = True
    ends[lines.first[1:][filled] - 1] = True
    return begins, ends


def _nodes(lines: Lines, pieces: _Pieces) -> dict[str, NDArray[Any]]:
    """Make the vertices where segments end into nodes, in ascending order."""
    end_points = np.concatenate((pieces.first, pieces.last))
    _, at, node = np.unique(lines.vertex[end_points], return_index=True, return_inverse=True)
    tail, head = node.astype(np.int32).reshape(2, -1)
    return {
        "node_lon": lines.lon[end_points[at]],
        "node_lat": lines.lat[end_points[at]],
        "tail": tail,
        "head": head,
    }


def _times_ms(
    roads: pd.DataFrame, kmh_column: str, line: NDArray[np.int64], length_m: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Time every segment: its share of the seconds its line takes, else its length by the line's speed."""
    speed_m_per_s = speeds_kmh(roads["road_class"], roads[kmh_column]) / KMH_PER_M_PER_S
    line_m = np.bincount(line, weights=length_m, minlength=len(roads))
    pieces_of_line = np.bincount(line, minlength=len(roads))
    share = np.where(
        line_m[line] > 0, length_m / np.where(line_m > 0, line_m, 1.0)[line], 1 / pieces_of_line[line]
    )
    by_share_s = roads["seconds"].to_numpy(dtype=np.float64)[line] * share
    seconds = np.where(np.isnan(by_share_s), length_m / speed_m_per_s[line], by_share_s)
    ms = np.rint(seconds * MS_PER_S)
    if not (ms <= LONGEST_MS).all():
        raise InvalidInputError("roads", "one takes longer than 24 days; check its speed and its seconds")
    whole_ms: NDArray[np.int32] = np.maximum(ms, LEAST_MS).astype(np.int32)
    return whole_ms


def _known(roads: pd.DataFrame, column: str, otherwise: float) -> NDArray[np.float64]:
    """Return a column that a road file may not have."""
    values = roads[column] if column in roads else pd.Series(otherwise, index=roads.index)
    known: NDArray[np.float64] = values.to_numpy(dtype=np.float64)
    return known


def _barriers(lines: Lines, pieces: _Pieces, barriers: Mapping[int, Barrier]) -> NDArray[np.int8]:
    """Return what stands in the way on each segment: the worst of its points."""
    standing = pd.Series(lines.vertex).map(dict(barriers)).fillna(Barrier.NONE).to_numpy(dtype=np.int8)
    ends, uses = np.unique(lines.vertex[np.concatenate((pieces.first, pieces.last))], return_counts=True)
    crossings = ends[uses > SEGMENTS_AT_A_THROUGH_NODE]
    standing[np.isin(lines.vertex, crossings)] = Barrier.NONE
    point, first = pieces.points
    worst: NDArray[np.int8] = np.maximum.reduceat(standing[point], first[:-1])
    return worst


def _rise_m(lines: Lines, pieces: _Pieces) -> NDArray[np.float32]:
    if lines.ele_m is None:
        return np.full(len(pieces.first), np.nan, dtype=np.float32)
    return (lines.ele_m[pieces.last] - lines.ele_m[pieces.first]).astype(np.float32)


def _turns(lines: Lines, pieces: _Pieces, turns: pd.DataFrame | None) -> dict[str, NDArray[Any]]:
    pieces_of_lines = SegmentEnds(
        line=lines.line_of_point[pieces.first],
        tail=lines.vertex[pieces.first],
        head=lines.vertex[pieces.last],
    )
    first, segment, forward = forbidden_turns(pieces_of_lines, turns)
    return {"turn_first": first, "turn_segment": segment, "turn_forward": forward}


def _words(column: pd.Series, line: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return each segment's word as a position among the distinct words in order, the empty one first."""
    codes, words = pd.factorize(pd.concat([pd.Series([""]), column.astype(str)]), sort=True)
    return codes[1:][line], words.to_numpy(dtype=np.str_)
