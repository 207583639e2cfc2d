"""A road condition as recorded, and sets of them that belong to one version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row

from data.models import ConditionKind, RoadPreset
from data.registry.conditions import NamedSegments


class Standing(StrEnum):
    """Where a road condition stands at a moment."""

    IN_FORCE = "in-force"
    COMING = "coming"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Withdrawal:
    """When a road condition was withdrawn, by whom and why, and the version that first lacked it."""

    at: datetime
    by: str
    why: str
    version: int


@dataclass(frozen=True)
class ConditionFacts:
    """
    A road condition as recorded.

    ``segments``, where named, count on the version of the road network they name, and ``shape`` on every
    other. ``added_in`` is the version that first held it.
    """

    id: int
    kind: ConditionKind
    shape: BaseGeometry
    segments: NamedSegments | None
    factor: float | None
    preset: RoadPreset | None
    reason: str
    author: str
    valid_from: datetime
    valid_to: datetime | None
    created_at: datetime
    added_in: int
    withdrawal: Withdrawal | None
    synthetic: bool

    def standing(self, at: datetime) -> Standing:
        """Return where it stands at a moment, by what is recorded now."""
        if self.withdrawal is not None:
            return Standing.WITHDRAWN
        if self.valid(at):
            return Standing.IN_FORCE
        return Standing.COMING if at < self.valid_from else Standing.PAST

    def valid(self, at: datetime) -> bool:
        """Whether a moment lies between its beginning and its end."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True)
class ConditionsSet:
    """
    The road conditions in force at a moment, in ascending order of id, all of one version.

    It stays true from ``at`` up to, not including, ``changes_at``, the next moment at which one begins or
    ends; for ever where that is None; and as long as the database's version is this one.
    """

    version: int
    at: datetime
    changes_at: datetime | None
    conditions: tuple[ConditionFacts, ...]

    def holds(self, version: int, at: datetime) -> bool:
        """Whether it is also the set of a version at a moment."""
        in_time = self.at <= at and (self.changes_at is None or at < self.changes_at)
        return version == self.version and in_time


@dataclass(frozen=True)
class ConditionsPage:
    """Some road conditions of one version, in ascending order of id, and how many match in all."""

    version: int
    at: datetime
    matched: int
    conditions: tuple[ConditionFacts, ...]


def facts_of(row: Row[Any]) -> ConditionFacts:
    """Return what a row of the table says."""
    return ConditionFacts(
        id=row.id,
        kind=ConditionKind(row.kind),
        shape=to_shape(row.shape),
        segments=_named_segments(row),
        factor=row.factor,
        preset=None if row.preset is None else RoadPreset(row.preset),
        reason=row.reason,
        author=row.author,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        created_at=row.created_at,
        added_in=row.added_in,
        withdrawal=_withdrawal(row),
        synthetic=row.synthetic,
    )


def _named_segments(row: Row[Any]) -> NamedSegments | None:
    if row.segments is None:
        return None
    return NamedSegments(roads=row.roads, roads_hash=row.roads_hash, numbers=tuple(row.segments))


def _withdrawal(row: Row[Any]) -> Withdrawal | None:
    if row.withdrawn_at is None:
        return None
    return Withdrawal(row.withdrawn_at, row.withdrawn_by, row.withdrawn_why, row.withdrawn_in)
