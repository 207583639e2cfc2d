"""Vocabularies that a city may extend: capabilities, and the kinds of incident and hazard source."""

from sqlalchemy import Boolean, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base
from data.models.words import AddsUp, one_of


class Capability(Base):
    """
    Something a unit can do, and how several units' shares of it come together.

    ``by_crew`` tells what people do from what the vehicle does by itself, which ties up nobody of the crew.
    """

    __tablename__ = "capability"
    __table_args__ = (one_of("adds_up", AddsUp),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    adds_up: Mapped[str] = mapped_column(Text)
    unit_of_measure: Mapped[str] = mapped_column(Text)
    by_crew: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)


class IncidentKind(Base):
    """A kind of incident, e.g. ``chemical-leak``."""

    __tablename__ = "incident_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)


class HazardKind(Base):
    """A kind of hazard source, e.g. ``chemical-plant``."""

    __tablename__ = "hazard_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
