"""What an incident needs: as asked for, or from the shipped table by kind and severity."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.measures import parse_amount
from data.models import Capability
from data.vocabulary import shipped_rows
from geo.errors import InvalidInputError
from routing.needs import AddsUp, Requirement

DEFAULT_TABLE = "default_needs.csv"
ASKED = "as asked for"


@dataclass(frozen=True)
class Supply:
    """How much of an item is needed, in which unit of measure."""

    item: str
    quantity: float
    unit_of_measure: str


@dataclass(frozen=True)
class NeedsAsked:
    """Needs a person gave; None where the table by kind and severity shall speak."""

    capabilities: Mapping[str, float] | None = None
    supplies: tuple[Supply, ...] | None = None


@dataclass(frozen=True)
class Needs:
    """What an incident needs, and where each half of it comes from."""

    capabilities: tuple[Requirement, ...]
    supplies: tuple[Supply, ...]
    capabilities_from: str
    supplies_from: str

    @property
    def supply_requirements(self) -> tuple[Requirement, ...]:
        """The supplies as requirements, in their own units of measure."""
        return tuple(Requirement(s.item, s.quantity) for s in self.supplies)


def parse_capabilities(text: str) -> dict[str, float]:
    """Read ``hazmat=2,medical=1``: a level for *maximum* capabilities, else a quantity."""
    wanted: dict[str, float] = {}
    for name, amount in _pairs("need", text):
        try:
            quantity = float(amount)
        except ValueError:
            raise InvalidInputError("need", f"{amount!r} is not a number, in {name}={amount}") from None
        if not (math.isfinite(quantity) and quantity > 0):
            raise InvalidInputError("need", f"{name}={amount} is not a quantity above zero")
        wanted[name] = quantity
    return wanted


def parse_supplies(text: str) -> tuple[Supply, ...]:
    """Read ``sorbent=500kg,chemical-suit=20``; a bare number counts pieces."""
    return tuple(Supply(item, *parse_amount("supply", amount)) for item, amount in _pairs("supply", text))


def check_asked(session: Session, asked: NeedsAsked) -> None:
    """
    Check needs a person gave.

    Raises
    ------
    InvalidInputError
        When a capability is unknown, or one name is asked for both as a capability and as a supply.
    """
    capabilities = asked.capabilities or {}
    known = sorted(session.scalars(select(Capability.code)))
    for name in capabilities:
        if name not in known:
            raise InvalidInputError("need", f"{name!r} is not a capability; known are {', '.join(known)}")
    for supply in asked.supplies or ():
        if supply.item in known:
            raise InvalidInputError("supply", f"{supply.item!r} is a capability: ask for it as a need")


def needs_of(session: Session, kind: str, severity: int, asked: NeedsAsked) -> Needs:
    """
    Join what was asked for with what the table says for the kind and severity.

    Raises
    ------
    InvalidInputError
        When what was asked for is wrong, or nothing was and the table has no row.
    """
    check_asked(session, asked)
    table = f"{DEFAULT_TABLE}: {kind}, severity {severity}"
    rows = [
        row for row in shipped_rows(DEFAULT_TABLE) if row["kind"] == kind and row["severity"] == str(severity)
    ]
    wanted = asked.capabilities
    if wanted is None:
        wanted = {row["name"]: float(row["quantity"]) for row in rows if row["what"] == "capability"}
    if not wanted:
        raise InvalidInputError(
            "need", f"{DEFAULT_TABLE} has no needs for {kind}, severity {severity}: say them"
        )
    supplies = asked.supplies
    if supplies is None:
        supplies = tuple(
            Supply(row["name"], float(row["quantity"]), row["unit_of_measure"])
            for row in rows
            if row["what"] == "supply"
        )
    return Needs(
        _typed(session, wanted),
        supplies,
        capabilities_from=table if asked.capabilities is None else ASKED,
        supplies_from=table if asked.supplies is None else ASKED,
    )


def _typed(session: Session, wanted: Mapping[str, float]) -> tuple[Requirement, ...]:
    adds_up = dict(session.execute(select(Capability.code, Capability.adds_up)).all())
    return tuple(Requirement(name, quantity, AddsUp(adds_up[name])) for name, quantity in wanted.items())


def _pairs(field: str, text: str) -> list[tuple[str, str]]:
    if not text.isprintable():
        raise InvalidInputError(field, "it holds control characters")
    pairs: list[tuple[str, str]] = []
    for part in text.split(","):
        name, equals, amount = (piece.strip() for piece in part.partition("="))
        if not (name and equals and amount):
            raise InvalidInputError(field, f"{part.strip()!r} is not NAME=QUANTITY")
        if name in dict(pairs):
            raise InvalidInputError(field, f"{name!r} is asked for twice")
        pairs.append((name, amount))
    return pairs
