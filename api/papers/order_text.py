"""The words of an order: what the plan leaves open is filled in, each paragraph in its own language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.answer_base import Words
from api.papers.words import NOT_YET_KNOWN

LEFT_OPEN = re.compile(r"\{(kind|severity|place|substance|arrival)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITHOUT_A_PLAN = (
    "{place}发生{kind}，等级{severity}，物质：{substance}。请立即出动，预计{arrival}到场。\n\n"
    "{kind}, severity {severity}, at {place}; substance: {substance}. Go now; arrival expected {arrival}."
)


@dataclass(frozen=True)
class Filling:
    """What an order leaves open; None for what is not known yet."""

    kind: Words
    severity: int
    place: str
    substance: str | None
    arrival: str | None

    def by_name(self, *, chinese: bool) -> Mapping[str, str]:
        """Return what stands for each placeholder."""
        unknown = NOT_YET_KNOWN.zh if chinese else NOT_YET_KNOWN.en
        return {
            "kind": self.kind.zh if chinese else self.kind.en,
            "severity": str(self.severity),
            "place": self.place,
            "substance": self.substance or unknown,
            "arrival": self.arrival or unknown,
        }


def written_out(order_text: str, filling: Filling) -> list[str]:
    """Return the paragraphs of an order."""
    return [_filled_in(paragraph, filling) for paragraph in order_text.split("\n\n")]


def _filled_in(paragraph: str, filling: Filling) -> str:
    """Fill all in at one go: what a caller said is never taken for something to be filled."""
    said = filling.by_name(chinese=CHINESE.search(paragraph) is not None)
    return LEFT_OPEN.sub(lambda left_open: said[left_open[1]], paragraph)
