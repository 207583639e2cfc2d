"""
S, R and the grade of a unit.

S, the sum of q/Q, makes a unit a major hazard installation from 1 on; R, alpha times the sum of beta times
q/Q, gives its level. The sums are exact: a unit whose parts add up to 1, 10, 50 or 100 is on the worse side
of that boundary, as the standard has it, whatever binary fractions make of 0.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from geo.errors import InvalidInputError
from geo.grading.lookup import classes_of, find_listed
from geo.grading.substances import GbUnit, Substance
from geo.grading.tables import HazardClass, ListedSubstance, alpha_bands, level_bands


@dataclass(frozen=True)
class SubstanceGrade:
    """What one substance adds to S (``q_over_q``) and, times beta, to R, with the source of each factor."""

    name: str
    q_t: float
    threshold_t: float
    threshold_source: str
    beta: float
    beta_source: str
    q_over_q: float


@dataclass(frozen=True)
class GbUnitGrade:
    """
    S, R and the grade of a unit.

    ``grade`` is 1 (worst) to 4, or None where S is below 1: no major hazard installation, whatever R is.
    """

    s: float
    r: float
    alpha: float
    grade: int | None
    substances: tuple[SubstanceGrade, ...]


@dataclass(frozen=True)
class _Factor:
    value: float
    source: str


def grade_gb_unit(unit: GbUnit) -> GbUnitGrade:
    """
    Grade one unit by GB 18218-2018.

    The threshold is that of table 1, else that of the hazard class in table 2, the lowest of several classes.
    Beta is that of table 3, else that of the class in table 4. The standard does not say which beta holds for
    several classes: the largest is taken, so that no second hazard can lower the grade.

    Raises
    ------
    InvalidInputError
        When the tables leave open what a substance is, or its threshold or beta needs a hazard class.
    """
    substances = tuple(_grade_substance(substance) for substance in unit.substances)
    alpha = next(band.alpha for band in alpha_bands() if unit.residents_500m >= band.residents_from)
    s = sum((_share(each) for each in substances), Fraction(0))
    r = _exact(alpha) * sum((_exact(each.beta) * _share(each) for each in substances), Fraction(0))
    level = next(band.level for band in level_bands() if r >= band.r_from)
    return GbUnitGrade(float(s), float(r), alpha, level if s >= 1 else None, substances)


def worst_grade(grades: Iterable[GbUnitGrade]) -> int | None:
    """Return the grade that a source of several units carries, or None where no unit is a major hazard."""
    return min((each.grade for each in grades if each.grade is not None), default=None)


def _grade_substance(substance: Substance) -> SubstanceGrade:
    listed = find_listed(substance.name, substance.cas)
    classes = classes_of(substance.hazard_class)
    threshold = _threshold(substance, listed, classes)
    beta = _beta(substance, listed, classes)
    return SubstanceGrade(
        name=substance.name,
        q_t=substance.design_max_t,
        threshold_t=threshold.value,
        threshold_source=threshold.source,
        beta=beta.value,
        beta_source=beta.source,
        q_over_q=float(_exact(substance.design_max_t) / _exact(threshold.value)),
    )


def _threshold(
    substance: Substance, listed: ListedSubstance | None, classes: tuple[HazardClass, ...]
) -> _Factor:
    if listed and listed.threshold_t is not None:
        return _Factor(listed.threshold_t, f"table 1: {listed.name_zh}")
    if not classes:
        raise _class_needed(f"{substance.name} is not in table 1, so its threshold")
    lowest = min(classes, key=lambda each: each.threshold_t)
    return _Factor(lowest.threshold_t, f"table 2: {lowest.symbol}{_among('lowest threshold', classes)}")


def _beta(substance: Substance, listed: ListedSubstance | None, classes: tuple[HazardClass, ...]) -> _Factor:
    if listed and listed.beta is not None:
        return _Factor(listed.beta, f"table 3: {listed.name_zh}")
    if not classes:
        raise _class_needed(f"{substance.name} is not in table 3, so its beta")
    largest = max(classes, key=lambda each: each.beta)
    return _Factor(largest.beta, f"table 4: {largest.symbol}{_among('largest beta', classes)}")


def _class_needed(what: str) -> InvalidInputError:
    return InvalidInputError("hazard_class", f"{what} needs its hazard class; give its symbols of table 2")


def _among(which: str, classes: tuple[HazardClass, ...]) -> str:
    if len(classes) == 1:
        return ""
    return f", the {which} of {', '.join(each.symbol for each in classes)}"


def _share(graded: SubstanceGrade) -> Fraction:
    return _exact(graded.q_t) / _exact(graded.threshold_t)


def _exact(number: float) -> Fraction:
    """Return the decimal number a person wrote, not the binary fraction nearest to it."""
    return Fraction(str(float(number)))
