"""The basemap: the road network itself, so that a map needs no tile server."""

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from geo.maps.elements import Json, PageCall
from geo.maps.frames import checked
from geo.maps.lines import ROAD_STEP_DEG, each_once, flat_lines, on_grid, packed_lines
from geo.maps.palette import PALETTE

MOST_POINTS = 400_000
"""Above this many points lines are simplified: the page stays below a few megabytes."""
SIMPLIFIED_BY_DEG = 5e-5


@dataclass(frozen=True)
class Extent:
    """A rectangle in WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float

    def padded(self, share: float, least_deg: float) -> "Extent":
        """Return the rectangle grown on each side by a share of its size, at least by ``least_deg``."""
        by_lon = max((self.east - self.west) * share, least_deg)
        by_lat = max((self.north - self.south) * share, least_deg)
        return Extent(self.west - by_lon, self.south - by_lat, self.east + by_lon, self.north + by_lat)


@dataclass(frozen=True)
class RoadStyle:
    """How a group of road classes is drawn; thinner groups come in at higher zooms."""

    classes: tuple[str, ...]
    colour: str
    width_px: float
    from_zoom: int
    everywhere: bool


STYLES = (
    RoadStyle(
        ("residential", "unclassified", "living_street", "service", "road", "pedestrian", "track"),
        PALETTE.road_minor,
        1.0,
        12,
        everywhere=False,
    ),
    RoadStyle(("tertiary", "tertiary_link"), PALETTE.road_middle, 1.3, 11, everywhere=False),
    RoadStyle(
        ("secondary", "secondary_link", "motorway_link", "trunk_link", "primary_link"),
        PALETTE.road_middle,
        1.8,
        10,
        everywhere=True,
    ),
    RoadStyle(("primary", "trunk"), PALETTE.road_major, 2.4, 0, everywhere=True),
    RoadStyle(("motorway",), PALETTE.road_motorway, 2.8, 0, everywhere=True),
)
OTHER_CLASSES = STYLES[0]


def road_layer(roads: GeoDataFrame, within: Extent) -> PageCall:
    """
    Return the roads as the ground of a map, drawn on canvas tiles.

    Inside ``within`` every class is drawn, outside it only the larger ones: what lies far from the story
    stays for orientation. Carriageways that coincide in both directions are drawn once.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines with a column ``road_class`` in OpenStreetMap's highway words.
    within : Extent
        The surroundings of what the map tells.
    """
    roads = checked(roads, "roads", ("road_class",))
    geometry = roads.geometry.to_numpy()
    style_of_class = {name: index for index, style in enumerate(STYLES) for name in style.classes}
    style = (
        roads["road_class"].map(style_of_class).fillna(STYLES.index(OTHER_CLASSES)).to_numpy(dtype=np.int64)
    )
    drawn = _inside(geometry, within) | np.array([s.everywhere for s in STYLES])[style]
    geometry, style = _light(geometry[drawn]), style[drawn]
    groups = [_group(STYLES[i], geometry[style == i]) for i in range(len(STYLES))]
    return PageCall("roads", [group for group in groups if group["counts"]])


def _inside(geometry: NDArray[np.object_], extent: Extent) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(geometry).T
    across: NDArray[np.bool_] = (east >= extent.west) & (west <= extent.east)
    along: NDArray[np.bool_] = (north >= extent.south) & (south <= extent.north)
    return across & along


def _light(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    if shapely.get_num_coordinates(geometry).sum() <= MOST_POINTS:
        return geometry
    simplified: NDArray[np.object_] = shapely.simplify(geometry, SIMPLIFIED_BY_DEG, preserve_topology=False)
    return simplified


def _group(style: RoadStyle, geometry: NDArray[np.object_]) -> dict[str, Json]:
    lonlat, counts = flat_lines(geometry)
    look: dict[str, Json] = {"colour": style.colour, "width": style.width_px, "from_zoom": style.from_zoom}
    return look | packed_lines(*each_once(on_grid(lonlat, ROAD_STEP_DEG), counts), ROAD_STEP_DEG)
