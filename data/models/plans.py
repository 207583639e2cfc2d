"""Response plans: what an incident of a kind needs, by when, and what its people are told."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import WGS84_SRID, Base, Row
from data.models.standards import Standard
from data.models.words import not_blank, not_negative, on_earth, positive


class ResponsePlan(Row):
    """
    A run card for a kind of incident; for one severity, grade of the hazard source or substance if not null.

    ``order_text`` holds placeholders in the manner of ``str.format``: ``{kind}``, ``{severity}``,
    ``{place}``, ``{substance}`` and ``{arrival}``. It and ``action_card`` (应急处置卡) are Chinese, then
    English.
    """

    __tablename__ = "response_plan"
    __table_args__ = (
        UniqueConstraint("name"),
        Index(
            "uq_response_plan_matched_by",
            "incident_kind",
            text("coalesce(severity::integer, 0)"),
            text("coalesce(grade::integer, 0)"),
            text("coalesce(substance, '')"),
            unique=True,
        ),
        not_blank("name"),
        not_blank("lead_department"),
        not_blank("order_text"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity_1_to_4"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_1_to_4"),
        CheckConstraint("substance <> '' AND substance = lower(btrim(substance))", name="substance_lower"),
    )

    name: Mapped[str] = mapped_column(Text)
    incident_kind: Mapped[str] = mapped_column(ForeignKey("incident_kind.code"))
    severity: Mapped[int | None] = mapped_column(SmallInteger)
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    substance: Mapped[str | None] = mapped_column(Text)
    lead_department: Mapped[str] = mapped_column(Text)
    order_text: Mapped[str] = mapped_column(Text)
    action_card: Mapped[str] = mapped_column(Text)
    revised_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    needs: Mapped[list["PlanNeed"]] = relationship(cascade="all, delete-orphan", order_by="PlanNeed.id")
    supplies: Mapped[list["PlanSupply"]] = relationship(
        cascade="all, delete-orphan", order_by="PlanSupply.id"
    )
    contacts: Mapped[list["PlanContact"]] = relationship(
        cascade="all, delete-orphan", order_by="PlanContact.id"
    )
    standards: Mapped[list[Standard]] = relationship(secondary="plan_standard", order_by=Standard.code)


class _Part(Base):
    """A part of a plan; the parts keep the order in which they were written."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("response_plan.id", ondelete="CASCADE"))


class PlanNeed(_Part):
    """How much of a capability is needed, at which level or above, and when it is due after the order."""

    __tablename__ = "plan_need"
    __table_args__ = (
        UniqueConstraint("plan_id", "capability", "level"),
        not_negative("level"),
        positive("quantity"),
        positive("deadline_s"),
        positive("weight"),
    )

    capability: Mapped[str] = mapped_column(ForeignKey("capability.code"))
    level: Mapped[float]
    quantity: Mapped[float]
    deadline_s: Mapped[float | None]
    weight: Mapped[float]


class PlanSupply(_Part):
    """How much of an item is needed, and when it is due after the order."""

    __tablename__ = "plan_supply"
    __table_args__ = (
        UniqueConstraint("plan_id", "item"),
        not_blank("item"),
        not_blank("unit_of_measure"),
        positive("quantity"),
        positive("deadline_s"),
    )

    item: Mapped[str] = mapped_column(Text)
    quantity: Mapped[float]
    unit_of_measure: Mapped[str] = mapped_column(Text)
    deadline_s: Mapped[float | None]


class PlanContact(_Part):
    """Somebody to call for incidents within an area, or everywhere where it is null."""

    __tablename__ = "plan_contact"
    __table_args__ = (
        not_blank("role"),
        not_blank("name"),
        CheckConstraint("ST_IsValid(area)", name="area_valid"),
        on_earth("area"),
    )

    area: Mapped[WKBElement | None] = mapped_column(Geometry("POLYGON", srid=WGS84_SRID))
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)


class PlanStandard(Base):
    """A standard that whoever follows the plan has to meet."""

    __tablename__ = "plan_standard"

    plan_id: Mapped[int] = mapped_column(ForeignKey("response_plan.id", ondelete="CASCADE"), primary_key=True)
    standard: Mapped[str] = mapped_column(ForeignKey("standard.code"), primary_key=True)
