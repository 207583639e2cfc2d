"""A question to the simulation, checked before anything is read."""

import math
import os
from dataclasses import dataclass, field
from pathlib import Path

from api.siting.asked import TURNOUT_S
from geo.errors import InvalidInputError
from geo.places import Place

CALLS_PER_DAY = 24.0
DAYS = 14
RUNS = 10
MOST_CALLS = 5_000_000
PER_PROCESSOR = 4
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class BaseNamed:
    """A base that plan B builds."""

    name: str
    place: Place

    @classmethod
    def parse(cls, text: str) -> "BaseNamed":
        """Read ``NAME=LON,LAT``."""
        name, equals, where = text.rpartition("=")
        if not (equals and name.strip() and name.isprintable()):
            raise InvalidInputError("base", f"{text!r} is not NAME=LON,LAT, e.g. North=114.295,30.595")
        return cls(name.strip(), Place.parse(where))


@dataclass(frozen=True)
class HeldAsked:
    """What each new base holds, as in a siting question; None: as the standard says, else the default."""

    capability: str | None = None
    level: float = 0.0
    profile: str | None = None
    turnout_s: float = TURNOUT_S


@dataclass(frozen=True)
class Runs:
    """How much is simulated: counted days a run, runs, where chance begins, and over how many processes."""

    days: int = DAYS
    runs: int = RUNS
    seed: int = 1
    workers: int = 1


@dataclass(frozen=True)
class SimulationAsked:
    """
    What a plan achieves over many days of calls.

    Attributes
    ----------
    standard : str or None
        The code of a standard of arrival.
    seconds : float or None
        Or a time from the call.
    bases : tuple of BaseNamed
        What plan B builds beside what stands; without any, only today is simulated.
    places, kinds : Path or None
        A city's own tables of where calls come from and what they are; None: the shipped assumptions.
    """

    standard: str | None = None
    seconds: float | None = None
    bases: tuple[BaseNamed, ...] = ()
    held: HeldAsked = field(default_factory=HeldAsked)
    calls_per_day: float = CALLS_PER_DAY
    runs: Runs = field(default_factory=Runs)
    places: Path | None = None
    kinds: Path | None = None


def check(asked: SimulationAsked) -> None:
    """
    Refuse what cannot be simulated.

    Raises
    ------
    InvalidInputError
        Naming the option and how to mend it.
    """
    if (asked.standard is None) == (asked.seconds is None):
        raise InvalidInputError("standard", "give --standard CODE or --seconds S, one of them")
    _require_above("seconds", asked.seconds)
    _require_above("calls-per-day", asked.calls_per_day)
    _check_runs(asked.runs)
    if asked.calls_per_day * asked.runs.days * asked.runs.runs > MOST_CALLS:
        raise InvalidInputError("runs", f"more than {MOST_CALLS:,} calls; ask for fewer days, runs or calls")
    names = [base.name for base in asked.bases]
    if len(set(names)) < len(names):
        raise InvalidInputError("base", "two bases have one name; give each its own")
    if not (math.isfinite(asked.held.turnout_s) and asked.held.turnout_s >= 0):
        raise InvalidInputError("turnout-s", "must be a finite number from zero up")


def _check_runs(runs: Runs) -> None:
    for name, value in (("days", runs.days), ("runs", runs.runs), ("workers", runs.workers)):
        if value < 1:
            raise InvalidInputError(name, f"must be a whole number from one up, not {value}")
    if runs.workers > PER_PROCESSOR * (os.cpu_count() or 1):
        raise InvalidInputError("workers", f"{runs.workers} is more than four for each processor here")
    if not 0 <= runs.seed <= LARGEST_SEED:
        raise InvalidInputError("seed", f"must be from 0 to {LARGEST_SEED}, not {runs.seed}")


def _require_above(field_name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise InvalidInputError(field_name, f"must be a finite number above zero, not {value}")
