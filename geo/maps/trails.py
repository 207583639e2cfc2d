"""Trails on a map: a thin line with the newest end strong, and a time here and there."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from geo.maps.base import Sample
from geo.maps.elements import Json, PageCall
from geo.maps.lines import ROUTE_STEP_DEG, flat_lines, on_grid, packed_lines
from geo.maps.live import UnitTrail
from geo.maps.live_marks import hour
from geo.maps.words import Word

TRAILS = Word("行驶轨迹", "Trails")
TRAIL_SAMPLES = (
    Sample("rg-sample-line trail", Word("走过", "Driven")),
    Sample("rg-sample-line trail newest", Word("最近 3 分钟", "Last 3 min")),
)
NEWEST = timedelta(minutes=3)
MOST_TIMES = 4
"""So many times stand along one trail; the map hides those that would lie on something else."""
LEAST_APART = timedelta(minutes=1)


def trail_layer(trails: Sequence[UnitTrail]) -> PageCall:
    """
    Return the trails as an element to add to a feature group.

    Raises
    ------
    InvalidInputError
        When a trail does not have one time a fix, or its times run backwards.
    """
    return PageCall("trails", [_row(trail) for trail in trails])


def _row(trail: UnitTrail) -> Json:
    spots = _checked(trail)
    recent = next(i for i, at in enumerate(trail.times) if at >= trail.times[-1] - NEWEST)
    start = min(recent, len(spots) - 2)
    first, last = hour(trail.times[0]), hour(trail.times[-1])
    said: dict[str, Json] = {
        "name": f"Trail of {trail.name}, {first} to {last}",
        "meaning": str(TRAILS),
        "title": trail.name,
        "facts": [f"{first} → {last}"],
        "synthetic": "",
    }
    return said | {
        "path": _packed(spots),
        "newest": _packed(spots[start:]),
        "times": [_time(trail, spots, i) for i in _told(trail)],
    }


def _checked(trail: UnitTrail) -> NDArray[np.float64]:
    spots: NDArray[np.float64] = shapely.get_coordinates(trail.line)
    if len(spots) != len(trail.times):
        raise InvalidInputError("trails", f"{len(spots)} fixes have {len(trail.times)} times: give one a fix")
    if any(later < earlier for earlier, later in zip(trail.times, trail.times[1:], strict=False)):
        raise InvalidInputError("trails", f"the times of {trail.name!r} run backwards: sort its fixes")
    return spots


def _told(trail: UnitTrail) -> list[int]:
    """Return which fixes say their time: evenly apart in time, the newest among them."""
    lasting = trail.times[-1] - trail.times[0]
    apart = max(lasting / MOST_TIMES, LEAST_APART)
    told = [len(trail.times) - 1]
    for i in range(len(trail.times) - 2, -1, -1):
        if trail.times[told[-1]] - trail.times[i] >= apart:
            told.append(i)
    return told[::-1]


def _time(trail: UnitTrail, spots: NDArray[np.float64], i: int) -> Json:
    lon, lat = np.round(spots[i], 6).tolist()
    return {"label": hour(trail.times[i]), "at": [lat, lon]}


def _packed(spots: NDArray[np.float64]) -> Json:
    lonlat, counts = flat_lines(np.array([shapely.linestrings(spots)], dtype=object))
    return packed_lines(on_grid(lonlat, ROUTE_STEP_DEG), counts, ROUTE_STEP_DEG)
