"""Possible duplicates as they are said over HTTP."""

from datetime import datetime

from pydantic import BaseModel, Field

from data.duplicates import Duplicate


class DuplicateOut(BaseModel):
    """An incident that stands and may be the same; a person decides."""

    incident: int
    kind: str
    severity: int
    reported_at: datetime
    reported_by: str
    distance_m: float
    later_s: float = Field(description="how much later it was reported; negative: earlier")

    @classmethod
    def of(cls, found: Duplicate) -> "DuplicateOut":
        """Say it."""
        return cls(
            incident=found.incident_id,
            kind=found.kind,
            severity=found.severity,
            reported_at=found.reported_at,
            reported_by=found.reported_by,
            distance_m=round(found.distance_m, 1),
            later_s=round(found.later_s, 1),
        )
