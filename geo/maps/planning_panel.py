"""The panel beside a planner's map: one figure to remember, counts, and lists that point into the map."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.maps.elements import PageMarkup
from geo.maps.incident_panel import PanelList
from geo.maps.symbols import SYNTHETIC
from geo.maps.words import Word

MADE_UP = Word("带此标记的为模拟数据", "Rows so marked are made up: no real force or site.")


@dataclass(frozen=True)
class Count:
    """One count: of what, how many, whether that is good, and a line below it."""

    what: Word
    figure: str
    good: bool
    under: str = ""


@dataclass(frozen=True)
class Headline:
    """
    What stands at the top.

    Attributes
    ----------
    title, subtitle : str
    figure : str
        The figure to remember, and ``means`` what it is.
    verdict : str
        Whether that is enough, in a few words; ``good`` says so in colour.
    """

    title: str
    subtitle: str
    figure: str
    means: Word
    verdict: str
    good: bool


def planning_panel(
    head: Headline,
    counts: tuple[Word, Sequence[Count]],
    lists: Sequence[PanelList],
    notes: Sequence[str],
    licence: str,
) -> PageMarkup:
    """Return the panel; lists without a line are left out."""
    shown = [each for each in lists if each.lines]
    made_up = any(line.synthetic for each in shown for line in each.lines)
    return PageMarkup(
        "planning_panel.html",
        title=head.title,
        subtitle=head.subtitle,
        figure=head.figure,
        figure_means=head.means,
        verdict=head.verdict,
        good=head.good,
        counts_title=counts[0],
        counts=counts[1],
        lists=shown,
        notes=notes,
        licence=licence,
        synthetic=SYNTHETIC,
        synthetic_word=MADE_UP if made_up else None,
    )
