"""Incidents, what happened to them, and the answers they were given."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import WGS84_SRID, Base, Row
from data.models.words import IncidentStatus, not_blank, on_earth, one_of


class Incident(Row):
    """
    A call for help. Severity 1 is the worst (特别重大), 4 the least (一般).

    ``plan`` is the response plan it follows, copied, so that a later change to the plan leaves it as it was.
    """

    __tablename__ = "incident"
    __table_args__ = (
        not_blank("reported_by"),
        one_of("status", IncidentStatus),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity_1_to_4"),
        on_earth("place"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into_id <> id", name="merged_not_into_itself"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (status IN ('closed', 'merged'))", name="closed_by_status"
        ),
        CheckConstraint(
            "CASE status WHEN 'under-control' THEN under_control_at IS NOT NULL "
            "WHEN 'open' THEN under_control_at IS NULL ELSE true END",
            name="under_control_by_status",
        ),
    )

    kind: Mapped[str] = mapped_column(ForeignKey("incident_kind.code"))
    severity: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=WGS84_SRID))
    substance: Mapped[str | None] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reported_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    hazard_source_id: Mapped[int | None] = mapped_column(ForeignKey("hazard_source.id"), index=True)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    under_control_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class IncidentTransition(Base):
    """A step that the status of an incident may take."""

    __tablename__ = "incident_transition"
    __table_args__ = (one_of("from_state", IncidentStatus), one_of("to_state", IncidentStatus))

    from_state: Mapped[str] = mapped_column(Text, primary_key=True)
    to_state: Mapped[str] = mapped_column(Text, primary_key=True)


class Event(Row):
    """
    Something that happened, written once: the database refuses to change or remove it.

    ``happened_at`` is when it happened, ``at`` when it was entered; a radio message may be logged late.
    ``source`` is how it was told: desk, radio, phone, api, device.
    """

    __tablename__ = "event"
    __table_args__ = (not_blank("kind"), not_blank("who"), not_blank("source"))

    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    kind: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    source: Mapped[str] = mapped_column(Text, server_default=text("'api'"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class Recommendation(Base):
    """
    An answer as it was given, byte for byte; an incident's answers are numbered from 1.

    ``decision_version`` names the rule that decided, ``inputs`` the hash of each thing it decided on.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("incident_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    roads_hash: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    decision_version: Mapped[str | None] = mapped_column(Text)
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class DecisionInput(Base):
    """Something decisions rested on, kept once under the hash of its content, and never changed."""

    __tablename__ = "decision_input"
    __table_args__ = (not_blank("hash"),)

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
