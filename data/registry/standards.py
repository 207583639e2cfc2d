"""Standards: what a row must say, and writing it."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from data.models import Capability, ClockStart, Standard, Strength, VehicleProfile
from data.registry.checks import flush, refuse_unknown, refuse_used, words_of
from data.registry.rows import Checked, Grade, Line, Name, Positive, Quantity


class NewStandard(Checked):
    """A time to keep, from when its clock runs, whom it binds and who says so."""

    code: Name
    name_en: Name
    name_zh: Name
    clause: Line = ""
    strength: Strength
    clock_start: ClockStart
    seconds: Positive
    percentile: Annotated[float, Field(gt=0, le=100)] | None = None
    vehicle_profile: VehicleProfile | None = None
    capability: Name | None = None
    capability_level: Quantity | None = None
    applies_to: Name
    grade: Grade | None = None
    source: Name

    @model_validator(mode="after")
    def _level_is_of_a_capability(self) -> Self:
        if self.capability_level is not None and self.capability is None:
            raise ValueError(f"standard {self.code!r} has a level of no capability: name the capability")
        return self


def add_standards(session: Session, rows: Sequence[NewStandard]) -> None:
    """Add standards; their codes must be new."""
    refuse_used("code", (row.code for row in rows), words_of(session, Standard.code))
    refuse_unknown("capability", (row.capability for row in rows), words_of(session, Capability.code))
    session.add_all(Standard(**row.model_dump()) for row in rows)
    flush(session)
