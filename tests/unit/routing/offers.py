"""Offers for tests: by default a crew of four that each role ties up, and nobody is always alerted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.together import Demand, Offers

INF = float("inf")


@dataclass(frozen=True)
class Offer:
    """One candidate; ``crew_for`` is the people each whole share ties up, by default the whole crew."""

    id: int
    arrival_s: float
    share: tuple[float, ...]
    crew: float = 4.0
    crew_for: tuple[float, ...] | None = None
    tier: int = 1
    always: bool = False
    group: int = -1


@dataclass(frozen=True)
class Want:
    needed: float
    deadline_s: float = INF
    weight: float = 1.0
    divisible: bool = False


def in_columns(rows: Sequence[Offer], wants: Sequence[Want], group_limit: Sequence[int] = ()) -> Offers:
    def whole_crew(row: Offer) -> tuple[float, ...]:
        return tuple(row.crew if share else 0.0 for share in row.share)

    shape = (len(rows), len(wants))
    return Offers(
        id=np.array([row.id for row in rows], dtype=np.int64),
        arrival_s=np.array([row.arrival_s for row in rows], dtype=np.float64),
        share=np.array([row.share for row in rows], dtype=np.float64).reshape(shape),
        role_crew=np.array(
            [whole_crew(row) if row.crew_for is None else row.crew_for for row in rows], dtype=np.float64
        ).reshape(shape),
        crew=np.array([row.crew for row in rows], dtype=np.float64),
        divisible=np.array([want.divisible for want in wants], dtype=np.bool_),
        tier=np.array([row.tier for row in rows], dtype=np.int64),
        always=np.array([row.always for row in rows], dtype=np.bool_),
        group=np.array([row.group for row in rows], dtype=np.int64),
        group_limit=np.array(group_limit, dtype=np.int64),
    )


def demand_of(wants: Sequence[Want]) -> Demand:
    return Demand(
        needed=np.array([want.needed for want in wants], dtype=np.float64),
        deadline_s=np.array([want.deadline_s for want in wants], dtype=np.float64),
        weight=np.array([want.weight for want in wants], dtype=np.float64),
    )
