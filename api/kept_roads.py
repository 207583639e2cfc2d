"""Open a network that was imported before, and find the names its road file holds."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.roads import gazetteer, store
from data.roads.store import StoredRoads
from routing.network import RoadNetwork


@dataclass(frozen=True)
class OpenRoads:
    """A road network ready for use, and what is known of it."""

    network: RoadNetwork
    facts: StoredRoads


def open_roads(root: Path, name: str, whole_hash: str | None = None) -> OpenRoads:
    """
    Open a network, the version of a hash or the current one.

    Its arrays are memory-mapped and checked against their hashes.
    """
    arrays, facts = store.load(root, name, whole_hash)
    return OpenRoads(RoadNetwork.from_arrays(arrays, facts.metric_system), facts)


def find_names(root: Path, name: str, text: str) -> pd.DataFrame:
    """Return what the road file named so, best match first: ``kind``, names, ``lon`` and ``lat``."""
    return gazetteer.matches(store.load_names(root, name), text)
