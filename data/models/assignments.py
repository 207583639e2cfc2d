"""Assignments of units to incidents, and the steps they may take."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Row
from data.models.words import (
    ACTIVE_STATES,
    CLOSED_STATES,
    AssignmentState,
    How,
    listed,
    not_blank,
    not_negative,
    one_of,
)

ACTIVE = f"state IN ({listed(ACTIVE_STATES)})"
"""What SQL asks for to find the assignments that bind their unit."""


class Assignment(Row):
    """
    A unit and an incident, from the first thought of it to the unit's release.

    It keeps its incident and its unit from beginning to end. A unit has at most one active assignment; a
    returning one is released by the database when the unit is claimed for another incident, which
    ``diverted_to_id`` names. Each state is an event, which the database writes from the ``state_`` columns.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("state", AssignmentState),
        one_of("how", How),
        not_blank("state_by"),
        not_blank("state_source"),
        not_negative("predicted_turnout_s"),
        not_negative("predicted_travel_s"),
        not_negative("predicted_p90_s"),
        not_negative("predicted_distance_m"),
        CheckConstraint("recommendation_number > 0", name="recommendation_number_positive"),
        CheckConstraint("diverted_to_id <> id", name="diverted_to_another"),
        CheckConstraint(
            f"(closed_at IS NOT NULL) = (state IN ({listed(CLOSED_STATES)}))", name="closed_by_state"
        ),
        Index("one_active_assignment_a_unit", "unit_id", unique=True, postgresql_where=text(ACTIVE)),
        Index("ix_assignment_open_incident_id", "incident_id", postgresql_where=text("closed_at IS NULL")),
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    roles: Mapped[dict[str, float]] = mapped_column(JSONB, server_default=text("'{}'"))
    """How much of which need it was sent for."""
    recommendation_number: Mapped[int | None]
    """The incident's answer that chose it; null where somebody named it."""
    tier: Mapped[str] = mapped_column(Text, server_default=text("''"))
    predicted_turnout_s: Mapped[float | None]
    predicted_travel_s: Mapped[float | None]
    predicted_p90_s: Mapped[float | None]
    predicted_distance_m: Mapped[float | None]
    predicted_class: Mapped[str | None] = mapped_column(Text)
    """The class of road with most of the metres."""
    preset: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    state_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    """When the state was reached, which may be before it was entered."""
    state_by: Mapped[str] = mapped_column(Text)
    state_source: Mapped[str] = mapped_column(Text, server_default=text("'api'"))
    state_note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    diverted_to_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When its last state was reached; the database writes it."""


class AssignmentTransition(Base):
    """A step that an assignment may take."""

    __tablename__ = "assignment_transition"
    __table_args__ = (one_of("from_state", AssignmentState), one_of("to_state", AssignmentState))

    from_state: Mapped[str] = mapped_column(Text, primary_key=True)
    to_state: Mapped[str] = mapped_column(Text, primary_key=True)
