"""What is graded: substances with their design maximum, in one unit of a site, checked at the door."""

import math
from dataclasses import dataclass

from geo.errors import InvalidInputError
from geo.grading.lookup import classes_of
from geo.grading.spelling import checked_cas

LARGEST_T = 1e9


@dataclass(frozen=True)
class Substance:
    """
    A substance of a unit; a mixture that is classed as a whole is one substance with its whole mass.

    ``hazard_class`` holds the symbols of table 2 that apply, such as ``W2`` or ``W2,J3``; None where unknown.

    Raises
    ------
    InvalidInputError
        When the name is empty, the CAS number or a class symbol is wrong, or the tonnes are not an amount.
    """

    name: str
    cas: str | None
    hazard_class: str | None
    design_max_t: float

    def __post_init__(self) -> None:
        _refuse_blank(self.name, "a substance")
        if self.cas is not None:
            checked_cas(self.cas)
        classes_of(self.hazard_class)
        if not 0 <= self.design_max_t <= LARGEST_T:
            raise InvalidInputError(
                "design_max_t",
                f"{self.design_max_t} of {self.name} is no amount; give tonnes, 0 to {LARGEST_T:g}",
            )


@dataclass(frozen=True)
class GbUnit:
    """
    A unit of a site: a section between shut-off valves, a tank farm in one dike, or one separate warehouse.

    ``residents_500m`` counts the permanent residents within 500 m of the boundary of the whole site.

    Raises
    ------
    InvalidInputError
        When the name is empty or the residents are not a number of people.
    """

    name: str
    residents_500m: int
    substances: tuple[Substance, ...]

    def __post_init__(self) -> None:
        _refuse_blank(self.name, "a unit")
        if not 0 <= self.residents_500m < math.inf:
            raise InvalidInputError(
                "residents_500m",
                f"{self.residents_500m} at {self.name} is no number of people; give 0 or more",
            )


def _refuse_blank(name: str, whose: str) -> None:
    if not name.strip():
        raise InvalidInputError("name", f"{whose} has no name; give one")
