"""From a picture to the answer: one search from the incident, then the decision. No database."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.answer import Answer
from api.arriving import unit_arrivals
from api.candidacy import ByRoad, depot_candidates, unit_candidates
from api.commanding import Commanding
from api.covering import covering
from api.explaining import Remedied, Travellers, reopenings, would_list
from api.following import Following
from api.found import Chosen, Found, Travelled
from api.offering import Offering, offering, residual
from api.picture import Picture, unit_starts
from api.saying import say
from api.sending import escalation, send
from api.settings import Settings
from api.situations import Situation
from api.supplying import Ways, supply
from routing.counterfactual import Counterfactual
from routing.dispatch import Candidates, Choice, Rules, choose_depots, choose_units
from routing.fleet import FleetTravel, fleet_travel
from routing.hindrances import hindrances
from routing.profiles import CAR, SUPPLY_TRUCK
from routing.snapping import Snapped


def make_answer(picture: Picture, settings: Settings) -> Answer:
    """Return who goes with what, how soon, and why not the others."""
    found = search(picture, settings)
    return say(picture, settings, found, choose(picture, found, settings))


def search(picture: Picture, settings: Settings) -> Found:
    """Put everybody on the road and search once a vehicle profile, backwards from the incident."""
    situation, depots = picture.situation, picture.depots
    starts = unit_starts(picture, settings.clock_tolerance_s)
    target = situation.snap_incident(picture.incident.place, settings.incident_limit_m)
    units = _travel(situation, picture.units.vehicle_profile.tolist(), starts.lon, starts.lat, target)
    return Found(
        starts=starts,
        target=target,
        units=units,
        depots=_travel(situation, [SUPPLY_TRUCK] * len(depots.id), depots.lon, depots.lat, target),
        arrivals=unit_arrivals(picture, starts, units.travel, target, settings),
    )


@dataclass(frozen=True)
class Tested:
    """The units, which of them are listed, and what those offer."""

    units: Candidates
    choice: Choice
    offering: Offering


def tested_units(picture: Picture, found: Found, settings: Settings) -> Tested:
    """Test every unit."""
    kept = residual(picture, Commanding(picture))
    units = unit_candidates(picture, found.starts, _by_road(found.units), found.arrivals.ready_s, kept)
    choice = choose_units(picture.needs.capabilities, units, rules_of(settings))
    return Tested(units, choice, offering(picture, units, choice.listed, kept, settings))


def choose(picture: Picture, found: Found, settings: Settings) -> Chosen:
    """Test every candidate, choose who goes and what is brought, and count what that uncovers."""
    tested = tested_units(picture, found, settings)
    units, unit_choice = tested.units, tested.choice
    sending = send(tested.offering)
    depots = depot_candidates(picture, _by_road(found.depots))
    depot_choice = choose_depots(picture.needs.supply_requirements, depots, rules_of(settings))
    return Chosen(
        units=units,
        unit_choice=unit_choice,
        depots=depots,
        depot_choice=depot_choice,
        sending=sending,
        escalation=escalation(picture, sending),
        supplying=supply(picture, depots, Ways(found.starts, found.target, found.arrivals, units, sending)),
        covering=covering(picture, found.starts, units, sending.sent),
        unit_would=_would_units(picture, found, units, unit_choice, settings),
        depot_would=_would_depots(picture, found, depots, depot_choice, settings),
    )


def _would_units(
    picture: Picture, found: Found, units: Candidates, choice: Choice, settings: Settings
) -> dict[int, Counterfactual]:
    profiles = picture.units.vehicle_profile.tolist()
    on_the_road = _travellers(picture, found, profiles, found.units.travel, settings)
    remedied = Remedied(
        reopenings(picture.situation, on_the_road, units.straight_m), Following.of(picture, found.arrivals)
    )
    return would_list(picture.needs.capabilities, units, rules_of(settings), choice, remedied)


def _would_depots(
    picture: Picture, found: Found, depots: Candidates, choice: Choice, settings: Settings
) -> dict[int, Counterfactual]:
    profiles = [SUPPLY_TRUCK] * len(depots.id)
    on_the_road = _travellers(picture, found, profiles, found.depots.travel, settings)
    remedied = Remedied(reopenings(picture.situation, on_the_road, depots.straight_m))
    return would_list(picture.needs.supply_requirements, depots, rules_of(settings), choice, remedied)


def _travellers(
    picture: Picture, found: Found, profiles: list[str], travel: FleetTravel, settings: Settings
) -> Travellers:
    return Travellers(profiles, travel, picture.incident.place, settings.incident_limit_m, found.target)


def rules_of(settings: Settings) -> Rules:
    """Return the limits that candidates are tested against."""
    return Rules(settings.snap_limit_m, settings.clock_tolerance_s)


def _travel(
    situation: Situation,
    profiles: list[str],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    target: Snapped,
) -> Travelled:
    places = situation.roads.index.snap(lon, lat)
    travel = fleet_travel(situation.router, profiles, places, target)
    unhindered = situation.roads.routers.get(CAR)
    return Travelled(travel, hindrances(travel, profiles, target, unhindered, situation.closing))


def _by_road(travelled: Travelled) -> ByRoad:
    travel = travelled.travel
    return ByRoad(travel.origins.off_m, travel.time_s, travelled.hindrance)
