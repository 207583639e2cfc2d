"""The ground of a plan: posts and sources on the road, and the times between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads
from api.long_work import Say, Told, say_memory
from api.off_road import off_road_note
from api.planning import NONE_ID, PlanAsked, Posts
from data.planning import PlannedSources
from geo.places import Place
from routing.chunks import HERE, Workers, runs
from routing.conditions import Effect, effect
from routing.coverage import Demands, gates_that_count
from routing.driving import OPEN, Trips, driving_s
from routing.links import Fleet, Links, arrivals_under
from routing.router import Router
from routing.snapping import Snapped
from routing.spots import Spots, is_line, spots_of

ANYWHERE_M = float("inf")
PLACES = 4096
"""So many places where people live are one piece."""
FEWER = "name fewer bases, or sources of one grade"


@dataclass(frozen=True)
class Ground:
    """
    Posts and sources on the roads as asked.

    Attributes
    ----------
    links : Links
        The posts by what they drive, and the spots of the sources.
    spots : Spots
        Where those spots are.
    closed_segments : int
        How many segments are closed.
    """

    layout: "Layout"
    links: Links
    spots: Spots
    closed_segments: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Which bases and sources lie too far off the road."""
        index, limit_m = self.layout.roads.index, self.layout.snap_limit_m
        posts, sources = self.layout.posts, self.layout.sources
        farthest_m = np.zeros(len(sources.id))
        np.maximum.at(farthest_m, self.spots.shape, index.snap(self.spots.lon, self.spots.lat).off_m)
        bases_m = index.snap(posts.lon, posts.lat).off_m
        return (
            *off_road_note("bases", posts.base_name, bases_m, limit_m),
            *off_road_note("sources", sources.name, farthest_m, limit_m),
        )

    def first_s(self, lon: NDArray[np.float64], lat: NDArray[np.float64], told: Told) -> NDArray[np.float64]:
        """Return when somebody is first at each of some other places, ``inf`` far off the road."""
        place = self.layout.roads.index.snap(lon, lat)
        first_s = np.full(len(lon), np.inf)
        fleets = self.links.fleets
        own = [np.flatnonzero(self.layout.posts.guards[fleet.post] == NONE_ID) for fleet in fleets]
        pieces = [(i, some) for i in range(len(fleets)) if len(own[i]) for some in runs(len(lon), PLACES)]
        trips = [Trips(i, OPEN, fleets[i].place[own[i]], place[some]) for i, some in pieces]
        found = told.progress(told.workers.each(driving_s, self.links.routers, trips), len(trips))
        for (i, some), driving in zip(pieces, found, strict=True):
            soonest = (driving + fleets[i].start_s[own[i], None]).min(axis=0)
            first_s[some] = np.minimum(first_s[some], soonest)
        first_s[place.off_m > self.layout.snap_limit_m] = np.inf
        return first_s


@dataclass(frozen=True)
class Layout:
    """What is put on the road, and how far off it a place may lie."""

    roads: LiveRoads
    snap_limit_m: float
    asked: PlanAsked
    posts: Posts
    sources: PlannedSources

    def ground(self, say: Say, workers: Workers = HERE) -> Ground:
        """
        Put posts and sources on the road under the conditions asked about.

        Gates are where roads cross an outline; one that no post reaches while everything is open is none. A
        spot on a closed road is met where it is next to an open one.
        """
        network, index = self.roads.network, self.roads.index
        spots = spots_of(network, index, self.sources.shape)
        everything = self._links(spots, effect(network, index, ()))
        what = f"{len(self.posts)} posts and {len(spots):,} spots"
        say_memory(what, everything.needs_bytes, say, FEWER)
        seconds = arrivals_under(everything, (), np.arange(len(spots)), workers)
        reachable = np.isfinite(seconds.min(axis=0, initial=np.inf))
        kept = spots.some(gates_that_count(everything.demands, reachable))
        closing = effect(network, index, self.asked.closures)
        return Ground(self, self._links(kept, closing), kept, int(closing.closed.sum()))

    def _links(self, spots: Spots, closing: Effect) -> Links:
        by_share = np.array([is_line(shape) for shape in self.sources.shape], dtype=np.bool_)
        shares = spots.share / np.bincount(spots.shape, spots.share)[spots.shape]
        demands = Demands(self.sources.grade, by_share, spots.shape, shares)
        place = self._on_open_road(spots, closing)
        origin = self.roads.index.snap(self.posts.lon, self.posts.lat)[self.posts.base]
        guards = self.posts.guards[:, None]
        elsewhere = (guards != NONE_ID) & (guards != self.sources.id[spots.shape][None, :])
        off_road = (origin.off_m > self.snap_limit_m)[:, None] | (place.off_m > self.snap_limit_m)[None, :]
        return Links(self._fleets(origin, closing), place, demands, elsewhere | off_road)

    def _fleets(self, origin: Snapped, closing: Effect) -> Sequence[Fleet]:
        fleets = []
        for profile in np.unique(self.posts.profile).tolist():
            own = np.flatnonzero(self.posts.profile == profile)
            router = _under(self.roads.routers.get(profile, self.asked.preset), closing)
            fleets.append(Fleet(router, own, origin[own], self.posts.turnout_s[own]))
        return fleets

    def _on_open_road(self, spots: Spots, closing: Effect) -> Snapped:
        place = self.roads.index.snap(spots.lon, spots.lat)
        for i in np.flatnonzero(closing.closed[place.segment]).tolist():
            spot = Place(float(spots.lon[i]), float(spots.lat[i]))
            place = _put(place, i, self.roads.snap_incident(spot, ANYWHERE_M, ~closing.closed))
        return place


def by_base(seconds: NDArray[np.float64], posts: Posts) -> NDArray[np.float64]:
    """Return the times of whoever is soonest from each base, shape (bases, spots)."""
    soonest = np.full((len(posts.base_name), seconds.shape[1]), np.inf)
    np.minimum.at(soonest, posts.base, seconds)
    return soonest


def _under(router: Router, closing: Effect) -> Router:
    if not (closing.closed.any() or (closing.time_factor != 1.0).any()):
        return router
    return router.under(router.metric.under(closing.closed, closing.time_factor))


def _put(places: Snapped, i: int, one: Snapped) -> Snapped:
    """Return the places with another one in a position."""
    columns = {name: column.copy() for name, column in vars(places).items()}
    for name, column in columns.items():
        column[i] = getattr(one, name)[0]
    return replace(places, **columns)
