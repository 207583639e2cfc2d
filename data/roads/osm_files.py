"""OpenStreetMap files read one after the other as if they were one, whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import osmium
from osmium import BaseHandler
from osmium.osm import NODE, RELATION, WAY, Node, Relation, Way, osm_entity_bits
from osmium.osm.types import OSMEntity

from data.roads.source import RoadFileError


def node_locations(paths: Sequence[Path]) -> BaseHandler:
    """Read where the nodes of all files lie, as a filter that gives every way the places of its nodes."""
    locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    locations.ignore_errors()
    for path in paths:
        with _whole(path):
            osmium.apply(str(path), locations)
    return locations


def nodes(paths: Sequence[Path], *filters: BaseHandler) -> Iterator[Node]:
    """Give the nodes that pass all filters."""
    return (entity for entity in _entities(paths, NODE, filters) if isinstance(entity, Node))


def ways(paths: Sequence[Path], *filters: BaseHandler) -> Iterator[Way]:
    """Give the ways that pass all filters."""
    return (entity for entity in _entities(paths, WAY, filters) if isinstance(entity, Way))


def relations(paths: Sequence[Path], *filters: BaseHandler) -> Iterator[Relation]:
    """Give the relations that pass all filters."""
    return (entity for entity in _entities(paths, RELATION, filters) if isinstance(entity, Relation))


def _entities(
    paths: Sequence[Path], kind: osm_entity_bits, filters: Sequence[BaseHandler]
) -> Iterator[OSMEntity]:
    """Give what passes, one file after the other; what several files hold comes once, as the first has it."""
    seen: set[int] = set()
    for path in paths:
        entities = osmium.FileProcessor(str(path), kind)
        for each in filters:
            entities.with_filter(each)
        with _whole(path):
            for entity in entities:
                if entity.id not in seen:
                    seen.add(entity.id)
                    yield entity


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, OSError) as error:
        raise RoadFileError(path, f"is not a whole OpenStreetMap file ({error})") from error
