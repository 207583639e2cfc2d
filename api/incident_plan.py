"""The response plan of an incident: matched as it is recorded, changed as people ask, copied into it."""

from dataclasses import replace

from pydantic import JsonValue, TypeAdapter
from sqlalchemy.orm import Session

from api.needs import NeedsAsked, check_asked
from data.graded_sources import Site, site_at, site_by_id
from data.incidents import IncidentFacts, check_kind
from data.plans import Features, Plan, PlannedNeed, PlannedSupply, matching_plan
from data.registry import NewIncident
from geo.errors import InvalidInputError

PLAN = TypeAdapter(Plan)
NO_PLAN = Plan("no response plan", "", "", "", (), (), (), ())
PLAIN_WEIGHT = 1.0


def with_plan(session: Session, call: NewIncident, asked: NeedsAsked, site_radius_m: float) -> NewIncident:
    """
    Return a call with the hazard source it happens at and the plan it follows.

    The source is the one named, else the nearest within some metres; the plan is the one that fits most
    closely, with what was asked for in the place of what it says.

    Raises
    ------
    InvalidInputError
        When its kind, its source or something that was asked for is not known.
    """
    check_kind(session, call.kind)
    check_asked(session, asked)
    site = _site(session, call, site_radius_m)
    features = Features(call.kind, call.severity, site.grade if site else None, call.substance, call.place)
    plan = _as_asked(matching_plan(session, features), asked)
    return call.model_copy(update={"hazard_source_id": site.id if site else None, "plan": _copied(plan)})


def with_asked(session: Session, incident: IncidentFacts, asked: NeedsAsked) -> IncidentFacts:
    """
    Return a recorded incident as it is asked about: with the needs said, at the source named.

    Another source changes whose team is at home there; the plan stays the one that was copied. An incident
    into which none was copied follows the one that fits now.
    """
    check_asked(session, asked)
    plan = _copied(_as_asked(plan_of(incident) or _plan_that_fits(session, incident), asked))
    if asked.hazard_source_id is None:
        return replace(incident, plan=plan)
    return replace(incident, plan=plan, hazard_source_id=_known_site(session, asked.hazard_source_id).id)


def plan_of(incident: IncidentFacts) -> Plan | None:
    """Return the plan that was copied into an incident."""
    return None if incident.plan is None else PLAN.validate_python(incident.plan)


def _plan_that_fits(session: Session, incident: IncidentFacts) -> Plan | None:
    site = site_by_id(session, incident.hazard_source_id)
    grade = site.grade if site else None
    features = Features(incident.kind, incident.severity, grade, incident.substance, incident.place)
    return matching_plan(session, features)


def _site(session: Session, call: NewIncident, radius_m: float) -> Site | None:
    if call.hazard_source_id is None:
        return site_at(session, call.place, radius_m)
    return _known_site(session, call.hazard_source_id)


def _known_site(session: Session, hazard_source_id: int) -> Site:
    site = site_by_id(session, hazard_source_id)
    if site is None:
        raise InvalidInputError("hazard_source_id", f"there is no hazard source {hazard_source_id}")
    return site


def _as_asked(plan: Plan | None, asked: NeedsAsked) -> Plan | None:
    if asked.capabilities is None and asked.supplies is None:
        return plan
    changed = plan or NO_PLAN
    if asked.capabilities is not None:
        needs = tuple(
            PlannedNeed(one.capability, one.quantity, one.level, one.deadline_s, PLAIN_WEIGHT)
            for one in asked.capabilities
        )
        changed = replace(changed, needs=needs, needs_asked=True)
    if asked.supplies is not None:
        supplies = tuple(
            PlannedSupply(one.item, one.quantity, one.unit_of_measure, one.deadline_s)
            for one in asked.supplies
        )
        changed = replace(changed, supplies=supplies, supplies_asked=True)
    return changed


def _copied(plan: Plan | None) -> dict[str, JsonValue] | None:
    if plan is None:
        return None
    copy: dict[str, JsonValue] = PLAN.dump_python(plan, mode="json")
    return copy
