"""Turn restrictions of OpenStreetMap files: relations that forbid a turn, or allow that one alone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from osmium.filter import KeyFilter, TagFilter

from data.roads import osm_files
from data.roads.osm_rules import Tags
from data.roads.osm_ways import Stretches
from data.roads.source import TURN_COLUMNS

Members = Sequence[tuple[str, str, int]]
"""Role, type (n, w or r) and id of each member."""


class Restriction(NamedTuple):
    """A restriction by the ids of its ways and node: by way of a node, or of ways."""

    from_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    only: bool


class Turn(NamedTuple):
    """One row of ``RoadSource.turns``."""

    from_line: int
    via_vertex: int
    via_lines: tuple[int, ...]
    to_line: int
    only: bool


def read_turns(paths: Sequence[Path], roads: Stretches) -> tuple[pd.DataFrame, int]:
    """
    Return the turn restrictions between roads, and how many relations led to none.

    Read are ``no_*`` and ``only_*`` by way of a node or of ways, also where ``except`` frees somebody: which
    vehicles obey is for their profiles to say. Restrictions of other vehicles (``restriction:hgv``) or of
    some hours (``restriction:conditional``) are passed over. A relation leads to none where a member is no
    road in the files, where the roads do not end where they should meet, or where its own members contradict
    each other.
    """
    finder = _Finder(roads)
    turns: list[Turn] = []
    leading_nowhere = 0
    for relation in osm_files.relations(paths, TagFilter(("type", "restriction")), KeyFilter("restriction")):
        restriction = restriction_of(
            dict(relation.tags), [(member.role, member.type, member.ref) for member in relation.members]
        )
        found = [] if restriction is None else list(finder.turns(restriction))
        turns += found
        leading_nowhere += not found
    return pd.DataFrame(turns, columns=list(TURN_COLUMNS)), leading_nowhere


def restriction_of(tags: Tags, members: Members) -> Restriction | None:
    """Read a restriction, None where its kind is unknown or its members are too few or too many."""
    kind = tags["restriction"]
    ways = {role: tuple(i for r, t, i in members if (r, t) == (role, "w")) for role in ("from", "via", "to")}
    nodes = tuple(i for role, kind_of_member, i in members if (role, kind_of_member) == ("via", "n"))
    only = kind.startswith("only_")
    clear = (
        (only or kind.startswith("no_"))
        and len(nodes) + bool(ways["via"]) == 1
        and min(len(ways["from"]), len(ways["to"])) > 0
        and (not only or len(ways["from"]) == len(ways["to"]) == 1)
    )
    if not clear:
        return None
    return Restriction(ways["from"], nodes[0] if nodes else None, ways["via"], ways["to"], only)


class _Finder:
    """Looks lines up by their way and the vertices at their ends."""

    def __init__(self, roads: Stretches) -> None:
        self._lines: dict[int, list[int]] = defaultdict(list)
        for line, way in enumerate(roads.way):
            self._lines[way].append(line)
        self._ends = [(roads.ref[a], roads.ref[b - 1]) for a, b in pairwise(roads.first)]

    def turns(self, restriction: Restriction) -> Iterator[Turn]:
        """Yield the turns a restriction speaks of, one for each pair of its ways."""
        for from_way, to_way in product(restriction.from_ways, restriction.to_ways):
            for from_line in self._lines.get(from_way, []):
                for start, via_lines, end in self._ways_on(from_line, restriction):
                    for to_line in self._lines.get(to_way, []):
                        if end in self._ends[to_line]:
                            yield Turn(from_line, start, via_lines, to_line, restriction.only)

    def _ways_on(
        self, from_line: int, restriction: Restriction
    ) -> Iterator[tuple[int, tuple[int, ...], int]]:
        """Yield where one may leave a line, the lines driven from there, and the vertex they lead to."""
        for start in set(self._ends[from_line]):
            if restriction.via_node in (None, start):
                for via_lines, end in self._chains(start, restriction.via_ways):
                    yield start, via_lines, end

    def _chains(self, vertex: int, ways: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the orders in which all the ways lead on from a vertex, each with its last vertex."""
        if not ways:
            yield (), vertex
        for i, way in enumerate(ways):
            for line in self._lines.get(way, []):
                if vertex in self._ends[line]:
                    a, b = self._ends[line]
                    for onward, end in self._chains(a if b == vertex else b, ways[:i] + ways[i + 1 :]):
                        yield (line, *onward), end
