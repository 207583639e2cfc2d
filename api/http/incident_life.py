"""What becomes of an incident over HTTP: under control, merged, closed, opened again."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.answer_base import LonLat
from api.http.assignments import REFUSED
from api.http.dependencies import CentreDep
from api.http.duplicates import DuplicateOut
from api.http.saying_so import WHO, Id, IncidentId, ToldIn
from api.incident_life import bring_under_control, close, incident, merge, possible_duplicates, reopen
from data.incidents import IncidentFacts

router = APIRouter(prefix="/incidents/{incident_id}", tags=["incidents"], responses=REFUSED)


class IncidentOut(BaseModel):
    """An incident as it stands."""

    id: int
    kind: str
    severity: int
    place: LonLat
    substance: str | None
    reported_at: datetime
    reported_by: str
    status: str = Field(description="open, under-control, closed or merged")
    merged_into: int | None
    under_control_at: datetime | None
    closed_at: datetime | None
    synthetic: bool

    @classmethod
    def of(cls, facts: IncidentFacts) -> "IncidentOut":
        """Say an incident that is recorded."""
        return cls(
            id=facts.id or 0,
            kind=facts.kind,
            severity=facts.severity,
            place=LonLat(lon=facts.place.lon, lat=facts.place.lat),
            substance=facts.substance,
            reported_at=facts.reported_at,
            reported_by=facts.reported_by,
            status=facts.status,
            merged_into=facts.merged_into_id,
            under_control_at=facts.under_control_at,
            closed_at=facts.closed_at,
            synthetic=facts.synthetic,
        )


class MergeIn(ToldIn):
    """The incident that it turns out to be."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**WHO, "into": 1}]})

    into: Id


@router.get("")
def read_incident(incident_id: IncidentId, centre: CentreDep) -> IncidentOut:
    """Return an incident as it stands."""
    return IncidentOut.of(incident(incident_id, centre))


@router.get("/duplicates")
def read_duplicates(incident_id: IncidentId, centre: CentreDep) -> list[DuplicateOut]:
    """Return the incidents that stand and may be the same: near in place and time, of a like kind."""
    return [DuplicateOut.of(one) for one in possible_duplicates(incident_id, centre)]


@router.post("/merge")
def merge_incident(incident_id: IncidentId, body: MergeIn, centre: CentreDep) -> IncidentOut:
    """Merge it into another, for good; its units and supplies become the other's, however far they are."""
    return IncidentOut.of(merge(incident_id, body.into, body.told(), centre))


@router.post("/under-control")
def control_incident(incident_id: IncidentId, body: ToldIn, centre: CentreDep) -> IncidentOut:
    """Say that it is under control."""
    return IncidentOut.of(bring_under_control(incident_id, body.told(), centre))


@router.post("/close")
def close_incident(incident_id: IncidentId, body: ToldIn, centre: CentreDep) -> IncidentOut:
    """Close it, when every unit is released and every supply settled; else what is left is named."""
    return IncidentOut.of(close(incident_id, body.told(), centre))


@router.post("/reopen")
def reopen_incident(incident_id: IncidentId, body: ToldIn, centre: CentreDep) -> IncidentOut:
    """Open it again; a merged one stays merged."""
    return IncidentOut.of(reopen(incident_id, body.told(), centre))
