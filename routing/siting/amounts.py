"""Numbers that somebody hands over, checked at the door: each refusal names the argument."""

import math
import operator
from decimal import Decimal
from numbers import Real
from typing import SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInputError

KINDS_OF_NUMBERS = "biufO"
"""What numpy calls truth values, whole numbers with and without sign, floats, and things of any kind."""


def checked_number(field: str, given: SupportsFloat) -> float:
    """Return one number as a float, or say that it is none; nan is for the caller to judge."""
    one = given.item() if isinstance(given, np.ndarray) and given.ndim == 0 else given
    try:
        if isinstance(one, Real | Decimal):
            return float(one)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidInputError(field, f"must be one number, not {given!r}")


def checked_numbers(field: str, given: ArrayLike) -> NDArray[np.float64]:
    """Return numbers as an array, or say that some are none."""
    if np.ma.is_masked(given):
        raise InvalidInputError(field, "has masked places; fill them with numbers")
    try:
        values = np.asarray(given)
        if values.dtype.kind in KINDS_OF_NUMBERS:
            return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InvalidInputError(field, "must hold numbers alone, as many in each row")


def checked_whole(field: str, given: ArrayLike) -> NDArray[np.int64]:
    """Return whole numbers as an array, or say that some are none."""
    wrong = InvalidInputError(field, "must hold whole numbers alone")
    try:
        values = np.asarray(given)
    except ValueError:
        raise wrong from None
    if values.size and not np.issubdtype(values.dtype, np.integer):
        raise wrong
    return values.astype(np.int64)


def checked_count(field: str, number: SupportsIndex) -> int:
    """Return a number of things, or say why it is none."""
    try:
        counted = operator.index(number)
    except TypeError:
        raise InvalidInputError(field, f"must be a whole number, not {number!r}") from None
    if counted < 0:
        raise InvalidInputError(field, f"must be a whole number from zero up, not {counted}")
    return counted


def checked_finite(field: str, given: SupportsFloat, what: str) -> float:
    """Return a finite number from zero up, or say what it must be."""
    number = checked_number(field, given)
    if not (math.isfinite(number) and number >= 0):
        raise InvalidInputError(field, f"must be a finite {what} from zero up, not {number}")
    return number
