"""What road conditions do to segments: which they close or slow, and which condition did it."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidInputError
from routing.covering import RoadCover, Segments, check_segments
from routing.network import RoadNetwork
from routing.profiles import preset
from routing.snapping import RoadIndex


class Action(StrEnum):
    """What a condition does to the segments it covers."""

    CLOSE = "close"
    SLOW = "slow"
    OPEN = "open"
    """Undo every closure; slow-downs stay."""


@dataclass(frozen=True)
class Condition:
    """
    Something that happens to roads, in fact or in a what-if.

    Attributes
    ----------
    action : Action
    where : shapely geometry in WGS84, or int64 segments
        An area, line or point, as `RoadCover` takes them, or the segments themselves.
    factor : float or None
        What driving times are multiplied by, at least 1; for ``SLOW``.
    preset : str or None
        A preset whose factors, one for each class of road, are taken instead.
    """

    action: Action
    where: BaseGeometry | Segments
    factor: float | None = None
    preset: str | None = None

    def __post_init__(self) -> None:
        ways = (self.factor is not None) + (self.preset is not None)
        if ways != (self.action is Action.SLOW):
            raise InvalidInputError("factor", "a slow-down has a factor or a preset, nothing else has any")
        if self.factor is not None and not 1 <= self.factor < math.inf:
            raise InvalidInputError(
                "factor", f"{self.factor} is no factor by which roads take longer: 1 or more"
            )
        if self.preset is not None:
            preset(self.preset)


@dataclass(frozen=True)
class Causes:
    """Pairs of a segment and the position of a condition that concerns it, ascending."""

    segment: Segments
    condition: Segments

    def of(self, segment: int) -> tuple[int, ...]:
        """Return the positions of the conditions that concern a segment."""
        first, last = np.searchsorted(self.segment, (segment, segment + 1))
        return tuple(self.condition[first:last].tolist())


@dataclass(frozen=True)
class Effect:
    """
    What conditions do together.

    Attributes
    ----------
    closed : bool, shape (segments,)
    time_factor : float64, shape (segments,)
        What driving times are multiplied by: of several slow-downs the largest, 1 where there is none.
    closings, slowings : Causes
        Which conditions, by their position in the sequence given, close and slow which segments.
    """

    closed: NDArray[np.bool_]
    time_factor: NDArray[np.float64]
    closings: Causes
    slowings: Causes

    def reopened(self, closures: Collection[int]) -> "Effect":
        """Return the effect without some closures, by the position of their conditions."""
        left = ~np.isin(self.closings.condition, list(closures))
        closings = Causes(self.closings.segment[left], self.closings.condition[left])
        closed = np.zeros_like(self.closed)
        closed[closings.segment] = True
        return replace(self, closed=closed, closings=closings)


def effect(network: RoadNetwork, index: RoadIndex, conditions: Sequence[Condition]) -> Effect:
    """
    Return what conditions do to a network.

    Slow-downs do not multiply: ice and fog together count as the worse of the two, since whoever wrote the
    second down had the road in mind as it already was.

    Raises
    ------
    InvalidInputError
        When a condition names a segment that the network has not.
    """
    cover = RoadCover(network, index)
    covered = [_covered(network, cover, condition) for condition in conditions]
    reopened = _mask(network, _of(Action.OPEN, conditions, covered))
    closings = _causes([(i, s[~reopened[s]]) for i, s in _of(Action.CLOSE, conditions, covered)])
    slowing = _of(Action.SLOW, conditions, covered)
    time_factor = np.ones(network.segments)
    for i, slowed in slowing:
        time_factor[slowed] = np.maximum(time_factor[slowed], _factors(network, conditions[i], slowed))
    closed = _mask(network, [(0, closings.segment)])
    return Effect(closed, time_factor, closings, _causes(slowing))


Numbered = Sequence[tuple[int, Segments]]


def _covered(network: RoadNetwork, cover: RoadCover, condition: Condition) -> Segments:
    if isinstance(condition.where, BaseGeometry):
        return cover.segments(condition.where)
    named = np.unique(np.asarray(condition.where, dtype=np.int64))
    check_segments(named, network)
    return named


def _of(action: Action, conditions: Sequence[Condition], covered: Sequence[Segments]) -> Numbered:
    return [
        (i, segments)
        for i, (condition, segments) in enumerate(zip(conditions, covered, strict=True))
        if condition.action is action
    ]


def _mask(network: RoadNetwork, numbered: Numbered) -> NDArray[np.bool_]:
    mask = np.zeros(network.segments, dtype=np.bool_)
    for _, segments in numbered:
        mask[segments] = True
    return mask


def _causes(numbered: Numbered) -> Causes:
    segment = np.concatenate([np.zeros(0, dtype=np.int64), *(segments for _, segments in numbered)])
    condition = np.repeat(
        np.array([i for i, _ in numbered], dtype=np.int64), [len(segments) for _, segments in numbered]
    )
    order = np.argsort(segment, kind="stable")
    return Causes(segment[order], condition[order])


def _factors(network: RoadNetwork, condition: Condition, slowed: Segments) -> NDArray[np.float64]:
    if condition.preset is None:
        return np.full(len(slowed), condition.factor, dtype=np.float64)
    chosen = preset(condition.preset)
    by_class = np.array([chosen.factor(str(name)) for name in network.class_names])
    return np.asarray(by_class[network.road_class[slowed]], dtype=np.float64)
