"""Quantities with a unit of measure: which units are known and how they convert."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geo.errors import InvalidInputError


@dataclass(frozen=True)
class _Unit:
    """What a unit of measure measures, and how much of that one is."""

    measures: str
    size: float = 1.0


COUNTED = ("piece", "set", "pair", "roll", "box", "bag")
UNITS: Mapping[str, _Unit] = {
    "kg": _Unit("mass"),
    "t": _Unit("mass", 1e3),
    "g": _Unit("mass", 1e-3),
    "L": _Unit("volume"),
    "m3": _Unit("volume", 1e3),
    "mL": _Unit("volume", 1e-3),
    "m": _Unit("length"),
    "km": _Unit("length", 1e3),
    "cm": _Unit("length", 1e-2),
    "m2": _Unit("area"),
    **{word: _Unit(word) for word in COUNTED},
}
"""Only these: a word like ``ton``, ``pt`` or ``pc`` means different amounts to different people."""

AMOUNT = re.compile(r"\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?|nan|[-+]?inf)\s*(.*?)\s*", re.IGNORECASE)
DEFAULT_UNIT = "piece"
LONGEST_QUOTED = 40


def check_unit(unit_of_measure: str) -> None:
    """Raise ``InvalidInputError`` unless the unit is one of the known ones, written exactly so."""
    if unit_of_measure not in UNITS:
        raise InvalidInputError(
            "unit_of_measure", f"{unit_of_measure[:LONGEST_QUOTED]!r} is not known; use {', '.join(UNITS)}"
        )


def factor(from_unit: str, to_unit: str) -> float | None:
    """Return what one ``from_unit`` is in ``to_unit``, or None where the two cannot be compared."""
    if from_unit == to_unit:
        return 1.0
    here, there = UNITS.get(from_unit), UNITS.get(to_unit)
    if here is None or there is None or here.measures != there.measures:
        return None
    return here.size / there.size


def parse_amount(field: str, text: str) -> tuple[float, str]:
    """
    Read ``500kg``, ``0.5 t`` or ``20`` into a quantity and its unit of measure.

    A bare number counts pieces.

    Raises
    ------
    InvalidInputError
        Naming ``field``, when the text is no amount, is not above zero or has an unknown unit of measure.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise InvalidInputError(field, f"{text!r} is no amount; write a number and a unit, e.g. 500kg")
    try:
        quantity = float(match[1])
    except ValueError:
        raise InvalidInputError(field, f"{match[1]!r} is not a number") from None
    if not (math.isfinite(quantity) and quantity > 0):
        raise InvalidInputError(field, f"{match[1]} is not a quantity above zero")
    unit = match[2] or DEFAULT_UNIT
    try:
        check_unit(unit)
    except InvalidInputError as error:
        raise InvalidInputError(field, error.reason) from None
    return quantity, unit
