"""What a safety bureau keeps on file: enterprises, drills held, and the areas that stations answer for."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.models.base import WGS84_SRID, Row
from data.models.plans import ResponsePlan
from data.models.responders import RescueBase, Team
from data.models.words import (
    DrillForm,
    DrillOrganiser,
    StationClass,
    not_blank,
    not_negative,
    on_earth,
    one_of,
)


class Enterprise(Row):
    """Who runs hazard sources, under the name they are registered with, and how large it is."""

    __tablename__ = "enterprise"
    __table_args__ = (
        UniqueConstraint("name"),
        not_blank("name"),
        CheckConstraint("headcount >= 0", name="headcount_not_negative"),
        not_negative("revenue_yuan"),
    )

    name: Mapped[str] = mapped_column(Text)
    headcount: Mapped[int | None]
    revenue_yuan: Mapped[float | None]


class Drill(Row):
    """A drill that was held, by whom, and of which plan if of one; it outlives the team and the plan."""

    __tablename__ = "drill"
    __table_args__ = (one_of("form", DrillForm), one_of("organiser", DrillOrganiser))

    held_on: Mapped[date]
    form: Mapped[str] = mapped_column(Text)
    organiser: Mapped[str] = mapped_column(Text)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"), index=True)
    plan_id: Mapped[int | None] = mapped_column(
        ForeignKey("response_plan.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    team: Mapped[Team | None] = relationship()
    plan: Mapped[ResponsePlan | None] = relationship()


class StationArea(Row):
    """The area that a station answers for, and the class of the station."""

    __tablename__ = "station_area"
    __table_args__ = (
        UniqueConstraint("base_id"),
        one_of("station_class", StationClass),
        CheckConstraint("ST_IsValid(area)", name="area_valid"),
        on_earth("area"),
    )

    base_id: Mapped[int] = mapped_column(ForeignKey("rescue_base.id", ondelete="CASCADE"))
    station_class: Mapped[str] = mapped_column(Text)
    area: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=WGS84_SRID))
    base: Mapped[RescueBase] = relationship()
