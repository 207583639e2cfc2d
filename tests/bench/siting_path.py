"""The planner's whole path on Wuhan's roads: from the stored roads to ranked pairs and their map."""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads, open_live_roads
from api.mapping import road_frame
from geo.crs import to_metres
from geo.maps.offline import save_offline
from geo.maps.siting_front import FrontPoint
from geo.maps.siting_map import Fare, PlanLayer, SiteDot, SitingScene, Source, siting_map
from geo.maps.words import Word, clock
from geo.places import Place
from routing.siting import Option, Ranking, rank_sites
from routing.siting.question import soonest
from routing.snapping import Snapped
from routing.spread import spread

T = TypeVar("T")

ROADS, PROFILE = "wuhan", "heavy-hazmat-truck"
DEMAND, CANDIDATES, STANDING = 20_000, 1_000, 8
SITES = STANDING + CANDIDATES
STANDARD_S, TURNOUT_S = 900, 60
SPREAD = 2 * SITES
MOST_WEIGHT, BESIDE_DEG = 99, 0.002
SHOWN = 2
MIB_IN_KIB = 1024
ROOT = Path(os.environ.get("RESCUEGRID_VAR", "var")) / "roads"


@dataclass(frozen=True)
class Step:
    """One part of the path, how long it took, and the most memory held by then."""

    what: str
    wall_s: float
    cpu_s: float
    peak_mib: float
    said: str


@dataclass(frozen=True, eq=False)
class Places:
    """Where demand and sites lie, WGS84; the first sites stand already."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    site_lon: NDArray[np.float64]
    site_lat: NDArray[np.float64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class Stopwatch:
    """Steps as they are done."""

    steps: list[Step] = field(default_factory=list)

    def timed(self, what: str, work: Callable[[], T], said: Callable[[T], str]) -> T:
        """Do one step and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB_IN_KIB
        self.steps.append(Step(what, wall_s, cpu_s, peak_mib, said(result)))
        return result


def path() -> list[Step]:
    """Go the whole path once, in this process."""
    watch = Stopwatch()
    roads = watch.timed("open the roads, ready one vehicle", _opened, lambda r: f"{r.network.nodes:,} nodes")
    places = places_on(roads)
    homes, bases = watch.timed("snap demand and sites", lambda: _snapped(roads, places), _furthest)
    seconds = watch.timed(
        "matrix of arrivals", lambda: _seconds(roads, homes, bases), lambda s: f"{s.size:,}"
    )
    standing = list(range(STANDING))
    ranking = watch.timed(
        "score and rank every pair",
        lambda: rank_sites(seconds, places.weight, STANDARD_S, standing),
        lambda found: f"{len(found.options):,} pairs, {len(found.front)} on the front",
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "siting.html"
        watch.timed(
            "map",
            lambda: save_offline(siting_map(scene_of(roads, places, ranking, seconds)), page),
            lambda _: f"{page.stat().st_size / 2**20:.1f} MiB",
        )
    return watch.steps


def places_on(roads: LiveRoads) -> Places:
    """Return demand scattered about road nodes, and sites spread evenly over them."""
    network, random = roads.network, np.random.default_rng(1)
    at = random.integers(0, network.nodes, DEMAND)
    lon, lat = network.node_lon[at], network.node_lat[at]
    x, y = to_metres(network.metric_system, network.node_lon, network.node_lat)
    sites = random.permutation(spread(x, y, SPREAD))[:SITES]
    return Places(
        lon=lon + random.uniform(-BESIDE_DEG, BESIDE_DEG, DEMAND),
        lat=lat + random.uniform(-BESIDE_DEG, BESIDE_DEG, DEMAND),
        site_lon=network.node_lon[sites],
        site_lat=network.node_lat[sites],
        weight=random.integers(1, MOST_WEIGHT + 1, DEMAND).astype(np.float64),
    )


def scene_of(roads: LiveRoads, places: Places, ranking: Ranking, seconds: NDArray[np.float64]) -> SitingScene:
    """Return the best pair and the one with the soonest worst arrival as a map tells them."""
    shown = dict.fromkeys([ranking.best, ranking.front[-1]])
    return SitingScene(
        title="Siting",
        subtitle=f"{STANDARD_S} s",
        plans=tuple(
            _layer(letter, option, places, seconds)
            for letter, option in zip("AB"[:SHOWN], shown, strict=False)
        ),
        standing=tuple(_dot(places, site) for site in ranking.standing),
        candidates=tuple(_dot(places, site) for site in range(STANDING, SITES)),
        sources=tuple(
            Source(f"demand {at}", 1 + at % 4, Place(float(lon), float(lat)), synthetic=True)
            for at, (lon, lat) in enumerate(zip(places.lon, places.lat, strict=True))
        ),
        front=tuple(
            FrontPoint(option.covered, option.worst_s, "", str(option.sites), on_front=True)
            for option in ranking.front
        ),
        front_counts=Word("覆盖", "weight covered"),
        rules=(),
        notes=(),
        roads=road_frame(roads.network),
        licence=roads.licence,
    )


def _layer(letter: str, option: Option, places: Places, seconds: NDArray[np.float64]) -> PlanLayer:
    arrival = soonest(seconds, [*range(STANDING), *option.sites])
    return PlanLayer(
        letter=letter,
        why="",
        builds=" + ".join(str(site) for site in option.sites),
        facts=(f"{option.covered:,.0f}",),
        latest=clock(option.worst_s),
        latest_source=int(np.argmax(np.where(np.isfinite(arrival), arrival, -1))),
        new=tuple(_dot(places, site) for site in option.sites),
        upgraded=(),
        fares=tuple(
            Fare(float(each <= STANDARD_S), float(each) if np.isfinite(each) else None) for each in arrival
        ),
    )


def _dot(places: Places, site: int) -> SiteDot:
    return SiteDot(f"site {site}", Place(float(places.site_lon[site]), float(places.site_lat[site])))


def _opened() -> LiveRoads:
    roads = open_live_roads(ROOT, ROADS)
    roads.routers.get(PROFILE)
    return roads


def _snapped(roads: LiveRoads, places: Places) -> tuple[Snapped, Snapped]:
    return roads.index.snap(places.lon, places.lat), roads.index.snap(places.site_lon, places.site_lat)


def _furthest(snapped: tuple[Snapped, Snapped]) -> str:
    return f"furthest {snapped[0].off_m.max():.0f} m off the road"


def _seconds(roads: LiveRoads, homes: Snapped, bases: Snapped) -> NDArray[np.float64]:
    driving = roads.routers.get(PROFILE).matrix(bases, homes)
    return np.ceil(TURNOUT_S + driving.T - 1e-6)
