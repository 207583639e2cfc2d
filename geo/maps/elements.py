"""
Folium elements that carry data safely: calls of the page's own script, and pieces of markup.

Folium writes values into JavaScript and HTML and then reads the result as a template once more, so that a
unit called ``{{ 7 * 7 }}`` or ``</script>`` would be run. The elements here hand data over as JSON in which
nothing can end the script, written into the page as it stands; the page's script puts it into the document as
text, never as markup.
"""

import json

from branca.element import Element, Figure
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from geo.maps.palette import palette_style
from geo.maps.shipped import page_text

PAGES = Environment(
    autoescape=True,
    loader=FunctionLoader(page_text),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

STYLES = ("map.css", "decision.css", "live.css", "coverage.css", "siting.css", "print.css")
SCRIPTS = ("paper.js", "labels.js", "map.js", "plans.js")

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def script_json(value: Json) -> str:
    """Return ``value`` as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


class Verbatim(Element):
    """Text that goes into the page as it stands."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class PageCall(Element):
    """One call of the page's script on what it was added to: ``rescue.points(layer, rows)``."""

    def __init__(self, function: str, argument: Json) -> None:
        super().__init__()
        self._name = "PageCall"
        self.function = function
        self.argument = argument

    def render(self, **_kwargs: object) -> str:
        """Write the call into the page, and once a page the script it calls; leave nothing to place."""
        figure, parent = page_of(self), self._parent or self
        _add_page_parts(figure)
        call = f"rescue.{self.function}({parent.get_name()}, {script_json(self.argument)});"
        figure.script.add_child(Verbatim(call), name=self.get_name())
        return ""


class PageMarkup(Element):
    """A piece of the page beside the map, from one of the product's templates; every value is escaped."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__()
        self._name = "PageMarkup"
        self.markup = PAGES.get_template(template).render(**values)

    def render(self, **_kwargs: object) -> str:
        """Write the markup into the page; leave nothing to place."""
        figure = page_of(self)
        _add_page_parts(figure)
        figure.html.add_child(Verbatim(self.markup), name=self.get_name())
        return ""


def page_of(element: Element) -> Figure:
    """Return the page an element stands on."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise TypeError(f"the {element._name} stands on no page: add it to a map first")
    return figure


def _add_page_parts(figure: Figure) -> None:
    rules = "".join(page_text(name) for name in STYLES)
    style = f"<style>\n{palette_style()}\n{rules}</style>"
    figure.header.add_child(Verbatim(style), name="rescue_css")
    script = "".join(page_text(name) for name in SCRIPTS)
    figure.header.add_child(Verbatim(f"<script>\n{script}</script>"), name="rescue_js")
