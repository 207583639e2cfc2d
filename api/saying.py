"""Say what was found and chosen in the words of the answer."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from api.answer import (
    Answer,
    ConditionSaid,
    DepotSaid,
    IncidentSaid,
    LineString,
    LonLat,
    PassedOverSaid,
    RequirementSaid,
    RoadsSaid,
    StepSaid,
    UnitSaid,
)
from api.picture import Picture, Starts
from api.settings import Settings
from routing.dispatch import Candidates, Choice, Outcome, PassedOver
from routing.fleet import FleetTravel
from routing.network import RoadNetwork
from routing.snapping import Snapped
from routing.steps import steps_of
from routing.stretches import Route

DEGREE_DECIMALS = 6
METRE_DECIMALS = 1
SECOND_DECIMALS = 3


@dataclass(frozen=True)
class Travelled:
    """How everybody of a kind travels, and what keeps each who cannot come off the road."""

    travel: FleetTravel
    hindrance: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a search found: where units start, the incident on the road, the ways of units, then of depots."""

    starts: Starts
    target: Snapped
    units: Travelled
    depots: Travelled


@dataclass(frozen=True)
class Chosen:
    """What was chosen among the units and among the depots."""

    units: Candidates
    unit_choice: Choice
    depots: Candidates
    depot_choice: Choice


def say(picture: Picture, settings: Settings, found: Found, chosen: Chosen) -> Answer:
    """Return the answer."""
    requirements = _capabilities(picture, chosen) + _supplies(picture, chosen)
    units = _units(picture, settings, found, chosen)
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
        met_at_s={said.name: said.met_at_s for said in requirements},
        shortfall={said.name: said.missing for said in requirements if said.missing > 0},
        units=units,
        depots=_depots(picture, found, chosen),
        passed_over=_passed_over(picture, found, chosen),
        notes=[*situation.roads.stored.assumptions, *situation.roads.stored.warnings],
    )


def _roads(picture: Picture) -> RoadsSaid:
    roads = picture.situation.roads
    stored = roads.stored
    return RoadsSaid(name=stored.name, hash=stored.hash, source=stored.source, licence=roads.licence)


def _conditions(picture: Picture) -> list[ConditionSaid]:
    return [
        ConditionSaid(id=facts.id, kind=facts.kind.value, reason=facts.reason, author=facts.author)
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
        road_place=_lon_lat(target.lon[0], target.lat[0]),
        snap_m=_metres(target.off_m[0]),
        off_road=bool(target.off_m[0] > settings.snap_limit_m),
        synthetic=incident.synthetic,
    )


def _capabilities(picture: Picture, chosen: Chosen) -> list[RequirementSaid]:
    return [
        _requirement(outcome, "capability", None, picture.needs.capabilities_from)
        for outcome in chosen.unit_choice.outcomes
    ]


def _supplies(picture: Picture, chosen: Chosen) -> list[RequirementSaid]:
    return [
        _requirement(outcome, "supply", supply.unit_of_measure, picture.needs.supplies_from)
        for outcome, supply in zip(chosen.depot_choice.outcomes, picture.needs.supplies, strict=True)
    ]


def _requirement(
    outcome: Outcome, what: Literal["capability", "supply"], unit_of_measure: str | None, asked_by: str
) -> RequirementSaid:
    requirement = outcome.requirement
    met = bool(np.isfinite(outcome.met_at_s))
    unit = f" {unit_of_measure}" if unit_of_measure else ""
    return RequirementSaid(
        name=requirement.name,
        what=what,
        adds_up=requirement.adds_up.value,
        quantity=requirement.quantity,
        unit_of_measure=unit_of_measure,
        asked_by=asked_by,
        met_at_s=_seconds(outcome.met_at_s) if met else None,
        available=outcome.available,
        missing=outcome.missing,
        reason=None
        if met
        else f"{requirement.quantity:g}{unit} needed, {outcome.available:g}{unit} can come by road",
    )


def _units(picture: Picture, settings: Settings, found: Found, chosen: Chosen) -> list[UnitSaid]:
    units, starts, network = picture.units, found.starts, picture.situation.roads.network
    names = [r.name for r in picture.needs.capabilities]
    return [
        UnitSaid(
            **_comer(network, chosen.units, i, route, names),
            name=units.name[i],
            team=units.team[i],
            turnout_s=float(units.turnout_s[i]),
            vehicle_profile=units.vehicle_profile[i],
            position="fix" if starts.from_fix[i] else "base",
            position_age_s=_seconds(starts.age_s[i]) if starts.from_fix[i] else None,
            position_stale=bool(starts.from_fix[i] and starts.age_s[i] > settings.stale_after_s),
            place=_lon_lat(starts.lon[i], starts.lat[i]),
            synthetic=bool(units.synthetic[i]),
        )
        for i, route in _with_routes(found.units.travel, chosen.unit_choice)
    ]


def _depots(picture: Picture, found: Found, chosen: Chosen) -> list[DepotSaid]:
    depots, network = picture.depots, picture.situation.roads.network
    names = [s.item for s in picture.needs.supplies]
    return [
        DepotSaid(
            **_comer(network, chosen.depots, i, route, names),
            name=depots.name[i],
            tier=depots.tier[i],
            loading_s=float(depots.loading_s[i]),
            delivers=bool(depots.delivers[i]),
            place=_lon_lat(depots.lon[i], depots.lat[i]),
            synthetic=bool(depots.synthetic[i]),
        )
        for i, route in _with_routes(found.depots.travel, chosen.depot_choice)
    ]


def _with_routes(travel: FleetTravel, choice: Choice) -> list[tuple[int, Route]]:
    """Pair everybody listed with the route; whoever is listed has one."""
    routes = travel.routes(choice.listed)
    return [(int(i), route) for i, route in zip(choice.listed, routes, strict=True) if route is not None]


def _comer(
    network: RoadNetwork, candidates: Candidates, i: int, route: Route, names: list[str]
) -> dict[str, Any]:
    brought = candidates.offered[i]
    return {
        "id": int(candidates.id[i]),
        "arrival_s": _seconds(candidates.arrival_s[i]),
        "travel_s": _seconds(candidates.travel_s[i]),
        "distance_m": _metres(route.length_m),
        "straight_m": _metres(candidates.straight_m[i]),
        "snap_m": _metres(candidates.off_m[i]),
        "brings": {name: float(q) for name, q in zip(names, brought, strict=True) if q > 0},
        "route": LineString(coordinates=_positions(route.lon, route.lat)),
        "steps": _steps(network, route),
    }


def _steps(network: RoadNetwork, route: Route) -> list[StepSaid]:
    if not network.names_streets:
        return []
    return [
        StepSaid(turn=step.turn, street=step.street, length_m=_metres(step.length_m))
        for step in steps_of(network, route)
    ]


def _passed_over(picture: Picture, found: Found, chosen: Chosen) -> list[PassedOverSaid]:
    starts, depots = found.starts, picture.depots
    units = [
        _passed("unit", picture.units.name, starts.lon, starts.lat, chosen.units, passed)
        for passed in chosen.unit_choice.passed_over
    ]
    return units + [
        _passed("depot", depots.name, depots.lon, depots.lat, chosen.depots, passed)
        for passed in chosen.depot_choice.passed_over
    ]


def _passed(
    kind: Literal["unit", "depot"],
    name: NDArray[np.object_],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    candidates: Candidates,
    passed: PassedOver,
) -> PassedOverSaid:
    i = passed.position
    return PassedOverSaid(
        kind=kind,
        id=int(candidates.id[i]),
        name=name[i],
        straight_m=_metres(candidates.straight_m[i]),
        place=_lon_lat(lon[i], lat[i]),
        reasons=[failure.en for failure in passed.reasons],
        reasons_zh=[failure.zh for failure in passed.reasons],
    )


def _lon_lat(lon: float, lat: float) -> LonLat:
    return LonLat(lon=round(float(lon), DEGREE_DECIMALS), lat=round(float(lat), DEGREE_DECIMALS))


def _positions(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[tuple[float, float]]:
    return list(zip(lon.round(DEGREE_DECIMALS).tolist(), lat.round(DEGREE_DECIMALS).tolist(), strict=True))


def _metres(value: float) -> float:
    return round(float(value), METRE_DECIMALS)


def _seconds(value: float) -> float:
    return round(float(value), SECOND_DECIMALS)
