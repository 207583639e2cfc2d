"""Supply depots, what they hold, and what of it is set aside."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import WGS84_SRID, Base, Row, Verified
from data.models.words import (
    OPEN_RESERVATION_STATES,
    DepotTier,
    ReservationState,
    listed,
    not_blank,
    not_negative,
    on_earth,
    one_of,
    positive,
)


class Depot(Verified, Row):
    """A store of rescue supplies; ``delivers`` tells its own delivery vehicle from pick-up only."""

    __tablename__ = "depot"
    __table_args__ = (
        UniqueConstraint("name"),
        not_blank("name"),
        one_of("tier", DepotTier),
        not_negative("loading_s"),
        on_earth("place"),
    )

    name: Mapped[str] = mapped_column(Text)
    tier: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    loading_s: Mapped[float]
    delivers: Mapped[bool]
    place: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=WGS84_SRID))
    stock: Mapped[list["Stock"]] = relationship(back_populates="depot", order_by="Stock.item, Stock.id")


class Stock(Verified, Row):
    """
    How much of one item a depot holds in a batch, and the least it should.

    What is there only after some time, such as what a works can produce, is a row of its own. ``reserved`` is
    the sum of the open reservations; the database writes it, whatever others write.
    """

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("depot_id", "item", "batch", "available_after_s"),
        not_blank("item"),
        not_blank("unit_of_measure"),
        not_negative("quantity"),
        not_negative("minimum"),
        not_negative("available_after_s"),
        CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved_within_quantity"),
    )

    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    item: Mapped[str] = mapped_column(Text, index=True)
    unit_of_measure: Mapped[str] = mapped_column(Text)
    quantity: Mapped[float]
    minimum: Mapped[float]
    batch: Mapped[str] = mapped_column(Text, server_default=text("''"))
    expires_on: Mapped[date | None]
    """The last day on which it may be used; null where it keeps."""
    available_after_s: Mapped[float] = mapped_column(server_default=text("0"))
    reserved: Mapped[float] = mapped_column(server_default=text("0"))
    depot: Mapped[Depot] = relationship(back_populates="stock")


class Reservation(Row):
    """
    A quantity of one stock row set aside for an incident, in the stock's unit of measure.

    It keeps its incident, stock and quantity from beginning to end. What was used comes off the stock when it
    is settled, the rest is free again. Each state is an event, which the database writes.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        positive("quantity"),
        one_of("state", ReservationState),
        not_blank("state_by"),
        not_blank("state_source"),
        not_blank("approved_by"),
        CheckConstraint(
            "CASE state WHEN 'used' THEN coalesce(used_quantity > 0 AND used_quantity <= quantity, false) "
            "ELSE used_quantity IS NULL END",
            name="used_within_quantity",
        ),
        CheckConstraint(
            f"(closed_at IS NULL) = (state IN ({listed(OPEN_RESERVATION_STATES)}))", name="closed_by_state"
        ),
        Index("ix_reservation_open_stock_id", "stock_id", postgresql_where=text("closed_at IS NULL")),
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stock.id"))
    quantity: Mapped[float]
    state: Mapped[str] = mapped_column(Text, server_default=text("'reserved'"))
    used_quantity: Mapped[float | None]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    """Who carries it; null for the depot's own vehicle."""
    approved_by: Mapped[str | None] = mapped_column(Text)
    """Who let the depot fall below its minimum; null where nobody had to."""
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    state_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    state_by: Mapped[str] = mapped_column(Text)
    state_source: Mapped[str] = mapped_column(Text, server_default=text("'api'"))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When its last state was reached; the database writes it."""


class ReservationTransition(Base):
    """A step that a reservation may take."""

    __tablename__ = "reservation_transition"
    __table_args__ = (one_of("from_state", ReservationState), one_of("to_state", ReservationState))

    from_state: Mapped[str] = mapped_column(Text, primary_key=True)
    to_state: Mapped[str] = mapped_column(Text, primary_key=True)
