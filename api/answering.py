"""From a picture of the moment to the answer: one search from the incident, then the choice. No database."""

import numpy as np

from api.answer import Answer
from api.live_roads import LiveRoads
from api.picture import ByRoad, Picture, depot_candidates, unit_candidates, unit_starts
from api.saying import Chosen, Found, say
from api.settings import Settings
from routing.dispatch import Rules, choose_depots, choose_units
from routing.travel import travel_to


def make_answer(picture: Picture, roads: LiveRoads, settings: Settings) -> Answer:
    """Return who can help, how soon, and why not the others."""
    found = search(picture, roads, settings)
    return say(picture, roads, settings, found, choose(picture, found, settings))


def search(picture: Picture, roads: LiveRoads, settings: Settings) -> Found:
    """Put everybody on the road and search once, backwards from the incident."""
    starts = unit_starts(picture, settings.clock_tolerance_s)
    target = roads.snap_incident(picture.incident.place, settings.incident_limit_m)
    origins = roads.index.snap(
        np.concatenate((starts.lon, picture.depots.lon)), np.concatenate((starts.lat, picture.depots.lat))
    )
    return Found(starts, target, travel_to(roads.network, roads.graph, origins, target))


def choose(picture: Picture, found: Found, settings: Settings) -> Chosen:
    """Test every candidate and order those that pass."""
    rules = Rules(settings.snap_limit_m, settings.clock_tolerance_s)
    off_m, time_s = found.travel.origins.off_m, found.travel.time_s
    n = len(picture.units.id)
    units = unit_candidates(picture, found.starts, ByRoad(off_m[:n], time_s[:n]))
    depots = depot_candidates(picture, ByRoad(off_m[n:], time_s[n:]))
    return Chosen(
        units,
        choose_units(picture.needs.capabilities, units, rules),
        depots,
        choose_depots(picture.needs.supply_requirements, depots, rules),
    )
