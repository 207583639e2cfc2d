"""
How far estimates were from what happened: by class of road, hour of the day and surroundings.

Nothing is kept twice: assignments keep what was promised, events what happened, and neither can be altered.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import fmean, median
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Assignment, Event
from data.record import ASSIGNMENT, Progress


@dataclass(frozen=True)
class Circumstances:
    """
    What estimates are told apart by; None for what is not known, no ``preset`` for plain surroundings.

    ``road_class`` is the class of most metres, ``hour`` the local hour of the start. Exercises are never
    mixed with real drives.
    """

    road_class: str | None
    hour: int
    preset: str | None
    synthetic: bool


@dataclass(frozen=True)
class Errors:
    """
    How far the estimates of one step were off; positive where it took longer than was promised.

    ``actual_over_predicted`` is the median of the ratios, by which an estimate would be multiplied; None
    where nothing above zero was promised.
    """

    count: int
    mean_s: float
    median_s: float
    worst_s: float
    actual_over_predicted: float | None


@dataclass(frozen=True)
class TravelErrors:
    """The errors under some circumstances; None where no such step was told."""

    circumstances: Circumstances
    turnout: Errors | None
    travel: Errors | None


@dataclass(frozen=True)
class _Step:
    """One step as it was promised and as it was."""

    predicted_s: float
    actual_s: float


@dataclass(frozen=True)
class _Drive:
    """The steps of one assignment of which both is known."""

    circumstances: Circumstances
    turnout: _Step | None
    travel: _Step | None


def travel_errors(session: Session, time_zone: str) -> tuple[TravelErrors, ...]:
    """Return the errors of every estimate that can be compared, by their circumstances."""
    by_circumstances: dict[Circumstances, list[_Drive]] = defaultdict(list)
    for drive in _drives(session, ZoneInfo(time_zone)):
        by_circumstances[drive.circumstances].append(drive)
    return tuple(
        TravelErrors(
            circumstances,
            _errors([drive.turnout for drive in drives if drive.turnout]),
            _errors([drive.travel for drive in drives if drive.travel]),
        )
        for circumstances, drives in sorted(by_circumstances.items(), key=lambda each: _order(each[0]))
    )


def _drives(session: Session, zone: ZoneInfo) -> list[_Drive]:
    rows = session.execute(
        select(Assignment, Event.kind, Event.happened_at)
        .join(Event, Event.assignment_id == Assignment.id)
        .where(Assignment.predicted_travel_s.is_not(None), Event.kind.startswith(ASSIGNMENT))
        .order_by(Assignment.id)
    ).all()
    found = []
    for assignment, of_assignment in groupby(rows, key=lambda row: row[0]):
        progress = Progress.of((kind, happened_at) for _, kind, happened_at in of_assignment)
        if progress.started_at is not None:
            found.append(_drive(assignment, progress, progress.started_at.astimezone(zone)))
    return [drive for drive in found if drive.turnout or drive.travel]


def _drive(assignment: Assignment, progress: Progress, started: datetime) -> _Drive:
    return _Drive(
        Circumstances(
            assignment.predicted_class, started.hour, assignment.preset, bool(assignment.synthetic)
        ),
        _step(assignment.predicted_turnout_s, progress.turnout_s),
        _step(assignment.predicted_travel_s, progress.travel_s),
    )


def _step(predicted_s: float | None, actual_s: float | None) -> _Step | None:
    return None if predicted_s is None or actual_s is None else _Step(predicted_s, actual_s)


def _errors(steps: Sequence[_Step]) -> Errors | None:
    if not steps:
        return None
    late_s = [step.actual_s - step.predicted_s for step in steps]
    ratios = [step.actual_s / step.predicted_s for step in steps if step.predicted_s > 0]
    return Errors(
        count=len(steps),
        mean_s=fmean(late_s),
        median_s=median(late_s),
        worst_s=max(late_s),
        actual_over_predicted=median(ratios) if ratios else None,
    )


def _order(one: Circumstances) -> tuple[bool, str, str, int]:
    return (one.synthetic, one.road_class or "", one.preset or "", one.hour)
