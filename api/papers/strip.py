"""A piece of map that prints: the roads around some ways, drawn as vectors, north up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.papers.pages import M_PER_KM, PAGES
from geo.places import Place
from routing.network import RoadNetwork

WIDTH, HEIGHT = 960.0, 800.0
"""The size of the drawing in its own unit, a tenth of a millimetre where it is drawn in full."""
DEGREE_M = 111_320.0
MARGIN = 0.1
LEAST_SPAN_M = 600.0
MOST_SEGMENTS = 3500
GRADES: tuple[tuple[str, ...], ...] = (
    ("motorway", "trunk", "primary"),
    ("motorway_link", "trunk_link", "primary_link", "secondary", "secondary_link"),
    ("tertiary", "tertiary_link"),
)
"""The classes of roads from the widest line to the thinner ones; all others are thinnest."""
WIDTHS = (9.0, 6.0, 4.0, 2.5)
NICE = (1.0, 2.0, 5.0)
SCALE_SHARE = 0.25
APART = 26.0
Points = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """A way to draw, as lon, lat; ``turns_m`` are how far along it each turn lies, numbered from 1."""

    line: Sequence[tuple[float, float]]
    turns_m: Sequence[float] = ()


@dataclass(frozen=True)
class Mark:
    """Something to mark, with a few characters beside it."""

    place: Place
    css: str
    label: str = ""


@dataclass(frozen=True)
class _Stroke:
    width: float
    path: str


@dataclass(frozen=True)
class _Spot:
    x: float
    y: float
    label: str
    css: str = ""


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing."""

    west_m: float
    north_m: float
    lon_m: float
    per_m: float

    def points(self, lon: Points, lat: Points) -> Points:
        """Return places of the drawing, shape (n, 2)."""
        x = (lon * self.lon_m - self.west_m) * self.per_m
        y = (self.north_m - lat * DEGREE_M) * self.per_m
        return np.column_stack((x, y))

    def spot(self, place: Place, label: str, css: str) -> _Spot:
        x, y = self.points(np.array([place.lon]), np.array([place.lat]))[0]
        return _Spot(round(float(x), 1), round(float(y), 1), label, css)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees."""
        west, north = self.west_m / self.lon_m, self.north_m / DEGREE_M
        return (
            west,
            north - HEIGHT / self.per_m / DEGREE_M,
            west + WIDTH / self.per_m / self.lon_m,
            north,
        )


def strip_svg(network: RoadNetwork, ways: Sequence[Way], marks: Sequence[Mark]) -> str:
    """Return the drawing as SVG."""
    frame = _frame_of(ways, marks)
    scale_m = _scale_m(frame)
    return PAGES.get_template("strip.svg").render(
        width=WIDTH,
        height=HEIGHT,
        roads=_roads(network, frame),
        ways=[_path([_drawn(way, frame)]) for way in ways],
        turns=[turn for way in ways for turn in _turns(way, frame)],
        marks=[frame.spot(mark.place, mark.label, mark.css) for mark in marks],
        scale_px=round(scale_m * frame.per_m, 1),
        scale=f"{scale_m / M_PER_KM:g} km" if scale_m >= M_PER_KM else f"{scale_m:g} m",
    )


def _frame_of(ways: Sequence[Way], marks: Sequence[Mark]) -> _Frame:
    spots = np.array(
        [spot for way in ways for spot in way.line] + [(m.place.lon, m.place.lat) for m in marks]
    )
    lon_m = DEGREE_M * math.cos(math.radians(float(spots[:, 1].mean())))
    at_m = spots * (lon_m, DEGREE_M)
    low, high = at_m.min(axis=0), at_m.max(axis=0)
    span = np.maximum((high - low) * (1 + 2 * MARGIN), LEAST_SPAN_M)
    per_m = float(min(WIDTH / span[0], HEIGHT / span[1]))
    centre = (low + high) / 2
    return _Frame(float(centre[0]) - WIDTH / per_m / 2, float(centre[1]) + HEIGHT / per_m / 2, lon_m, per_m)


def _roads(network: RoadNetwork, frame: _Frame) -> list[_Stroke]:
    """Return the roads of the frame, thin ones first; where there are too many only the larger ones."""
    first, last = network.point_first[:-1], network.point_first[1:]
    west, south, east, north = frame.box
    inside = (
        (np.maximum.reduceat(network.point_lon, first) >= west)
        & (np.minimum.reduceat(network.point_lon, first) <= east)
        & (np.maximum.reduceat(network.point_lat, first) >= south)
        & (np.minimum.reduceat(network.point_lat, first) <= north)
    )
    grade_of = {name: grade for grade, names in enumerate(GRADES) for name in names}
    grades = np.array([grade_of.get(name, len(GRADES)) for name in network.class_names.tolist()])
    grade = grades[network.road_class]
    shown = [np.flatnonzero(inside & (grade == each)) for each in range(len(WIDTHS))]
    counts = np.cumsum([len(each) for each in shown])
    points = frame.points(network.point_lon, network.point_lat)
    drawn = [each for each in range(len(WIDTHS)) if each == 0 or counts[each] <= MOST_SEGMENTS]
    return [
        _Stroke(WIDTHS[each], _path([points[first[i] : last[i]] for i in shown[each].tolist()]))
        for each in reversed(drawn)
        if len(shown[each])
    ]


def _drawn(way: Way, frame: _Frame) -> Points:
    lon, lat = np.array(way.line, dtype=np.float64).T
    return frame.points(lon, lat)


def _path(lines: Sequence[Points]) -> str:
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in line.round(1).tolist()) for line in lines if len(line)
    )


def _turns(way: Way, frame: _Frame) -> list[_Spot]:
    """Return the numbers of the turns, those too near the one before left out."""
    line = _drawn(way, frame)
    along_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T)))) / frame.per_m
    found: list[_Spot] = []
    for number, turn_m in enumerate(way.turns_m, start=1):
        x, y = (float(np.interp(turn_m, along_m, line[:, axis])) for axis in (0, 1))
        if number > 1 and all(math.hypot(x - one.x, y - one.y) > APART for one in found):
            found.append(_Spot(round(x, 1), round(y, 1), str(number)))
    return found


def _scale_m(frame: _Frame) -> float:
    """Return a round length that takes up about a quarter of the drawing."""
    longest_m = SCALE_SHARE * WIDTH / frame.per_m
    ten = 10.0 ** math.floor(math.log10(longest_m))
    return max(nice * ten for nice in NICE if nice * ten <= longest_m)
