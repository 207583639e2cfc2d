"""Rescue bases, their teams, and the units that are actually sent."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.authorities import Authority
from data.models.base import WGS84_SRID, Base, Row, Verified
from data.models.hazards import HazardSource
from data.models.words import (
    Staffing,
    Tier,
    VehicleProfile,
    not_blank,
    not_negative,
    on_earth,
    one_of,
    positive,
)


class RescueBase(Verified, Row):
    """A place that teams start from: a fire station, a rescue base, a plant's own station."""

    __tablename__ = "rescue_base"
    __table_args__ = (UniqueConstraint("name"), not_blank("name"), on_earth("place"))

    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    place: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=WGS84_SRID))


class Team(Verified, Row):
    """
    An organisation of people at a base; it may send two of its five units.

    It is ours and is ordered, unless it has an authority, which is asked. A team that guards a hazard source
    is that site's own.
    """

    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("name"),
        UniqueConstraint("call_sign"),
        not_blank("name"),
        one_of("tier", Tier),
        one_of("staffing", Staffing),
    )

    base_id: Mapped[int] = mapped_column(ForeignKey("rescue_base.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    tier: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    call_sign: Mapped[str] = mapped_column(Text)
    radio: Mapped[str] = mapped_column(Text)
    staffing: Mapped[str] = mapped_column(Text)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"), index=True)
    hazard_source_id: Mapped[int | None] = mapped_column(ForeignKey("hazard_source.id"), index=True)
    base: Mapped[RescueBase] = relationship()
    authority: Mapped[Authority | None] = relationship()
    hazard_source: Mapped[HazardSource | None] = relationship()


class Unit(Verified, Row):
    """What is sent: a vehicle with its crew."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("team_id", "name"),
        not_blank("name"),
        one_of("vehicle_profile", VehicleProfile),
        CheckConstraint("crew > 0", name="crew_positive"),
        not_negative("turnout_s"),
        on_earth("position"),
        CheckConstraint("(position IS NULL) = (position_at IS NULL)", name="position_has_time"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    vehicle_profile: Mapped[str] = mapped_column(Text)
    crew: Mapped[int]
    turnout_s: Mapped[float]
    in_service: Mapped[bool]
    position: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=WGS84_SRID))
    position_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    team: Mapped[Team] = relationship()
    capabilities: Mapped[list["UnitCapability"]] = relationship(
        cascade="all, delete-orphan", order_by="UnitCapability.capability"
    )


class UnitCapability(Base):
    """
    How much of a capability a unit brings: persons, litres, a level, or squads; at which level of skill.

    ``crew`` are the people it ties up, where that is not told by the capability and the quantity.
    """

    __tablename__ = "unit_capability"
    __table_args__ = (
        positive("quantity"),
        not_negative("level"),
        CheckConstraint("crew >= 0", name="crew_not_negative"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    capability: Mapped[str] = mapped_column(ForeignKey("capability.code"), primary_key=True)
    quantity: Mapped[float]
    level: Mapped[float] = mapped_column(server_default=text("0"))
    crew: Mapped[int | None]
    valid_until: Mapped[date | None]
    """The last day of the certificate; null where none is needed or it has no end."""
