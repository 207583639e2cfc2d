"""What OpenStreetMap files say of the nodes of roads: barriers and heights."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from osmium.filter import KeyFilter

from data.roads import osm_files
from data.roads.codes import RoadBarrier
from data.roads.heights import known_heights_m
from data.roads.osm_rules import Tags
from geo.lines import Lines

GATES = frozenset(
    {
        *("gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "hampshire_gate", "wicket_gate"),
        *("chain", "rope", "garage_door", "rising_bollard"),
    }
)
BLOCKS = frozenset(
    {
        *("bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "planter", "log"),
        *(
            "debris",
            "barrier_board",
            "tank_trap",
            "kissing_gate",
            "turnstile",
            "full-height_turnstile",
            "stile",
        ),
    }
)
MOVABLE_BOLLARDS = frozenset({"rising", "removable", "foldable", "flexible"})
MOTOR_ACCESS = ("motor_vehicle", "vehicle")
KEYS_READ = ("barrier", "bollard", "locked", "access", *MOTOR_ACCESS, "emergency", "ele")
"""Every tag of a node that a rule here looks at."""

OPENS = frozenset({"yes", "designated", "permissive"})


def barrier_of(tags: Tags) -> RoadBarrier:
    """
    Return what the barrier on a node is to a vehicle.

    Gates and chains, also bollards that can be moved or that ``emergency`` opens, are a gate; bollards,
    blocks and what only people get through are a block. No barrier are those whose ``motor_vehicle`` or
    ``vehicle`` lets everybody through, gates with ``access=yes`` or ``locked=no``, toll booths and the rest.
    """
    kind = tags.get("barrier", "")
    if kind not in GATES | BLOCKS or any(tags.get(key) in OPENS for key in MOTOR_ACCESS):
        return RoadBarrier.NONE
    if kind in BLOCKS and tags.get("bollard") not in MOVABLE_BOLLARDS and tags.get("emergency") not in OPENS:
        return RoadBarrier.BLOCK
    open_to_all = kind in GATES and (tags.get("access") in OPENS or tags.get("locked") == "no")
    return RoadBarrier.NONE if open_to_all else RoadBarrier.GATE


def read_barriers(paths: Sequence[Path], lines: Lines) -> dict[int, RoadBarrier]:
    """Return what stands in the way at vertices of the lines."""
    standing = {node.id: barrier_of(dict(node.tags)) for node in osm_files.nodes(paths, KeyFilter("barrier"))}
    closing = {vertex: barrier for vertex, barrier in standing.items() if barrier}
    on_a_road = np.isin(np.array(list(closing), dtype=np.int64), lines.vertex)
    return {vertex: closing[vertex] for vertex, there in zip(closing, on_a_road, strict=True) if there}


def read_heights_m(paths: Sequence[Path], lines: Lines) -> NDArray[np.float64] | None:
    """Return the height of every point of the lines, nan where none is tagged; None where none is at all."""
    tagged = {node.id: _height_m(node.tags["ele"]) for node in osm_files.nodes(paths, KeyFilter("ele"))}
    return known_heights_m(pd.Series(lines.vertex).map(tagged).to_numpy(dtype=np.float64))


def _height_m(text: str) -> float:
    try:
        return float(text.removesuffix("m"))
    except ValueError:
        return math.nan
