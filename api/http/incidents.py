"""Incidents over HTTP: report one, read its recommendation, ask for a new one, see its map."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.answer import Answer, read_answer
from api.dispatching import (
    Beside,
    Reported,
    answer_call,
    imagine,
    kept_answer,
    nothing_more,
    recommend,
)
from api.http.dependencies import CentreDep, NamedDep
from api.http.duplicates import DuplicateOut
from api.http.what_if import WhatIfIn
from api.idempotent import Named
from api.incident_life import duplicates_of_new
from api.mapping import answer_map_html
from api.needs import NeedsAsked, parse_capabilities, parse_supplies
from api.replaying import Replayed, replay
from data.duplicates import Duplicate
from data.registry import NewIncident
from data.registry.rows import Line, Moment, Name, Severity
from geo.places import Place

CREATED = 201
CUT_SHORT = "its answer was cut short: ask for a recommendation"
LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1

router = APIRouter(prefix="/incidents", tags=["incidents"])


class NeedsIn(BaseModel):
    """What is needed, where, and by whose leave; needs that are left out come from the response plan."""

    model_config = ConfigDict(extra="forbid")

    need: str | None = Field(
        default=None,
        description="capabilities: a level for *maximum* ones, else a quantity; `@2` counts crews of level 2 "
        "or more, `/10min` is when it should be met",
        examples=["hazmat=2,medical=4", "hazmat@2=3,medical=4/10min"],
    )
    supply: str | None = Field(
        default=None, description="supplies with their unit of measure", examples=["sorbent=500kg"]
    )
    below_minimum_by: Name | None = Field(
        default=None,
        description="who approves that depots go below their minimum stock; left out, the minimum stays",
        examples=["duty director"],
    )
    hazard_source_id: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST_ID,
        description="the hazard source it happens at: its own team is always alerted; left out, the nearest "
        "one within a short distance of the place, and for a new recommendation the one recorded. The plan "
        "of a recorded incident stays the one copied into it",
    )

    def asked(self) -> NeedsAsked:
        """Read what was asked for."""
        return NeedsAsked(
            None if self.need is None else parse_capabilities(self.need),
            None if self.supply is None else parse_supplies(self.supply),
            self.below_minimum_by,
            self.hazard_source_id,
        )


class ImagineIn(NeedsIn):
    """What is needed, and what is changed in thought."""

    what_if: WhatIfIn


class CallIn(NeedsIn):
    """A call as it came in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "chemical-leak",
                    "severity": 2,
                    "lon": 114.295,
                    "lat": 30.595,
                    "substance": "chlorine",
                    "reported_by": "duty desk",
                }
            ]
        }
    )

    kind: Name = Field(description="e.g. chemical-leak, fire, explosion")
    severity: Severity
    lon: float = Field(description="WGS84 longitude")
    lat: float = Field(description="WGS84 latitude")
    substance: Line | None = None
    reported_by: Name = Field(description="who called, or who took the call")
    reported_at: Moment | None = Field(default=None, description="with time zone; now where left out")
    synthetic: bool = Field(default=False, description="true for an exercise or a made-up incident")

    def call(self) -> NewIncident:
        """Return the call as the registry wants it."""
        return NewIncident(
            kind=self.kind,
            severity=self.severity,
            place=Place(self.lon, self.lat),
            substance=self.substance,
            reported_by=self.reported_by,
            reported_at=self.reported_at or datetime.now(UTC),
            hazard_source_id=self.hazard_source_id,
            synthetic=self.synthetic,
        )


class ReportedOut(BaseModel):
    """The call is recorded; its first recommendation is made where the roads allow."""

    id: int
    recommendation: int | None = Field(
        description="number of the recommendation; null where none could be made"
    )
    why_none: str | None = Field(description="why there is none; the incident is recorded all the same")
    possible_duplicates: list[DuplicateOut] = Field(
        description="incidents that stand and may be the same; a person merges them, or does not"
    )
    links: dict[str, str]

    @classmethod
    def of(cls, reported: Reported, duplicates: Sequence[Duplicate]) -> "ReportedOut":
        """Say what was done."""
        home = f"/incidents/{reported.incident_id}"
        return cls(
            possible_duplicates=[DuplicateOut.of(one) for one in duplicates],
            id=reported.incident_id,
            recommendation=reported.number,
            why_none=reported.why_none,
            links={"recommendation": f"{home}/recommendation", "map": f"{home}/map"},
        )


@router.post("", status_code=CREATED)
def report_incident(call: CallIn, response: Response, centre: CentreDep, named: NamedDep) -> ReportedOut:
    """Record a call, commit it, then recommend: whatever fails later, the call is not lost."""
    recorded = answer_call(call.call(), call.asked(), centre, kept_beside(named))
    reported = ReportedOut.of(recorded, duplicates_of_new(recorded.incident_id, centre))
    response.headers["Location"] = reported.links["recommendation"]
    return reported


def kept_beside(named: Named | None) -> Beside:
    """Keep an answer with the call itself: sent again after a crash, it is the same call."""
    if named is None:
        return nothing_more

    def keep(session: Session, incident_id: int) -> None:
        half = ReportedOut.of(Reported(incident_id, None, CUT_SHORT), ())
        named.keep(session, CREATED, half.model_dump_json())

    return keep


IncidentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Number = Annotated[
    int | None,
    Query(ge=1, le=LARGEST_NUMBER, description="which recommendation; the newest where left out"),
]


@router.get("/{incident_id}/recommendation", response_model=Answer)
def read_recommendation(incident_id: IncidentId, centre: CentreDep, number: Number = None) -> Response:
    """Return a recommendation byte for byte as it was made."""
    return _as_given(kept_answer(incident_id, number, centre))


@router.post("/{incident_id}/recommendation", status_code=201, response_model=Answer)
def make_recommendation(
    incident_id: IncidentId, centre: CentreDep, needs: Annotated[NeedsIn | None, Body()] = None
) -> Response:
    """Answer the incident anew, with the picture of this moment, under the next number."""
    kept = recommend(incident_id, (needs or NeedsIn()).asked(), centre)
    return _as_given(kept.answer, status_code=201)


@router.post("/{incident_id}/what-if")
def imagine_recommendation(incident_id: IncidentId, centre: CentreDep, body: ImagineIn) -> Answer:
    """Answer as it would be if roads, weather or vehicles were otherwise. Nothing is kept or changed."""
    return imagine(incident_id, body.asked(), body.what_if.thought(), centre)


@router.get("/{incident_id}/replay")
def replay_recommendation(incident_id: IncidentId, centre: CentreDep, number: Number = None) -> Replayed:
    """Make a recommendation again from its kept inputs: the same bytes, or 409 and what differs."""
    return replay(incident_id, number, centre)


@router.get("/{incident_id}/map", response_class=HTMLResponse)
def read_map(incident_id: IncidentId, centre: CentreDep, number: Number = None) -> HTMLResponse:
    """Return the map of a recommendation: one page that needs no internet."""
    answer = read_answer(kept_answer(incident_id, number, centre))
    return HTMLResponse(answer_map_html(answer, centre))


def _as_given(answer: str, status_code: int = 200) -> Response:
    return Response(answer, status_code=status_code, media_type="application/json")
