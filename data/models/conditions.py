"""Road conditions, closures and slow-downs, and the version of the whole set of them."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, BigInteger, Boolean, CheckConstraint, DateTime, Index, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import WGS84_SRID, Base, Row
from data.models.words import ConditionKind, RoadPreset, not_blank, on_earth, one_of

SHAPES = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
LARGEST_FACTOR = 100


def _all_or_none(name: str, *columns: str) -> CheckConstraint:
    return CheckConstraint(f"num_nulls({', '.join(columns)}) IN (0, {len(columns)})", name=name)


class RoadCondition(Row):
    """
    A closure, or a slow-down by a factor or a preset, of the roads that a shape covers.

    Where segments of a network are named, they count on the version of the network that ``roads_hash`` names,
    and the shape, which is theirs, on every other. A row is written once and withdrawn at most once; triggers
    refuse anything else, count the version up, and write the events.
    """

    __tablename__ = "road_condition"
    __table_args__ = (
        one_of("kind", ConditionKind),
        one_of("preset", RoadPreset),
        not_blank("reason"),
        not_blank("author"),
        not_blank("withdrawn_by"),
        not_blank("withdrawn_why"),
        CheckConstraint(f"factor BETWEEN 1 AND {LARGEST_FACTOR}", name="factor_1_to_100"),
        CheckConstraint(
            "num_nonnulls(factor, preset) = CASE kind WHEN 'slowdown' THEN 1 ELSE 0 END",
            name="slowdown_has_factor_or_preset",
        ),
        CheckConstraint(
            "ST_GeometryType(shape) IN ({})".format(", ".join(f"'ST_{s}'" for s in SHAPES)), "shape_simple"
        ),
        CheckConstraint("ST_IsValid(shape)", name="shape_valid"),
        on_earth("shape"),
        _all_or_none("segments_of_roads", "roads", "roads_hash", "segments"),
        CheckConstraint("cardinality(segments) > 0 AND 0 <= ALL (segments)", name="segments_named"),
        CheckConstraint("valid_to > valid_from", name="valid_to_after_valid_from"),
        _all_or_none(
            "withdrawn_by_somebody", "withdrawn_at", "withdrawn_by", "withdrawn_why", "withdrawn_in"
        ),
        CheckConstraint("withdrawn_in > added_in", name="withdrawn_after_added"),
        Index("ix_road_condition_standing", "valid_to", postgresql_where=text("withdrawn_at IS NULL")),
    )

    kind: Mapped[str] = mapped_column(Text)
    shape: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=WGS84_SRID))
    roads: Mapped[str | None] = mapped_column(Text)
    roads_hash: Mapped[str | None] = mapped_column(Text)
    segments: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    factor: Mapped[float | None]
    preset: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    valid_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    added_in: Mapped[int] = mapped_column(BigInteger)
    """The version that first held it; the database writes it."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    withdrawn_in: Mapped[int | None] = mapped_column(BigInteger)
    """The version that first lacked it; the database writes it."""


class RoadConditionsVersion(Base):
    """The version of the set of road conditions: one row, counted up in the transaction of every change."""

    __tablename__ = "road_conditions_version"
    __table_args__ = (CheckConstraint("single", name="only_one"),)

    single: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
