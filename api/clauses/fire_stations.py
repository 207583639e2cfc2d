"""Fire stations and their areas, and how long an engine takes to the farthest road of an area."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.clauses.findings import Subject
from api.clauses.ground import Ground, Starts
from data.clause_facts import CrewFacts
from data.models import Tier, VehicleProfile
from data.records import StationAreaFacts
from routing.area_edge import Farthest, RoadPoints, farthest, road_points, turning_places

ENGINE = VehicleProfile.FIRE_ENGINE.value


@dataclass(frozen=True)
class Station:
    """A fire station, its engines in service, the quickest first, and its area where one is drawn."""

    subject: Subject
    lon: float
    lat: float
    engines: tuple[CrewFacts, ...]
    area: StationAreaFacts | None

    @property
    def turnout_s(self) -> float:
        """When the quickest engine is out; ``inf`` where there is none."""
        return min((engine.turnout_s for engine in self.engines), default=np.inf)


def stations(ground: Ground) -> tuple[Station, ...]:
    """Return the fire stations in the order of their units, then bases that have an area alone."""
    areas = {area.base: area for area in ground.records.station_areas}
    by_base: dict[str, list[CrewFacts]] = {}
    for crew in ground.records.crews:
        if crew.tier == Tier.FIRE_BRIGADE or crew.base in areas:
            by_base.setdefault(crew.base, []).append(crew)
    found = [_station(crews, areas.get(base)) for base, crews in by_base.items()]
    bare = [area for base, area in areas.items() if base not in by_base]
    return (*found, *(Station(_subject(area), area.lon, area.lat, (), area) for area in bare))


def _station(crews: Sequence[CrewFacts], area: StationAreaFacts | None) -> Station:
    first = crews[0]
    engines = [crew for crew in crews if crew.profile == VehicleProfile.FIRE_ENGINE and crew.in_service]
    subject = Subject("station", first.base, first.lon, first.lat, first.synthetic)
    quickest = tuple(sorted(engines, key=lambda crew: crew.turnout_s))
    return Station(subject, first.lon, first.lat, quickest, area)


def _subject(area: StationAreaFacts) -> Subject:
    return Subject("station", area.base, area.lon, area.lat)


def points_of(ground: Ground, area: StationAreaFacts) -> RoadPoints:
    """Return the road points that stand for an area."""
    return road_points(ground.roads.network, ground.roads.index, area.area)


def edge_from(ground: Ground, area: StationAreaFacts, lon: float, lat: float) -> Farthest | None:
    """Return which road of an area an engine reaches last from a place, None where it reaches none at all."""
    network, points = ground.roads.network, points_of(ground, area)
    start = Starts(np.array([lon]), np.array([lat]), (ENGINE,), np.zeros(1))
    ends = np.column_stack((network.tail[points.segment], network.head[points.segment]))
    nodes, where = np.unique(ends, return_inverse=True)
    node_s = ground.seconds(start, network.node_lon[nodes], network.node_lat[nodes])[0]
    metric = ground.roads.routers.get(ENGINE, ground.preset).metric
    turning = turning_places(network, metric, area.area, points.segment, node_s[where.reshape(ends.shape)])
    every = points.and_at(*turning)
    return farthest(every, ground.seconds(start, every.lon, every.lat)[0])
