"""What a road condition must say before it may be written."""

import json
from typing import Annotated, Self

import shapely
from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator
from shapely import Geometry, GEOSException
from shapely.geometry.base import BaseGeometry

from data.models import ConditionKind, RoadPreset
from data.models.conditions import LARGEST_FACTOR, SHAPES
from data.registry.rows import Moment, Name, NewRow
from geo.places import Place

MOST_POINTS = 100_000
WAYS_TO_SLOW = 2
LARGEST_SEGMENT = 2**31 - 1


def read_shape(given: object) -> BaseGeometry:
    """Read a GeoJSON geometry, or a feature's; what is a shape already stays as it is."""
    if isinstance(given, BaseGeometry):
        return given
    try:
        return shapely.from_geojson(json.dumps(given))
    except (GEOSException, TypeError, ValueError, RecursionError) as error:
        reason = str(error).removeprefix("ParseException: ").strip()
        raise ValueError(f"it is not a GeoJSON geometry ({reason})") from None


def check_shape(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without heights, or raise ``ValueError`` unless it can be laid on roads."""
    if shape.geom_type not in SHAPES or shape.is_empty:
        raise ValueError(f"one of {', '.join(SHAPES)} is needed, this is {shape.wkt[:60]}")
    west, south, east, north = shape.bounds
    Place(west, south), Place(east, north)
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        raise ValueError(f"it has more than {MOST_POINTS:,} points: simplify it")
    if not shape.is_valid:
        raise ValueError(f"its outline is no outline of an area: {shapely.is_valid_reason(shape)}")
    return shapely.force_2d(shape)


Shape = Annotated[
    Geometry,
    BeforeValidator(read_shape),
    WithJsonSchema(
        {
            "type": "object",
            "description": f"GeoJSON geometry in WGS84, longitude first: {', '.join(SHAPES)}",
            "properties": {"type": {"enum": list(SHAPES)}, "coordinates": {"type": "array", "items": {}}},
            "required": ["type", "coordinates"],
        }
    ),
]
Segment = Annotated[int, Field(ge=0, le=LARGEST_SEGMENT)]
Factor = Annotated[
    float,
    Field(
        ge=1,
        le=LARGEST_FACTOR,
        allow_inf_nan=False,
        description="slow-down: the driving time is multiplied by it",
    ),
]


class ConditionTerms(NewRow):
    """What happens to the roads, why, who says so, and from when to when."""

    kind: ConditionKind
    factor: Factor | None = None
    preset: RoadPreset | None = Field(
        default=None, description="slow-down: the factors of each class of road"
    )
    reason: Name
    author: Name
    valid_from: Moment | None = Field(default=None, description="with time zone; at once where left out")
    valid_to: Moment | None = Field(
        default=None, description="with time zone; until withdrawn where left out"
    )

    @model_validator(mode="after")
    def _slows_by_something(self) -> Self:
        ways = WAYS_TO_SLOW - [self.factor, self.preset].count(None)
        if self.kind is ConditionKind.CLOSURE and ways:
            raise ValueError("a closure has no factor and no preset: leave them out, or make it a slowdown")
        if self.kind is ConditionKind.SLOWDOWN and ways != 1:
            raise ValueError("a slowdown has a factor or a preset: give one of them")
        return self


class NamedSegments(NewRow):
    """Segments of one version of a road network."""

    roads: Name
    roads_hash: Name
    numbers: Annotated[tuple[Segment, ...], Field(min_length=1)]


class NewRoadCondition(ConditionTerms):
    """
    A road condition not written yet.

    Where ``segments`` are named, ``shape`` holds their lines: it stands for them on other networks.
    """

    shape: Shape
    segments: NamedSegments | None = None

    @field_validator("shape")
    @classmethod
    def _can_be_laid_on_roads(cls, shape: BaseGeometry) -> BaseGeometry:
        return check_shape(shape)
