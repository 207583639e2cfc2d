"""A folium map as one file that asks nothing of any network: opened from a disk, it is whole."""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import folium
from branca.element import CssLink, Element, JavascriptLink, Link

from geo.errors import RescueError
from geo.maps.elements import page_of
from geo.maps.shipped import asset_for, asset_text, data_uri, style_without_files

LANGUAGE = "en"
UNTITLED = "RescueGrid map"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:"
)
"""Enforced by the browser: whatever slipped through the checks below still reaches no network."""

NEEDED_ONLY_BY_ICONS = frozenset(
    {
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    }
)
"""What folium puts on every map for the sake of ``folium.Icon`` alone."""

ADDRESS_ATTRIBUTES = frozenset({"src", "href", "srcset", "poster", "data", "xlink:href"})
ADDRESS_IN_STYLE = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')\s]+)|@import\s+["']?([^"';\s]+)""")
ABSOLUTE_ADDRESS = re.compile(r"^(?:https?:)?//\S+$", re.IGNORECASE)
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")


class ExternalAddressError(RescueError):
    """A map would fetch something from outside its own file."""

    def __init__(self, address: str, what: str) -> None:
        super().__init__(
            f"{what} needs {address}, which is not shipped: leave it out, or add it to geo/maps/vendor.py"
        )
        self.address = address


class MapNotWrittenError(RescueError):
    """There is no place for the map's file."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"the map cannot be written to {path}: {error.strerror}")


def render_offline(chart: folium.Map) -> str:
    """
    Return the map as one HTML page with every script, style, font and image inside it.

    The map itself is not altered: saved the usual way afterwards it links to its usual addresses.

    Raises
    ------
    ExternalAddressError
        When something on the map, a tile layer for instance, lives at an address outside the file.
    """
    _refuse_addresses(chart)
    figure = page_of(chart)
    for child in figure._children.values():
        child.render()
    unneeded = _unneeded(chart)
    head = "\n".join(
        _header_part(name, child) for name, child in figure.header._children.items() if name not in unneeded
    )
    body = figure.html.render()
    _Addresses().refuse_in(head + body)
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">\n'
        f"<title>{escape(unescape(figure.title or UNTITLED))}</title>\n{head}\n</head>\n"
        f"<body>\n{body}\n<script>\n{figure.script.render()}\n</script>\n</body>\n</html>\n"
    )


def save_offline(chart: folium.Map, path: Path) -> None:
    """
    Write the map to ``path`` as one self-contained page; a reader never sees half a file.

    Raises
    ------
    MapNotWrittenError
        When the file cannot be written there.
    """
    page = render_offline(chart)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise MapNotWrittenError(path, error) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _elements(child)
    icon = getattr(element, "icon", None)
    if isinstance(icon, Element):
        yield icon


def _refuse_addresses(chart: folium.Map) -> None:
    for element in _elements(chart):
        for value in vars(element).values():
            if isinstance(value, str) and ABSOLUTE_ADDRESS.match(value):
                raise ExternalAddressError(value, f"the {element._name} on the map")


def _unneeded(chart: folium.Map) -> frozenset[str]:
    has_icons = any(isinstance(element, folium.Icon) for element in _elements(chart))
    return frozenset() if has_icons else NEEDED_ONLY_BY_ICONS


def _header_part(name: str, child: Element) -> str:
    if not isinstance(child, Link):
        return child.render()
    asset = asset_for(name)
    if asset is None:
        raise ExternalAddressError(child.url, f"the part {name!r} of the map")
    if isinstance(child, CssLink):
        return f"<style>\n{style_without_files(asset.path)}\n</style>"
    if isinstance(child, JavascriptLink):
        return f"<script>\n{_script(asset.path)}\n</script>"
    raise ExternalAddressError(child.url, f"the part {name!r} of the map")


def _script(path: str) -> str:
    text = SOURCE_MAP.sub("", asset_text(path)).replace("</script", "<\\/script")
    return text + _default_marker() if path == "leaflet/dist/leaflet.js" else text


def _default_marker() -> str:
    """Leaflet looks for its marker beside its style sheet; here there is no beside."""
    images = "leaflet/dist/images/"
    return (
        "\nL.Icon.Default.imagePath = '';"
        "L.Icon.Default.mergeOptions({"
        f"iconUrl: '{data_uri(images + 'marker-icon.png')}',"
        f"iconRetinaUrl: '{data_uri(images + 'marker-icon-2x.png')}',"
        f"shadowUrl: '{data_uri(images + 'marker-shadow.png')}'"
        "});"
    )


class _Addresses(HTMLParser):
    """Reads markup and stops at the first address that leaves the file."""

    def __init__(self) -> None:
        super().__init__()
        self.in_style = False

    def refuse_in(self, markup: str) -> None:
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attrs:
            if name == "style":
                self._refuse_style(value or "", f"<{tag} style>")
            if name not in ADDRESS_ATTRIBUTES or tag == "a":
                continue
            if value and not value.startswith(("data:", "#")):
                raise ExternalAddressError(value, f"<{tag} {name}>")

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self._refuse_style(data, "a style sheet")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self.in_style = False

    @staticmethod
    def _refuse_style(style: str, where: str) -> None:
        found = ADDRESS_IN_STYLE.search(style)
        if found:
            raise ExternalAddressError(found.group(1) or found.group(2), where)
