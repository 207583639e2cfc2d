"""The waiting list over HTTP."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.http.dependencies import CentreDep
from api.waiting import Waiting, offer_again, waiting_list

router = APIRouter(prefix="/waiting", tags=["dispatch"])


class UnmetOut(BaseModel):
    """A need that nobody was sent for yet, or not enough."""

    name: str
    missing: float = Field(description="in the need's own measure; of a level that one crew must have, 1")
    unit_of_measure: str | None = Field(description="of supplies; null for capabilities")


class WaitingOut(BaseModel):
    """An open incident that was not sent all it needs."""

    incident: int
    kind: str
    severity: int
    since: datetime = Field(description="the call, or when the last of its units was let go")
    unmet: list[UnmetOut]
    why_unknown: str | None = Field(description="why nobody can tell what it needs")
    recommendation: int | None = Field(description="its newest recommendation; null where it has none")

    @classmethod
    def of(cls, waiting: Waiting) -> "WaitingOut":
        """Say it."""
        incident = waiting.incident
        return cls(
            incident=incident.id or 0,
            kind=incident.kind,
            severity=incident.severity,
            since=waiting.since,
            unmet=[
                UnmetOut(name=one.name, missing=one.missing, unit_of_measure=one.unit_of_measure)
                for one in waiting.unmet
            ],
            why_unknown=waiting.why_unknown,
            recommendation=waiting.number,
        )


class OfferedOut(BaseModel):
    """A new recommendation that is better than the one before; nothing of it is claimed."""

    incident: int
    recommendation: int
    units: list[int]
    shortfall: dict[str, float]


@router.get("")
def read_waiting(centre: CentreDep) -> list[WaitingOut]:
    """Return who waits for what, the gravest first."""
    return [WaitingOut.of(one) for one in waiting_list(centre)]


@router.post("/offers")
def offer_to_waiting(centre: CentreDep) -> list[OfferedOut]:
    """Recommend anew for all who wait, and return what is better than the last offer."""
    return [
        OfferedOut(
            incident=one.incident_id,
            recommendation=one.number,
            units=list(one.units),
            shortfall=dict(one.shortfall),
        )
        for one in offer_again(centre)
    ]
