"""What every request says that writes to the record of an incident: who, by what it was told, and when."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from data.registry.rows import Line, Moment, Name
from data.steps import Step

LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
IncidentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
AssignmentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
ReservationId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
UnitId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
WHO: dict[str, JsonValue] = {"who": "Lin, desk 2"}


class ToldIn(BaseModel):
    """Who says it, and how they came to know."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WHO]})

    who: Name = Field(description="whoever dispatches; `api` is nobody", examples=["Lin, desk 2"])
    source: Name = Field(
        default="desk", description="by what it was told: desk, radio, phone, device", examples=["radio"]
    )
    happened_at: Moment | None = Field(
        default=None, description="when it happened, where that is not now; a message may be entered late"
    )
    note: Line = Field(default="", description="their words, or the reason")

    def told(self) -> Step:
        """Return it as the record takes it."""
        return Step(self.who, self.source, self.happened_at, self.note)
