"""What an incident needs: as asked for, or as its response plan says."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.measures import comparable_with, factor, parse_amount
from data.models import Capability
from data.plans import Plan
from data.stock_units import units_of_item
from geo.errors import InvalidInputError
from routing.needs import DECIMALS, AddsUp, Requirement

ASKED = "as asked for"
S_PER_MIN = 60
WANTED = re.compile(
    r"(?P<name>[^@=/]+?)\s*(?:@\s*(?P<level>[^=/]+?)\s*)?=\s*(?P<quantity>[^/]+?)\s*(?:/\s*(?P<minutes>[^/]+?)\s*min)?"
)
EVER = float("inf")
PERSONS = "persons"
LEAST_ASKED, MOST_ASKED = 1e-3, 1e9


@dataclass(frozen=True)
class Wanted:
    """How much of a capability is wanted, from crews of which level on, and by when."""

    capability: str
    quantity: float
    level: float = 0.0
    deadline_s: float | None = None


@dataclass(frozen=True)
class Supply:
    """How much of an item is needed, in which unit of measure, and by when."""

    item: str
    quantity: float
    unit_of_measure: str
    deadline_s: float | None = None


@dataclass(frozen=True)
class NeedsAsked:
    """
    Needs a person gave; None where the response plan shall speak.

    ``below_minimum_by`` names who approves that depots give up their minimum stock; ``hazard_source_id`` is
    the hazard source that a recorded incident is now said to be at.
    """

    capabilities: tuple[Wanted, ...] | None = None
    supplies: tuple[Supply, ...] | None = None
    below_minimum_by: str | None = None
    hazard_source_id: int | None = None


@dataclass(frozen=True)
class Needs:
    """
    What an incident needs, where each half of it comes from, and the plan that speaks for it.

    ``reserved`` is what was set aside for it already: ``supplies`` is what is needed besides.
    """

    capabilities: tuple[Requirement, ...]
    by_person: tuple[bool, ...]
    supplies: tuple[Supply, ...]
    capabilities_from: str
    supplies_from: str
    plan: Plan
    below_minimum_by: str | None
    reserved: tuple[Supply, ...] = ()

    @property
    def supply_requirements(self) -> tuple[Requirement, ...]:
        """The supplies as requirements, in their own units of measure."""
        return tuple(
            Requirement(s.item, s.quantity, deadline_s=EVER if s.deadline_s is None else s.deadline_s)
            for s in self.supplies
        )


def label(requirement: Requirement) -> str:
    """Return what a requirement is called: ``hazmat``, or ``hazmat@2`` for crews of that level."""
    return f"{requirement.name}@{requirement.level:g}" if requirement.level else requirement.name


def parse_capabilities(text: str) -> tuple[Wanted, ...]:
    """
    Read ``hazmat=2,medical=4/10min,hazmat@2=3``.

    A bare quantity is the level of a *maximum* capability, else how much. ``@2`` counts crews of level 2 or
    more; ``/10min`` is when it should be met.
    """
    wanted: list[Wanted] = []
    for part in _parts("need", text):
        match = WANTED.fullmatch(part)
        if match is None:
            raise InvalidInputError("need", f"{part!r} is not NAME=QUANTITY, NAME@LEVEL=QUANTITY or …/10min")
        minutes = match["minutes"]
        one = Wanted(
            match["name"],
            _number(part, match["quantity"], "a quantity"),
            0.0 if match["level"] is None else _number(part, match["level"], "a level"),
            None if minutes is None else _number(part, minutes, "a number of minutes") * S_PER_MIN,
        )
        if any((one.capability, one.level) == (other.capability, other.level) for other in wanted):
            raise InvalidInputError("need", f"{one.capability!r} is asked for twice")
        wanted.append(one)
    return tuple(wanted)


def parse_supplies(text: str) -> tuple[Supply, ...]:
    """Read ``sorbent=500kg,chemical-suit=20``; a bare number counts pieces."""
    supplies: list[Supply] = []
    for part in _parts("supply", text):
        item, equals, amount = (piece.strip() for piece in part.partition("="))
        if not (item and equals and amount):
            raise InvalidInputError("supply", f"{part!r} is not NAME=QUANTITY")
        if item in [supply.item for supply in supplies]:
            raise InvalidInputError("supply", f"{item!r} is asked for twice")
        supplies.append(Supply(item, *parse_amount("supply", amount)))
    return tuple(supplies)


def check_asked(session: Session, asked: NeedsAsked) -> None:
    """
    Check needs a person gave.

    Raises
    ------
    InvalidInputError
        When a capability is unknown, a name is asked for both as a capability and as a supply, an item in a
        unit that cannot be compared with what depots count it in, or the approver has no name.
    """
    adds_up = dict(
        session.execute(select(Capability.code, Capability.adds_up).order_by(Capability.code)).all()
    )
    known = list(adds_up)
    for wanted in asked.capabilities or ():
        if wanted.capability not in known:
            raise InvalidInputError(
                "need", f"{wanted.capability!r} is not a capability; known are {', '.join(known)}"
            )
        _refuse_absurd("need", wanted.capability, wanted.quantity)
        _refuse_parts_of_crews(wanted, AddsUp(adds_up[wanted.capability]))
    for supply in asked.supplies or ():
        _refuse_absurd("supply", supply.item, supply.quantity)
        if supply.item in known:
            raise InvalidInputError("supply", f"{supply.item!r} is a capability: ask for it as a need")
        _refuse_incomparable(supply, units_of_item(session, supply.item))
    approver = asked.below_minimum_by
    if approver is not None and not (approver.strip() and approver.isprintable()):
        raise InvalidInputError("below_minimum_by", "it names nobody: say who approves it")


def _refuse_absurd(field: str, name: str, quantity: float) -> None:
    if not LEAST_ASKED <= quantity <= MOST_ASKED:
        raise InvalidInputError(
            field, f"{quantity:g} of {name} is beyond what is ever sent: {LEAST_ASKED:g} to {MOST_ASKED:g}"
        )


def _refuse_parts_of_crews(wanted: Wanted, adds_up: AddsUp) -> None:
    counts_crews = adds_up is AddsUp.SQUADS or (adds_up is AddsUp.MAXIMUM and wanted.level > 0)
    if counts_crews and wanted.quantity != int(wanted.quantity):
        raise InvalidInputError(
            "need", f"{wanted.quantity:g} of {wanted.capability} is no whole number of crews"
        )


def _refuse_incomparable(supply: Supply, counted: Sequence[str]) -> None:
    """Refuse a unit of measure that no depot's count can be said in; what nobody stocks may be in any."""
    usable = [word for unit in counted for word in comparable_with(unit)]
    if counted and supply.unit_of_measure not in usable:
        raise InvalidInputError(
            "supply",
            f"{supply.item!r} is counted in {', '.join(counted)}, which cannot be compared with "
            f"{supply.unit_of_measure}; ask for it in {', '.join(dict.fromkeys(usable))}",
        )


def needs_of(session: Session, plan: Plan | None, below_minimum_by: str | None) -> Needs:
    """
    Return what a plan, changed as people asked, says that an incident needs.

    Raises
    ------
    InvalidInputError
        When no plan fits, or the one that does asks for no capability.
    """
    if plan is None or not plan.needs:
        raise InvalidInputError("need", "no response plan has needs for this kind and severity: say them")
    known = {row.code: row for row in session.scalars(select(Capability))}
    from_plan = f"response plan: {plan.name}"
    return Needs(
        capabilities=tuple(
            Requirement(
                need.capability,
                need.quantity,
                AddsUp(known[need.capability].adds_up),
                level=need.level,
                deadline_s=EVER if need.deadline_s is None else need.deadline_s,
                weight=need.weight,
            )
            for need in plan.needs
        ),
        by_person=tuple(known[need.capability].unit_of_measure == PERSONS for need in plan.needs),
        supplies=tuple(
            Supply(one.item, one.quantity, one.unit_of_measure, one.deadline_s) for one in plan.supplies
        ),
        capabilities_from=ASKED if plan.needs_asked else from_plan,
        supplies_from=ASKED if plan.supplies_asked else from_plan,
        plan=plan,
        below_minimum_by=below_minimum_by,
    )


def less_reserved(needs: Needs, reserved: Sequence[tuple[str, float, str]]) -> Needs:
    """Return needs without what was set aside already: item, quantity, and the unit of measure of that."""
    already = tuple(
        replace(supply, quantity=had)
        for supply in needs.supplies
        if (
            had := sum(
                quantity * (factor(counted_in, supply.unit_of_measure) or 0.0)
                for item, quantity, counted_in in reserved
                if item == supply.item
            )
        )
        > 0
    )
    had_of = {supply.item: supply.quantity for supply in already}
    still = (
        replace(supply, quantity=round(supply.quantity - had_of.get(supply.item, 0.0), DECIMALS))
        for supply in needs.supplies
    )
    return replace(needs, supplies=tuple(one for one in still if one.quantity > 0), reserved=already)


def _number(part: str, text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise InvalidInputError("need", f"{text!r} is not a number, in {part}") from None
    if not (math.isfinite(number) and number > 0):
        raise InvalidInputError("need", f"{part}: {text} is not {what} above zero")
    return number


def _parts(field: str, text: str) -> list[str]:
    if not text.isprintable():
        raise InvalidInputError(field, "it holds control characters")
    return [part.strip() for part in text.split(",")]
