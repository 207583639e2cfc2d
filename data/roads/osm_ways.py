"""The ways of OpenStreetMap files that are roads, as stretches between the nodes the files hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from osmium.osm import Way

from data.roads import osm_files
from data.roads.osm_rules import CANDIDATES, OsmRoad, Tags, road_of
from geo.lines import Lines

COORDINATE_STEPS_PER_DEG = 1e7
UNKNOWN_COORDINATE = osmium.osm.Location().x
POINTS_OF_A_LINE = 2


@dataclass
class Stretches:
    """
    The stretches of road read so far.

    Attributes
    ----------
    ref, x, y
        Node and place of every point, stretch after stretch.
    first
        Where each stretch begins, and behind the last one the number of points.
    roads, way, tags
        Of every stretch: what is known of it, the id and the tags of its way.
    clipped
        How many ways miss a part.
    """

    ref: list[int] = field(default_factory=list)
    x: list[int] = field(default_factory=list)
    y: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=lambda: [0])
    roads: list[OsmRoad] = field(default_factory=list)
    way: list[int] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    clipped: int = 0

    @property
    def lines(self) -> Lines:
        """The stretches as lines; a vertex is an OSM node."""
        return Lines(
            vertex=np.array(self.ref, dtype=np.int64),
            lon=np.array(self.x) / COORDINATE_STEPS_PER_DEG,
            lat=np.array(self.y) / COORDINATE_STEPS_PER_DEG,
            first=np.array(self.first, dtype=np.int64),
        )

    def add(self, way: Way, tags: Tags, road: OsmRoad) -> None:
        """Add the stretches of a way whose nodes the files hold."""
        start, stretches = len(self.ref), len(self.roads)
        for node in way.nodes:
            self.ref.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        if UNKNOWN_COORDINATE in self.x[start:]:
            self.clipped += 1
            self._split(road, start)
        else:
            self._close(road)
        added = len(self.roads) - stretches
        self.way += [way.id] * added
        self.tags += [tags] * added

    def _split(self, road: OsmRoad, start: int) -> None:
        """Read the points from ``start`` again, ending a stretch at each unknown one."""
        points = list(zip(self.ref[start:], self.x[start:], self.y[start:], strict=True))
        for column in (self.ref, self.x, self.y):
            del column[start:]
        for ref, x, y in points:
            if x == UNKNOWN_COORDINATE:
                self._close(road)
            else:
                self.ref.append(ref)
                self.x.append(x)
                self.y.append(y)
        self._close(road)

    def _close(self, road: OsmRoad) -> None:
        """End the stretch that runs from the last end to here; a single point is none."""
        if len(self.ref) - self.first[-1] >= POINTS_OF_A_LINE:
            self.first.append(len(self.ref))
            self.roads.append(road)
            return
        for column in (self.ref, self.x, self.y):
            del column[self.first[-1] :]


def read_ways(paths: Sequence[Path]) -> Stretches:
    """
    Read the ways that are roads.

    All nodes are read before the first way, so neither the order within a file nor which file holds a node
    matters.
    """
    stretches = Stretches()
    candidates = osmium.filter.TagFilter(*(("highway", value) for value in sorted(CANDIDATES)))
    for way in osm_files.ways(paths, candidates, osm_files.node_locations(paths)):
        tags = dict(way.tags)
        if road := road_of(tags):
            stretches.add(way, tags, road)
    return stretches
