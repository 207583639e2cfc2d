"""The order of one unit (调度令): where to, what for, by which way, what to beware of, whom to call."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.answer import Answer, OlderAnswerError, UnitSaid, read_answer
from api.answer_base import LonLat, Words
from api.answer_choice import ContactSaid, RoleSaid
from api.dispatching import Centre
from api.incident_plan import plan_of
from api.papers import words
from api.papers.order_said import ArrivalSaid, CrewSaid, OrderSaid, TaskSaid
from api.papers.order_text import WITHOUT_A_PLAN, Filling, written_out
from api.papers.qr import geo_address
from api.papers.sites import site_said
from data import assignments
from data.assignment_facts import AssignmentFacts
from data.called import CrewFacts, KindFacts, crew_facts, kind_facts, site_facts
from data.database import transaction
from data.incidents import NotFoundError, kept_answer
from data.models import AssignmentState
from data.record import Progress, Record, read_record
from data.vocabulary import capability_names

NOT_ORDERED = (AssignmentState.PROPOSED, AssignmentState.RESERVED)
OVER = (
    AssignmentState.REFUSED,
    AssignmentState.CANCELLED,
    AssignmentState.RELEASED,
    AssignmentState.RETURNING,
)


def order_of(assignment_id: int, centre: Centre) -> OrderSaid:
    """Return the order of an assignment."""
    with transaction(centre.sessions) as session:
        facts = assignments.facts(session, assignment_id)
        return _order(session, facts, read_record(session, facts.incident_id), centre)


def orders_of(incident_id: int, centre: Centre) -> list[OrderSaid]:
    """Return the orders of every assignment of an incident that is not over, in the order they were made."""
    with transaction(centre.sessions) as session:
        record = read_record(session, incident_id)
        standing = [one for one in record.assignments if one.state not in OVER]
        return [_order(session, one, record, centre) for one in standing]


def _order(session: Session, facts: AssignmentFacts, record: Record, centre: Centre) -> OrderSaid:
    incident, zone = record.incident, ZoneInfo(centre.settings.time_zone)
    crew, kind = crew_facts(session, facts.unit_id), _kind(kind_facts(session, incident.kind))
    site = site_facts(session, incident.hazard_source_id)
    answer = _answer(session, facts)
    listed = _listed(answer, facts.unit_id)
    plan = plan_of(incident)
    arrival = _arrival(facts, record.progress(facts.id), listed)
    filling = Filling(
        kind=kind,
        severity=incident.severity,
        place=site.name if site else f"{incident.place.lat:.6f},{incident.place.lon:.6f}",
        substance=incident.substance,
        arrival=None if arrival.p50_at is None else f"{arrival.p50_at.astimezone(zone):%H:%M}",
    )
    names = capability_names(session)
    return OrderSaid(
        assignment_id=facts.id,
        incident_id=facts.incident_id,
        recommendation_number=facts.recommendation_number,
        printed_at=record.read_at,
        state=facts.state,
        state_words=words.named(words.STATES, facts.state),
        warning=_warning(facts),
        how=_how(facts, crew),
        crew=_crew(crew),
        tasks=[_task(label, amount, names) for label, amount in facts.roles.items()],
        kind=kind,
        severity=incident.severity,
        severity_words=words.severity(incident.severity),
        substance=incident.substance,
        reported_at=incident.reported_at,
        reported_by=incident.reported_by,
        text=written_out(plan.order_text if plan and plan.order_text else WITHOUT_A_PLAN, filling),
        plan=plan.name if plan else "",
        place=LonLat(lon=incident.place.lon, lat=incident.place.lat),
        road_place=answer.incident.road_place if answer else None,
        off_road_m=answer.incident.snap_m if answer else None,
        geo=geo_address(incident.place, f"事故{facts.incident_id} {site.name if site else kind.zh}"),
        site=site_said(site),
        arrival=arrival,
        start=listed.place if listed else LonLat(lon=crew.base_place.lon, lat=crew.base_place.lat),
        route=listed.route if listed else None,
        steps=listed.steps if listed else [],
        why_no_route=None if listed else _why_no_route(answer),
        roads_minded=_roads_minded(answer),
        action_card=plan.action_card.split("\n\n") if plan and plan.action_card else [],
        contacts=[ContactSaid(role=c.role, name=c.name, phone=c.phone) for c in plan.contacts]
        if plan
        else [],
        lead_department=plan.lead_department if plan else "",
        synthetic=incident.synthetic,
    )


def _answer(session: Session, facts: AssignmentFacts) -> Answer | None:
    """Return the answer that chose the unit, else the newest; None where there is none to be read."""
    try:
        return read_answer(kept_answer(session, facts.incident_id, facts.recommendation_number).answer)
    except (NotFoundError, OlderAnswerError):
        return None


def _listed(answer: Answer | None, unit_id: int) -> UnitSaid | None:
    return next((unit for unit in (answer.units if answer else ()) if unit.id == unit_id), None)


def _arrival(facts: AssignmentFacts, progress: Progress, listed: UnitSaid | None) -> ArrivalSaid:
    """Say when it should be there: as was promised when it was claimed, else as the answer has it."""
    promised = facts.predicted
    turnout_s, travel_s = promised.predicted_turnout_s, promised.predicted_travel_s
    p90_s, distance_m = promised.predicted_p90_s, promised.predicted_distance_m
    if travel_s is None and listed is not None:
        turnout_s, travel_s = listed.turnout_s, listed.travel_s
        p90_s, distance_m = listed.arrival_p90_s, listed.distance_m
    from_at = progress.ordered_at or facts.opened_at
    p50_s = None if turnout_s is None or travel_s is None else turnout_s + travel_s
    return ArrivalSaid(
        from_at=from_at,
        turnout_s=turnout_s,
        travel_s=travel_s,
        distance_m=distance_m,
        p50_at=_after(from_at, p50_s),
        p90_at=_after(from_at, p90_s),
    )


def _after(moment: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else moment + timedelta(seconds=seconds)


def _warning(facts: AssignmentFacts) -> Words | None:
    called = words.named(words.STATES, facts.state)
    if facts.state in OVER:
        return Words(zh=f"{called.zh}：不得执行", en=f"{called.en}: do not follow this order")
    if facts.state in NOT_ORDERED:
        return Words(zh=f"{called.zh}：尚未下令", en=f"{called.en}: a draft, not ordered yet")
    return None


def _how(facts: AssignmentFacts, crew: CrewFacts) -> Words:
    if facts.how == "order":
        return Words(zh="命令", en="order")
    whom, office = crew.authority or crew.team, crew.approver or ""
    return Words(zh=f"商请：{whom} {office}".strip(), en=f"request to {whom} {office}".strip())


def _kind(kind: KindFacts) -> Words:
    return Words(zh=kind.zh, en=kind.en)


def _crew(crew: CrewFacts) -> CrewSaid:
    return CrewSaid(
        unit_id=crew.unit_id,
        unit=crew.unit,
        team=crew.team,
        tier=words.named(words.TIERS, crew.tier),
        call_sign=crew.call_sign,
        radio=crew.radio,
        crew=crew.crew,
        vehicle_profile=crew.vehicle_profile,
        contact=crew.contact,
        phone=crew.phone,
        base=crew.base,
        base_phone=crew.base_phone,
        authority=crew.authority,
        approver=crew.approver,
        authority_phone=crew.authority_phone,
    )


def _task(label: str, amount: float, names: dict[str, str]) -> TaskSaid:
    name, _, level = label.partition("@")
    zh = f"{names.get(name, name)}{f'（{level}级以上）' if level else ''} {amount:g}"
    return TaskSaid(
        role=RoleSaid(requirement=label, amount=amount), words=Words(zh=zh, en=f"{label} {amount:g}")
    )


def _why_no_route(answer: Answer | None) -> Words:
    if answer is None:
        return Words(
            zh="尚无路线：本次事故没有调度方案", en="no way known: the incident has no recommendation"
        )
    return Words(zh="方案中没有该车组的路线", en="the recommendation has no way for this unit")


def _roads_minded(answer: Answer | None) -> list[Words]:
    said = {"closure": ("封闭", "closed"), "slowdown": ("缓行", "slow")}
    return [
        Words(zh=f"{said[one.kind][0]}：{one.reason}", en=said[one.kind][1])
        for one in (answer.conditions if answer else ())
    ]
