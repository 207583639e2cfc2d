"""When everybody would be there: the median, the doubt about it, and what an old position leaves open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.commanding import Commanding
from api.picture import Picture, Starts
from api.settings import Settings
from routing.doubt import Timed, road_timed, turnout_now
from routing.fleet import FleetTravel
from routing.snapping import Snapped
from routing.whereabouts import Discs, radius_m, reach_of

M_PER_S_IN_KMH = 1 / 3.6


@dataclass(frozen=True)
class Arrivals:
    """
    When units would be there, counted from the order.

    Attributes
    ----------
    turnout_s, ready_s, arrival_p90_s : float64, shape (units,)
        Until the unit has turned out and until it rolls, at the median; and until nine of ten such units
        would be there.
    best_s, worst_s : float64, shape (units,)
        Arrival from the best and the worst place a unit of an old position may have got to; the median for
        all others.
    stale : bool, shape (units,)
        Whose position is old.
    """

    turnout_s: NDArray[np.float64]
    ready_s: NDArray[np.float64]
    arrival_p90_s: NDArray[np.float64]
    best_s: NDArray[np.float64]
    worst_s: NDArray[np.float64]
    stale: NDArray[np.bool_]


def unit_arrivals(
    picture: Picture, starts: Starts, travel: FleetTravel, target: Snapped, settings: Settings
) -> Arrivals:
    """Return when units would be there."""
    units, situation = picture.units, picture.situation
    turnout = turnout_now(units.turnout_s, units.staffing.tolist(), picture.local.hour)
    ready = Timed(
        np.where(picture.under_way, 0.0, Commanding(picture).ready_s(turnout.p50_s)),
        np.where(picture.under_way, 0.0, turnout.sd_s),
    )
    profiles = [situation.profile(profile) for profile in units.vehicle_profile.tolist()]
    arrival = ready.then(road_timed(travel.time_s, profiles, situation.what_if.preset))
    stale = starts.from_fix & (starts.age_s > settings.stale_after_s)
    best_s, worst_s = arrival.p50_s.copy(), arrival.p50_s.copy()
    for profile in sorted({profiles[unit] for unit in np.flatnonzero(stale).tolist()}):
        rows = np.flatnonzero(stale & (np.array(profiles, dtype=np.str_) == profile))
        discs = Discs(
            fix=travel.origins[rows],
            lon=starts.lon[rows],
            lat=starts.lat[rows],
            radius_m=radius_m(
                starts.age_s[rows], settings.stale_speed_kmh * M_PER_S_IN_KMH, settings.stale_reach_m
            ),
        )
        reach = reach_of(situation.router(profile), target, discs, situation.roads.routers.stands(profile))
        best_s[rows] = ready.p50_s[rows] + reach.best_s
        worst_s[rows] = ready.p50_s[rows] + reach.worst_s
    return Arrivals(turnout.p50_s, ready.p50_s, arrival.p90_s, best_s, worst_s, stale)


def rank_survives(listed: NDArray[np.int64], arrivals: Arrivals) -> NDArray[np.bool_]:
    """
    Return whether the rank of each listed unit holds wherever those of old positions are, shape (listed,).

    ``listed`` comes soonest first; the rank holds when all before are there before it at their worst, and
    all after come after it at their best.
    """
    best_s, worst_s = arrivals.best_s[listed], arrivals.worst_s[listed]
    latest_before = np.append(-np.inf, np.maximum.accumulate(worst_s))[: len(listed)]
    soonest_after = np.append(np.minimum.accumulate(best_s[::-1])[::-1], np.inf)[1 : len(listed) + 1]
    holds: NDArray[np.bool_] = (latest_before <= best_s) & (worst_s <= soonest_after)
    return holds
