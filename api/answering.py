"""From a picture of the moment to the answer: one search from the incident, then the choice. No database."""

import numpy as np
from numpy.typing import NDArray

from api.answer import Answer
from api.picture import ByRoad, Picture, depot_candidates, unit_candidates, unit_starts
from api.saying import Chosen, Found, Travelled, say
from api.settings import Settings
from api.situations import Situation
from routing.dispatch import Rules, choose_depots, choose_units
from routing.fleet import fleet_travel
from routing.hindrances import hindrances
from routing.profiles import CAR
from routing.snapping import Snapped

DEPOT_PROFILE = "supply-truck"


def make_answer(picture: Picture, settings: Settings) -> Answer:
    """Return who can help, how soon, and why not the others."""
    found = search(picture, settings)
    return say(picture, settings, found, choose(picture, found, settings))


def search(picture: Picture, settings: Settings) -> Found:
    """Put everybody on the road and search once a vehicle profile, backwards from the incident."""
    situation, depots = picture.situation, picture.depots
    starts = unit_starts(picture, settings.clock_tolerance_s)
    target = situation.snap_incident(picture.incident.place, settings.incident_limit_m)
    return Found(
        starts=starts,
        target=target,
        units=_travel(situation, picture.units.vehicle_profile.tolist(), starts.lon, starts.lat, target),
        depots=_travel(situation, [DEPOT_PROFILE] * len(depots.id), depots.lon, depots.lat, target),
    )


def choose(picture: Picture, found: Found, settings: Settings) -> Chosen:
    """Test every candidate and order those that pass."""
    rules = Rules(settings.snap_limit_m, settings.clock_tolerance_s)
    units = unit_candidates(picture, found.starts, _by_road(found.units))
    depots = depot_candidates(picture, _by_road(found.depots))
    return Chosen(
        units,
        choose_units(picture.needs.capabilities, units, rules),
        depots,
        choose_depots(picture.needs.supply_requirements, depots, rules),
    )


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
