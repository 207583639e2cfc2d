import pytest

from data.measures import COUNTED, DEFINITIONS, check_unit, factor, parse_amount
from geo.errors import InvalidInputError


@pytest.mark.parametrize(
    ("from_unit", "to_unit", "size"),
    [
        ("t", "kg", 1000.0),
        ("kg", "t", 0.001),
        ("g", "kg", 0.001),
        ("m3", "L", 1000.0),
        ("mL", "m3", 1e-6),
        ("km", "m", 1000.0),
        ("bag", "bag", 1.0),
    ],
)
def test_units_that_measure_the_same_convert(from_unit: str, to_unit: str, size: float) -> None:
    assert factor(from_unit, to_unit) == pytest.approx(size)


@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize("other", DEFINITIONS)
def test_counted_things_are_compared_with_nothing_but_themselves(counted: str, other: str) -> None:
    assert factor(counted, other) == (1.0 if counted == other else None)


def test_a_unit_nobody_knows_is_compared_with_nothing() -> None:
    assert factor("drum", "L") is None
    assert factor("L", "drum") is None


@pytest.mark.parametrize(
    "ambiguous", ["ton", "pc", "pt", "dm3", "cm3", "KG", "kg2", "", "kg ", "\u0000", "\ud800"]
)
def test_a_unit_that_could_be_misread_is_refused(ambiguous: str) -> None:
    with pytest.raises(InvalidInputError, match="is not known; use kg, t, g"):
        check_unit(ambiguous)


def test_an_amount_is_a_number_and_its_unit() -> None:
    assert parse_amount("supply", " 0.5 t ") == (0.5, "t")
    assert parse_amount("supply", "20") == (20.0, "piece")
