"""Say the answer: the incident, how its needs fare, and the parts that other modules say."""

import math
from dataclasses import replace
from typing import Literal

from api.answer import Answer, ConditionSaid, IncidentSaid, RequirementSaid, RoadsSaid
from api.answer_base import LonLat
from api.decision_version import DECISION_VERSION
from api.found import Chosen, Found
from api.picture import Picture
from api.rounding import amount, lon_lat, metres, seconds_if_ever
from api.saying_choice import say_choice, say_plan
from api.saying_cover import say_cover
from api.saying_notes import say_notes
from api.saying_people import say_depots, say_farther, say_passed_over, say_units
from api.saying_supplies import say_supply_choice
from api.settings import Settings
from routing.dispatch import Outcome


def say(picture: Picture, settings: Settings, found: Found, chosen: Chosen) -> Answer:
    """Return the answer."""
    requirements = _capabilities(picture, chosen) + _supplies(picture, chosen)
    units = say_units(picture, found, chosen)
    situation = picture.situation
    return Answer(
        incident=_incident(picture, settings, found),
        made_at=picture.read_at,
        number=None,
        roads=_roads(picture),
        conditions_version=situation.version,
        what_if=situation.what_if.asked,
        conditions=_conditions(picture),
        requirements=requirements,
        first_due=units[0].id if units else None,
        met_at_s={said.label: said.met_at_s for said in requirements},
        shortfall={said.label: said.missing for said in requirements if said.missing > 0},
        units=units,
        depots=say_depots(picture, found, chosen),
        passed_over=say_passed_over(picture, found, chosen),
        farther=say_farther(picture, found, chosen),
        plan=say_plan(picture),
        choice=say_choice(
            picture,
            chosen.units,
            found.arrivals,
            chosen.sending,
            chosen.escalation,
            chosen.supplying.fetching,
        ),
        supply_choice=say_supply_choice(picture, chosen.supplying),
        cover=say_cover(picture, chosen.covering),
        decision_version=DECISION_VERSION,
        notes=say_notes(picture),
    )


def _roads(picture: Picture) -> RoadsSaid:
    roads = picture.situation.roads
    stored = roads.stored
    return RoadsSaid(name=stored.name, hash=stored.hash, source=stored.source, licence=roads.licence)


def _conditions(picture: Picture) -> list[ConditionSaid]:
    return [
        ConditionSaid(
            id=facts.id,
            kind=facts.kind.value,
            reason=facts.reason,
            author=facts.author,
            preset=facts.preset.value if facts.preset else None,
        )
        for facts in picture.situation.facts
    ]


def _incident(picture: Picture, settings: Settings, found: Found) -> IncidentSaid:
    incident, target = picture.incident, found.target
    return IncidentSaid(
        id=incident.id,
        kind=incident.kind,
        severity=incident.severity,
        place=LonLat(lon=incident.place.lon, lat=incident.place.lat),
        substance=incident.substance,
        reported_at=incident.reported_at,
        reported_by=incident.reported_by,
        status=incident.status,
        road_place=lon_lat(target.lon[0], target.lat[0]),
        snap_m=metres(target.off_m[0]),
        off_road=bool(target.off_m[0] > settings.snap_limit_m),
        synthetic=incident.synthetic,
    )


def _capabilities(picture: Picture, chosen: Chosen) -> list[RequirementSaid]:
    together = chosen.sending.together
    return [
        _requirement(
            _fares(outcome, float(together.soonest_met_s[j]), float(together.missing[j])),
            "capability",
            None,
            picture.needs.capabilities_from,
        )
        for j, outcome in enumerate(chosen.unit_choice.outcomes)
    ]


def _fares(outcome: Outcome, soonest_met_s: float, missing: float) -> Outcome:
    """Return how a need fares when nobody is in two roles at once."""
    torn = missing > 0 and not outcome.missing
    if torn:
        one_crew = outcome.requirement.needed != outcome.requirement.quantity
        missing = outcome.requirement.quantity if one_crew else missing
    return replace(outcome, met_at_s=soonest_met_s, missing=missing if torn else outcome.missing)


def _supplies(picture: Picture, chosen: Chosen) -> list[RequirementSaid]:
    return [
        _requirement(outcome, "supply", supply.unit_of_measure, picture.needs.supplies_from)
        for outcome, supply in zip(chosen.depot_choice.outcomes, picture.needs.supplies, strict=True)
    ]


def _requirement(
    outcome: Outcome, what: Literal["capability", "supply"], unit_of_measure: str | None, asked_by: str
) -> RequirementSaid:
    requirement = outcome.requirement
    return RequirementSaid(
        name=requirement.name,
        what=what,
        adds_up=requirement.adds_up.value,
        quantity=requirement.quantity,
        level=requirement.level or None,
        deadline_s=seconds_if_ever(requirement.deadline_s),
        unit_of_measure=unit_of_measure,
        asked_by=asked_by,
        met_at_s=seconds_if_ever(outcome.met_at_s),
        available=outcome.available,
        missing=amount(outcome.missing),
        reason=None if math.isfinite(outcome.met_at_s) else _why_unmet(outcome, unit_of_measure),
    )


def _why_unmet(outcome: Outcome, unit_of_measure: str | None) -> str:
    unit = f" {unit_of_measure}" if unit_of_measure else ""
    said = f"{outcome.requirement.quantity:g}{unit} needed, {outcome.available:g}{unit} can come by road"
    if outcome.available >= outcome.requirement.quantity:
        return f"{said}, but their crews are needed in other roles at the same time"
    return said
