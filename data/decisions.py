"""What decisions rested on, kept once each under the hash of its content. Nothing here commits."""

import hashlib
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.models import DecisionInput
from geo.errors import RescueError


class LostInputError(RescueError):
    """Something a decision rested on that is not there, or not as it was kept."""


@dataclass(frozen=True)
class Basis:
    """
    What an answer rests on.

    Attributes
    ----------
    roads_hash : str
        The version of the road network.
    decision_version : str or None
        The rule that decided; None for an answer that was given before rules had versions.
    inputs : mapping or None
        The hash of each part that was decided on; None for an answer given before they were kept.
    """

    roads_hash: str
    decision_version: str | None
    inputs: Mapping[str, str] | None


def keep_inputs(session: Session, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Keep each part unless exactly that is kept already, and return their hashes."""
    hashes = {name: _hash_of(content) for name, content in parts.items()}
    known = _kept_among(session, hashes.values())
    fresh = {hashes[name]: content for name, content in parts.items() if hashes[name] not in known}
    rows = [{"hash": key, "content": zlib.compress(fresh[key])} for key in sorted(fresh)]
    if rows:
        session.execute(insert(DecisionInput).values(rows).on_conflict_do_nothing())
    return hashes


def read_inputs(session: Session, hashes: Mapping[str, str]) -> dict[str, bytes]:
    """
    Return the parts that were kept under some hashes.

    Raises
    ------
    LostInputError
        Naming the first part that is missing, or is not what was kept.
    """
    wanted = select(DecisionInput.hash, DecisionInput.content).where(DecisionInput.hash.in_(hashes.values()))
    found = {row.hash: row.content for row in session.execute(wanted)}
    return {name: _checked(name, key, found.get(key)) for name, key in hashes.items()}


def _kept_among(session: Session, hashes: Collection[str]) -> set[str]:
    return set(session.scalars(select(DecisionInput.hash).where(DecisionInput.hash.in_(hashes))))


def _checked(name: str, key: str, kept: bytes | None) -> bytes:
    if kept is None:
        raise LostInputError(f"the part {name!r} is missing: nothing is kept under {key}")
    try:
        content = zlib.decompress(kept)
    except zlib.error as error:
        raise LostInputError(f"the part {name!r} cannot be read: {error}") from error
    if _hash_of(content) != key:
        raise LostInputError(f"the part {name!r} was altered: it is no longer what has the hash {key}")
    return content


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
