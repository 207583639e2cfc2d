"""Import a road file as a named network, and open it again."""

from dataclasses import dataclass
from pathlib import Path

from data.roads import store
from data.roads.files import RoadFiles, read_road_files
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadSource
from data.roads.store import RoadFacts, StoredRoads
from routing.building import build_network
from routing.network import Barrier, RoadNetwork


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
    source = read_road_files(files)
    network = network_of(source)
    return store.save(root, name, network.arrays, _facts(network, source, licence))


def open_roads(root: Path, name: str) -> OpenRoads:
    """Open the current network of a name; its arrays are memory-mapped and checked against their hashes."""
    arrays, facts = store.load(root, name)
    return OpenRoads(RoadNetwork.from_arrays(arrays, facts.metric_system), facts)


def network_of(source: RoadSource) -> RoadNetwork:
    """Build the network of what a road file gives."""
    barriers = {vertex: Barrier(barrier) for vertex, barrier in source.barriers.items()}
    return build_network(source.lines, source.roads, source.turns, barriers)


def _facts(network: RoadNetwork, source: RoadSource, licence: str | None) -> RoadFacts:
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
    )
