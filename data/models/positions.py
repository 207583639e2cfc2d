"""Where units were, one row a fix."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import DateTime, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import WGS84_SRID, Base
from data.models.words import on_earth


class UnitPosition(Base):
    """Where a unit was at a time by its own clock; of two fixes of one time the first one stays."""

    __tablename__ = "unit_position"
    __table_args__ = (on_earth("place"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    place: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=WGS84_SRID, spatial_index=False))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
