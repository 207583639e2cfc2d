"""Orders on paper, one A4 page each: what is long is set smaller, what is longer still is cut and says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.answer import StepSaid
from api.papers.order_said import OrderSaid
from api.papers.pages import render
from api.papers.qr import qr_svg
from api.papers.strip import Mark, Way, strip_svg
from api.papers.words import ARROWS, TURNS
from geo.places import Place
from routing.network import RoadNetwork

MOST_IN_A_PARAGRAPH = 900
MOST_PARAGRAPHS = 4
MOST_STEPS, FIRST_STEPS = 22, 6
MOST_CONTACTS = 9
MOST_SUBSTANCES = 6
MOST_CONDITIONS = 4
MOST_TASKS = 6
SIZES = ((1100, ""), (2000, "dense"), (3200, "denser"))
SMALLEST = "densest"
CUT = "…"


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
    text, action_card = _cut(order.text), _cut(order.action_card)
    return Sheet(
        order=order,
        size=_size(sum(len(paragraph) for paragraph in (*text, *action_card))),
        strip=strip_svg(network, _ways(order), _marks(order)),
        qr=qr_svg(order.geo),
        text=text,
        action_card=action_card,
        rows=_rows(order.steps),
    )


def _cut(paragraphs: Sequence[str]) -> list[str]:
    kept = [one if len(one) <= MOST_IN_A_PARAGRAPH else one[:MOST_IN_A_PARAGRAPH] + CUT for one in paragraphs]
    return kept[:MOST_PARAGRAPHS] + ([CUT] if len(kept) > MOST_PARAGRAPHS else [])


def _size(characters: int) -> str:
    return next((size for most, size in SIZES if characters <= most), SMALLEST)


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
