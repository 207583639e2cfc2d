"""Limits of height, width and weight as people write them."""

import math
import re
from functools import cache

METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048, "'": 0.3048, "in": 0.0254, '"': 0.0254}
TONNES = {
    **dict.fromkeys(("", "t"), 1.0),
    "kg": 0.001,
    **dict.fromkeys(("lb", "lbs"), 0.000_453_592_37),
    "st": 0.907_184_74,
}
QUANTITY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z'\"]*)", re.IGNORECASE)
FEET_AND_INCHES = re.compile(r"(\d+)\s*(?:'|ft)\s*(\d+(?:\.\d+)?)\s*(?:\"|''|in)?", re.IGNORECASE)


@cache
def metres_of(text: str) -> float:
    """
    Return a limit of height or width in metres, ``nan`` where there is none or it cannot be read.

    Understood are ``3.5``, ``3,5``, ``3.5 m``, ``350 cm``, ``12 ft``, ``12'`` and ``11'6"``. ``default``,
    ``none``, ``unsigned``, ``below_default``, lists, zero and anything else count as no limit.
    """
    mixed = FEET_AND_INCHES.fullmatch(text.strip())
    if mixed is not None:
        return float(mixed.group(1)) * METRES["ft"] + float(mixed.group(2)) * METRES["in"]
    return _quantity(text, METRES)


@cache
def tonnes_of(text: str) -> float:
    """
    Return a limit of weight in tonnes, ``nan`` where there is none or it cannot be read.

    Understood are ``7.5``, ``7,5``, ``7.5 t``, ``7500 kg``, ``16000 lbs`` and ``10 st`` (short tons); words,
    lists and zero count as no limit.
    """
    return _quantity(text, TONNES)


def _quantity(text: str, units: dict[str, float]) -> float:
    found = QUANTITY.fullmatch(text.strip())
    if found is None or found.group(2).lower() not in units:
        return math.nan
    value = float(found.group(1).replace(",", ".")) * units[found.group(2).lower()]
    return value if value > 0 else math.nan
