"""Orders on paper, one A4 page each: what is long is set smaller, what is longer still is cut and says so."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from api.answer import StepSaid
from api.papers.order_fit import Content, size_for, width
from api.papers.order_said import OrderSaid
from api.papers.pages import render
from api.papers.qr import qr_svg
from api.papers.strip import Mark, Way, strip_svg
from api.papers.words import ARROWS, TURNS
from geo.places import Place
from routing.network import RoadNetwork

WIDEST_PARAGRAPH = 1000
MOST_PARAGRAPHS = 2
MOST_STEPS, FIRST_STEPS = 22, 6
MOST_CONTACTS = 8
MOST_SUBSTANCES = 6
MOST_CONDITIONS = 4
MOST_TASKS = 6
HAZARD_LINES = 10
"""The lines of the hazards and of whom to call that are always there."""
CUT = "…（全文见系统 the rest: in the system）"


@dataclass(frozen=True)
class Row:
    """A row of the list of turns; one that stands for several has no number."""

    number: str
    arrow: str
    turn: str
    street: str
    length_m: float


@dataclass(frozen=True)
class Sheet:
    """An order laid out: the order itself, what is drawn, and what of its lists has room."""

    order: OrderSaid
    size: str
    strip: str
    qr: str
    text: list[str]
    action_card: list[str]
    rows: list[Row]


def orders_html(orders: Sequence[OrderSaid], network: RoadNetwork, time_zone: str) -> str:
    """Return orders as one page of HTML, each on a sheet of its own."""
    return render(
        "order.html",
        time_zone,
        sheets=[_sheet(order, network) for order in orders],
        most_contacts=MOST_CONTACTS,
        most_substances=MOST_SUBSTANCES,
        most_conditions=MOST_CONDITIONS,
        most_tasks=MOST_TASKS,
    )


def _sheet(order: OrderSaid, network: RoadNetwork) -> Sheet:
    text, action_card, rows = _cut(order.text), _cut(order.action_card), _rows(order.steps)
    return Sheet(
        order=order,
        size=size_for(_content(order, text, action_card, len(rows))),
        strip=strip_svg(network, _ways(order), _marks(order)),
        qr=qr_svg(order.geo),
        text=text,
        action_card=action_card,
        rows=rows,
    )


def _cut(paragraphs: Sequence[str]) -> list[str]:
    kept = [_shortened(one) for one in paragraphs[:MOST_PARAGRAPHS]]
    return [*kept, CUT] if len(paragraphs) > MOST_PARAGRAPHS else kept


def _shortened(paragraph: str) -> str:
    if width(paragraph) <= WIDEST_PARAGRAPH:
        return paragraph
    last = bisect(range(len(paragraph)), WIDEST_PARAGRAPH, key=lambda i: width(paragraph[:i]))
    return paragraph[: last - 1] + CUT


def _content(order: OrderSaid, text: Sequence[str], action_card: Sequence[str], turns: int) -> Content:
    """Return what takes room on the sheet."""
    held = min(len(order.site.substances), MOST_SUBSTANCES) if order.site else 0
    conditions = min(len(order.roads_minded), MOST_CONDITIONS + 1)
    return Content(
        facts=(order.site.name if order.site else order.kind.zh, order.substance or "", order.reported_by),
        text=text,
        action_card=action_card,
        hazard_lines=HAZARD_LINES + held + min(len(order.contacts), MOST_CONTACTS),
        way_lines=turns + conditions,
        one_column=turns > 0,
    )


def _ways(order: OrderSaid) -> list[Way]:
    if order.route is None:
        return []
    turns_m, along_m = [], 0.0
    for step in order.steps:
        turns_m.append(along_m)
        along_m += step.length_m
    return [Way(order.route.coordinates, turns_m)]


def _marks(order: OrderSaid) -> list[Mark]:
    start = Mark(Place(order.start.lon, order.start.lat), "start", order.crew.call_sign)
    there = Mark(Place(order.place.lon, order.place.lat), "incident", "事发地")
    road = order.road_place
    if road is None:
        return [start, there]
    return [start, Mark(Place(road.lon, road.lat), "road"), there]


def _rows(steps: Sequence[StepSaid]) -> list[Row]:
    """Return the turns; of a long way those near its beginning and, above all, near its end."""
    rows = [
        Row(str(number), ARROWS.get(step.turn, ""), TURNS[step.turn].zh, step.street, step.length_m)
        for number, step in enumerate(steps, start=1)
    ]
    if len(rows) <= MOST_STEPS:
        return rows
    resumed = len(rows) - (MOST_STEPS - FIRST_STEPS)
    between = rows[FIRST_STEPS:resumed]
    skipped = Row(
        "", "⋮", f"另有{len(between)}步", f"{len(between)} steps more", sum(row.length_m for row in between)
    )
    return [*rows[:FIRST_STEPS], skipped, *rows[resumed:]]
