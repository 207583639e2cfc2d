"""Import road files, or a place, as a named network."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from data.roads import osmnx_place, store
from data.roads.files import RoadFiles, read_road_files, read_roads
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadSource
from data.roads.store import RoadFacts, RoadsToStore, StoredRoads
from routing.building import build_network
from routing.near_misses import near_misses
from routing.network import Barrier, RoadNetwork

MOST_NEAR_MISSES = 100


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
        warnings=source.warnings,
        forbidden_turns=network.forbidden_turns,
        barriers=int(np.count_nonzero(network.barrier)),
        height_limits=int(np.isfinite(network.max_height_m).sum()),
        weight_limits=int(np.isfinite(network.max_weight_t).sum()),
        width_limits=int(np.isfinite(network.max_width_m).sum()),
        names=len(source.names),
        near_miss_count=len(missed),
        near_misses=tuple(
            zip(network.node_lon[shown].tolist(), network.node_lat[shown].tolist(), strict=True)
        ),
    )
