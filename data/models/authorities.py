"""Whose a team is where it is not ours, and the agreements under which it may be asked for."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import Row
from data.models.words import not_blank, not_negative


class Authority(Row):
    """Who commands teams that are not ours: the fire brigade, a neighbouring county, an enterprise."""

    __tablename__ = "authority"
    __table_args__ = (
        UniqueConstraint("name"),
        not_blank("name"),
        not_blank("approver"),
        not_negative("approval_s"),
    )

    name: Mapped[str] = mapped_column(Text)
    approver: Mapped[str] = mapped_column(Text)
    """The office that says yes or no to a request."""
    phone: Mapped[str] = mapped_column(Text)
    approval_s: Mapped[float]
    """How long its answer takes."""
    agreements: Mapped[list["Agreement"]] = relationship(back_populates="authority", order_by="Agreement.id")


class Agreement(Row):
    """
    What an authority has promised for a kind of incident and a capability: how fast, and at what cost.

    A kind or a capability that is null stands for every one.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        Index(
            "uq_agreement_promised",
            "authority_id",
            text("coalesce(incident_kind, '')"),
            text("coalesce(capability, '')"),
            unique=True,
        ),
        not_blank("number"),
        not_negative("mobilise_within_s"),
        not_negative("call_out_cost_yuan"),
        not_negative("cost_per_hour_yuan"),
        CheckConstraint("valid_until >= valid_from", name="valid_until_not_before_valid_from"),
    )

    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    number: Mapped[str] = mapped_column(Text)
    incident_kind: Mapped[str | None] = mapped_column(ForeignKey("incident_kind.code"))
    capability: Mapped[str | None] = mapped_column(ForeignKey("capability.code"))
    mobilise_within_s: Mapped[float]
    call_out_cost_yuan: Mapped[float]
    cost_per_hour_yuan: Mapped[float]
    consents_to_bare_site: Mapped[bool]
    """Whether the site a team guards may be left without it."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The last day on which it counts; null where it has no end."""
    authority: Mapped[Authority] = relationship(back_populates="agreements")
