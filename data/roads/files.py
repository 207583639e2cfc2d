"""One front for every kind of road file."""

from pathlib import Path

from data.roads import layers, osm
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError, RoadSource

NO_COLUMNS = LayerColumns()


def read_roads(path: Path, columns: LayerColumns = NO_COLUMNS) -> RoadSource:
    """
    Read roads from an OpenStreetMap file or a line layer, told apart by the extension.

    Raises
    ------
    RoadFileError
        When the file is missing, empty, of an unknown kind, broken, without a road, or lacks a named column.
    """
    name = path.name.lower()
    if not path.is_file():
        raise RoadFileError(path, "is a folder" if path.is_dir() else "there is no such file")
    if path.stat().st_size == 0:
        raise RoadFileError(path, "is empty")
    if name.endswith(osm.SUFFIXES):
        if columns != NO_COLUMNS:
            raise RoadFileError(path, "is an OpenStreetMap file, whose tags say it all; name no columns")
        return osm.read_osm([path])
    if name.endswith(layers.SUFFIXES):
        return layers.read_layer(path, columns)
    known = ", ".join((*osm.SUFFIXES, *layers.SUFFIXES))
    raise RoadFileError(path, f"is of an unknown kind; road files end in {known}")
