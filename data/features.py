"""Every kind of row as GeoJSON features (RFC 7946), page by page, built by the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session

from data.models.base import WGS84_SRID

DEGREE_DECIMALS = 6


@dataclass(frozen=True)
class BoundingBox:
    """West, south, east, north in WGS84 degrees; west beyond east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Collection:
    """A kind of row: its title, key, geometry, properties, and the joins that give them."""

    title: str
    key: SQLColumnExpression[int]
    place: SQLColumnExpression[Any]
    properties: Mapping[str, SQLColumnExpression[Any]]
    joined: Select[Any]


@dataclass(frozen=True)
class FeaturePage:
    """Some of the features that match, in ascending order of id, and how many match in all."""

    features: list[dict[str, Any]]
    matched: int


def page(
    session: Session, collection: Collection, bbox: BoundingBox | None, limit: int, offset: int
) -> FeaturePage:
    """Return ``limit`` features from ``offset`` on, of those that touch the box."""
    wanted = collection.joined
    if bbox is not None:
        wanted = wanted.where(_touches(collection.place, bbox))
    matched = session.scalar(wanted.with_only_columns(func.count(collection.key))) or 0
    features = session.scalars(
        wanted.with_only_columns(_feature(collection)).order_by(collection.key).limit(limit).offset(offset)
    ).all()
    return FeaturePage(list(features), matched)


def _feature(collection: Collection) -> ColumnElement[Any]:
    return func.jsonb_build_object(
        "type",
        "Feature",
        "id",
        collection.key,
        "geometry",
        cast(func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(collection.place), DEGREE_DECIMALS), JSONB),
        "properties",
        json_object(collection.properties),
    )


def json_object(members: Mapping[str, SQLColumnExpression[Any]]) -> ColumnElement[Any]:
    """Return a JSON object of the members."""
    return func.jsonb_build_object(*(part for name, value in members.items() for part in (name, value)))


def json_array(
    member: SQLColumnExpression[Any], order: SQLColumnExpression[Any], condition: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Return the JSON array of a member of all rows that meet a condition; empty where none does."""
    listed = select(func.jsonb_agg(aggregate_order_by(member, order))).where(condition)
    return func.coalesce(listed.scalar_subquery(), cast("[]", JSONB))


def _touches(place: SQLColumnExpression[Any], bbox: BoundingBox) -> ColumnElement[bool]:
    spans = [(bbox.west, bbox.east)] if bbox.west <= bbox.east else [(bbox.west, 180.0), (-180.0, bbox.east)]
    return or_(
        *(
            func.ST_Intersects(place, func.ST_MakeEnvelope(west, bbox.south, east, bbox.north, WGS84_SRID))
            for west, east in spans
        )
    )
