"""
Major hazard sources by GB 18218-2018: the sum S, the value R and the grade of each unit of a site.

The standard's tables lie beside this package as CSV and are facts; the functions are pure.
"""

from geo.grading.grades import GbUnitGrade, SubstanceGrade, grade_gb_unit, worst_grade
from geo.grading.lookup import other_names
from geo.grading.substances import GbUnit, Substance

__all__ = [
    "GbUnit",
    "GbUnitGrade",
    "Substance",
    "SubstanceGrade",
    "grade_gb_unit",
    "other_names",
    "worst_grade",
]
