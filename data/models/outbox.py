"""What is owed to others: answers to repeated requests, and events to receivers of webhooks."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Row
from data.models.words import not_blank


class IdempotencyKey(Base):
    """A request that named itself, and its answer once there is one."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        not_blank("key"),
        CheckConstraint("(status IS NULL) = (response IS NULL)", name="answered_wholly"),
    )

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    method_path: Mapped[str] = mapped_column(Text)
    body_sha256: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None] = mapped_column(Integer)
    response: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Webhook(Row):
    """
    A receiver of events.

    It is sent the kinds it names, whole (``assignment.refused``) or by their first word (``assignment``), and
    every kind where it names none. ``secret`` signs what is sent and is never told, not even to the audit.
    """

    __tablename__ = "webhook"
    __table_args__ = (not_blank("url"), not_blank("secret"))

    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class WebhookDelivery(Base):
    """
    An event owed to a receiver.

    The database writes it with the event, in one transaction, so that none is missed, in whatever order the
    transactions end.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(
            "ix_webhook_delivery_owed",
            "webhook_id",
            "event_id",
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None] = mapped_column(Text)
