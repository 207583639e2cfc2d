"""Arrivals at every row from every site, in each scenario: summer and winter, roads open or one closed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads
from api.siting_demand import Demand
from api.siting_sites import Sites, Starts
from routing.router import Router
from routing.snapping import Snapped

SAME_S = 1e-6
"""Arrivals are whole seconds, rounded up; less than this is not a part of one."""
Progress = Callable[[Sequence["Search"]], Iterator["Search"]]


@dataclass(frozen=True, eq=False)
class Scenario:
    """The roads as they might be: a preset such as ice, segments closed, or neither."""

    name: str
    preset: str | None
    closed: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Search:
    """One piece of the work: one vehicle profile in one scenario."""

    scenario: int
    profile: str


@dataclass(frozen=True, eq=False)
class Reach:
    """Where sites and demand lie on the road, and how far off it a place may be."""

    roads: LiveRoads
    demand: Demand
    limit_m: float

    def seconds(
        self, scenarios: Sequence[Scenario], sites: Sites, starts: Starts, progress: Progress
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
        searches = [Search(at, profile) for at in range(len(scenarios)) for profile in profiles]
        for search in progress(searches):
            router = self._router(scenarios[search.scenario], search.profile)
            chosen = np.flatnonzero(starts.profile == search.profile)
            part = arrival[search.scenario * rows : (search.scenario + 1) * rows]
            self._arrive(part, router, (origins, targets), starts.site[chosen], starts.ready_s[chosen])
        return np.ceil(arrival - SAME_S)

    def _arrive(
        self,
        part: NDArray[np.float64],
        router: Router,
        places: tuple[Snapped, Snapped],
        site: NDArray[np.int64],
        ready_s: NDArray[np.float64],
    ) -> None:
        origins, targets = places
        sites, first = np.unique(site, return_inverse=True)
        soonest = np.full(len(sites), np.inf)
        np.minimum.at(soonest, first, ready_s)
        driving = router.matrix(origins[sites], targets)
        driving[origins.off_m[sites] > self.limit_m] = np.inf
        driving[:, targets.off_m > self.limit_m] = np.inf
        firsts = np.flatnonzero(np.diff(self.demand.row, prepend=-1))
        last_gate = np.maximum.reduceat(driving, firsts, axis=1)
        part[:, sites] = np.minimum(part[:, sites], (soonest[:, None] + last_gate).T)

    def _router(self, scenario: Scenario, profile: str) -> Router:
        router = self.roads.routers.get(profile, scenario.preset)
        if scenario.closed is None:
            return router
        return router.under(router.metric.under(scenario.closed, np.ones(len(scenario.closed))))

    def _snapped(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Snapped:
        return self.roads.index.snap(lon, lat)


def bytes_needed(rows: int, points: int, sites: int) -> int:
    """Return about how much memory the matrix of arrivals takes, with what is needed to make it."""
    return 8 * sites * (2 * rows + 2 * points)
