"""How small an order is set for all of it to have room on one page: an estimate, on the safe side."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDE = re.compile(r"[\u2e80-\uffef]")
PAGE_MM = 272.0
WHOLE_MM, COLUMN_MM, FACTS_MM = 189.0, 91.0, 52.0
CHARACTER_MM, LINE_MM = 1.7, 4.55
"""Of the type as it is set in full: half the width of a Chinese character, and the height of a line."""
FRAME_MM, HEADINGS_MM = 46.0, 40.0
"""What stays whatever the type: title, times, signatures; and what shrinks with it."""
TEXT_SHARES, CARD_SHARES = (1.14, 0.88), (1.0, 0.86)
"""How large the first paragraph is set, in Chinese as a rule, and the others."""
TURN_LINES = 0.85
"""How high a turn of the list is set, in lines."""


@dataclass(frozen=True)
class Size:
    """A size of type: its class in the style, its share of the full one, and the height of the map then."""

    css: str
    share: float
    map_mm: float


SIZES = (
    Size("", 1.0, 81.0),
    Size("dense", 0.905, 76.0),
    Size("denser", 0.8, 70.0),
    Size("densest", 0.695, 64.0),
)


@dataclass(frozen=True)
class Content:
    """
    What takes room: paragraphs, and how many lines lists have.

    ``facts`` are what may be long about the place; ``one_column`` tells that the action card stands beside
    the hazards, not over the whole width.
    """

    facts: Sequence[str]
    text: Sequence[str]
    action_card: Sequence[str]
    hazard_lines: int
    way_lines: int
    one_column: bool


def width(text: str) -> int:
    """Return how much room a text takes: a Chinese character as much as two others."""
    return len(text) + len(WIDE.findall(text))


def size_for(content: Content) -> str:
    """Return the class of the largest type in which all has room, else of the smallest."""
    return next((size.css for size in SIZES if _height_mm(content, size) <= PAGE_MM), SIZES[-1].css)


def _height_mm(content: Content, size: Size) -> float:
    line_mm = LINE_MM * size.share
    card_mm = _prose_mm(content.action_card, COLUMN_MM, CARD_SHARES, size)
    below_mm = max(card_mm, content.hazard_lines * line_mm) if content.one_column else card_mm
    way_mm = max(size.map_mm, content.way_lines * line_mm * TURN_LINES)
    facts_mm = sum(_prose_mm([fact], FACTS_MM, CARD_SHARES, size) for fact in content.facts)
    text_mm = _prose_mm(content.text, WHOLE_MM, TEXT_SHARES, size)
    return FRAME_MM + HEADINGS_MM * size.share + facts_mm + text_mm + way_mm + below_mm


def _prose_mm(paragraphs: Sequence[str], column_mm: float, shares: tuple[float, float], size: Size) -> float:
    """Return the height of paragraphs in a column; those after the first are set smaller."""
    first, others = shares
    total_mm = 0.0
    for place, paragraph in enumerate(paragraphs):
        share = size.share * (others if place else first)
        room = column_mm / (CHARACTER_MM * share)
        lines = sum(math.ceil(max(width(line), 1) / room) for line in paragraph.split("\n"))
        total_mm += lines * LINE_MM * share
    return total_mm
