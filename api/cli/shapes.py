"""Shapes as people give them to a command: a GeoJSON file, or WKT."""

import json
from pathlib import Path

import shapely
from shapely import GEOSException
from shapely.geometry.base import BaseGeometry

from data.registry.conditions import check_shape, read_shape
from geo.errors import InvalidInputError
from routing.conditions import Action, Condition

GEOJSON_ENDINGS = (".geojson", ".json")


def closure_of(field: str, text: str) -> Condition:
    """Return a closure in thought of an area or a line; ``field`` names the option where it is refused."""
    return Condition(Action.CLOSE, _checked(field, text))


def opening_of(field: str, text: str) -> Condition:
    """Return an opening in thought of an area or a line."""
    return Condition(Action.OPEN, _checked(field, text))


def _checked(field: str, text: str) -> BaseGeometry:
    shape = shape_of(text)
    try:
        return check_shape(shape)
    except ValueError as error:
        raise InvalidInputError(field, str(error)) from None


def shape_of(text: str) -> BaseGeometry:
    """Read the one shape of a GeoJSON file, or WKT."""
    if text.lower().endswith(GEOJSON_ENDINGS):
        return _single(read_shape(_json_of(Path(text))))
    try:
        return shapely.from_wkt(text)
    except GEOSException:
        raise InvalidInputError(
            "shape", f"{text[:60]!r} is neither WKT nor a file that ends in {' or '.join(GEOJSON_ENDINGS)}"
        ) from None


def _json_of(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInputError("shape", f"{file} is not JSON: {error}") from None


def _single(shape: BaseGeometry) -> BaseGeometry:
    """Return the only member of a collection of one, as drawing tools save it."""
    if shape.geom_type == "GeometryCollection":
        parts = shapely.get_parts(shape)
        return parts[0] if len(parts) == 1 else shape
    return shape
