"""The gravest hazard sources and the standards of cover they are owed."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from geoalchemy2 import Geography
from geoalchemy2.shape import from_shape
from numpy.typing import NDArray
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from data.models import HazardSource, Standard
from data.models.base import WGS84_SRID
from data.registry.rows import point
from geo.places import Place

GRAVEST_GRADE = 2
DEGREE_M = 110_000.0
"""A little less than a degree of latitude is long, so that the box around a circle is never too small."""


@dataclass(frozen=True)
class SourceColumns:
    """
    Hazard sources of grade 1 and 2, ordered by id.

    Attributes
    ----------
    id, name, grade : shape (n,)
        As written in the registry.
    lon, lat : float64, shape (n,)
        A place on each, WGS84 degrees.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    grade: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True)
class StandardFacts:
    """A standard as a row: what is owed, how soon, counted from when, and who says so."""

    code: str
    name_en: str
    name_zh: str
    seconds: float
    clock_start: str
    strength: str
    capability: str | None
    capability_level: float
    applies_to: str
    grade: int | None
    source: str


@dataclass(frozen=True)
class Site:
    """The hazard source an incident happens at."""

    id: int
    name: str
    enterprise: str
    grade: int | None


def gravest_sources(session: Session) -> SourceColumns:
    """Read the hazard sources of grade 1 and 2."""
    spot = func.ST_PointOnSurface(HazardSource.place)
    rows = session.execute(
        select(HazardSource.id, HazardSource.name, HazardSource.grade, func.ST_X(spot), func.ST_Y(spot))
        .where(HazardSource.grade <= GRAVEST_GRADE)
        .order_by(HazardSource.id)
    ).all()
    return SourceColumns(
        id=np.array([row[0] for row in rows], dtype=np.int64),
        name=np.array([row[1] for row in rows], dtype=np.object_),
        grade=np.array([row[2] for row in rows], dtype=np.int64),
        lon=np.array([row[3] for row in rows], dtype=np.float64),
        lat=np.array([row[4] for row in rows], dtype=np.float64),
    )


def all_standards(session: Session) -> tuple[StandardFacts, ...]:
    """Read every standard, in order of its code."""
    return tuple(
        StandardFacts(
            code=row.code,
            name_en=row.name_en,
            name_zh=row.name_zh,
            seconds=row.seconds,
            clock_start=row.clock_start,
            strength=row.strength,
            capability=row.capability,
            capability_level=row.capability_level or 0.0,
            applies_to=row.applies_to,
            grade=row.grade,
            source=row.source,
        )
        for row in session.scalars(select(Standard).order_by(Standard.code))
    )


def site_by_id(session: Session, hazard_source_id: int | None) -> Site | None:
    """Return a hazard source by its number, or None where there is none."""
    row = None if hazard_source_id is None else session.get(HazardSource, hazard_source_id)
    return None if row is None else Site(row.id, row.name, row.enterprise, row.grade)


def site_at(session: Session, place: Place, within_m: float) -> Site | None:
    """Return the nearest hazard source within some metres of a place, or None."""
    spot = cast(from_shape(point(place), WGS84_SRID), Geography)
    apart_m = func.ST_Distance(cast(HazardSource.place, Geography), spot)
    row = session.scalars(
        select(HazardSource)
        .where(
            func.ST_Intersects(HazardSource.place, from_shape(_box(place, within_m), WGS84_SRID)),
            func.ST_DWithin(cast(HazardSource.place, Geography), spot, within_m),
        )
        .order_by(apart_m, HazardSource.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Site(row.id, row.name, row.enterprise, row.grade)


def _box(place: Place, within_m: float) -> shapely.Polygon:
    high = within_m / DEGREE_M
    wide = high / max(math.cos(math.radians(place.lat)), 0.01)
    return shapely.box(place.lon - wide, place.lat - high, place.lon + wide, place.lat + high)
