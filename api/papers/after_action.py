"""The report after the action: what was asked, decided, done and learnt, as the record has it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from api.answer import Answer, OlderAnswerError, read_answer
from api.answer_base import LonLat, Words
from api.dispatching import Centre
from api.mapping import answer_map_html
from api.papers import words
from api.papers.after_action_said import (
    AfterActionSaid,
    ComparedSaid,
    PerformanceSaid,
    ReplaySaid,
    SilenceSaid,
    SupplySaid,
)
from api.papers.pages import POLICY_WITH_MAP, render
from api.papers.requirements import requirements
from api.papers.strip import Mark, Way, strip_svg
from api.papers.timeline import timeline
from api.replaying import CannotReplayError, replay
from data.assignment_facts import AssignmentFacts
from data.called import kind_facts, site_facts
from data.database import transaction
from data.incidents import NotFoundError, kept_answer
from data.models import AssignmentState
from data.on_duty import UNANSWERED
from data.record import Progress, Record, SupplyFacts, read_record
from geo.places import Place

OVERDUE = "assignment.overdue"
REFUSED = Words(zh="拒绝", en="refused")
OVERDUE_SAID = Words(zh="应答超时", en="acknowledged late or never")
SILENT = Words(zh="至今未应答", en="not acknowledged yet")


def after_action(incident_id: int, centre: Centre) -> AfterActionSaid:
    """Return the report of an incident as the record has it now; open incidents have one as well."""
    with transaction(centre.sessions) as session:
        record = read_record(session, incident_id)
        answer = _answer_acted_on(session, record)
        said = _said(session, record, answer)
    return said.model_copy(update={"replays": list(_replays(record, centre))})


def after_action_html(said: AfterActionSaid, centre: Centre) -> str:
    """Return the report as one file, with the live map of the answer acted on in a frame of its own."""
    with transaction(centre.sessions) as session:
        answer = _answer_acted_on(session, read_record(session, said.incident_id))
    return render(
        "after_action.html",
        centre.settings.time_zone,
        policy=POLICY_WITH_MAP,
        report=said,
        map_page=None if answer is None else answer_map_html(answer, centre),
        strip=strip_svg(centre.roads.network, _ways(said, answer), _marks(said, answer)),
    )


def _said(session: Session, record: Record, answer: Answer | None) -> AfterActionSaid:
    incident, kind = record.incident, kind_facts(session, record.incident.kind)
    site = site_facts(session, incident.hazard_source_id)
    return AfterActionSaid(
        incident_id=incident.id or 0,
        kind=Words(zh=kind.zh, en=kind.en),
        severity=incident.severity,
        severity_words=words.severity(incident.severity),
        substance=incident.substance,
        site=site.name if site else None,
        place=LonLat(lon=incident.place.lon, lat=incident.place.lat),
        reported_at=incident.reported_at,
        reported_by=incident.reported_by,
        status=incident.status,
        status_words=words.named(words.STATUSES, incident.status),
        ordered_at=record.ordered_at,
        under_control_at=incident.under_control_at,
        closed_at=incident.closed_at,
        written_at=record.read_at,
        timeline=timeline(record),
        performance=[_performance(one, record.progress(one.id)) for one in record.assignments],
        requirements=requirements(record, answer),
        supplies=[_supply(one) for one in record.supplies],
        silences=list(_silences(record)),
        replays=[],
        synthetic=incident.synthetic,
    )


def _acted_on(record: Record) -> frozenset[int]:
    """Return the numbers of the answers that units were sent by."""
    return frozenset(
        one.recommendation_number for one in record.assignments if one.recommendation_number is not None
    )


def _answer_acted_on(session: Session, record: Record) -> Answer | None:
    """Return the first answer that units were sent by, else the newest; None where there is none to read."""
    number = min(_acted_on(record), default=None)
    try:
        return read_answer(kept_answer(session, record.incident.id or 0, number).answer)
    except (NotFoundError, OlderAnswerError):
        return None


def _performance(facts: AssignmentFacts, progress: Progress) -> PerformanceSaid:
    promised = facts.predicted
    turnout_s, travel_s = promised.predicted_turnout_s, promised.predicted_travel_s
    arrival_s = None if turnout_s is None or travel_s is None else turnout_s + travel_s
    actual_s, p90_s = progress.arrival_s, promised.predicted_p90_s
    return PerformanceSaid(
        assignment_id=facts.id,
        unit=facts.unit,
        team=facts.team,
        call_sign=facts.call_sign,
        how=facts.how,
        state=facts.state,
        state_words=words.named(words.STATES, facts.state),
        roles=facts.roles,
        turnout=_compared(turnout_s, progress.turnout_s),
        travel=_compared(travel_s, progress.travel_s),
        arrival=_compared(arrival_s, actual_s),
        predicted_p90_s=p90_s,
        within_p90=None if actual_s is None or p90_s is None else actual_s <= p90_s,
        road_class=promised.predicted_class,
        preset=promised.preset,
        remark=_remark(progress),
    )


def _compared(predicted_s: float | None, actual_s: float | None) -> ComparedSaid:
    later_s = None if predicted_s is None or actual_s is None else actual_s - predicted_s
    return ComparedSaid(predicted_s=predicted_s, actual_s=actual_s, later_s=later_s)


def _remark(progress: Progress) -> Words | None:
    started, ordered = progress.started_at, progress.ordered_at
    if started is not None and ordered is not None and started < ordered:
        return Words(zh="下令前已出动", en="was rolling before it was ordered")
    if progress.there_at is None:
        return Words(zh="没有到场记录", en="no arrival is told")
    if started is None:
        return Words(zh="没有出动记录", en="no start is told")
    return None


def _supply(one: SupplyFacts) -> SupplySaid:
    return SupplySaid(
        depot=one.depot,
        item=one.item,
        unit_of_measure=one.unit_of_measure,
        set_aside=one.quantity,
        used=one.used_quantity,
        state=one.state,
        words=words.named(words.SUPPLY_STATES, one.state),
        approved_by=one.approved_by,
    )


def _silences(record: Record) -> Iterator[SilenceSaid]:
    """Yield who refused, who was overdue, and who has never answered."""
    overdue = {event.assignment_id: event for event in record.told(OVERDUE)}
    refused = {event.assignment_id: event for event in record.told(f"assignment.{AssignmentState.REFUSED}")}
    for one in record.assignments:
        if one.id in refused:
            event = refused[one.id]
            yield _silence(one, REFUSED, event.happened_at, str(event.detail.get("note", "")))
        elif one.id in overdue:
            yield _silence(one, OVERDUE_SAID, overdue[one.id].happened_at)
        elif one.state in UNANSWERED:
            yield _silence(one, SILENT, one.state_at)


def _silence(one: AssignmentFacts, said: Words, at: datetime, note: str = "") -> SilenceSaid:
    return SilenceSaid(
        assignment_id=one.id, unit=one.unit, call_sign=one.call_sign, words=said, at=at, note=note
    )


def _replays(record: Record, centre: Centre) -> Iterator[ReplaySaid]:
    """Say every answer; those that units were sent by, or the newest where none was, are made again now."""
    incident_id, acted_on = record.incident.id or 0, _acted_on(record)
    newest = {given.number for given in record.answers[-1:]}
    for given in record.answers:
        tried = given.number in (acted_on or newest)
        why_not = _why_not_the_same(incident_id, given.number, centre) if tried else None
        yield ReplaySaid(
            id=f"{incident_id}/{given.number}",
            number=given.number,
            made_at=given.made_at,
            decision_version=given.decision_version,
            inputs=given.inputs or {},
            acted_on=given.number in acted_on,
            identical=why_not is None if tried else None,
            why_not=why_not,
        )


def _why_not_the_same(incident_id: int, number: int, centre: Centre) -> str | None:
    """Make an answer again, and return what differs; None where the bytes are the same."""
    try:
        replay(incident_id, number, centre)
    except CannotReplayError as error:
        return error.reason
    return None


def _ways(said: AfterActionSaid, answer: Answer | None) -> list[Way]:
    sent = {one.assignment_id for one in said.performance}
    if answer is None or not sent:
        return []
    going = {one.id for one in answer.choice.units}
    return [Way(unit.route.coordinates) for unit in answer.units if unit.id in going]


def _marks(said: AfterActionSaid, answer: Answer | None) -> list[Mark]:
    going = {one.id: one.call_sign for one in answer.choice.units} if answer else {}
    starts = [
        Mark(Place(unit.place.lon, unit.place.lat), "start", going[unit.id])
        for unit in (answer.units if answer else ())
        if unit.id in going
    ]
    return [*starts, Mark(Place(said.place.lon, said.place.lat), "incident", "事发地")]
