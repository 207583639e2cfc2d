"""Places that call in a simulation: hazard sources, and junctions that stand for streets and people."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.dispatching import Centre
from data.call_assumptions import ALL, GRADES, SOURCE, STREETS, PlaceRow
from data.graded_sources import Site, site_at, site_by_id
from data.planning import PlannedSources, planned_sources
from geo.errors import InvalidInputError
from geo.places import Place
from routing.network import RoadNetwork

STREET_SPOTS = 400
"""So many junctions stand for all streets."""
LINE_SPOTS = 5
"""A line is called from so many points, evenly along it."""
BESIDE_SOURCES = 0.05
"""Junctions are drawn from the sources' box, grown by this share of it."""
NO_SITE_GRADE = 0


@dataclass(frozen=True, eq=False)
class Spots:
    """
    Places that call.

    Attributes
    ----------
    lon, lat, weight : float64, shape (n,)
        WGS84 degrees; how often one calls, relative to others.
    street : bool, shape (n,)
        A junction; every other is a hazard source.
    site : tuple of Site or None, length n
        The hazard source that the product says an incident there is at.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    weight: NDArray[np.float64]
    street: NDArray[np.bool_]
    site: tuple[Site | None, ...]

    def __len__(self) -> int:
        return len(self.lon)

    @cached_property
    def grade(self) -> NDArray[np.int64]:
        """The grade of the site each is at, 0 where there is none."""
        return np.array([site.grade or NO_SITE_GRADE if site else NO_SITE_GRADE for site in self.site])


def spots_of(
    session: Session, places: Sequence[PlaceRow], centre: Centre, random: np.random.Generator
) -> Spots:
    """Return hazard sources, lines at several points, then junctions, each with the site it is at."""
    sources, network = planned_sources(session), centre.roads.network
    points = [_points(shape) for shape in sources.shape]
    owner = np.repeat(np.arange(len(points)), [len(own) for own in points])
    nodes = _junctions(network, sources, random)
    lon = np.concatenate((*(own[:, 0] for own in points), network.node_lon[nodes]))
    lat = np.concatenate((*(own[:, 1] for own in points), network.node_lat[nodes]))
    part = 1.0 / np.array([len(own) for own in points])[owner] if len(owner) else np.zeros(0)
    street = np.arange(len(lon)) >= len(owner)
    radius_m = centre.settings.site_radius_m
    by_source = [site_by_id(session, int(one)) for one in sources.id]
    site = [by_source[one] for one in owner.tolist()]
    site += [site_at(session, Place(float(lon[i]), float(lat[i])), radius_m) for i in np.flatnonzero(street)]
    weight = np.concatenate((_weight_of_sources(places, sources)[owner] * part, np.zeros(len(nodes))))
    weight[street] = sum(row.weight for row in places if row.where == STREETS) / max(len(nodes), 1)
    off_m = centre.roads.index.snap(lon, lat).off_m
    weight[off_m > centre.settings.incident_limit_m] = 0.0
    return Spots(lon, lat, weight, street, tuple(site))


def _points(shape: shapely.Geometry) -> NDArray[np.float64]:
    if shape.geom_type in ("LineString", "MultiLineString"):
        along = (np.arange(LINE_SPOTS) + 0.5) / LINE_SPOTS
        return np.asarray(
            shapely.get_coordinates(shapely.line_interpolate_point(shape, along, normalized=True))
        )
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))


def _junctions(
    network: RoadNetwork, sources: PlannedSources, random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw nodes of the network, evenly among those about the sources: most where streets are dense."""
    lon, lat = network.node_lon, network.node_lat
    inside = np.ones(len(lon), dtype=np.bool_)
    if len(sources.id):
        west, south, east, north = shapely.total_bounds(np.asarray(sources.shape, dtype=np.object_)).tolist()
        by_lon, by_lat = (east - west) * BESIDE_SOURCES, (north - south) * BESIDE_SOURCES
        inside = (lon >= west - by_lon) & (lon <= east + by_lon)
        inside &= (lat >= south - by_lat) & (lat <= north + by_lat)
    nodes = np.flatnonzero(inside) if inside.any() else np.arange(len(lon))
    drawn = random.choice(nodes, min(STREET_SPOTS, len(nodes)), replace=False)
    return np.sort(drawn).astype(np.int64)


def _weight_of_sources(places: Sequence[PlaceRow], sources: PlannedSources) -> NDArray[np.float64]:
    weight = np.zeros(len(sources.id))
    for row in places:
        if row.where == STREETS:
            continue
        own = sources.grade == GRADES[row.where]
        each = row.weight / max(int(own.sum()), 1) if row.counted == ALL else row.weight
        weight[own] += each
    return weight


def weight_where(spots: Spots, happens: Set[str]) -> NDArray[np.float64]:
    """Return the weights, zero where nothing can happen: happening are ``source``, ``streets`` or both."""
    weight = np.where(spots.street, STREETS in happens, SOURCE in happens) * spots.weight
    if not weight.any():
        raise InvalidInputError("call-places", "no place that the table names is in the registry")
    return np.asarray(weight, dtype=np.float64)
