"""Who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base
from data.models.words import AuditAction, one_of


class Audit(Base):
    """
    One change of one row: the whole row where it was inserted or deleted, what differs where it was updated.

    Triggers write it; nobody may change or remove it. ``who`` and ``source`` are what the transaction said of
    itself, else what the row says of its last step, else ``unknown``. Positions of units are not here, they
    are kept as fixes; nor are sums of reservations, whose parts are.
    """

    __tablename__ = "audit"
    __table_args__ = (one_of("action", AuditAction), Index("ix_audit_row", "table_name", "row_key"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    who: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    table_name: Mapped[str] = mapped_column(Text)
    row_key: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
