"""
Times with doubt: the median, its spread, and the p90 of a sum of times.

A time is taken as spread evenly about its median and independent of the one that follows it; then medians
add, variances add, and the p90 of a sum follows from both. The p90s themselves never add: whoever turns out
late does not as a rule drive slowly too.

Where the shipped ratios come from: 2,857 emergency turnouts of full-time fire crews and 2,175 of their
drives, eight days of the San Francisco Fire Department's public call log (2016-12-31 to 2017-01-07).

- *Turnout*, full-time, by hour: p90/p50 was 1.48 (0 to 7 h), 1.71 (7 to 22 h) and 1.50 (22 to 24 h); the p90
  lay 1.06 to 1.25 times as far from the median as the p10, so an even spread is fair.
- *Road*, fire engine: 1.60 between drives of one engine to one block, where the median was 2 to 4 minutes. It
  is on the wide side, since some of them did not set out from their station.
- *The sum*: turnout and driving were not correlated (-0.03). Median 233 s and p90 370 s; this module's rule
  gives 231 s and 368 s from their parts, adding the p90s would have said 410 s.

Assumptions, for a city to replace by its own record: every ratio of part-time and volunteer crews, of other
vehicles and of the presets; every factor. Those full-time crews took 1.4 times as long between 22 and 7 h as
by day; the factor shipped for full-time is 1 all the same: a unit's own recorded turnout is taken as it is.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidInputError
from routing.profiles import preset as known_preset
from routing.profiles import profile as known_profile

P90_IN_DEVIATIONS = 1.2815515655446004
"""How many standard deviations above its median nine in ten times of an even (normal) spread lie below."""
HOURS = 24
CLEAR_ROADS = ""


class Staffing(StrEnum):
    """Who crews a unit: people on duty at the station, on call for part of the day, or called from home."""

    FULL_TIME = "full-time"
    PART_TIME = "part-time"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True)
class Timed:
    """
    Times with doubt, spread evenly about their medians.

    Attributes
    ----------
    p50_s : float64, shape (n,)
        The median; ``inf`` where it never comes about.
    sd_s : float64, shape (n,)
        The standard deviation; always finite.
    """

    p50_s: NDArray[np.float64]
    sd_s: NDArray[np.float64]

    @property
    def p90_s(self) -> NDArray[np.float64]:
        """The time that nine in ten stay below; ``inf`` where the median is."""
        return self.p50_s + P90_IN_DEVIATIONS * self.sd_s

    def then(self, following: "Timed") -> "Timed":
        """Return the times of one thing after the other, neither depending on how long the other took."""
        return Timed(self.p50_s + following.p50_s, np.hypot(self.sd_s, following.sd_s))


def certain(p50_s: NDArray[np.float64]) -> Timed:
    """Return times without doubt: a wait that is ordered, a loading time taken as it is."""
    return Timed(p50_s, np.zeros_like(p50_s))


def turnout_now(turnout_s: NDArray[np.float64], staffing: Sequence[str], hour: int) -> Timed:
    """
    Return the turnout of units at an hour of the day.

    Parameters
    ----------
    turnout_s : float64, shape (n,)
        The recorded turnout of each when its crew is at hand.
    staffing : sequence of Staffing, or of their words, length n
    hour : int
        The hour by the local clock, 0 to 23.
    """
    if not 0 <= hour < HOURS:
        raise InvalidInputError("hour", f"{hour} is no hour of the day; give 0 to 23 by the local clock")
    fares = {who: hours[hour] for who, hours in turnout_table().items()}
    factor = _looked_up("staffing", staffing, {who: row.factor for who, row in fares.items()})
    ratio = _looked_up("staffing", staffing, {who: row.p90_over_p50 for who, row in fares.items()})
    return _spread(turnout_s * factor, ratio)


def road_timed(travel_s: NDArray[np.float64], profiles: Sequence[str], preset: str | None = None) -> Timed:
    """
    Return road times with their doubt.

    Parameters
    ----------
    travel_s : float64, shape (n,)
        The road time under the preset; only its doubt is added here.
    profiles : sequence of str, length n
        The vehicle profile of each.
    preset : str or None
        What the roads are like: night, ice or fog widen the doubt; None for none of them.
    """
    if preset is not None:
        known_preset(preset)
    return _spread(travel_s, _looked_up("profile", profiles, road_table()[preset or CLEAR_ROADS]))


@dataclass(frozen=True)
class TurnoutRow:
    """How turnout fares in one hour: the factor on the recorded time, and its p90 over its median."""

    factor: float
    p90_over_p50: float


@cache
def turnout_table() -> dict[Staffing, tuple[TurnoutRow, ...]]:
    """Return for each staffing the 24 hours of ``turnout.csv``."""
    by_hour: dict[Staffing, dict[int, TurnoutRow]] = {staffing: {} for staffing in Staffing}
    for row in _rows("turnout.csv"):
        fares = TurnoutRow(float(row["factor"]), float(row["p90_over_p50"]))
        hours = range(int(row["from_hour"]), int(row["to_hour"]))
        by_hour[Staffing(row["staffing"])] |= dict.fromkeys(hours, fares)
    return {staffing: tuple(hours[hour] for hour in range(HOURS)) for staffing, hours in by_hour.items()}


@cache
def road_table() -> dict[str, dict[str, float]]:
    """Return p90 over p50 by preset (empty: clear roads), then by profile: the table ``road_doubt.csv``."""
    by_preset: dict[str, dict[str, float]] = {}
    for row in _rows("road_doubt.csv"):
        name = known_profile(row["profile"]).name
        by_preset.setdefault(row["preset"], {})[name] = float(row["p90_over_p50"])
    return by_preset


def _spread(p50_s: NDArray[np.float64], p90_over_p50: NDArray[np.float64]) -> Timed:
    comes_about = np.where(np.isfinite(p50_s), p50_s, 0.0)
    return Timed(p50_s, comes_about * (p90_over_p50 - 1.0) / P90_IN_DEVIATIONS)


def _looked_up(field: str, words: Sequence[str], value: Mapping[str, float]) -> NDArray[np.float64]:
    try:
        return np.array([value[word] for word in words], dtype=np.float64)
    except KeyError as unknown:
        raise InvalidInputError(
            field, f"{unknown.args[0]!r} is not a {field} with a known spread; known are {', '.join(value)}"
        ) from None


def _rows(name: str) -> list[dict[str, str]]:
    with files("routing").joinpath(name).open(encoding="utf-8") as table:
        return list(csv.DictReader(table))
