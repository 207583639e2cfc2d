"""Standards: how fast something must be, from when the clock runs, and who says so."""

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base
from data.models.words import ClockStart, Strength, VehicleProfile, not_blank, not_negative, one_of, positive


class Standard(Base):
    """
    A time to keep. It is data with its source, never a constant, so that a city may replace it.

    ``capability`` and ``capability_level`` tell who has to be there in time, ``grade`` for hazard sources of
    which level it holds; null where it does not tell them apart.
    """

    __tablename__ = "standard"
    __table_args__ = (
        not_blank("code"),
        not_blank("name_en"),
        not_blank("name_zh"),
        not_blank("applies_to"),
        not_blank("source"),
        one_of("strength", Strength),
        one_of("clock_start", ClockStart),
        one_of("vehicle_profile", VehicleProfile),
        positive("seconds"),
        not_negative("capability_level"),
        CheckConstraint("percentile > 0 AND percentile <= 100", name="percentile_above_0_to_100"),
        CheckConstraint(
            "capability_level IS NULL OR capability IS NOT NULL", name="capability_level_of_capability"
        ),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_1_to_4"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(Text)
    strength: Mapped[str] = mapped_column(Text)
    clock_start: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float]
    percentile: Mapped[float | None]
    """How many of a hundred cases must keep it; null where every one must."""
    vehicle_profile: Mapped[str | None] = mapped_column(Text)
    capability: Mapped[str | None] = mapped_column(ForeignKey("capability.code"))
    capability_level: Mapped[float | None]
    applies_to: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(Text)
