"""Pages for people: one HTML file each that asks nothing of any network and prints on A4; all is escaped."""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from api.answer_base import Words
from geo.maps.words import clock

DASH = "—"
M_PER_KM = 1000
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Enforced by the browser: a paper runs no script and reaches no network, whatever was written into it."""
POLICY_WITH_MAP = f"{CONTENT_POLICY}; script-src 'unsafe-inline'; font-src data:"
"""For a paper with a live map in a frame of its own, whose script this is for."""


def render(template: str, time_zone: str, /, policy: str = CONTENT_POLICY, **values: object) -> str:
    """Return a page; times are said by the clock of a time zone."""
    zone = ZoneInfo(time_zone)
    page = PAGES.get_template(template)
    return page.render(**values, **_clocks(zone), zone_name=time_zone, policy=policy)


def _clocks(zone: ZoneInfo) -> dict[str, Callable[[datetime | None], str]]:
    def written(form: str) -> Callable[[datetime | None], str]:
        return lambda moment: DASH if moment is None else moment.astimezone(zone).strftime(form)

    return {
        "day_time": written("%Y-%m-%d %H:%M"),
        "brief": written("%m-%d %H:%M"),
        "time": written("%H:%M"),
        "exact": written("%m-%d %H:%M:%S"),
    }


def _words(said: Words | None) -> Markup:
    """Return words, Chinese before English."""
    if said is None:
        return escape(DASH)
    zh = Markup('<span lang="zh">{}</span> ').format(said.zh) if said.zh else Markup("")
    return zh + Markup('<span class="en" lang="en">{}</span>').format(said.en)


def _number(value: float | None) -> str:
    return DASH if value is None else f"{value:,.10g}"


def _distance(metres: float | None) -> str:
    if metres is None:
        return DASH
    return f"{metres / M_PER_KM:.1f} km" if metres >= M_PER_KM else f"{metres:.0f} m"


def _signed_clock(seconds: float | None) -> str:
    if seconds is None:
        return DASH
    return f"{'+' if seconds >= 0 else '-'}{clock(abs(seconds))}"


def _page_part(name: str) -> str:
    return (files("api.papers") / "page" / name).read_text(encoding="utf-8")


PAGES = Environment(
    autoescape=True,
    loader=FunctionLoader(_page_part),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters |= {
    "words": _words,
    "clock": clock,
    "signed_clock": _signed_clock,
    "number": _number,
    "distance": _distance,
    "lines": lambda text: Markup("<br>").join(escape(line) for line in text.split("\n")),
}
