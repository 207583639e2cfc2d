"""What every map shares: the dark ground, its controls, a legend that switches layers, the data's licence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import folium
from branca.element import Element
from folium.plugins import Fullscreen
from folium.utilities import JsCode

from geo.maps.elements import PageCall, PageMarkup, page_of
from geo.maps.roads import Extent
from geo.maps.symbols import Look
from geo.maps.words import Word

FULL_SCREEN: Callable[..., Element] = Fullscreen
LARGEST_SAMPLE_PX = 19
NEEDED_LIBRARIES = frozenset({"leaflet", "jquery", "leaflet_css"})


@dataclass(frozen=True)
class Sample:
    """One line of a legend: the CSS classes that draw it, what it means, and what is written in it."""

    css: str
    meaning: Word
    size_px: int | None = None
    text: str = ""


@dataclass(frozen=True)
class LegendGroup:
    """
    Lines of a legend switched together, and the layer they describe.

    ``narrow`` samples fit five a row; ``wide_samples`` take a row each below them.
    """

    title: Word
    layer: folium.FeatureGroup
    samples: tuple[Sample, ...] = ()
    narrow: bool = False
    wide_samples: tuple[Sample, ...] = ()

    @property
    def layer_name(self) -> str:
        """The layer's name in the page's script."""
        return str(self.layer.get_name())


def sample(look: Look, meaning: Word) -> Sample:
    """Return the legend's line for a mark."""
    return Sample(f"rg-mark {look.css}", meaning, min(look.size_px, LARGEST_SAMPLE_PX))


def dark_map(title: str, licence: str) -> folium.Map:
    """Return an empty dark map without tiles, with title, scale, full screen and the data's licence."""
    chart = folium.Map(
        tiles=None,
        control_scale=False,
        zoom_control="topright",
        attribution_control=False,
        min_zoom=8,
        max_zoom=19,
        zoom_snap=0.5,
    )
    chart.default_js = [link for link in chart.default_js if link[0] in NEEDED_LIBRARIES]
    chart.default_css = [link for link in chart.default_css if link[0] in NEEDED_LIBRARIES]
    page_of(chart).title = escape(title)
    chart.add_child(
        FULL_SCREEN(
            position="topright",
            title="全屏 Full screen",
            title_cancel="退出全屏 Leave full screen",
            fullscreen_element=JsCode("document.documentElement"),
        )
    )
    PageCall("start", {"licence": escape(licence)}).add_to(chart)
    return chart


def layer(chart: folium.Map, name: Word) -> folium.FeatureGroup:
    """Add an empty layer to the map and return it."""
    group = folium.FeatureGroup(name=str(name), control=False)
    chart.add_child(group)
    return group


def add_legend(chart: folium.Map, groups: Sequence[LegendGroup]) -> None:
    """Add a legend: each group has a box that shows or hides its layer."""
    PageMarkup("legend.html", groups=groups).add_to(chart)
    PageCall("legend", None).add_to(chart)


def show(chart: folium.Map, extent: Extent) -> None:
    """Open the map on an extent, beside the panel rather than under it."""
    corners = [[extent.south, extent.west], [extent.north, extent.east]]
    PageCall("show", [*corners[0], *corners[1]]).add_to(chart)
