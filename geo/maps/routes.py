"""The roads taken: one line a unit or depot, the first due strongest, each with its time on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame

from geo.errors import InvalidInputError
from geo.maps.elements import Json, PageCall
from geo.maps.frames import checked
from geo.maps.lines import ROUTE_STEP_DEG, flat_lines, on_grid, packed_lines
from geo.maps.words import clock
from geo.places import Place

ROUTE_COLUMNS = ("name", "kind", "rank", "arrival_s", "travel_s", "distance_m")
STRONG_RANKS = {"unit": 6, "depot": 3}
"""Routes of a later rank are drawn thin, so that the first ones can be told apart."""
FIRST_DUE = "first-due"
KM_M = 1000

Whose = tuple[str, str, str]
"""Kind, name and rank of whoever drives a route."""


@dataclass(frozen=True)
class Route:
    """One row of the frame of routes."""

    name: str
    kind: str
    rank: float
    arrival_s: float
    travel_s: float
    distance_m: float


def whose(kind: str, name: str, rank: float) -> Whose:
    """Return what ties a route to its unit or depot."""
    return kind, name, f"{rank:g}"


def route_layer(routes: GeoDataFrame, css_of: Mapping[Whose, str]) -> PageCall:
    """
    Return the routes as an element to add to a feature group.

    Units that leave one station at one time share one label.

    Parameters
    ----------
    routes : GeoDataFrame
        Lines with the columns of ``IncidentScene.routes``.
    css_of : mapping
        How to draw the routes of those who stand out or step back. ``FIRST_DUE`` is drawn strongest and
        always carries its time; whoever is not named is drawn by rank.
    """
    rows = checked(routes, "routes", ROUTE_COLUMNS)
    unknown = sorted(set(rows["kind"]) - set(STRONG_RANKS))
    if unknown:
        raise InvalidInputError("routes", f"kind {unknown[0]!r} is not one of {', '.join(STRONG_RANKS)}")
    cells = zip(*(rows[name] for name in ROUTE_COLUMNS), strict=True)
    read = [(Route(*cell), line) for cell, line in zip(cells, rows.geometry, strict=True)]
    drawn = [(route, line, _css(route, css_of)) for route, line in read]
    drawn.sort(key=lambda each: _importance(each[0], each[2]), reverse=True)
    labelled: set[tuple[str, str, bytes]] = set()
    packed: list[Json] = []
    for route, line, css in drawn:
        same = (route.kind, clock(route.arrival_s), shapely.to_wkb(line))
        packed.append(_route(route, line, css, "" if same in labelled else clock(route.arrival_s)))
        labelled.add(same)
    return PageCall("lines", packed[::-1])


def off_road_line(place: Place, road_place: Place) -> PageCall:
    """Return the dashed line between a place and where it meets the road."""
    line = shapely.LineString([(place.lon, place.lat), (road_place.lon, road_place.lat)])
    title = "离开道路 Off the road"
    look: dict[str, Json] = {"css": "off-road", "label": "", "always": False, "synthetic": ""}
    said: dict[str, Json] = {"name": title, "meaning": "", "title": title, "facts": []}
    return PageCall("lines", [look | said | {"path": _packed(line)}])


def _route(route: Route, line: shapely.LineString, css: str, label: str) -> dict[str, Json]:
    arrival = clock(route.arrival_s)
    length = f"{route.distance_m / KM_M:.1f} km" if math.isfinite(route.distance_m) else ""
    facts = [f"到达 Arrival {arrival}", f"行驶 Driving {clock(route.travel_s)}", length]
    return {
        "css": css,
        "label": label if math.isfinite(route.arrival_s) else "",
        "always": css == FIRST_DUE,
        "name": f"Route of {route.name}, arrival {arrival}",
        "meaning": "仓库路线 Depot route" if route.kind == "depot" else "车组路线 Unit route",
        "title": route.name,
        "facts": [fact for fact in facts if fact],
        "synthetic": "",
        "path": _packed(line),
    }


def _css(route: Route, css_of: Mapping[Whose, str]) -> str:
    named = css_of.get(whose(route.kind, route.name, route.rank))
    if named is not None:
        return named
    later = not route.rank <= STRONG_RANKS[route.kind]
    return f"{route.kind}{' later' if later else ''}"


def _importance(route: Route, css: str) -> tuple[bool, bool, float]:
    rank = route.rank if math.isfinite(route.rank) else math.inf
    return css == FIRST_DUE, "later" not in css, -rank


def _packed(line: shapely.LineString) -> Json:
    lonlat, counts = flat_lines(np.array([line], dtype=object))
    return packed_lines(on_grid(lonlat, ROUTE_STEP_DEG), counts, ROUTE_STEP_DEG)
