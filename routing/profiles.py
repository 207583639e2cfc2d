"""Vehicle profiles and road presets: the shipped tables, read into small types."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geo.errors import InvalidInputError
from routing.network import Access

YES = "yes"
EVERY_CLASS = ""
CAR = "car"
SUPPLY_TRUCK = "supply-truck"


@dataclass(frozen=True)
class Profile:
    """
    How a kind of vehicle, or a person, gets along.

    Attributes
    ----------
    lights_factor, top_kmh : float
        Its speed with lights and sirens as a share of an ordinary car's, and the most it drives.
    walks_kmh : float or None
        Its speed on every road, for those on foot: they mind neither one-way streets nor barriers nor limits,
        and keep off motorways.
    height_m, weight_t, width_m : float
        Its size; nan where no limit concerns it.
    enters : Access
        The most closed kind of road it may enter.
    opens_gates, obeys_turns : bool
        Whether gates open to it, and whether it obeys turn restrictions.
    uphill_factor : float
        How much longer a road takes for each unit of slope uphill: 8 makes it 40 % longer at a slope of 5 %.
    """

    name: str
    lights_factor: float
    top_kmh: float
    walks_kmh: float | None
    height_m: float
    weight_t: float
    width_m: float
    enters: Access
    opens_gates: bool
    obeys_turns: bool
    uphill_factor: float


@dataclass(frozen=True)
class Preset:
    """How much longer roads take at night, on ice or in fog: a factor for each class, and for all others."""

    name: str
    by_class: dict[str, float]

    def factor(self, road_class: str) -> float:
        """Return the factor of a road class."""
        return self.by_class.get(road_class, self.by_class[EVERY_CLASS])


@cache
def profiles() -> dict[str, Profile]:
    """
    Return the shipped profiles by name: the table ``profiles.csv``.

    A car is the measure: posted limits and road classes give its times. The sizes are typical of service
    vehicles, top speeds and slope factors our own assumptions. Lights and sirens gain nothing here: what
    they gain is a city's to measure, and a factor above 1 belongs to its own record.
    """
    shipped = {row["profile"]: _profile(row) for row in _rows("profiles.csv")}
    return {CAR: _car(), **shipped}


@cache
def presets() -> dict[str, Preset]:
    """Return the shipped presets by name: the table ``presets.csv``, assumptions like the profiles."""
    by_name: dict[str, dict[str, float]] = {}
    for row in _rows("presets.csv"):
        by_name.setdefault(row["preset"], {})[row["road_class"]] = float(row["time_factor"])
    return {name: Preset(name, by_class) for name, by_class in by_name.items()}


def profile(name: str) -> Profile:
    """Return a profile, or raise ``InvalidInputError`` naming those there are."""
    if name not in profiles():
        raise InvalidInputError(
            "profile", f"{name!r} is not a vehicle profile; known are {', '.join(profiles())}"
        )
    return profiles()[name]


def preset(name: str) -> Preset:
    """Return a preset, or raise ``InvalidInputError`` naming those there are."""
    if name not in presets():
        raise InvalidInputError("preset", f"{name!r} is not a road preset; known are {', '.join(presets())}")
    return presets()[name]


def _profile(row: dict[str, str]) -> Profile:
    return Profile(
        name=row["profile"],
        lights_factor=_number(row["lights_factor"]),
        top_kmh=_number(row["top_kmh"]),
        walks_kmh=float(row["walks_kmh"]) if row["walks_kmh"] else None,
        height_m=_number(row["height_m"]),
        weight_t=_number(row["weight_t"]),
        width_m=_number(row["width_m"]),
        enters=Access(int(row["enters"])),
        opens_gates=row["opens_gates"] == YES,
        obeys_turns=row["obeys_turns"] == YES,
        uphill_factor=float(row["uphill_factor"]),
    )


def _car() -> Profile:
    """Return what road times are measured in: a car that everything is open to."""
    return Profile(CAR, 1.0, math.inf, None, math.nan, math.nan, math.nan, Access.EMERGENCY, True, False, 0.0)


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _rows(name: str) -> list[dict[str, str]]:
    with files("routing").joinpath(name).open(encoding="utf-8") as table:
        return list(csv.DictReader(table))
