"""Quantities with a unit of measure: which units are known and how they convert."""

import math
import re
from functools import cache

from pint import DimensionalityError, UndefinedUnitError, UnitRegistry

from geo.errors import InvalidInputError

COUNTED = ("piece", "set", "pair", "roll", "box", "bag")
AMOUNT = re.compile(r"\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?|nan|[-+]?inf)\s*(.*?)\s*", re.IGNORECASE)
ONE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
DEFAULT_UNIT = "piece"


@cache
def _registry() -> UnitRegistry[float]:
    registry: UnitRegistry[float] = UnitRegistry(non_int_type=float)
    for word in COUNTED:
        registry.define(f"{word} = [{word}]")
    registry.define("m2 = meter ** 2")
    registry.define("m3 = meter ** 3")
    return registry


@cache
def _stockable() -> frozenset[str]:
    registry = _registry()
    return frozenset(
        str(registry.parse_units(unit).dimensionality) for unit in ("kg", "L", "m", "m2", *COUNTED)
    )


def _measures_stock(word: str) -> bool:
    try:
        return str(_registry().parse_units(word).dimensionality) in _stockable()
    except UndefinedUnitError:
        return False


def check_unit(unit_of_measure: str) -> None:
    """Raise ``InvalidInputError`` unless the unit measures mass, volume, area, length or counts things."""
    if not (ONE_WORD.fullmatch(unit_of_measure) and _measures_stock(unit_of_measure)):
        raise InvalidInputError(
            "unit_of_measure",
            f"{unit_of_measure!r} is not known; use kg, t, L, m3, m or {', '.join(COUNTED)}",
        )


def factor(from_unit: str, to_unit: str) -> float | None:
    """Return what one ``from_unit`` is in ``to_unit``, or None where the two measure different things."""
    if from_unit == to_unit:
        return 1.0
    registry = _registry()
    try:
        return float(registry.Quantity(1.0, from_unit).to(to_unit).magnitude)
    except DimensionalityError:
        return None


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
