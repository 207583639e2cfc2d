"""Hazard sources and their GB 18218 units and substances."""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import WGS84_SRID, Base, Row, Verified
from data.models.words import not_blank, not_negative, on_earth, positive


class HazardSource(Verified, Row):
    """A place that can hurt people: a plant, a tank farm, a pipeline; its grade is its worst unit's."""

    __tablename__ = "hazard_source"
    __table_args__ = (
        not_blank("name"),
        not_blank("enterprise"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_1_to_4"),
        CheckConstraint(
            "ST_GeometryType(place) IN ('ST_Point', 'ST_LineString', 'ST_Polygon')", name="place_simple"
        ),
        CheckConstraint("ST_IsValid(place)", name="place_valid"),
        on_earth("place"),
    )

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(ForeignKey("hazard_kind.code"))
    enterprise: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    place: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=WGS84_SRID))
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    gb_units: Mapped[list["GbUnit"]] = relationship(
        back_populates="hazard_source", cascade="all, delete-orphan", order_by="GbUnit.id"
    )


class GbUnit(Base):
    """
    A *unit* in the sense of GB 18218-2018: a plant section, a tank farm inside one dike, a warehouse.

    ``s``, ``r`` and ``grade`` are computed when the row is written; ``grade`` is null where S < 1.
    """

    __tablename__ = "gb_unit"
    __table_args__ = (
        UniqueConstraint("hazard_source_id", "name"),
        not_blank("name"),
        CheckConstraint("residents_500m >= 0", name="residents_not_negative"),
        not_negative("s"),
        not_negative("r"),
        positive("alpha"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_1_to_4"),
        CheckConstraint("(grade IS NOT NULL) = (s >= 1)", name="graded_when_major"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    hazard_source_id: Mapped[int] = mapped_column(ForeignKey("hazard_source.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    residents_500m: Mapped[int]
    alpha: Mapped[float]
    s: Mapped[float]
    r: Mapped[float]
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    hazard_source: Mapped[HazardSource] = relationship(back_populates="gb_units")
    substances: Mapped[list["GbSubstance"]] = relationship(
        back_populates="gb_unit", cascade="all, delete-orphan", order_by="GbSubstance.id"
    )


class GbSubstance(Base):
    """A substance held in a GB 18218 unit, with the threshold and β that were used and why."""

    __tablename__ = "gb_substance"
    __table_args__ = (
        not_blank("name"),
        positive("design_max_t"),
        positive("threshold_t"),
        positive("beta"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    gb_unit_id: Mapped[int] = mapped_column(ForeignKey("gb_unit.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    cas: Mapped[str | None] = mapped_column(Text)
    hazard_class: Mapped[str | None] = mapped_column(Text)
    design_max_t: Mapped[float]
    threshold_t: Mapped[float]
    beta: Mapped[float]
    beta_source: Mapped[str] = mapped_column(Text)
    gb_unit: Mapped[GbUnit] = relationship(back_populates="substances")
