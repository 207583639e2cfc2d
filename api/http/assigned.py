"""Assignments and reservations as they are said over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from api.assigned import AssignmentTold
from data.reservations import ReservationFacts


class AssignmentOut(BaseModel):
    """A unit that was sent: how far it has come, what may follow, and how it is reached."""

    id: int
    incident: int
    unit: int
    unit_name: str
    team: str
    state: str
    active: bool = Field(description="whether it binds the unit")
    next_states: list[str] = Field(description="what may follow; steps may be left out, none taken back")
    how: str = Field(description="order where the unit is ours, request where it is another authority's")
    roles: Mapping[str, float]
    recommendation: int | None = Field(description="the answer that chose it; null where a person named it")
    opened_at: datetime
    state_at: datetime = Field(description="when the state was reached, as it was told")
    state_by: str
    source: str
    note: str
    predicted_turnout_s: float | None
    predicted_travel_s: float | None
    predicted_p90_s: float | None
    diverted_to: int | None = Field(description="the assignment for which it was let go")
    closed_at: datetime | None
    call_sign: str
    radio: str
    contact: str
    phone: str
    deputy: str = Field(description="who answers at its base where the team does not")
    deputy_phone: str

    @classmethod
    def of(cls, told: AssignmentTold) -> "AssignmentOut":
        """Say an assignment."""
        facts, reach = told.facts, told.reach
        return cls(
            id=facts.id,
            incident=facts.incident_id,
            unit=facts.unit_id,
            unit_name=facts.unit,
            team=facts.team,
            state=facts.state,
            active=facts.active,
            next_states=list(told.next_states),
            how=facts.how,
            roles=facts.roles,
            recommendation=facts.recommendation_number,
            opened_at=facts.opened_at,
            state_at=facts.state_at,
            state_by=facts.state_by,
            source=facts.state_source,
            note=facts.state_note,
            predicted_turnout_s=facts.predicted.predicted_turnout_s,
            predicted_travel_s=facts.predicted.predicted_travel_s,
            predicted_p90_s=facts.predicted.predicted_p90_s,
            diverted_to=facts.diverted_to_id,
            closed_at=facts.closed_at,
            call_sign=reach.call_sign,
            radio=reach.radio,
            contact=reach.contact,
            phone=reach.phone,
            deputy=reach.deputy,
            deputy_phone=reach.deputy_phone,
        )

    @classmethod
    def each(cls, told: Sequence[AssignmentTold]) -> "list[AssignmentOut]":
        """Say several."""
        return [cls.of(one) for one in told]


class ReservationOut(BaseModel):
    """Supplies set aside, in the unit of measure that the depot counts in."""

    id: int
    incident: int
    depot: int
    item: str
    batch: str
    quantity: float
    unit_of_measure: str
    state: str
    used: float | None
    carrier: int | None = Field(
        description="the assignment of the unit that fetches it; null: the depot's own"
    )
    approved_by: str | None
    opened_at: datetime
    state_at: datetime
    state_by: str

    @classmethod
    def of(cls, facts: ReservationFacts) -> "ReservationOut":
        """Say a reservation."""
        return cls(
            id=facts.id,
            incident=facts.incident_id,
            depot=facts.depot_id,
            item=facts.item,
            batch=facts.batch,
            quantity=facts.quantity,
            unit_of_measure=facts.unit_of_measure,
            state=facts.state,
            used=facts.used_quantity,
            carrier=facts.assignment_id,
            approved_by=facts.approved_by,
            opened_at=facts.opened_at,
            state_at=facts.state_at,
            state_by=facts.state_by,
        )
