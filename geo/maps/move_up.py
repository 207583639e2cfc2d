"""The move-up on the map: a dashed arrow, bent so that nobody takes it for a road."""

import numpy as np
import shapely

from geo.maps.decision import MoveUpLine
from geo.maps.elements import Json, PageCall
from geo.maps.lines import ROUTE_STEP_DEG, flat_lines, on_grid, packed_lines
from geo.maps.words import Word, clock

MOVE_UP = Word("移防", "Move-up")
BEND = 0.16
"""How far the arrow's middle control point stands off, as a share of its length."""
POINTS = 25


def move_up_arrow(move: MoveUpLine) -> PageCall:
    """Return the arrow from where the unit stands to the base it moves up to, with its time on it."""
    drive = clock(move.drive_s)
    facts: list[Json] = [f"→ {move.base}", f"行驶 Driving {drive}", move.regains]
    look: dict[str, Json] = {"css": "move-up", "label": f"移防 {drive}", "always": True, "synthetic": ""}
    said: dict[str, Json] = {
        "name": f"Move-up of {move.unit} to {move.base}, {drive}",
        "meaning": str(MOVE_UP),
        "title": move.unit,
        "facts": [fact for fact in facts if fact],
    }
    return PageCall("arrows", [look | said | {"path": _bent(move)}])


def _bent(move: MoveUpLine) -> Json:
    """Return a curve of second order; the bend is measured in degrees of latitude so that it looks even."""
    start, end = np.array([move.start.lon, move.start.lat]), np.array([move.end.lon, move.end.lat])
    stretch = np.array([np.cos(np.radians(start[1])), 1.0])
    east, north = (end - start) * stretch
    middle = (start + end) / 2 + BEND * np.array([-north, east]) / stretch
    t = np.linspace(0, 1, POINTS)[:, np.newaxis]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
    lonlat, counts = flat_lines(np.array([shapely.linestrings(curve)], dtype=object))
    return packed_lines(on_grid(lonlat, ROUTE_STEP_DEG), counts, ROUTE_STEP_DEG)
