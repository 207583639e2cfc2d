"""What every siting model answers: the sites, what they are worth, and how near the best that is proved."""

import math
from dataclasses import dataclass
from enum import Enum

PROVED_GAP = 1e-6
"""So near, relatively, a bound must be for the answer to be proved."""
ROUNDING, ROUNDING_SHARE, MOST_ROUNDING = 1e-6, 1e-9, 0.5
"""What a bound may be off by before it is rounded to the whole number it must be: also as a share of it."""


class Sense(Enum):
    """Whether more is better or less; a bound lies on the better side."""

    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True)
class Siting:
    """
    Sites chosen, recomputed and judged.

    Attributes
    ----------
    chosen : tuple of int
        Columns of the sites that stand and of the new ones together, ascending.
    objective : float
        What the chosen sites are worth, recomputed from them.
    bound : float
        No choice is worth more where most is wanted, or less where least is.
    gap : float
        How far objective and bound are apart, relative to the objective.
    proved : bool
        Whether the bound says that nothing is better: a gap of at most 1e-6, or for whole numbers none.
    seconds_spent : float
        How long it took.
    method : str
        How it was found.
    """

    chosen: tuple[int, ...]
    objective: float
    bound: float
    gap: float
    proved: bool
    seconds_spent: float
    method: str


@dataclass(frozen=True)
class Verdict:
    """An objective beside its bound."""

    objective: float
    bound: float
    gap: float
    proved: bool

    @classmethod
    def of(cls, objective: float, bound: float, sense: Sense, *, whole: bool) -> "Verdict":
        """Judge an objective by a bound; ``whole`` says that every choice is worth a whole number."""
        if whole and math.isfinite(bound):
            up = sense is Sense.LEAST
            off = rounding(bound)
            bound = float(math.ceil(bound - off) if up else math.floor(bound + off))
        bound = min(bound, objective) if sense is Sense.LEAST else max(bound, objective)
        gap = relative_gap(objective, bound)
        return cls(objective, bound, gap, gap == 0 if whole else gap <= PROVED_GAP)


def relative_gap(objective: float, bound: float) -> float:
    """Return how far two values are apart relative to the first: 0 where equal, ``inf`` where not finite."""
    if objective == bound:
        return 0.0
    if not (math.isfinite(objective) and math.isfinite(bound)) or objective == 0:
        return math.inf
    return abs(objective - bound) / abs(objective)


def sufficient(total: float, *, whole: bool) -> float:
    """Return the bound from which on a total, to be least, is proved."""
    if math.isinf(total):
        return total
    return total - 1 + 2 * rounding(total) if whole else total - PROVED_GAP / 2 * abs(total)


def rounding(bound: float) -> float:
    """Return what a bound may be off by, computed as it is from many parts."""
    return min(max(ROUNDING, ROUNDING_SHARE * abs(bound)), MOST_ROUNDING)
