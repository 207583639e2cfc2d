"""What planning rests on: which posts count, where sources are reached, and from when the clock runs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.candidates import UnitColumns, all_units
from data.columns import EPOCH
from data.models import ClockStart
from data.planning import PlannedStandard, approvals_s, arrival_standard, known_capability
from geo.errors import InvalidInputError, RescueError
from routing.conditions import Condition

CAPABILITY = re.compile(r"(?P<code>[^@\s]+)(@(?P<level>[0-9]+(\.[0-9]+)?))?")
FROM_ORDER, FROM_DEPARTURE = ClockStart.ORDER.value, ClockStart.DEPARTURE.value
BEFORE_THE_ORDER = (ClockStart.ALARM, ClockStart.ANSWER, ClockStart.ACCIDENT)
MOST_S = 86_400.0
NONE_ID = 0


class NobodyCountsError(RescueError):
    """No unit is left that the question counts."""


@dataclass(frozen=True)
class CapabilityAsked:
    """A capability, and the level from which on it counts."""

    code: str
    level: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "CapabilityAsked":
        """Read ``hazmat`` or ``hazmat@2``."""
        match = CAPABILITY.fullmatch(text.strip())
        if match is None:
            raise InvalidInputError("team_capability", f"{text!r} is not NAME or NAME@LEVEL, e.g. hazmat@2")
        return cls(match["code"], float(match["level"] or 0.0))

    def __str__(self) -> str:
        return f"{self.code}@{self.level:g}" if self.level else self.code


@dataclass(frozen=True)
class PlanAsked:
    """
    Who and what a planner asks about.

    Attributes
    ----------
    standard : str or None
        The code of a standard, which brings its seconds, clock, capability, vehicle and grade.
    seconds : float or None
        A time without a standard.
    clock : str
        ``order`` or ``departure``: from when the seconds count.
    capability : CapabilityAsked or None
        Who counts; of a standard its own where none is given.
    bases, teams : tuple of str
        Names; all where there are none.
    profile, preset : str or None
        What every unit is taken to drive, and in which weather.
    closures : tuple of Condition
    """

    standard: str | None = None
    seconds: float | None = None
    clock: str = FROM_ORDER
    capability: CapabilityAsked | None = None
    bases: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    profile: str | None = None
    preset: str | None = None
    closures: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Terms:
    """
    What must be kept: within how long, from when, by whom.

    Attributes
    ----------
    within_s : float
        ``inf`` where only never counts.
    counts_turnout : bool
        False where the clock starts with the wheels rolling.
    standard : PlannedStandard or None
    capability : CapabilityAsked or None
    """

    within_s: float
    clock: str
    standard: PlannedStandard | None
    capability: CapabilityAsked | None

    @property
    def counts_turnout(self) -> bool:
        """Whether turnout is a part of the time."""
        return self.clock != FROM_DEPARTURE

    @property
    def grade(self) -> int | None:
        """The grade of hazard source it is for, None for all."""
        return None if self.standard is None else self.standard.grade

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever reads the figures must know of the clock."""
        if self.clock in BEFORE_THE_ORDER:
            return (f"the clock starts with the {self.clock}; the time until the order is taken as nothing",)
        return ()


@dataclass(frozen=True)
class Posts:
    """
    Where units that count start from: one post for each base, vehicle profile, and site they are kept for.

    Attributes
    ----------
    base : int64, shape (posts,)
        Positions in ``base_name``.
    profile : str, shape (posts,)
        What is driven.
    turnout_s : float64, shape (posts,)
        Of the quickest unit, with the approval of its authority.
    guards : int64, shape (posts,)
        The hazard source it is kept for, 0 where it goes anywhere.
    units : tuple of tuple of str
        The names of the units of each.
    base_name : tuple of str
    lon, lat : float64, shape (bases,)
        WGS84 degrees.
    notes : tuple of str
        Sentences on who does not count, and who counts how.
    """

    base: NDArray[np.int64]
    profile: NDArray[np.str_]
    turnout_s: NDArray[np.float64]
    guards: NDArray[np.int64]
    units: tuple[tuple[str, ...], ...]
    base_name: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.base)


def terms_of(session: Session, asked: PlanAsked, *, needs_time: bool) -> Terms:
    """
    Return what must be kept.

    Raises
    ------
    InvalidInputError
        When neither or both of a standard and seconds are given, or one of them cannot be used.
    """
    if asked.standard is not None and asked.seconds is not None:
        raise InvalidInputError("seconds", "a standard has its own: give one of --standard and --seconds")
    capability = asked.capability
    if asked.standard is not None:
        standard = arrival_standard(session, asked.standard)
        if capability is None and standard.capability is not None:
            capability = CapabilityAsked(standard.capability, standard.capability_level)
        terms = Terms(standard.seconds, standard.clock_start, standard, capability)
    elif asked.seconds is not None:
        terms = Terms(_checked_s(asked.seconds), _checked_clock(asked.clock), None, capability)
    elif needs_time:
        raise InvalidInputError("standard", "give a standard, e.g. --standard cover-grade-1, or --seconds")
    else:
        terms = Terms(np.inf, _checked_clock(asked.clock), None, capability)
    if terms.capability is not None:
        known_capability(session, terms.capability.code)
    return terms


def read_posts(session: Session, asked: PlanAsked, terms: Terms) -> Posts:
    """
    Read the units that count at their bases, with the equipment they hold today.

    A unit counts when it is in service, of the bases and teams named, drives the standard's vehicle and holds
    the capability at its level by a certificate that has not run out. Nobody is taken to be busy; a unit of
    another authority leaves once that has approved.
    """
    codes = [] if terms.capability is None else [terms.capability.code]
    units = all_units(session, codes)
    _refuse_unknown("bases", asked.bases, units.base)
    _refuse_unknown("teams", asked.teams, units.team)
    chosen = _chosen(units, asked)
    theirs = units.authority_id != NONE_ID
    able = _able(units, terms)
    if terms.standard is not None and terms.standard.vehicle_profile is not None:
        able &= units.vehicle_profile == terms.standard.vehicle_profile
    counted = np.flatnonzero(chosen & able & units.in_service)
    if not len(counted):
        raise NobodyCountsError(f"no unit counts: {_who(asked, terms)}; widen the question")
    notes = (
        _sentence(chosen & ~units.in_service, "out of service do not count"),
        _sentence(chosen & units.in_service & ~able, "do not hold what is asked and do not count"),
        _sentence(theirs[counted], "of other authorities count from when their approval is given"),
    )
    ready_s = units.turnout_s + approvals_s(session, units.authority_id)
    said = tuple(sentence for sentence in notes if sentence)
    posts = _posts(replace(units, turnout_s=ready_s), counted, asked.profile, said)
    return posts if terms.counts_turnout else replace(posts, turnout_s=np.zeros(len(posts)))


def _checked_s(seconds: float) -> float:
    if not 0 < seconds <= MOST_S:
        raise InvalidInputError("seconds", f"{seconds:g} must be above 0 and at most {MOST_S:g}, a day")
    return seconds


def _checked_clock(clock: str) -> str:
    if clock not in (FROM_ORDER, FROM_DEPARTURE):
        raise InvalidInputError("clock", f"{clock!r} is neither {FROM_ORDER} nor {FROM_DEPARTURE}")
    return clock


def _refuse_unknown(field: str, asked: Sequence[str], known: NDArray[np.object_]) -> None:
    there = set(known.tolist())
    for name in asked:
        if name not in there:
            raise InvalidInputError(field, f"no unit belongs to {name!r}; write the name as in the registry")


def _chosen(units: UnitColumns, asked: PlanAsked) -> NDArray[np.bool_]:
    chosen = np.ones(len(units.id), dtype=np.bool_)
    if asked.bases:
        chosen &= np.isin(units.base.astype(np.str_), asked.bases)
    if asked.teams:
        chosen &= np.isin(units.team.astype(np.str_), asked.teams)
    return chosen


def _able(units: UnitColumns, terms: Terms) -> NDArray[np.bool_]:
    if terms.capability is None:
        return np.ones(len(units.id), dtype=np.bool_)
    today = (datetime.now(UTC).date() - EPOCH).days
    valid = ~(units.valid_until_day[:, 0] < today)
    holds = (units.offered[:, 0] > 0) & (units.level[:, 0] >= terms.capability.level)
    return np.asarray(holds & valid, dtype=np.bool_)


def _who(asked: PlanAsked, terms: Terms) -> str:
    wanted = [] if terms.capability is None else [f"holds {terms.capability}"]
    if terms.standard is not None and terms.standard.vehicle_profile is not None:
        wanted.append(f"drives a {terms.standard.vehicle_profile}")
    if asked.bases or asked.teams:
        wanted.append(f"belongs to {', '.join((*asked.bases, *asked.teams))}")
    return f"none in service {' and '.join(wanted) or 'stands in the registry'}"


def _sentence(which: NDArray[np.bool_], what: str) -> str:
    count = int(np.count_nonzero(which))
    return f"{count} units {what}" if count else ""


def _posts(
    units: UnitColumns, counted: NDArray[np.int64], profile: str | None, notes: tuple[str, ...]
) -> Posts:
    """Put the units that count together by base, vehicle and the site they are kept for."""
    own_profile = units.vehicle_profile[counted].astype(np.str_)
    driven = own_profile if profile is None else np.full(len(counted), profile)
    bases, first_unit, base = np.unique(
        units.base[counted].astype(np.str_), return_index=True, return_inverse=True
    )
    _, kind = np.unique(driven, return_inverse=True)
    guards = units.hazard_source_id[counted]
    keys, group = np.unique(np.column_stack((base, kind, guards)), axis=0, return_inverse=True)
    members = [np.flatnonzero(group == g) for g in range(len(keys))]
    first = np.array([own[0] for own in members], dtype=np.int64)
    return Posts(
        base=keys[:, 0].astype(np.int64),
        profile=driven[first],
        turnout_s=np.array([units.turnout_s[counted[own]].min() for own in members]),
        guards=guards[first],
        units=tuple(tuple(units.name[counted[own]].tolist()) for own in members),
        base_name=tuple(bases.tolist()),
        lon=units.base_lon[counted[first_unit]],
        lat=units.base_lat[counted[first_unit]],
        notes=notes,
    )
