"""The story of a decision made again: from what was kept of it, to the byte, or a word on what differs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from api.answering import make_answer
from api.decision_parts import (
    ABSENT,
    Parts,
    RoadsUsed,
    packages,
    packages_used,
    picture_used,
    roads_used,
    settings_used,
)
from api.decision_version import DECISION_VERSION
from api.dispatching import Centre, as_kept
from api.kept_roads import open_roads
from api.live_roads import HASH_DIGITS, LiveRoads, open_live_roads
from data import incidents
from data.database import Sessions, transaction
from data.decisions import LostInputError, read_inputs
from data.incidents import KeptAnswer
from data.roads.store import RoadStoreError
from geo.errors import RescueError

LONGEST_SAID: Final = 60
CHOICES: Final = ("choice", "supply_choice")
NOTHING: Final = object()


class CannotReplayError(RescueError):
    """A decision that cannot be made again to the byte; the reason names exactly what differs."""

    def __init__(self, kept: KeptAnswer, reason: str) -> None:
        super().__init__(
            f"recommendation {kept.number} of incident {kept.incident_id} cannot be replayed: {reason}"
        )
        self.reason = reason


@dataclass(frozen=True)
class Replayed:
    """A decision that was made again from its inputs and came out the same, byte for byte."""

    incident_id: int
    number: int
    identical_bytes: int
    decision_version: str
    inputs: Mapping[str, str]


def replay(incident_id: int, number: int | None, centre: Centre) -> Replayed:
    """
    Make a decision again from what was kept of it: the one with a number, or the newest.

    Whatever happened since to the registry, the positions, the roads or the settings plays no part.

    Raises
    ------
    CannotReplayError
        Naming what differs from the time of the decision.
    """
    return replay_stored(incident_id, number, centre.sessions, centre.settings.roads_root, centre.roads)


def replay_stored(
    incident_id: int,
    number: int | None,
    sessions: Sessions,
    roads_root: Path,
    now: LiveRoads | None = None,
) -> Replayed:
    """Replay where no command centre is open; the roads of ``now`` serve where they are the right ones."""
    with transaction(sessions) as session:
        kept = incidents.kept_answer(session, incident_id, number)
        hashes = _hashes(kept)
        parts = _read(session, kept, hashes)
    said = _decided_again(kept, parts, roads_root, now)
    if said != kept.answer:
        why = _changed_packages(packages_used(parts)) or _cut_short(kept.answer, said)
        raise CannotReplayError(kept, f"{_difference(kept.answer, said)}; {why}")
    return Replayed(kept.incident_id, kept.number, len(said.encode()), DECISION_VERSION, hashes)


def _hashes(kept: KeptAnswer) -> Mapping[str, str]:
    basis = kept.basis
    if basis.inputs is None:
        raise CannotReplayError(kept, "it was given before the inputs of decisions were kept")
    if basis.decision_version != DECISION_VERSION:
        raise CannotReplayError(
            kept,
            f"version {basis.decision_version} of the rule decided it, "
            f"this program has version {DECISION_VERSION}",
        )
    return basis.inputs


def _read(session: Session, kept: KeptAnswer, hashes: Mapping[str, str]) -> Parts:
    try:
        return read_inputs(session, hashes)
    except LostInputError as error:
        raise CannotReplayError(kept, str(error)) from error


def _decided_again(kept: KeptAnswer, parts: Parts, roads_root: Path, now: LiveRoads | None) -> str:
    try:
        roads = _roads(roads_used(parts), roads_root, now)
        return as_kept(make_answer(picture_used(parts, roads), settings_used(parts)), kept.number)
    except RescueError as error:
        raise CannotReplayError(kept, str(error)) from error


def _roads(used: RoadsUsed, root: Path, now: LiveRoads | None) -> LiveRoads:
    """Return the very version that was searched: the one already open, or one kept beside the current."""
    if now is not None and (now.stored.name, now.stored.hash) == (used.name, used.hash):
        return now
    try:
        return open_live_roads(root, used.name, used.hash)
    except RoadStoreError as error:
        raise RoadStoreError(f"{error}; {_current_roads(root, used.name)}") from error


def _current_roads(root: Path, name: str) -> str:
    try:
        return f"the current version is {open_roads(root, name).facts.hash[:HASH_DIGITS]}"
    except RoadStoreError:
        return "nor is any other"


def _changed_packages(then: Mapping[str, str]) -> str:
    now = packages()
    changed = [
        f"{name} was {then.get(name, ABSENT)} and is {now.get(name, ABSENT)}"
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
    return ", ".join(changed)


def _cut_short(*answers: str) -> str:
    """Say whether the time allowed ended a choice, so that what it found is for the machine to say."""
    read = [json.loads(answer) for answer in answers]
    if all(answer[choice]["proved"] for answer in read for choice in CHOICES):
        return "inputs, rule and packages are the same"
    return "inputs, rule and packages are the same, but the time allowed for choosing ended first"


def _difference(kept: str, said: str) -> str:
    """Say where two answers differ first."""
    found = next(_differences("$", json.loads(kept), json.loads(said)), None)
    if found is None:
        return "the two answers say the same in other bytes"
    path, then, now = found
    return f"at {path} it says {_short(now)} instead of {_short(then)}"


def _differences(path: str, then: object, now: object) -> Iterator[tuple[str, object, object]]:
    """Yield where two JSON values differ, in the order in which they are written."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in {**then, **now}:
            yield from _differences(f"{path}.{key}", then.get(key, NOTHING), now.get(key, NOTHING))
    elif isinstance(then, list) and isinstance(now, list):
        for i, (a, b) in enumerate(zip_longest(then, now, fillvalue=NOTHING)):
            yield from _differences(f"{path}[{i}]", a, b)
    elif then != now:
        yield path, then, now


def _short(value: object) -> str:
    if value is NOTHING:
        return "nothing"
    said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"
