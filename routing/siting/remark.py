"""Why building covers no more, where it does not."""

import math
from enum import StrEnum

from routing.siting.open_cover import OpenCover
from routing.siting.question import Numbers, Purse, Question


class Remark(StrEnum):
    """Why building covers no more."""

    COVERED = "all that has weight is covered by what stands"
    OUT_OF_REACH = "no candidate reaches within the standard anything that is still open"
    TOO_DEAR = "the budget is below the cheapest candidate"


def remark_on(question: Question, weight: Numbers, cover: OpenCover, purse: Purse | None) -> Remark | None:
    """Return why nothing can be gained, or None where something can."""
    if not len(cover.weight):
        everything = math.isclose(cover.settled, weight.sum(), rel_tol=1e-12)
        return Remark.COVERED if everything else Remark.OUT_OF_REACH
    if purse is not None and not (purse.cost[question.candidates] <= purse.budget).any():
        return Remark.TOO_DEAR
    return None
