"""What a planner looks at: hazard sources with their shapes, and standards of arrival."""

from dataclasses import dataclass

import numpy as np
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Authority, Capability, HazardSource, Standard
from data.vocabulary import shipped_rows
from geo.errors import InvalidInputError

UNGRADED = 0


@dataclass(frozen=True)
class PlannedSources:
    """
    Every hazard source, ordered by id.

    Attributes
    ----------
    id, name, kind, enterprise, synthetic : shape (n,)
        As written in the registry.
    grade : int64, shape (n,)
        From 1, the gravest; 0 where it is no major hazard.
    shape : tuple of geometries
        Points, lines and areas, WGS84 degrees.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    kind: NDArray[np.object_]
    enterprise: NDArray[np.object_]
    grade: NDArray[np.int64]
    synthetic: NDArray[np.bool_]
    shape: tuple[BaseGeometry, ...]

    def of_grade(self, grade: int | None) -> "PlannedSources":
        """Return the sources of a grade, or all."""
        return self if grade is None else self.some(self.grade == grade)

    def some(self, which: NDArray[np.bool_]) -> "PlannedSources":
        """Return some of the sources."""
        kept = np.flatnonzero(which)
        return PlannedSources(
            self.id[kept],
            self.name[kept],
            self.kind[kept],
            self.enterprise[kept],
            self.grade[kept],
            self.synthetic[kept],
            tuple(self.shape[i] for i in kept.tolist()),
        )


@dataclass(frozen=True)
class PlannedStandard:
    """
    A standard of arrival as a row.

    ``percentile`` is how many of a hundred must be reached, None for all of them; ``vehicle_profile`` is who
    counts, ``grade`` which hazard sources it is for; None where it does not tell.
    """

    code: str
    name_en: str
    name_zh: str
    clause: str
    strength: str
    clock_start: str
    seconds: float
    percentile: float | None
    vehicle_profile: str | None
    capability: str | None
    capability_level: float
    grade: int | None
    source: str


def planned_sources(session: Session) -> PlannedSources:
    """Read every hazard source with its shape."""
    rows = session.execute(
        select(
            HazardSource.id,
            HazardSource.name,
            HazardSource.kind,
            HazardSource.enterprise,
            func.coalesce(HazardSource.grade, UNGRADED),
            HazardSource.synthetic,
            HazardSource.place,
        ).order_by(HazardSource.id)
    ).all()
    return PlannedSources(
        id=np.array([row[0] for row in rows], dtype=np.int64),
        name=np.array([row[1] for row in rows], dtype=np.object_),
        kind=np.array([row[2] for row in rows], dtype=np.object_),
        enterprise=np.array([row[3] for row in rows], dtype=np.object_),
        grade=np.array([row[4] for row in rows], dtype=np.int64),
        synthetic=np.array([row[5] for row in rows], dtype=np.bool_),
        shape=tuple(to_shape(row[6]) for row in rows),
    )


def arrival_standard(session: Session, code: str) -> PlannedStandard:
    """
    Return a standard by its code.

    Raises
    ------
    InvalidInputError
        When there is none of that code, or its clock does not end with an arrival.
    """
    row = session.get(Standard, code)
    ends = _other_ends()
    if row is None:
        known = session.scalars(select(Standard.code).order_by(Standard.code))
        listed = ", ".join(each for each in known if each not in ends)
        raise InvalidInputError("standard", f"there is no standard {code!r}; there is {listed or 'none'}")
    if code in ends:
        raise InvalidInputError(
            "standard", f"{code} ends with {ends[code]}, not with an arrival: no road decides it"
        )
    return PlannedStandard(
        code=row.code,
        name_en=row.name_en,
        name_zh=row.name_zh,
        clause=row.clause,
        strength=row.strength,
        clock_start=row.clock_start,
        seconds=row.seconds,
        percentile=row.percentile,
        vehicle_profile=row.vehicle_profile,
        capability=row.capability,
        capability_level=row.capability_level or 0.0,
        grade=row.grade,
        source=row.source,
    )


def known_capability(session: Session, code: str) -> str:
    """Return a capability's code, or refuse one that the vocabulary does not hold."""
    if session.get(Capability, code) is None:
        known = ", ".join(session.scalars(select(Capability.code).order_by(Capability.code)))
        raise InvalidInputError("team_capability", f"there is no capability {code!r}; there is {known}")
    return code


def approvals_s(session: Session, authority_id: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how long each authority takes to approve, 0 where there is none to ask."""
    takes = dict(session.execute(select(Authority.id, Authority.approval_s)).all())
    return np.array([float(takes.get(one, 0.0)) for one in authority_id.tolist()], dtype=np.float64)


def _other_ends() -> dict[str, str]:
    """Return the shipped standards that end with something else than an arrival."""
    return {row["code"]: row["ends_with"] for row in shipped_rows("standard_ends.csv")}
