"""
What must hold of a database whatever befell it; each fault is one sentence.

Events and audit rows of one unit, incident or batch are numbered in the order of its changes, since each
change waits for the one before to commit: a history is read by number, not by the clock.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import TextClause
from sqlalchemy.orm import Session

from data.models import ACTIVE_STATES, OPEN_RESERVATION_STATES, AssignmentState, IncidentStatus
from tests.storm.histories import AUDITED, COUNTED, EVENTS, LEFT_BEHIND, NOBODY, NOW, PARCELS, STOCK
from tests.storm.steps_known import known_steps

BEGINNINGS = {
    "assignment": (AssignmentState.PROPOSED, *ACTIVE_STATES),
    "reservation": OPEN_RESERVATION_STATES,
    "incident": (IncidentStatus.OPEN,),
}
NAMED = ("assignment", "reservation")
"""Whose audit must name whoever the events name; that of a call names who took it."""

Row = tuple[str, int]
"""Of what it is, and its number."""


@dataclass(frozen=True)
class Told:
    """A state that a row reached, and who said so."""

    state: str
    who: str


def faults(session: Session) -> list[str]:
    """Return everything that is wrong in a database, nothing where all holds."""
    return [
        *sent_twice(session),
        *wrong_lives(session),
        *wrong_stock(session),
        *wrong_at_a_time(session),
        *session.scalars(LEFT_BEHIND),
        *session.scalars(NOBODY),
    ]


def sent_twice(session: Session) -> Iterator[str]:
    """Return each moment in which a unit had two active assignments."""
    bound: defaultdict[int, set[int]] = defaultdict(set)
    for event in session.execute(EVENTS):
        if event.of != "assignment":
            continue
        has = bound[event.unit_id]
        if event.state not in ACTIVE_STATES:
            has.discard(event.id)
            continue
        if has - {event.id}:
            yield f"unit {event.unit_id} had assignments {sorted(has | {event.id})} at once"
        has.add(event.id)


def wrong_lives(session: Session) -> Iterator[str]:
    """Return each row whose events, audit and state do not tell the same possible life."""
    told, audited = _lives(session, EVENTS), _lives(session, AUDITED)
    now: dict[Row, str] = {(row.of, row.id): row.state for row in session.execute(NOW)}
    for of, number in sorted({*told, *audited} - set(now)):
        yield f"{of} {number} has a history and is not there"
    for row, state in now.items():
        for wrong in _wrong_life(row, state, told.get(row, []), audited.get(row, [])):
            yield f"{row[0]} {row[1]} {wrong}"


def wrong_stock(session: Session) -> Iterator[str]:
    """Return each batch that does not add up: what is there, what was used, and what the audit tells."""
    counted: defaultdict[int, list[tuple[str | None, str]]] = defaultdict(list)
    for row in session.execute(COUNTED):
        counted[row.id].append((row.before, row.after))
    for row in session.execute(STOCK):
        begun, last = Decimal(counted[row.id][0][1]), Decimal(counted[row.id][-1][1])
        quantity, reserved = Decimal(row.quantity), Decimal(row.reserved)
        if quantity + Decimal(row.used) != begun:
            yield f"stock {row.id}: {quantity} there and {row.used} used are not the {begun} it began with"
        if reserved != Decimal(row.set_aside) or not 0 <= reserved <= quantity:
            yield f"stock {row.id}: {reserved} of {quantity} reserved, {row.set_aside} set aside"
        if last != quantity or any(one[1] != other[0] for one, other in pairwise(counted[row.id])):
            yield f"stock {row.id}: its audit does not lead from {begun} to {quantity}"


def wrong_at_a_time(session: Session) -> Iterator[str]:
    """Return each moment in which more of a batch was set aside than there was, or less than nothing."""
    there = {row.id: Decimal(row.quantity) + Decimal(row.used) for row in session.execute(STOCK)}
    set_aside = dict.fromkeys(there, Decimal())
    for parcel in session.execute(PARCELS):
        quantity = Decimal(parcel.quantity)
        if parcel.begins:
            set_aside[parcel.stock] += quantity
        elif parcel.state not in OPEN_RESERVATION_STATES:
            set_aside[parcel.stock] -= quantity
            there[parcel.stock] -= Decimal(parcel.used)
        if not 0 <= set_aside[parcel.stock] <= there[parcel.stock]:
            yield f"stock {parcel.stock}: {set_aside[parcel.stock]} of {there[parcel.stock]} were set aside"


def _lives(session: Session, histories: TextClause) -> dict[Row, list[Told]]:
    lives: defaultdict[Row, list[Told]] = defaultdict(list)
    for row in session.execute(histories):
        lives[row.of, row.id].append(Told(row.state, row.who))
    return lives


def _wrong_life(row: Row, state: str, told: Sequence[Told], audited: Sequence[Told]) -> Iterator[str]:
    states = [one.state for one in told]
    if not states or states[0] not in BEGINNINGS[row[0]]:
        yield f"does not begin as it should, but with {states[:1]}"
        return
    for step in pairwise(states):
        if step not in known_steps(row[0]):
            yield f"went from {step[0]} to {step[1]}"
    if states[-1] != state:
        yield f"is {state}, and its last event says {states[-1]}"
    if [one.state for one in audited] != states:
        yield f"became {states}, and its audit says {[one.state for one in audited]}"
    elif row[0] in NAMED and list(audited) != list(told):
        yield "was changed by others than its audit says"
