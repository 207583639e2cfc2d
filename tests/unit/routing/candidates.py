"""Candidates for tests: by default everybody is in service, on the road and known a moment ago."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.dispatch import Candidates
from routing.reasons import Failure


@dataclass(frozen=True)
class Candidate:
    id: int
    travel_s: float = 60.0
    offered: tuple[float, ...] = (1.0,)
    ready_s: float = 0.0
    off_m: float = 0.0
    straight_m: float = 1000.0
    in_service: bool = True
    ahead_s: float = 0.0
    level: tuple[float, ...] | None = None
    hindrance: str = ""
    expired: tuple[Failure, ...] = ()
    busy: Failure | None = None
    held: Failure | None = None


def in_columns(rows: Sequence[Candidate], requirements: int = 1) -> Candidates:
    shape = (len(rows), requirements)

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([getattr(row, name) for row in rows], dtype=np.float64)

    return Candidates(
        id=np.array([row.id for row in rows], dtype=np.int64),
        ready_s=column("ready_s"),
        travel_s=column("travel_s"),
        off_m=column("off_m"),
        straight_m=column("straight_m"),
        offered=np.array([row.offered for row in rows], dtype=np.float64).reshape(shape),
        level=np.array([row.level or (0.0,) * requirements for row in rows]).reshape(shape),
        in_service=np.array([row.in_service for row in rows], dtype=np.bool_),
        ahead_s=column("ahead_s"),
        hindrance=tuple(row.hindrance for row in rows),
        expired=tuple(row.expired for row in rows),
        busy=tuple(row.busy for row in rows),
        held=tuple(row.held for row in rows),
    )
