"""How things are called and counted in sentences, in English and Chinese."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ORDINALS_EN = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
NUMERALS_ZH = "一二三四五六七八九十"


@dataclass(frozen=True)
class Spoken:
    """A name in a sentence, and what its amounts are counted in; empty where the unit of measure varies."""

    zh: str
    measure_zh: str


def spoken(name: str) -> Spoken:
    """Return how a capability or a supply is called in Chinese; a name not in the table stays as it is."""
    return _table().get(name, Spoken(name, ""))


def listed_zh(names: Sequence[str]) -> str:
    """Return several names as a Chinese enumeration."""
    return "、".join(spoken(name).zh for name in names)


def joined_en(parts: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def ordinal_en(rank: int) -> str:
    """Return ``second``; beyond ten ``11th``."""
    if rank <= len(ORDINALS_EN):
        return ORDINALS_EN[rank - 1]
    teen = rank // 10 % 10 == 1
    return f"{rank}{'th' if teen else SUFFIXES.get(rank % 10, 'th')}"


def ordinal_zh(rank: int) -> str:
    """Return a rank in Chinese, beyond ten in figures."""
    return f"第{NUMERALS_ZH[rank - 1] if rank <= len(NUMERALS_ZH) else rank}"


@cache
def _table() -> dict[str, Spoken]:
    with files("routing").joinpath("spoken.csv").open(encoding="utf-8") as table:
        return {row["name"]: Spoken(row["zh"], row["measure_zh"]) for row in csv.DictReader(table)}
