"""Arrivals at every row from every site, in each scenario: summer and winter, roads open or one closed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads
from api.long_work import Told
from api.off_road import off_road_note
from api.planning import NONE_ID
from api.siting.demand import Demand
from api.siting.sites import Sites, Starts
from routing.chunks import runs
from routing.driving import OPEN, ROWS, Trips, driving_s
from routing.snapping import Snapped

SAME_S = 1e-6
"""Arrivals are whole seconds, rounded up; less than this is not a part of one."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """The roads as they might be: a preset such as ice, segments closed, or neither."""

    name: str
    preset: str | None
    closed: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Search:
    """
    One piece of the work: vehicles of one profile that are kept for one source, or for none, in one scenario.

    Attributes
    ----------
    site : int64, shape (k,)
    ready_s : float64, shape (k,)
        How long after the clock starts the first of these vehicles rolls at each of them.
    guards : int
        The hazard source they are kept for, 0 where they go anywhere.
    """

    scenario: int
    router: int
    site: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    guards: int


@dataclass(frozen=True, eq=False)
class Reach:
    """Where sites and demand lie on the road, and how far off it a place may be."""

    roads: LiveRoads
    demand: Demand
    limit_m: float

    def notes(self, sites: Sites) -> tuple[str, ...]:
        """Say which sites and sources lie too far off the road."""
        names = self.demand.sources.name
        farthest_m = np.zeros(len(names))
        owner = self.demand.source[self.demand.row]
        np.maximum.at(farthest_m, owner, self._snapped(self.demand.lon, self.demand.lat).off_m)
        sites_m = self._snapped(sites.lon, sites.lat).off_m
        said = (
            *off_road_note("sites", sites.name, sites_m, self.limit_m),
            *off_road_note("sources", names, farthest_m, self.limit_m),
        )
        return tuple(f"{sentence[0].upper()}{sentence[1:]}." for sentence in said)

    def ever(self, sites: Sites, starts: Starts) -> NDArray[np.bool_]:
        """Return which points somebody reaches while everything is open, shape (points,)."""
        targets = self._snapped(self.demand.lon, self.demand.lat)
        reached = np.zeros(len(targets), dtype=np.bool_)
        for profile in sorted(set(starts.profile.tolist())):
            at = np.unique(starts.site[starts.profile == profile])
            origins = self._snapped(sites.lon[at], sites.lat[at])
            router = self.roads.routers.get(profile, None)
            for own in runs(len(at), ROWS):
                reached |= np.isfinite(router.matrix(origins[own], targets)).any(axis=0)
        return reached

    def seconds(
        self, scenarios: Sequence[Scenario], sites: Sites, starts: Starts, told: Told
    ) -> NDArray[np.float64]:
        """
        Return whole seconds until arrival, shape (scenarios * rows, sites); ``inf`` where no road leads.

        A row is arrived at when all its points are; a site answers with whoever of it comes first.
        """
        rows = len(self.demand.source)
        arrival = np.full((len(scenarios) * rows, len(sites.name)), np.inf)
        origins, targets = (
            self._snapped(sites.lon, sites.lat),
            self._snapped(self.demand.lon, self.demand.lat),
        )
        profiles = sorted(set(starts.profile.tolist()))
        driven = list(dict.fromkeys((profile, each.preset) for each in scenarios for profile in profiles))
        routers = tuple(self.roads.routers.get(*each) for each in driven)
        searches = [
            one for i, each in enumerate(scenarios) for one in _searches(i, each.preset, starts, driven)
        ]
        trips = [
            Trips(one.router, _closed(scenarios[one.scenario]), origins[one.site], targets)
            for one in searches
        ]
        found = told.progress(told.workers.each(driving_s, routers, trips), len(trips))
        for search, driving in zip(searches, found, strict=True):
            part = arrival[search.scenario * rows : (search.scenario + 1) * rows]
            self._arrive(part, driving, (origins, targets), search)
        return np.ceil(arrival - SAME_S)

    def _arrive(
        self,
        part: NDArray[np.float64],
        driving: NDArray[np.float64],
        places: tuple[Snapped, Snapped],
        search: Search,
    ) -> None:
        origins, targets = places
        driving = driving.copy()
        driving[origins.off_m[search.site] > self.limit_m] = np.inf
        driving[:, targets.off_m > self.limit_m] = np.inf
        firsts = np.flatnonzero(np.diff(self.demand.row, prepend=-1))
        last_gate = np.maximum.reduceat(driving, firsts, axis=1)
        if search.guards != NONE_ID:
            last_gate[:, self.demand.sources.id[self.demand.source] != search.guards] = np.inf
        part[:, search.site] = np.minimum(part[:, search.site], (search.ready_s[:, None] + last_gate).T)

    def _snapped(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
        return self.roads.index.snap(lon, lat)


def _searches(
    scenario: int, preset: str | None, starts: Starts, driven: Sequence[tuple[str, str | None]]
) -> list[Search]:
    """Return the pieces of one scenario: each profile from the sites that have it, guards by their source."""
    found: list[Search] = []
    for profile, guards in sorted(set(zip(starts.profile.tolist(), starts.guards.tolist(), strict=True))):
        chosen = np.flatnonzero((starts.profile == profile) & (starts.guards == guards))
        sites, first = np.unique(starts.site[chosen], return_inverse=True)
        soonest = np.full(len(sites), np.inf)
        np.minimum.at(soonest, first, starts.ready_s[chosen])
        router = driven.index((profile, preset))
        found += [
            Search(scenario, router, sites[own], soonest[own], guards) for own in runs(len(sites), ROWS)
        ]
    return found


def _closed(scenario: Scenario) -> NDArray[np.int64]:
    return OPEN if scenario.closed is None else np.flatnonzero(scenario.closed)


def bytes_needed(rows: int, points: int, sites: int) -> int:
    """Return about how much memory the matrix of arrivals takes, with what is needed to make it."""
    return 8 * sites * (2 * rows + 2 * points)
