"""Cover against latest arrival as a small chart: points in the pixels of the panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.maps.words import clock

WIDTH_PX, HEIGHT_PX = 336, 176
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 52, 20, 16, 30
NO_SPAN = 1.0
FEWEST = 2


@dataclass(frozen=True)
class FrontPoint:
    """
    A plan on the chart.

    Attributes
    ----------
    reached : float
        How many of the sources that are counted it reaches in time.
    latest_s : float or None
        Its latest arrival; None where it never comes, which is not drawn.
    letter : str
        Of the plan on the map, or empty.
    title : str
        What it builds and reaches, in words.
    on_front : bool
        Whether no other plan beats it in both.
    """

    reached: float
    latest_s: float | None
    letter: str
    title: str
    on_front: bool


@dataclass(frozen=True)
class Spot:
    """A point as it is drawn."""

    x: float
    y: float
    letter: str
    title: str
    on_front: bool


@dataclass(frozen=True)
class Tick:
    """A value written beside an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """The chart: its size, its points, a line through those on the front, and what stands at the axes."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    line: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    left: float
    base: float


def chart_of(points: Sequence[FrontPoint]) -> Chart | None:
    """Place points by sources reached and latest arrival; None where fewer than two can be drawn."""
    drawn = [(point, point.latest_s) for point in points if point.latest_s is not None]
    if len(drawn) < FEWEST:
        return None
    reached, latest = [point.reached for point, _ in drawn], [latest_s for _, latest_s in drawn]
    across = _Axis(min(reached), max(reached), LEFT_PX + 12, WIDTH_PX - RIGHT_PX)
    up = _Axis(min(latest), max(latest), HEIGHT_PX - BOTTOM_PX - 12, TOP_PX)
    spots = tuple(
        Spot(across.at(point.reached), up.at(latest_s), point.letter, point.title, point.on_front)
        for point, latest_s in sorted(drawn, key=lambda one: one[0].on_front)
    )
    front = sorted((spot.x, spot.y) for spot in spots if spot.on_front)
    return Chart(
        width=WIDTH_PX,
        height=HEIGHT_PX,
        spots=spots,
        line=" ".join(f"{x},{y}" for x, y in front),
        across=tuple(Tick(across.at(value), f"{value:.3g}") for value in {across.least, across.most}),
        up=tuple(Tick(up.at(value), clock(value)) for value in {up.least, up.most}),
        left=LEFT_PX,
        base=HEIGHT_PX - BOTTOM_PX,
    )


@dataclass(frozen=True)
class _Axis:
    """Values laid out between two pixels."""

    least: float
    most: float
    first_px: float
    last_px: float

    def at(self, value: float) -> float:
        span = self.most - self.least or NO_SPAN
        return round(self.first_px + (value - self.least) / span * (self.last_px - self.first_px), 1)
