"""From a picture of the moment to the answer: one search from the incident, then the choice. No database."""

from api.answer import Answer
from api.live_roads import LiveRoads
from api.picture import ByRoad, Picture, depot_candidates, unit_candidates, unit_starts
from api.saying import Chosen, Found, say
from api.settings import Settings
from routing.dispatch import Rules, choose_depots, choose_units
from routing.fleet import FleetTravel, fleet_travel

DEPOT_PROFILE = "supply-truck"


def make_answer(picture: Picture, roads: LiveRoads, settings: Settings) -> Answer:
    """Return who can help, how soon, and why not the others."""
    found = search(picture, roads, settings)
    return say(picture, roads, settings, found, choose(picture, found, settings))


def search(picture: Picture, roads: LiveRoads, settings: Settings) -> Found:
    """Put everybody on the road and search once a vehicle profile, backwards from the incident."""
    starts = unit_starts(picture, settings.clock_tolerance_s)
    target = roads.snap_incident(picture.incident.place, settings.incident_limit_m)
    units = roads.index.snap(starts.lon, starts.lat)
    depots = roads.index.snap(picture.depots.lon, picture.depots.lat)
    return Found(
        starts=starts,
        target=target,
        units=fleet_travel(roads.routers.get, picture.units.vehicle_profile.tolist(), units, target),
        depots=fleet_travel(roads.routers.get, [DEPOT_PROFILE] * len(depots), depots, target),
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


def _by_road(travel: FleetTravel) -> ByRoad:
    return ByRoad(travel.origins.off_m, travel.time_s, travel.hindrance)
