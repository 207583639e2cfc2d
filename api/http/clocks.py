"""Clocks over HTTP: who is silent, who could go instead, whose arrival became worse, whose relief is due."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.answer_choice import RoleSaid, SentSaid
from api.clocks import Acknowledgements, Awaited, acknowledgements
from api.http.dependencies import CentreDep
from api.http.errors import ErrorSaid
from api.http.saying_so import AssignmentId, IncidentId
from api.redispatch import Redispatch, later_s, redispatch_of
from api.relief import relief_due
from api.rounding import seconds
from api.succession import Succession, successor_of
from data.database import Sessions, transaction
from data.on_duty import UnitOut, units_out
from data.watched import clock

router = APIRouter(tags=["clocks"])


class AwaitedOut(BaseModel):
    """A unit that has had the word and has not acknowledged it."""

    assignment_id: int
    incident_id: int
    unit_id: int
    unit: str
    team: str
    tier: str
    state: str
    call_sign: str
    radio: str
    contact: str
    phone: str
    deputy: str = Field(description="who answers at its base")
    deputy_phone: str
    since: datetime = Field(description="when it had the word")
    within_s: float = Field(description="how long its tier may take")
    due_at: datetime
    left_s: float = Field(description="below zero where it is overdue")

    @classmethod
    def of(cls, one: Awaited, now: datetime) -> "AwaitedOut":
        """Say who is awaited."""
        return cls(
            assignment_id=one.assignment.id,
            incident_id=one.assignment.incident_id,
            unit_id=one.assignment.unit_id,
            unit=one.assignment.unit,
            team=one.assignment.team,
            tier=one.assignment.tier,
            state=one.assignment.state,
            call_sign=one.reach.call_sign,
            radio=one.reach.radio,
            contact=one.reach.contact,
            phone=one.reach.phone,
            deputy=one.reach.deputy,
            deputy_phone=one.reach.deputy_phone,
            since=one.since,
            within_s=one.within_s,
            due_at=one.due_at,
            left_s=seconds(one.left_s(now)),
        )


class AcknowledgementsOut(BaseModel):
    """Whose acknowledgement is awaited, the one due first before the others."""

    now: datetime
    overdue: list[AwaitedOut]
    running: list[AwaitedOut]

    @classmethod
    def of(cls, found: Acknowledgements) -> "AcknowledgementsOut":
        """Say who is awaited."""
        return cls(
            now=found.now,
            overdue=[AwaitedOut.of(one, found.now) for one in found.overdue],
            running=[AwaitedOut.of(one, found.now) for one in found.running],
        )


class InsteadOut(BaseModel):
    """A unit that could go instead; nothing is claimed."""

    unit_id: int
    unit: str
    team: str
    tier: str
    call_sign: str
    phone: str
    how: str = Field(description="order where it is ours, request where it is another authority's")
    roles: list[RoleSaid]
    arrival_s: float = Field(description="seconds from now, were it ordered now: the median")
    arrival_p90_s: float

    @classmethod
    def of(cls, one: SentSaid) -> "InsteadOut":
        """Say who could go."""
        return cls(
            unit_id=one.id,
            unit=one.name,
            team=one.team,
            tier=one.tier,
            call_sign=one.call_sign,
            phone=one.phone,
            how=one.command.how,
            roles=one.roles,
            arrival_s=one.arrival_s,
            arrival_p90_s=one.arrival_p90_s,
        )


class NeedFaresOut(BaseModel):
    """What the loss of a unit costs a need."""

    need: str
    with_s: float | None = Field(description="seconds from now until it is met had the unit come as promised")
    without_s: float | None = Field(description="and without it; null where it is never met")
    later_s: float | None = Field(description="the difference; null where one of them is")
    later_min: float | None
    missing: float = Field(description="how much more of it nobody brings")


class SuccessorOut(BaseModel):
    """Who could go instead of a unit, soonest first, and what its loss costs in time; nobody where empty."""

    unit_id: int
    instead: list[InsteadOut]
    needs: list[NeedFaresOut]

    @classmethod
    def of(cls, found: Succession) -> "SuccessorOut":
        """Say who could go."""
        return cls(
            unit_id=found.unit_id,
            instead=[InsteadOut.of(one) for one in found.instead],
            needs=[
                NeedFaresOut(
                    need=one.need,
                    with_s=one.with_s,
                    without_s=one.without_s,
                    later_s=None if one.later_s is None else seconds(one.later_s),
                    later_min=one.later_min,
                    missing=one.missing,
                )
                for one in found.needs
            ],
        )


class RedispatchOut(BaseModel):
    """A unit that is cut off, or late against what was said when it was ordered."""

    assignment_id: int
    unit_id: int
    unit: str
    state: str
    call_sign: str
    phone: str
    cut_off: bool
    why: str = Field(description="what cuts it off, where that is known")
    promised_at: datetime | None = Field(description="the arrival that was said when it was ordered")
    arrival_at: datetime | None = Field(description="as it is now; null where no road leads there")
    later_s: float | None
    told: bool = Field(description="whether an event told of this arrival, or of one as bad")
    conditions_version: int
    successor: SuccessorOut | None = Field(description="who would be there sooner; null where nobody would")

    @classmethod
    def of(cls, one: Redispatch) -> "RedispatchOut":
        """Say old against new."""
        ahead, sent = one.ahead, one.ahead.one.assignment
        return cls(
            assignment_id=sent.id,
            unit_id=sent.unit_id,
            unit=sent.unit,
            state=sent.state,
            call_sign=sent.call_sign,
            phone=sent.phone,
            cut_off=ahead.arrival.at is None,
            why=ahead.why,
            promised_at=ahead.promised.at if ahead.promised else None,
            arrival_at=ahead.arrival.at,
            later_s=later_s(ahead.promised, ahead.arrival),
            told=ahead.one.told is not None and ahead.one.told.worse,
            conditions_version=ahead.version,
            successor=SuccessorOut.of(one.successor) if one.successor else None,
        )


class ReliefOut(BaseModel):
    """A unit that is out, and when its crew is to be relieved."""

    assignment_id: int
    incident_id: int
    unit_id: int
    unit: str
    crew: int
    since: datetime | None = Field(description="when it began to work; null where nobody told")
    hours: float | None
    due_at: datetime | None
    due: bool

    @classmethod
    def of(cls, unit: UnitOut, now: datetime, relief_after_s: float) -> "ReliefOut":
        """Say when it is to be relieved."""
        relief, one = relief_due(unit.since, now, relief_after_s), unit.assignment
        return cls(
            assignment_id=one.id,
            incident_id=one.incident_id,
            unit_id=one.unit_id,
            unit=one.unit,
            crew=unit.crew,
            since=unit.since,
            hours=None if relief is None else round(relief.hours, 2),
            due_at=None if relief is None else relief.due_at,
            due=relief is not None and relief.due,
        )


@router.get("/acknowledgements")
def read_acknowledgements(centre: CentreDep) -> AcknowledgementsOut:
    """Return who has had the word and not acknowledged it, with the numbers to call."""
    return AcknowledgementsOut.of(acknowledgements(centre.sessions))


@router.get(
    "/assignments/{assignment_id}/successor",
    responses={404: {"model": ErrorSaid}, 409: {"model": ErrorSaid}},
)
def read_successor(assignment_id: AssignmentId, centre: CentreDep) -> SuccessorOut:
    """Return who could go instead of a unit, and how much later each need is then met. Nothing is claimed."""
    return SuccessorOut.of(successor_of(assignment_id, centre))


@router.get("/incidents/{incident_id}/redispatch", responses={404: {"model": ErrorSaid}})
def read_redispatch(incident_id: IncidentId, centre: CentreDep) -> list[RedispatchOut]:
    """Return the units on their way whose road is cut, or who are late by more than the threshold."""
    return [RedispatchOut.of(one) for one in redispatch_of(incident_id, centre)]


@router.get("/relief")
def read_relief(centre: CentreDep) -> list[ReliefOut]:
    """Return the units that are out, the one longest at work first, and when each is to be relieved."""
    return reliefs(centre.sessions, centre.settings.relief_after_s)


def reliefs(sessions: Sessions, relief_after_s: float) -> list[ReliefOut]:
    """Return when each unit that is out is to be relieved."""
    with transaction(sessions) as session:
        now, out = clock(session), units_out(session)
    return [ReliefOut.of(unit, now, relief_after_s) for unit in out]
