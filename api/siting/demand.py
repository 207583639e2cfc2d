"""What bases are sited for: the graded hazard sources as rows to reach, and what each counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from data.planning import PlannedSources
from routing.network import RoadNetwork
from routing.snapping import RoadIndex
from routing.spots import is_line, spots_of

PARTS = 12
"""A line is cut into so many equal parts, each a twelfth of one demand."""
GRAVEST = 2
SCALE = {3: 2, 4: 1}
"""What a source of a lower level counts, once levels 1 and 2 are settled."""
WEIGHTS = (
    "One demand a source. Levels 1 and 2 come first: no number of lower ones outweighs any part of one. "
    "Then a level-3 source counts 2 and a level-4 source 1. Lines count by share of length (twelve parts), "
    "plants by their worst gate, gates being where roads cross the outline; one base must reach them all."
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

    def without_gates_that_are_none(self, ever: NDArray[np.bool_]) -> "Demand":
        """
        Return the demand without points that nobody ever reaches, unless nobody reaches any other of the row.

        Where a road crosses the outline of a plant there may be a gate; one that leads nowhere is none.

        Parameters
        ----------
        ever : bool, shape (points,)
            Whether somebody reaches each while everything is open.
        """
        some = np.bincount(self.row, ever, minlength=len(self.source)) > 0
        kept = ever | ~some[self.row]
        return replace(self, row=self.row[kept], lon=self.lon[kept], lat=self.lat[kept])


def demand_of(sources: PlannedSources, network: RoadNetwork, index: RoadIndex) -> Demand:
    """Return a point as one row, a line as twelve, and an area as one row with a point at each gate."""
    source: list[int] = []
    share: list[float] = []
    row: list[int] = []
    points: list[NDArray[np.float64]] = []
    for number, shape in enumerate(sources.shape):
        rows = _parts(shape) if is_line(shape) else [_gates(shape, network, index)]
        for spots in rows:
            row += [len(source)] * len(spots)
            points.append(spots)
            source.append(number)
            share.append(1 / len(rows))
    lon, lat = np.concatenate([np.zeros((0, 2)), *points]).T
    return Demand(
        sources=sources,
        source=np.array(source, dtype=np.int64),
        share=np.array(share),
        row=np.array(row, dtype=np.int64),
        lon=lon,
        lat=lat,
    )


def _parts(line: shapely.Geometry) -> Sequence[NDArray[np.float64]]:
    """Return the middle of each twelfth of a line."""
    middles = shapely.line_interpolate_point(line, (np.arange(PARTS) + 0.5) / PARTS, normalized=True)
    return [shapely.get_coordinates(point) for point in middles]


def _gates(shape: shapely.Geometry, network: RoadNetwork, index: RoadIndex) -> NDArray[np.float64]:
    spots = spots_of(network, index, [shape])
    return np.column_stack((spots.lon, spots.lat))
