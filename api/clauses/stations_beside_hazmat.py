"""建标152-2017 art. 15: a station keeps off hazmat sites, upwind or crosswind: a should with its price."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point
from shapely.geometry.base import BaseGeometry

from api.answer_base import Words
from api.clauses.findings import Finding, Findings, Rules, Verdict
from api.clauses.fire_stations import Station, edge_from, stations
from api.clauses.ground import Ground
from api.clauses.numbers import told, told_in_chinese
from data.clause_facts import GradedSource
from geo.crs import to_metres
from geo.surroundings import degrees_off_upwind, in_metres

FROM_HAZMAT, UPWIND = "station-from-hazmat", "station-upwind"
CODES = (FROM_HAZMAT, UPWIND)
NO_HAZMAT = frozenset({"mine", "tailings-pond"})
LOOK_FOR_PLACE_M = 3000.0
MOST_PLACES = 500
"""So many crossings around a station are tried for one that keeps the clause."""
Keeps = Callable[[float, float], bool]


@dataclass(frozen=True)
class Hazmat:
    """The hazmat sites, and their shapes in degrees and in metres."""

    sites: tuple[GradedSource, ...]
    shapes: tuple[BaseGeometry, ...]
    metric: NDArray[np.object_]


def findings(ground: Ground, rules: Rules) -> Findings:
    """Judge every fire station by the nearest site, and by the wind at the sites in its area."""
    kept = [i for i, source in enumerate(ground.records.sources) if source.kind not in NO_HAZMAT]
    metric = np.empty(len(kept), dtype=np.object_)
    metric[:] = [ground.metric_shapes[i] for i in kept]
    hazmat = Hazmat(
        sites=tuple(ground.records.sources[i] for i in kept),
        shapes=tuple(ground.records.shapes.shape[i] for i in kept),
        metric=metric,
    )
    for station in stations(ground):
        yield from _judged(ground, rules, station, hazmat)


def _judged(ground: Ground, rules: Rules, station: Station, hazmat: Hazmat) -> Findings:
    if not hazmat.sites:
        none = Words(en="no hazmat site stands in the registry", zh="登记中无危险品场所")
        yield from (rules.cannot_tell(code, station.subject, none) for code in CODES)
        return
    yield _apart(ground, rules, station, hazmat)
    wind_deg = ground.layers.wind_from_deg
    if wind_deg is None:
        yield rules.cannot_tell(UPWIND, station.subject)
    else:
        yield _upwind(ground, rules, station, _beside(ground, station, hazmat), wind_deg)


def _apart(ground: Ground, rules: Rules, station: Station, hazmat: Hazmat) -> Finding:
    apart_m = _apart_m(ground, hazmat, station.lon, station.lat)
    near = int(np.argmin(apart_m))
    asked_m, gap_m = rules.by_code[FROM_HAZMAT].threshold or 0.0, float(apart_m[near])
    name, short_m = hazmat.sites[near].name, asked_m - gap_m
    said = Words(
        en=f"From {name}" + (f", {short_m:.0f} m short" if short_m > 0 else ""),
        zh=f"距 {name}" + (f"，差 {short_m:.0f} m" if short_m > 0 else ""),
    )
    finding = rules.measured(FROM_HAZMAT, station.subject, gap_m, said)
    return _priced(
        ground, station, finding, lambda lon, lat: bool(_apart_m(ground, hazmat, lon, lat).min() >= asked_m)
    )


def _upwind(
    ground: Ground, rules: Rules, station: Station, sites: Sequence[GradedSource], wind_deg: float
) -> Finding:
    """Judge by the site that it lies most downwind of."""

    def off_deg(lon: float, lat: float) -> list[float]:
        return [degrees_off_upwind((site.lon, site.lat), (lon, lat), wind_deg) for site in sites]

    most_deg, here = rules.by_code[UPWIND].threshold or 0.0, off_deg(station.lon, station.lat)
    worst = int(np.argmax(here))
    name = sites[worst].name
    said = Words(en=f"Seen from {name}, off upwind", zh=f"自 {name} 看，偏离上风方向")
    finding = rules.measured(UPWIND, station.subject, here[worst], said)
    return _priced(ground, station, finding, lambda lon, lat: max(off_deg(lon, lat)) <= most_deg)


def _beside(ground: Ground, station: Station, hazmat: Hazmat) -> list[GradedSource]:
    """Return the sites that touch the station's area, the nearest one where none does."""
    area = None if station.area is None else station.area.area
    inside = [
        site
        for site, shape in zip(hazmat.sites, hazmat.shapes, strict=True)
        if area is not None and shapely.intersects(area, shape)
    ]
    nearest = int(np.argmin(_apart_m(ground, hazmat, station.lon, station.lat)))
    return inside or [hazmat.sites[nearest]]


def _apart_m(ground: Ground, hazmat: Hazmat, lon: float, lat: float) -> NDArray[np.float64]:
    here = in_metres(Point(lon, lat), ground.metric_system)
    return np.asarray(shapely.distance(here, hazmat.metric), dtype=np.float64)


def _priced(ground: Ground, station: Station, finding: Finding, keeps: Keeps) -> Finding:
    """Add to a red what keeping the clause would cost: from the nearest crossing that keeps it."""
    if finding.verdict is not Verdict.RED:
        return finding
    price = _price(ground, station, keeps)
    said = Words(en=f"{finding.said.en} Price: {price.en}.", zh=f"{finding.said.zh}代价：{price.zh}。")
    return replace(finding, said=said)


def _price(ground: Ground, station: Station, keeps: Keeps) -> Words:
    network = ground.roads.network
    x, y = to_metres(ground.metric_system, network.node_lon, network.node_lat)
    here_x, here_y = to_metres(ground.metric_system, np.array([station.lon]), np.array([station.lat]))
    away_m = np.hypot(x - here_x[0], y - here_y[0])
    around = np.argsort(away_m, kind="stable")[:MOST_PLACES]
    for node in around[away_m[around] <= LOOK_FOR_PLACE_M].tolist():
        lon, lat = float(network.node_lon[node]), float(network.node_lat[node])
        if keeps(lon, lat):
            return _moved(ground, station, lon, lat, float(away_m[node]))
    return Words(en="no crossing around the station keeps it", zh="站址周边无路口符合")


def _moved(ground: Ground, station: Station, lon: float, lat: float, away_m: float) -> Words:
    place, place_zh = (
        f"from the crossing {away_m:.0f} m away that keeps it",
        f"迁至 {away_m:.0f} m 外符合的路口",
    )
    if station.area is None:
        unknown = "no area is drawn whose edge would tell"
        return Words(en=f"{place}, unknown: {unknown}", zh=f"{place_zh}，未绘制辖区，到边时间不明")
    now, then = (edge_from(ground, station.area, *at) for at in ((station.lon, station.lat), (lon, lat)))
    if now is None or then is None:
        return Words(en=f"{place}, the edge of its area is not reached", zh=f"{place_zh}，到不了辖区边缘")
    later_s = round(then.seconds - now.seconds)
    word, word_zh = ("later", "晚") if later_s >= 0 else ("sooner", "早")
    return Words(
        en=f"{place}, the edge of its area is reached {told(abs(later_s), 's')} {word}",
        zh=f"{place_zh}，到达辖区边缘{word_zh} {told_in_chinese(abs(later_s), 's')}",
    )
