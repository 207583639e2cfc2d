"""Supply depots and what they hold."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import WGS84_SRID, Row
from data.models.words import DepotTier, not_blank, not_negative, on_earth, one_of


class Depot(Row):
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


class Stock(Row):
    """
    How much of one item a depot holds in a batch, and the least it should.

    What is there only after some time, such as what a works can produce, is a row of its own.
    """

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("depot_id", "item", "batch", "available_after_s"),
        not_blank("item"),
        not_blank("unit_of_measure"),
        not_negative("quantity"),
        not_negative("minimum"),
        not_negative("available_after_s"),
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
    depot: Mapped[Depot] = relationship(back_populates="stock")
