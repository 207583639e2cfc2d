"""Dispatch over HTTP: confirm who goes, log how far they come, divert them, settle supplies."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.assigned import assignment, assignments_of_incident, assignments_of_unit, reservations_of_incident
from api.assigning import dispatch
from api.dispatched import Dispatched, NextBest, Order, Short, Taken
from api.http.assigned import AssignmentOut, ReservationOut
from api.http.dependencies import CentreDep
from api.http.errors import ErrorSaid
from api.http.saying_so import (
    LARGEST_NUMBER,
    WHO,
    AssignmentId,
    Id,
    IncidentId,
    ReservationId,
    ToldIn,
    UnitId,
)
from api.settling import settle
from api.stepping import divert, step
from data.models import AssignmentState, ReservationState

MOST_UNITS = 500
REFUSED: dict[int | str, dict[str, Any]] = {404: {"model": ErrorSaid}, 409: {"model": ErrorSaid}}
router = APIRouter(tags=["dispatch"])


class DispatchIn(ToldIn):
    """What a dispatcher confirms."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [WHO, {**WHO, "number": 1, "order": True}]}
    )

    number: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] | None = Field(
        default=None, description="the recommendation that is followed; the newest where left out"
    )
    units: list[Id] | None = Field(
        default=None,
        max_length=MOST_UNITS,
        description="units that a person names, recommended or not; `note` says why. Left out, those the "
        "recommendation sends",
    )
    supplies: bool | None = Field(
        default=None,
        description="whether to reserve what the recommendation has depots give; left out: where no units "
        "are named",
    )
    order: bool = Field(
        default=False, description="give the word at once: ours are ordered, others requested"
    )

    def confirmed(self) -> Order:
        """Return the order."""
        supplies = self.units is None if self.supplies is None else self.supplies
        units = None if self.units is None else tuple(self.units)
        return Order(self.told(), self.number, units, supplies, self.order)


class TakenOut(BaseModel):
    """A unit that could not be claimed."""

    unit: int
    name: str
    why: str
    incident: int | None = Field(description="the incident that has it; null where none has")
    state: str | None
    by: str | None = Field(description="who sent it there")

    @classmethod
    def of(cls, taken: Taken) -> "TakenOut":
        """Say it."""
        holder = taken.holder
        return cls(
            unit=taken.unit.id,
            name=taken.unit.name,
            why=taken.why,
            incident=holder.incident_id if holder else None,
            state=holder.state if holder else None,
            by=holder.who if holder else None,
        )


class ShortOut(BaseModel):
    """Supplies that could not be reserved."""

    depot: int
    item: str
    quantity: float
    unit_of_measure: str
    why: str

    @classmethod
    def of(cls, short: Short) -> "ShortOut":
        """Say it."""
        parcel = short.parcel
        return cls(
            depot=parcel.depot_id,
            item=parcel.item,
            quantity=parcel.quantity,
            unit_of_measure=parcel.unit_of_measure,
            why=short.why,
        )


class ProposedOut(BaseModel):
    """A unit that could go instead, when it is confirmed."""

    unit: int
    name: str
    arrival_s: float


class NextBestOut(BaseModel):
    """What is proposed instead of what was taken; nothing of it is claimed."""

    recommendation: int | None
    units: list[ProposedOut]
    why_none: str | None

    @classmethod
    def of(cls, best: NextBest) -> "NextBestOut":
        """Say it."""
        units = [ProposedOut(unit=unit, name=name, arrival_s=at_s) for unit, name, at_s in best.units]
        return cls(recommendation=best.number, units=units, why_none=best.why_none)


class DispatchedOut(BaseModel):
    """What came of a dispatch: sent again, it claims nothing twice."""

    incident: int
    recommendation: int | None
    claimed: list[AssignmentOut] = Field(description="those of the units wanted that the incident has")
    reservations: list[int] = Field(description="supplies newly set aside")
    taken: list[TakenOut]
    short: list[ShortOut]
    proposed: NextBestOut | None

    @classmethod
    def of(cls, done: Dispatched) -> "DispatchedOut":
        """Say it."""
        return cls(
            incident=done.incident_id,
            recommendation=done.number,
            claimed=AssignmentOut.each(done.claimed),
            reservations=list(done.reservations),
            taken=[TakenOut.of(one) for one in done.taken],
            short=[ShortOut.of(one) for one in done.short],
            proposed=None if done.next_best is None else NextBestOut.of(done.next_best),
        )


class StepIn(ToldIn):
    """A step as somebody told it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{**WHO, "to": "en-route", "source": "radio"}]}
    )

    to: AssignmentState = Field(description="what it is now; steps may be left out, none taken back")


class DivertIn(ToldIn):
    """Where a unit goes instead."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**WHO, "incident": 2}]})

    incident: Id


class SettleIn(ToldIn):
    """What became of supplies."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{**WHO, "to": "issued"}, {**WHO, "to": "returned"}]}
    )

    to: ReservationState
    used: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, description="with `used`: how much, in the depot's unit of measure; the rest comes back"
    )


@router.post("/incidents/{incident_id}/dispatch", status_code=201, responses=REFUSED)
def dispatch_units(incident_id: IncidentId, body: DispatchIn, centre: CentreDep) -> DispatchedOut:
    """Claim what was recommended, or the units named; what was taken is named, and the next best proposed."""
    return DispatchedOut.of(dispatch(incident_id, body.confirmed(), centre))


@router.get("/incidents/{incident_id}/assignments", responses=REFUSED)
def read_assignments_of_incident(incident_id: IncidentId, centre: CentreDep) -> list[AssignmentOut]:
    """Return every unit an incident has or had, how far each has come and how it is reached."""
    return AssignmentOut.each(assignments_of_incident(incident_id, centre))


@router.get("/incidents/{incident_id}/reservations", responses=REFUSED)
def read_reservations_of_incident(incident_id: IncidentId, centre: CentreDep) -> list[ReservationOut]:
    """Return what was set aside for an incident, and what became of it."""
    return [ReservationOut.of(one) for one in reservations_of_incident(incident_id, centre)]


@router.get("/units/{unit_id}/assignments", responses=REFUSED)
def read_assignments_of_unit(unit_id: UnitId, centre: CentreDep) -> list[AssignmentOut]:
    """Return every assignment a unit has or had."""
    return AssignmentOut.each(assignments_of_unit(unit_id, centre))


@router.get("/assignments/{assignment_id}", responses=REFUSED)
def read_assignment(assignment_id: AssignmentId, centre: CentreDep) -> AssignmentOut:
    """Return an assignment."""
    return AssignmentOut.of(assignment(assignment_id, centre))


@router.post("/assignments/{assignment_id}/steps", responses=REFUSED)
def log_step(assignment_id: AssignmentId, body: StepIn, centre: CentreDep) -> AssignmentOut:
    """Log what a unit does, by one message; one that cannot follow is refused, and what can is named."""
    return AssignmentOut.of(step(assignment_id, body.to, body.told(), centre))


@router.post("/assignments/{assignment_id}/divert", status_code=201, responses=REFUSED)
def divert_unit(assignment_id: AssignmentId, body: DivertIn, centre: CentreDep) -> AssignmentOut:
    """Take a unit from one incident to another, in one transaction; the new assignment is returned."""
    return AssignmentOut.of(divert(assignment_id, body.incident, body.told(), centre))


@router.post("/reservations/{reservation_id}/steps", responses=REFUSED)
def settle_supplies(reservation_id: ReservationId, body: SettleIn, centre: CentreDep) -> ReservationOut:
    """Say what became of supplies: issued, used, returned or cancelled."""
    return ReservationOut.of(settle(reservation_id, body.to, body.used, body.told(), centre))
