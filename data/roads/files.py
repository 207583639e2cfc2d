"""One front for every kind of road file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.roads import graphml, layer_files, layers, osm
from data.roads.layer_columns import LayerColumns
from data.roads.source import RoadFileError, RoadSource

NO_COLUMNS = LayerColumns()


@dataclass(frozen=True)
class RoadFiles:
    """
    Road files that make one network, and what they do not say themselves.

    Attributes
    ----------
    paths
        All OpenStreetMap files, or all line layers, or one graph of OSMnx.
    columns
        Which columns of line layers hold what.
    encoding
        How the text of Shapefiles is encoded; ``None`` where they say so.
    """

    paths: Sequence[Path]
    columns: LayerColumns = NO_COLUMNS
    encoding: str | None = None


def read_roads(path: Path, columns: LayerColumns = NO_COLUMNS) -> RoadSource:
    """Read the roads of one file, see ``read_road_files``."""
    return read_road_files(RoadFiles((path,), columns))


def read_road_files(files: RoadFiles) -> RoadSource:
    """
    Read roads from files joined into one network; the extension tells their kind.

    Raises
    ------
    RoadFileError
        When a file is missing, empty, of an unknown kind or of another than the first, broken, without a
        road, or lacks a named column.
    """
    kinds = [_kind(path) for path in files.paths]
    for path, kind in zip(files.paths, kinds, strict=True):
        if kind is not kinds[0]:
            raise RoadFileError(
                path, f"is of another kind than {files.paths[0].name}; join files of one kind"
            )
    return kinds[0](files)


def _kind(path: Path) -> Callable[[RoadFiles], RoadSource]:
    name = path.name.lower()
    if not path.is_file():
        raise RoadFileError(path, "is a folder" if path.is_dir() else "there is no such file")
    if path.stat().st_size == 0:
        raise RoadFileError(path, "is empty")
    for suffixes, kind in KINDS.items():
        if name.endswith(suffixes):
            return kind
    known = ", ".join(suffix for suffixes in KINDS for suffix in suffixes)
    raise RoadFileError(path, f"is of an unknown kind; road files end in {known}")


def _osm(files: RoadFiles) -> RoadSource:
    if files.columns != NO_COLUMNS or files.encoding is not None:
        reason = "is an OpenStreetMap file, whose tags say it all; name no columns and no encoding"
        raise RoadFileError(files.paths[0], reason)
    return osm.read_osm(files.paths)


def _graphml(files: RoadFiles) -> RoadSource:
    path = files.paths[0]
    if files.columns != NO_COLUMNS or files.encoding is not None:
        raise RoadFileError(path, "is a graph, whose attributes say it all; name no columns and no encoding")
    if len(files.paths) > 1:
        raise RoadFileError(path, "is a graph, and graphs are not joined; compose them in NetworkX first")
    return graphml.read_graphml(path)


def _layers(files: RoadFiles) -> RoadSource:
    return layers.read_layers(files.paths, files.columns, files.encoding)


KINDS: dict[tuple[str, ...], Callable[[RoadFiles], RoadSource]] = {
    osm.SUFFIXES: _osm,
    graphml.SUFFIXES: _graphml,
    layer_files.SUFFIXES: _layers,
}
