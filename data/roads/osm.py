"""OpenStreetMap files: PBF and XML, read by pyosmium."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
from osmium.osm import WAY, Way

from data.roads.osm_rules import CANDIDATES, OsmRoad, road_of
from data.roads.source import ROAD_COLUMNS, RoadFileError, RoadSource, SourceFile
from geo.lines import Lines

LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
ASSUMPTIONS = ("where no speed limit is tagged, speeds come from the road class",)
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
COORDINATE_STEPS_PER_DEG = 1e7
UNKNOWN_COORDINATE = osmium.osm.Location().x
POINTS_OF_A_LINE = 2


@dataclass
class _Stretches:
    """The stretches of road read so far, and how many roads miss a part."""

    ref: list[int] = field(default_factory=list)
    x: list[int] = field(default_factory=list)
    y: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=lambda: [0])
    roads: list[OsmRoad] = field(default_factory=list)
    clipped: int = 0

    def add(self, road: OsmRoad, way: Way) -> None:
        """Add the stretches of a way whose nodes the file holds."""
        start = len(self.ref)
        for node in way.nodes:
            self.ref.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        if UNKNOWN_COORDINATE in self.x[start:]:
            self.clipped += 1
            self._split(road, start)
        else:
            self._close(road)

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


def read_osm(path: Path) -> RoadSource:
    """
    Read the roads an emergency vehicle may drive (``osm_rules``) from an OpenStreetMap file.

    A vertex of the lines is an OSM node. The file is read twice, nodes before ways, so their order in it does
    not matter. Roads that run past the edge of a clipped extract keep the stretches whose nodes it holds.
    """
    try:
        stretches = _read(path)
    except (RuntimeError, OSError) as error:
        raise RoadFileError(path, f"is not a whole OpenStreetMap file ({error})") from error
    if not stretches.roads:
        raise RoadFileError(path, "holds no road that an emergency vehicle may drive")
    return RoadSource(
        lines=Lines(
            vertex=np.array(stretches.ref, dtype=np.int64),
            lon=np.array(stretches.x) / COORDINATE_STEPS_PER_DEG,
            lat=np.array(stretches.y) / COORDINATE_STEPS_PER_DEG,
            first=np.array(stretches.first, dtype=np.int64),
        ),
        roads=pd.DataFrame(stretches.roads, columns=list(ROAD_COLUMNS)),
        licence=LICENCE,
        file=SourceFile.of(path),
        assumptions=ASSUMPTIONS,
        warnings=_warnings(stretches.clipped),
    )


def _read(path: Path) -> _Stretches:
    locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    locations.ignore_errors()
    osmium.apply(str(path), locations)
    ways = osmium.FileProcessor(str(path), WAY)
    ways.with_filter(osmium.filter.TagFilter(*(("highway", value) for value in sorted(CANDIDATES))))
    ways.with_filter(locations)
    stretches = _Stretches()
    for way in ways:
        if isinstance(way, Way) and (road := road_of(dict(way.tags))):
            stretches.add(road, way)
    return stretches


def _warnings(clipped: int) -> tuple[str, ...]:
    if not clipped:
        return ()
    return (f"{clipped} roads run past the edge of the file; the stretches it knows are kept",)
