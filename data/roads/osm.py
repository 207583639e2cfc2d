"""OpenStreetMap files: PBF and XML, read by pyosmium."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.roads.osm_names import read_names
from data.roads.osm_nodes import read_barriers, read_heights_m
from data.roads.osm_turns import read_turns
from data.roads.osm_ways import read_ways
from data.roads.source import ROAD_COLUMNS, RoadFileError, RoadSource, SourceFile, counted

LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
ASSUMPTIONS = ("where no speed limit is tagged, speeds come from the road class",)
CLIPPED = "roads run past the edge of the file; the stretches it knows are kept"
LEADING_NOWHERE = "turn restrictions name what is no road here, or roads that do not meet"
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


def read_osm(paths: Sequence[Path]) -> RoadSource:
    """
    Read the roads an emergency vehicle may drive (``osm_rules``) from OpenStreetMap files, joined into one.

    A vertex of the lines is an OSM node, so roads of different files meet at their common nodes; a way that
    several files hold is read once. Roads that run past the edge of clipped extracts keep the stretches whose
    nodes are known.
    """
    stretches = read_ways(paths)
    if not stretches.roads:
        raise RoadFileError(paths[0], "holds no road that an emergency vehicle may drive")
    lines = stretches.lines
    turns, leading_nowhere = read_turns(paths, stretches)
    return RoadSource(
        lines=replace(lines, ele_m=read_heights_m(paths, lines)),
        roads=pd.DataFrame(stretches.roads, columns=list(ROAD_COLUMNS)),
        licence=LICENCE,
        file=SourceFile.joined(paths),
        assumptions=(*ASSUMPTIONS, *counted(leading_nowhere, LEADING_NOWHERE)),
        warnings=counted(stretches.clipped, CLIPPED),
        turns=turns,
        barriers=read_barriers(paths, lines),
        names=read_names(paths, stretches),
    )
