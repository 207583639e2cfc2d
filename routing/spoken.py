"""How capabilities and supplies are called in a Chinese sentence; a name not in the table stays as it is."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Spoken:
    """A name in a sentence, and what its amounts are counted in; empty where the unit of measure varies."""

    zh: str
    measure_zh: str


def spoken(name: str) -> Spoken:
    """Return how a capability or a supply is called in Chinese."""
    return _table().get(name, Spoken(name, ""))


def listed_zh(names: Sequence[str]) -> str:
    """Return several names as a Chinese enumeration."""
    return "、".join(spoken(name).zh for name in names)


@cache
def _table() -> dict[str, Spoken]:
    with files("routing").joinpath("spoken.csv").open(encoding="utf-8") as table:
        return {row["name"]: Spoken(row["zh"], row["measure_zh"]) for row in csv.DictReader(table)}
