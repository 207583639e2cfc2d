"""
What an answer was decided on, taken apart to be kept, and put together again.

A part is a field of the picture, whichever fields it has, but for two: of the units, what moves is a part of
its own; and the situation is kept as the roads' hash, the conditions and the what-if it is made of.
"""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, TypeVar, get_type_hints

from api.live_roads import LiveRoads
from api.picture import Picture
from api.settings import Settings
from api.situations import WhatIf, situation_under
from data.candidates import UnitColumns
from data.canonical import EncodingError, decode, encode
from data.condition_facts import ConditionFacts

Parts = Mapping[str, bytes]

MOVING = ("lon", "lat", "position_at_s")
PLACES_AND_ADDRESSES = frozenset({"database_url", "database", "var", "roads", "host", "port"})
"""The settings that say where things are; all others decide."""
PACKAGES = ("numpy", "scipy", "shapely", "pyproj", "numba", "pymetis", "pydantic", "pydantic-core")
"""Those whose versions may change a digit of an answer."""
TABLES = (
    "presets.csv",
    "profiles.csv",
    "road_classes.csv",
    "road_doubt.csv",
    "spoken.csv",
    "turnout.csv",
)
"""The tables beside the rule that a city may replace."""
ABSENT = "absent"
MADE_OF_PARTS = frozenset({"units", "situation"})
"""The fields of the picture that are no part as they are."""
OTHER_PARTS = frozenset({"units", "positions", "roads", "conditions", "what_if", "settings", "packages"})

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class RoadsUsed:
    """Which version of which road network was searched."""

    name: str
    hash: str


@dataclass(frozen=True)
class ConditionsUsed:
    """The road conditions in force, and their version."""

    version: int
    facts: tuple[ConditionFacts, ...]


@cache
def packages() -> dict[str, str]:
    """Return the versions of Python, of packages, and of tables that may change a digit of an answer."""
    versions = {"python": platform.python_version()} | {name: _version_of(name) for name in PACKAGES}
    return versions | {name: _hash_of(name) for name in TABLES}


def parts_of(picture: Picture, settings: Settings) -> dict[str, bytes]:
    """
    Return the parts of what an answer is decided on.

    Raises
    ------
    EncodingError
        When the picture holds something that cannot be kept.
    """
    situation, units = picture.situation, picture.units
    held = {field.name: getattr(picture, field.name) for field in fields(picture)}
    columns = {field.name: getattr(units, field.name) for field in fields(units)}
    held["positions"] = {name: columns.pop(name) for name in MOVING}
    held["units"] = columns
    del held["situation"]
    held["roads"] = RoadsUsed(situation.roads.stored.name, situation.roads.stored.hash)
    held["conditions"] = ConditionsUsed(situation.version, situation.facts)
    held["what_if"] = situation.what_if
    held["settings"] = _deciding(settings)
    held["packages"] = packages()
    return {name: _encoded(name, value) for name, value in held.items()}


def roads_used(parts: Parts) -> RoadsUsed:
    """Return which roads were searched."""
    return _decoded(parts, "roads", RoadsUsed)


def packages_used(parts: Parts) -> dict[str, str]:
    """Return the versions of the packages at the time."""
    return _decoded(parts, "packages", dict)


def settings_used(parts: Parts) -> Settings:
    """Return the settings at the time; what there was no setting for had its default."""
    kept = _decoded(parts, "settings", dict)
    gone = sorted(set(kept) - set(Settings.model_fields))
    if gone:
        raise EncodingError(f"the part 'settings' holds {', '.join(gone)}, which this program lacks")
    return Settings.model_construct(**kept)


def picture_used(parts: Parts, roads: LiveRoads) -> Picture:
    """Return the picture at the time, on the roads of the time."""
    hints = {name: hint for name, hint in get_type_hints(Picture).items() if name not in MADE_OF_PARTS}
    gone = sorted(set(parts) - set(hints) - OTHER_PARTS)
    if gone:
        raise EncodingError(f"the part {gone[0]!r} has no place in this program")
    conditions = _decoded(parts, "conditions", ConditionsUsed)
    what_if = _decoded(parts, "what_if", WhatIf)
    return Picture(
        units=_units_used(parts),
        situation=situation_under(roads, conditions.version, conditions.facts, what_if),
        **{name: _decoded(parts, name, hint) for name, hint in hints.items()},
    )


def _units_used(parts: Parts) -> UnitColumns:
    columns = _decoded(parts, "units", dict, UnitColumns) | _decoded(parts, "positions", dict, UnitColumns)
    try:
        return UnitColumns(**columns)
    except TypeError as error:
        raise EncodingError(f"the part 'units' does not fit this program: {error}") from error


def _deciding(settings: Settings) -> dict[str, Any]:
    names = [name for name in Settings.model_fields if name not in PLACES_AND_ADDRESSES]
    return {name: getattr(settings, name) for name in names}


def _encoded(name: str, value: object) -> bytes:
    try:
        return encode(value)
    except EncodingError as error:
        raise EncodingError(f"the part {name!r} of a decision: {error}") from error


def _decoded(parts: Parts, name: str, kind: type[Kept], within: type | None = None) -> Kept:
    if name not in parts:
        raise EncodingError(f"the part {name!r} was not kept")
    try:
        return decode(parts[name], kind, within)
    except EncodingError as error:
        raise EncodingError(f"the part {name!r}: {error}") from error


def _hash_of(table: str) -> str:
    return hashlib.sha256(files("routing").joinpath(table).read_bytes()).hexdigest()


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ABSENT
