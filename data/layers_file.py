"""Write layers to one GeoPackage; it appears whole or not at all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd

from geo.errors import InvalidInputError

ENDING = ".gpkg"


def write_layers(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """
    Write layers by their names; one without a row is left out.

    Raises
    ------
    InvalidInputError
        When the file is no GeoPackage by its name, or its folder is not there.
    """
    check_layers_file(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".layers-") as folder:
        half = Path(folder) / path.name
        for name, layer in layers.items():
            if len(layer):
                layer.to_file(half, layer=name, driver="GPKG")
        half.replace(path)


def check_layers_file(path: Path) -> None:
    """Refuse a file that no GeoPackage can be written to."""
    if path.suffix.lower() != ENDING:
        raise InvalidInputError("out", f"{path.name} does not end in {ENDING}")
    if not path.parent.is_dir():
        raise InvalidInputError("out", f"there is no folder {path.parent}")
