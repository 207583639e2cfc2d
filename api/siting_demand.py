"""What bases are sited for: the graded hazard sources as rows to reach, and what each counts."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.planning import PlannedSources

PARTS = 12
"""A line is cut into so many equal parts, each a twelfth of one demand."""
GATES = 8
"""So many points of a plant's outline stand for its gates, which the registry does not know."""
GRAVEST = 2
SCALE = {3: 2, 4: 1}
"""What a source of a lower level counts, once levels 1 and 2 are settled."""
WEIGHTS = (
    "One demand a source. Levels 1 and 2 come first: no number of lower ones outweighs any part of one. "
    "Then a level-3 source counts 2 and a level-4 source 1. Lines count by share of length (twelve parts), "
    "plants by their worst gate (eight points of the outline)."
)


@dataclass(frozen=True, eq=False)
class Demand:
    """
    Rows to be reached.

    Attributes
    ----------
    sources : PlannedSources
    source : int64, shape (rows,)
        Whose row it is: a position among the sources.
    share : float64, shape (rows,)
        How much of its source the row is.
    row : int64, shape (points,)
        The row a point belongs to, ascending; a row is reached when all its points are.
    lon, lat : float64, shape (points,)
        WGS84 degrees.
    """

    sources: PlannedSources
    source: NDArray[np.int64]
    share: NDArray[np.float64]
    row: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @property
    def grade(self) -> NDArray[np.int64]:
        """The level of each row's source, shape (rows,)."""
        return self.sources.grade[self.source]

    def weight(self, scenarios: int) -> NDArray[np.float64]:
        """Return what each row counts in each of some scenarios, whole numbers, shape (rows,)."""
        parts = np.rint(self.share * PARTS)
        lower = np.array([SCALE.get(grade, 0) for grade in self.grade.tolist()], dtype=np.float64)
        first = scenarios * float((parts * lower).sum()) + 1
        return parts * np.where(self.grade <= GRAVEST, first, lower)

    def reached_by_source(self, reached: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return which share of each source is reached, of rows that are, shape (sources,)."""
        return np.bincount(self.source, self.share * reached, minlength=len(self.sources.id)).astype(
            np.float64
        )


def demand_of(sources: PlannedSources) -> Demand:
    """Return a point as one row, a line as twelve, and an area as one row of several points."""
    source: list[int] = []
    share: list[float] = []
    row: list[int] = []
    points: list[shapely.Point] = []
    for number, shape in enumerate(sources.shape):
        for spots in _rows(shape):
            row += [len(source)] * len(spots)
            points += spots
            source.append(number)
            share.append(1 / PARTS if shape.geom_type == "LineString" else 1.0)
    return Demand(
        sources=sources,
        source=np.array(source, dtype=np.int64),
        share=np.array(share),
        row=np.array(row, dtype=np.int64),
        lon=shapely.get_x(points),
        lat=shapely.get_y(points),
    )


def _rows(shape: shapely.Geometry) -> list[list[shapely.Point]]:
    if shape.geom_type == "LineString":
        middles = (np.arange(PARTS) + 0.5) / PARTS
        return [[point] for point in shapely.line_interpolate_point(shape, middles, normalized=True)]
    if shape.geom_type == "Polygon":
        along = np.arange(GATES) / GATES
        return [list(shapely.line_interpolate_point(shape.exterior, along, normalized=True))]
    return [[shape]]
