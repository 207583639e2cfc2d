"""Marks on a map: one row a mark, ready to be drawn, and a place on screen for those that stand together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.maps.elements import Json, PageCall
from geo.maps.words import Word

TOUCH_PX = 22
GAP_PX = 2
MARKS_A_ROW = 5
TOGETHER_DIGITS = 4
"""Decimals of a degree within which marks count as one place: about ten metres."""

SYNTHETIC = Word("模拟", "Synthetic")


@dataclass(frozen=True)
class Look:
    """
    How a kind of mark looks and what it means.

    Attributes
    ----------
    css : str
        Classes of the page's style, e.g. ``unit first-due``.
    size_px : int
        Its size on screen.
    height : int
        Higher marks are drawn over lower ones.
    meaning : Word
        What the mark says, in the legend, in its popup and to a screen reader.
    """

    css: str
    size_px: int
    height: int
    meaning: Word


@dataclass(frozen=True)
class Mark:
    """
    One mark on the map.

    Attributes
    ----------
    key : str
        Unique on the map; what a row of the panel points at.
    lon, lat : float
        Where it stands, in degrees.
    look : Look
        How it is drawn.
    title : str
        Its name.
    facts : tuple of str
        Lines of its popup, plain text.
    text : str
        A few characters written inside the mark, such as its rank.
    synthetic : bool
        Made up for a demonstration or exercise.
    right_px, down_px : int
        How far from its true place it is drawn, so that marks of one place stand side by side.
    """

    key: str
    lon: float
    lat: float
    look: Look
    title: str
    facts: tuple[str, ...] = ()
    text: str = ""
    synthetic: bool = False
    right_px: int = 0
    down_px: int = 0

    @property
    def name(self) -> str:
        """What a screen reader says."""
        said = (self.look.meaning.en, self.title, *self.facts[:1], SYNTHETIC.en if self.synthetic else "")
        return ", ".join(part for part in said if part)

    def as_json(self) -> Json:
        """Return the row the page's script draws."""
        return {
            "key": self.key,
            "at": [round(self.lat, 6), round(self.lon, 6)],
            "css": self.look.css + (" synthetic" if self.synthetic else ""),
            "size": self.look.size_px,
            "touch": max(self.look.size_px, TOUCH_PX),
            "height": self.look.height,
            "meaning": str(self.look.meaning),
            "name": self.name,
            "title": self.title,
            "facts": list(self.facts),
            "text": self.text,
            "synthetic": str(SYNTHETIC) if self.synthetic else "",
            "shift": [self.right_px, self.down_px],
        }


def side_by_side(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks, those of one place moved apart on screen: the highest stays, the rest line up."""
    together: dict[tuple[float, float], list[Mark]] = {}
    for mark in marks:
        place = (round(mark.lon, TOGETHER_DIGITS), round(mark.lat, TOGETHER_DIGITS))
        together.setdefault(place, []).append(mark)
    placed: list[Mark] = []
    for group in together.values():
        placed.extend(_lined_up(sorted(group, key=lambda mark: (-mark.look.height, mark.text.zfill(4)))))
    return placed


def _lined_up(group: Sequence[Mark]) -> list[Mark]:
    placed: list[Mark] = []
    down_px = 0
    for start in range(0, len(group), MARKS_A_ROW):
        row = group[start : start + MARKS_A_ROW]
        right_px = 0
        for i, mark in enumerate(row):
            right_px += (row[i - 1].look.size_px + mark.look.size_px) // 2 + GAP_PX if i else 0
            placed.append(replace(mark, right_px=right_px, down_px=down_px))
        down_px += max(mark.look.size_px for mark in row) + GAP_PX
    return placed


def marks_layer(marks: Sequence[Mark]) -> PageCall:
    """Return the marks as an element to add to a feature group."""
    return PageCall("marks", [mark.as_json() for mark in sorted(marks, key=lambda mark: -mark.look.height)])
