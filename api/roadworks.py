"""Import a road file as a named network, and open it again."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.roads import gazetteer, osmnx_place, store
from data.roads.files import RoadFiles, read_road_files, read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadSource, counted
from data.roads.store import RoadFacts, RoadsToStore, StoredRoads
from routing.building import build_network
from routing.near_misses import NEAR_MISS_M, near_misses
from routing.network import Barrier, RoadNetwork

MOST_NEAR_MISSES = 100
NEAR_MISSES = f"dead ends lie within {NEAR_MISS_M:g} m of a road they do not touch: gaps in the drawing?"


@dataclass(frozen=True)
class OpenRoads:
    """A road network ready for use, and what is known of it."""

    network: RoadNetwork
    facts: StoredRoads


def import_roads(
    path: Path, name: str, root: Path, columns: LayerColumns, licence: str | None = None
) -> StoredRoads:
    """
    Read a road file, build its network and store it under ``root`` as ``name``.

    ``licence`` is what the importer knows of the file; where it is ``None``, the file's own counts.
    """
    return import_files(RoadFiles((path,), columns), name, root, licence)


def import_files(files: RoadFiles, name: str, root: Path, licence: str | None = None) -> StoredRoads:
    """Read road files that make one network, build it and store it, as ``import_roads`` does of one file."""
    return _keep(read_road_files(files), name, root, licence)


def import_place(place: str, name: str, root: Path, downloads: Path) -> StoredRoads:
    """
    Fetch the roads of a named place from the internet, build their network and store it.

    What was fetched is kept under ``downloads``: the same place again needs no internet.
    """
    source = read_roads(osmnx_place.fetch_place(place, downloads))
    assumptions = (*source.assumptions, osmnx_place.ASSUMPTION)
    return _keep(replace(source, assumptions=assumptions), name, root, None)


def open_roads(root: Path, name: str) -> OpenRoads:
    """Open the current network of a name; its arrays are memory-mapped and checked against their hashes."""
    arrays, facts = store.load(root, name)
    return OpenRoads(RoadNetwork.from_arrays(arrays, facts.metric_system), facts)


def find_names(root: Path, name: str, text: str) -> pd.DataFrame:
    """Return what the road file named so, best match first: ``kind``, names, ``lon`` and ``lat``."""
    return gazetteer.matches(store.load_names(root, name), text)


def network_of(source: RoadSource) -> RoadNetwork:
    """Build the network of what a road file gives."""
    barriers = {vertex: Barrier(barrier) for vertex, barrier in source.barriers.items()}
    return build_network(source.lines, source.roads, source.turns, barriers)


def _keep(source: RoadSource, name: str, root: Path, licence: str | None) -> StoredRoads:
    network = network_of(source)
    facts = _facts(network, source, licence)
    return store.save(root, name, RoadsToStore(network.arrays, facts, source.names))


def _facts(network: RoadNetwork, source: RoadSource, licence: str | None) -> RoadFacts:
    missed = near_misses(network)
    shown = missed[:MOST_NEAR_MISSES]
    return RoadFacts(
        metric_system=network.metric_system,
        source=source.file.name,
        source_sha256=source.file.sha256,
        licence=licence or source.licence,
        nodes=network.nodes,
        junctions=network.junctions,
        directed_edges=network.directed_edges,
        components=network.components,
        kilometres=round(network.kilometres, 3),
        bounds=network.bounds,
        assumptions=source.assumptions,
        warnings=(*source.warnings, *counted(len(missed), NEAR_MISSES)),
        forbidden_turns=network.forbidden_turns,
        barriers=int(np.count_nonzero(network.barrier)),
        height_limits=int(np.isfinite(network.max_height_m).sum()),
        weight_limits=int(np.isfinite(network.max_weight_t).sum()),
        width_limits=int(np.isfinite(network.max_width_m).sum()),
        names=len(source.names),
        near_misses=tuple(
            zip(network.node_lon[shown].tolist(), network.node_lat[shown].tolist(), strict=True)
        ),
    )
