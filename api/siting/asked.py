"""A siting question as a planner asks it, checked before anything is searched."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import InvalidInputError
from routing.conditions import Condition

SPREAD = 100
TURNOUT_S = 60.0
HOLDING_NEED = "rescue"
MOST_SPREAD = 5000


@dataclass(frozen=True)
class CandidatesAsked:
    """
    Where one could build.

    Attributes
    ----------
    layer : Path or None
        A file of new sites; without it ``near`` road nodes are spread over where the sources lie.
    site_cost : float or None
        What a new site costs where the layer does not say.
    upgrade : float, Path or None
        What upgrading any station costs, or a file that says it of some; None where none is a candidate.
    keep_off : Path or None
        Exits of hospitals and schools.
    """

    layer: Path | None = None
    near: int = SPREAD
    site_cost: float | None = None
    upgrade: float | Path | None = None
    keep_off: Path | None = None


@dataclass(frozen=True)
class Clocked:
    """
    The time to keep: a standard of the registry by its code, or seconds from the order.

    ``holding_s``, where given, is how long a local force with ``holding_need`` holds.
    """

    standard: str | None = None
    seconds: float | None = None
    holding_s: float | None = None
    holding_need: str = HOLDING_NEED


@dataclass(frozen=True)
class BaseAsked:
    """What a base must hold, and how a new one would drive; None: as the standard says, else the default."""

    capability: str | None = None
    level: float = 0.0
    profile: str | None = None
    turnout_s: float = TURNOUT_S


@dataclass(frozen=True)
class RoadsAsked:
    """
    Presets such as ice and closures by name, tried beside the open roads in summer; each closure alone.

    ``structures`` is a file of bridges and tunnels: each that matters to the question is a closure too.
    """

    presets: tuple[str, ...] = ()
    closures: tuple[tuple[str, Condition], ...] = ()
    structures: Path | None = None

    @property
    def seasons(self) -> tuple[str | None, ...]:
        """Summer, which is no preset, and each preset once."""
        return (None, *dict.fromkeys(self.presets))


@dataclass(frozen=True)
class BusyAsked:
    """
    How busy bases are: the fraction of time each is out, or calls and how long each takes.

    One team a base is counted.
    """

    fraction: float | None = None
    calls_per_day: float | None = None
    service_min: float | None = None


@dataclass(frozen=True)
class SitingAsked:
    """Where should ``new`` bases go, what may they cost, and what else is asked."""

    new: int
    clock: Clocked
    base: BaseAsked = field(default_factory=BaseAsked)
    candidates: CandidatesAsked = field(default_factory=CandidatesAsked)
    roads: RoadsAsked = field(default_factory=RoadsAsked)
    busy: BusyAsked | None = None
    budget: float | None = None
    why_not: tuple[str, ...] = ()
    curve: bool = False
    time_limit_s: float = 60.0


def check(asked: SitingAsked) -> None:
    """
    Refuse what cannot be asked.

    Raises
    ------
    InvalidInputError
        Naming the option and how to mend it.
    """
    if asked.new < 0:
        raise InvalidInputError("new", f"must be a whole number from zero up, not {asked.new}")
    clock, where = asked.clock, asked.candidates
    if (clock.standard is None) == (clock.seconds is None):
        raise InvalidInputError("standard", "give --standard CODE or --seconds S, one of them")
    _require_above("seconds", clock.seconds)
    _require_above("holding-s", clock.holding_s)
    _require_from_zero("budget", asked.budget)
    _require_from_zero("site-cost", where.site_cost)
    _require_from_zero("turnout-s", asked.base.turnout_s)
    if asked.busy is not None:
        _check_busy(asked.busy)
    if isinstance(where.upgrade, float):
        _require_from_zero("upgrade", where.upgrade)
    if where.layer is None and not 0 <= where.near <= MOST_SPREAD:
        raise InvalidInputError("candidates-near", f"must be from 0 to {MOST_SPREAD:,}, not {where.near}")


def _check_busy(busy: BusyAsked) -> None:
    by_calls = (busy.calls_per_day is not None, busy.service_min is not None)
    if busy.fraction is not None and any(by_calls):
        raise InvalidInputError("busy", "give --busy Q, or --calls-per-day and --service-min, not both")
    if busy.fraction is None and not all(by_calls):
        raise InvalidInputError("calls-per-day", "give --calls-per-day and --service-min together")
    if busy.fraction is not None and not 0 < busy.fraction < 1:
        raise InvalidInputError("busy", f"must be a fraction between 0 and 1, not {busy.fraction}")
    _require_above("calls-per-day", busy.calls_per_day)
    _require_above("service-min", busy.service_min)


def _require_above(field_name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise InvalidInputError(field_name, f"must be a finite number above zero, not {value}")


def _require_from_zero(field_name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise InvalidInputError(field_name, f"must be a finite number from zero up, not {value}")
