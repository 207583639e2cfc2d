"""The figures that an answer on coverage is made of."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from api.long_work import Told
from api.plan_ground import Ground, by_base
from api.planning import NONE_ID, Terms
from data.planning_layers import Districts, People
from geo.crs import to_degrees
from geo.places import geodesic_m
from routing.coverage import Due, Promise, due_at, promise_of, share_of
from routing.driving import Outing, reached_on
from routing.isochrones import Reached, area_around
from routing.links import arrivals_under
from routing.network import RoadNetwork
from routing.reached_together import circles, reached_inside_m, road_inside_m, segment_metres, together
from routing.segment_lines import places_along

MIDDLE = 0.5


@dataclass(frozen=True)
class RadiusFigures:
    """
    Circles around the bases against the road.

    Attributes
    ----------
    area : geometry
        What the circles hold together, WGS84.
    roads_promised_m, roads_kept_m : float
        Road in the circles, and how much of it is reached.
    """

    radius_m: float
    area: shapely.Geometry
    promise: Promise
    roads_promised_m: float
    roads_kept_m: float


@dataclass(frozen=True)
class PeopleFigures:
    """People at places, and whether somebody reaches each in time."""

    at: People
    reached: NDArray[np.bool_]


@dataclass(frozen=True)
class DistrictFigures:
    """
    Named areas, and which of them holds what: -1 for none.

    Attributes
    ----------
    name : tuple of str
    source, segment, people : int64
        The district of every source, of every segment by its middle, and of every place with people.
    """

    name: tuple[str, ...]
    source: NDArray[np.int64]
    segment: NDArray[np.int64]
    people: NDArray[np.int64]


@dataclass(frozen=True)
class Figures:
    """
    What is reached.

    Attributes
    ----------
    due : Due
        Who is first and second at every source; posts are bases.
    share : float64, shape (sources,)
        How much of each is reached in time.
    nearest_m : float64, shape (sources,)
        As the crow flies from the nearest base to where the source is reached last.
    segment_m : float64, shape (segments,)
        How much of every segment is reached.
    area : geometry
        Around the roads reached, WGS84.
    """

    ground: Ground
    terms: Terms
    due: Due
    share: NDArray[np.float64]
    nearest_m: NDArray[np.float64]
    reached: Reached
    segment_m: NDArray[np.float64]
    area: shapely.Geometry
    radius: RadiusFigures | None
    people: PeopleFigures | None
    districts: DistrictFigures | None


@dataclass(frozen=True)
class Layers:
    """What is counted beside the sources: a radius, people, districts."""

    radius_m: float | None
    people: People | None
    districts: Districts | None


def figures_of(ground: Ground, terms: Terms, layers: Layers, told: Told) -> Figures:
    """Return what is reached within the terms."""
    posts, demands, network = ground.layout.posts, ground.links.demands, ground.layout.roads.network
    seconds = arrivals_under(ground.links, (), np.arange(len(ground.spots)), told.workers)
    due = due_at(by_base(seconds, posts), demands)
    reached = _reached(ground, terms, told)
    straight_m = _straight_m(ground)
    return Figures(
        ground=ground,
        terms=terms,
        due=due,
        share=share_of(due.spot_s <= terms.within_s, demands),
        nearest_m=straight_m.min(axis=0)[due.worst_spot],
        reached=reached,
        segment_m=segment_metres(network, reached),
        area=area_around(network, reached),
        radius=_radius(ground, terms, due, straight_m, reached, layers.radius_m),
        people=_people(ground, terms, layers.people, told),
        districts=_districts(ground, layers),
    )


def _reached(ground: Ground, terms: Terms, told: Told) -> Reached:
    """Return the roads that posts which go anywhere reach within the time left after turnout."""
    outings: list[Outing] = []
    guards = ground.layout.posts.guards
    for number, fleet in enumerate(ground.links.fleets):
        for i in np.flatnonzero(guards[fleet.post] == NONE_ID).tolist():
            left_s = terms.within_s - float(fleet.start_s[i])
            on_road = fleet.place.off_m[i] <= ground.layout.snap_limit_m
            if left_s >= 0 and on_road:
                outings.append(Outing(number, fleet.place[np.array([i])], left_s))
    found = told.workers.each(reached_on, ground.links.routers, outings)
    return together(list(told.progress(found, len(outings))))


def _straight_m(ground: Ground) -> NDArray[np.float64]:
    """Return how far every spot lies from every base as the crow flies, shape (bases, spots)."""
    posts, spots = ground.layout.posts, ground.spots
    shape = len(posts.base_name), len(spots)
    lon_a, lat_a = np.repeat(posts.lon, shape[1]), np.repeat(posts.lat, shape[1])
    lon_b, lat_b = np.tile(spots.lon, shape[0]), np.tile(spots.lat, shape[0])
    return geodesic_m(lon_a, lat_a, lon_b, lat_b).reshape(shape)


def _radius(
    ground: Ground,
    terms: Terms,
    due: Due,
    straight_m: NDArray[np.float64],
    reached: Reached,
    radius_m: float | None,
) -> RadiusFigures | None:
    if radius_m is None:
        return None
    posts, network = ground.layout.posts, ground.layout.roads.network
    area = circles(network, posts.lon, posts.lat, radius_m)
    return RadiusFigures(
        radius_m=radius_m,
        area=_in_degrees(network, area),
        promise=promise_of(straight_m, radius_m, due, ground.links.demands, terms.within_s),
        roads_promised_m=road_inside_m(network, ground.layout.roads.index, area),
        roads_kept_m=reached_inside_m(network, reached, area),
    )


def _people(ground: Ground, terms: Terms, people: People | None, told: Told) -> PeopleFigures | None:
    if people is None:
        return None
    return PeopleFigures(people, ground.first_s(people.lon, people.lat, told) <= terms.within_s)


def _districts(ground: Ground, layers: Layers) -> DistrictFigures | None:
    districts, people, network = layers.districts, layers.people, ground.layout.roads.network
    if districts is None:
        return None
    spots = shapely.get_coordinates(
        shapely.point_on_surface(np.array(ground.layout.sources.shape, dtype=object))
    )
    lon, lat = places_along(network, np.arange(network.segments), np.full(network.segments, MIDDLE))
    none = np.zeros(0, dtype=np.int64)
    return DistrictFigures(
        name=districts.name,
        source=districts.holding(spots[:, 0], spots[:, 1]),
        segment=districts.holding(lon, lat),
        people=none if people is None else districts.holding(people.lon, people.lat),
    )


def _in_degrees(network: RoadNetwork, area: shapely.Geometry) -> shapely.Geometry:
    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees(network.metric_system, xy[:, 0], xy[:, 1]))

    return shapely.transform(area, degrees)
