"""The sheet a shift hands over: open incidents, open promises, units out, short stock, who waits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from api.answer_base import LonLat, Said, Words
from api.clocks import Acknowledgements, Awaited, acknowledgements
from api.dispatching import Centre
from api.papers import words
from api.papers.pages import render
from api.relief import relief_due
from api.waiting import Waiting, waiting_list
from data.database import transaction
from data.on_duty import OpenIncident, ShortStock, UnitOut, open_incidents, short_stock, units_out


class CountSaid(Said):
    """How many units of an incident are in a state."""

    state: str
    words: Words
    units: int


class OpenIncidentSaid(Said):
    """An incident that is not over."""

    id: int
    kind: Words
    severity: int
    severity_words: Words
    status: str
    status_words: Words
    substance: str | None
    site: str | None
    place: LonLat
    reported_at: datetime
    reported_by: str
    units: list[CountSaid]
    waiting: bool = Field(description="true where no unit is bound to it")
    synthetic: bool


class PromiseSaid(Said):
    """A unit that has had the word and has not acknowledged."""

    assignment_id: int
    incident_id: int
    unit: str
    team: str
    call_sign: str
    phone: str
    deputy: str
    deputy_phone: str
    state: str
    words: Words
    since: datetime
    due_at: datetime
    overdue: bool


class UnitOutSaid(Said):
    """A unit that is out, and when its crew is due to be relieved; null where nobody told since when."""

    assignment_id: int
    incident_id: int
    unit: str
    team: str
    call_sign: str
    phone: str
    state: str
    words: Words
    crew: int
    since: datetime | None
    hours: float | None
    crew_hours: float | None = Field(description="hours times people")
    relief_at: datetime | None
    relief_due: bool


class ShortSaid(Said):
    """An item that a depot is short of."""

    depot: str
    phone: str
    item: str
    unit_of_measure: str
    on_hand: float = Field(description="within its date")
    reserved: float
    free: float
    minimum: float
    reserved_away: bool = Field(description="true where it is short only because of what is set aside")


class WaitingSaid(Said):
    """An incident whose needs are not met by what was sent."""

    incident_id: int
    since: datetime
    unmet: list[str]
    why_unknown: str | None
    recommendation_number: int | None


class HandoverSaid(Said):
    """What one shift tells the next."""

    at: datetime
    relief_after_s: float
    incidents: list[OpenIncidentSaid]
    promises: list[PromiseSaid]
    units: list[UnitOutSaid]
    short: list[ShortSaid]
    waiting: list[WaitingSaid]


def handover(centre: Centre) -> HandoverSaid:
    """Return what is to be handed over now."""
    promised, waiting = acknowledgements(centre.sessions), waiting_list(centre)
    now, relief_after_s = promised.now, centre.settings.relief_after_s
    today = now.astimezone(ZoneInfo(centre.settings.time_zone)).date()
    with transaction(centre.sessions) as session:
        return HandoverSaid(
            at=now,
            relief_after_s=relief_after_s,
            incidents=[_incident(one) for one in open_incidents(session)],
            promises=_promises(promised),
            units=[_unit(one, now, relief_after_s) for one in units_out(session)],
            short=[_short(one) for one in short_stock(session, today)],
            waiting=[_waiting(one) for one in waiting],
        )


def handover_html(sheet: HandoverSaid, time_zone: str) -> str:
    """Return the sheet as a page that prints."""
    return render("handover.html", time_zone, sheet=sheet)


def _incident(one: OpenIncident) -> OpenIncidentSaid:
    return OpenIncidentSaid(
        id=one.id,
        kind=Words(zh=one.kind_zh, en=one.kind_en),
        severity=one.severity,
        severity_words=words.severity(one.severity),
        status=one.status,
        status_words=words.named(words.STATUSES, one.status),
        substance=one.substance,
        site=one.site,
        place=LonLat(lon=one.lon, lat=one.lat),
        reported_at=one.reported_at,
        reported_by=one.reported_by,
        units=[
            CountSaid(state=state, words=words.named(words.STATES, state), units=count)
            for state, count in one.states.items()
        ],
        waiting=one.waiting,
        synthetic=one.synthetic,
    )


def _promises(promised: Acknowledgements) -> list[PromiseSaid]:
    return [_promise(one, promised.now) for one in promised.awaited]


def _promise(one: Awaited, now: datetime) -> PromiseSaid:
    facts = one.assignment
    return PromiseSaid(
        assignment_id=facts.id,
        incident_id=facts.incident_id,
        unit=facts.unit,
        team=facts.team,
        call_sign=facts.call_sign,
        phone=facts.phone,
        deputy=one.reach.deputy or "",
        deputy_phone=one.reach.deputy_phone or "",
        state=facts.state,
        words=words.named(words.STATES, facts.state),
        since=one.since,
        due_at=one.due_at,
        overdue=one.overdue(now),
    )


def _unit(one: UnitOut, now: datetime, relief_after_s: float) -> UnitOutSaid:
    facts, relief = one.assignment, relief_due(one.since, now, relief_after_s)
    return UnitOutSaid(
        assignment_id=facts.id,
        incident_id=facts.incident_id,
        unit=facts.unit,
        team=facts.team,
        call_sign=facts.call_sign,
        phone=facts.phone,
        state=facts.state,
        words=words.named(words.STATES, facts.state),
        crew=one.crew,
        since=one.since,
        hours=relief.hours if relief else None,
        crew_hours=one.crew_hours(now),
        relief_at=relief.due_at if relief else None,
        relief_due=relief is not None and relief.due,
    )


def _short(one: ShortStock) -> ShortSaid:
    return ShortSaid(
        depot=one.depot,
        phone=one.phone,
        item=one.item,
        unit_of_measure=one.unit_of_measure,
        on_hand=one.on_hand,
        reserved=one.reserved,
        free=one.free,
        minimum=one.minimum,
        reserved_away=one.reserved_away,
    )


def _waiting(one: Waiting) -> WaitingSaid:
    return WaitingSaid(
        incident_id=one.incident.id or 0,
        since=one.since,
        unmet=[
            " ".join(filter(None, (unmet.name, f"{unmet.missing:g}", unmet.unit_of_measure)))
            for unmet in one.unmet
        ],
        why_unknown=one.why_unknown,
        recommendation_number=one.number,
    )
