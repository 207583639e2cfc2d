"""Quantities with a unit of measure: which units are known and how they convert."""

import math
import re
from functools import cache

from pint import DimensionalityError, UnitRegistry

from geo.errors import InvalidInputError

COUNTED = ("piece", "set", "pair", "roll", "box", "bag")
DEFINITIONS = {
    "kg": "[mass]",
    "t": "1000 * kg",
    "g": "0.001 * kg",
    "L": "[volume]",
    "m3": "1000 * L",
    "mL": "0.001 * L",
    "m": "[length]",
    "km": "1000 * m",
    "cm": "0.01 * m",
    "m2": "[area]",
    **{word: f"[{word}]" for word in COUNTED},
}
"""Only these: a word like ``ton``, ``pt`` or ``pc`` means different amounts to different people."""

AMOUNT = re.compile(r"\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?|nan|[-+]?inf)\s*(.*?)\s*", re.IGNORECASE)
DEFAULT_UNIT = "piece"
LONGEST_QUOTED = 40


def check_unit(unit_of_measure: str) -> None:
    """Raise ``InvalidInputError`` unless the unit is one of the known ones, written exactly so."""
    if unit_of_measure not in DEFINITIONS:
        raise InvalidInputError(
            "unit_of_measure",
            f"{unit_of_measure[:LONGEST_QUOTED]!r} is not known; use {', '.join(DEFINITIONS)}",
        )


def factor(from_unit: str, to_unit: str) -> float | None:
    """Return what one ``from_unit`` is in ``to_unit``, or None where the two cannot be compared."""
    if from_unit == to_unit:
        return 1.0
    if from_unit not in DEFINITIONS or to_unit not in DEFINITIONS:
        return None
    registry = _registry()
    try:
        return float(registry.Quantity(1.0, from_unit).to(to_unit).magnitude)
    except DimensionalityError:
        return None


def comparable_with(unit_of_measure: str) -> tuple[str, ...]:
    """Return the known units in which what is counted in this one can be said as well, itself among them."""
    return tuple(word for word in DEFINITIONS if factor(unit_of_measure, word) is not None)


@cache
def _registry() -> UnitRegistry[float]:
    """Return a registry that knows our words alone, so that no prefix or plural makes another of them."""
    registry: UnitRegistry[float] = UnitRegistry(None)
    for word, definition in DEFINITIONS.items():
        registry.define(f"{word} = {definition}")
    return registry


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
