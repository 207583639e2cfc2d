"""
The clocks of acknowledgement: a unit that has had the word is to answer within the time of its tier.

Nobody needs a device: whoever is silent is shown with the numbers to call, and one key logs what was said.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from data.assignment_facts import AssignmentFacts
from data.database import Sessions, transaction
from data.models import Tier
from data.on_duty import unanswered
from data.reaching import Reach, reach_of
from data.vocabulary import shipped_rows
from data.watched import clock, note_overdue


@dataclass(frozen=True)
class Awaited:
    """
    A unit whose acknowledgement is awaited.

    Attributes
    ----------
    since : datetime
        When it had the word.
    within_s : float
        How long its tier may take.
    reach : Reach
        Whom to call, and who stands in.
    """

    assignment: AssignmentFacts
    since: datetime
    within_s: float
    reach: Reach

    @property
    def due_at(self) -> datetime:
        """When it is to have answered."""
        return self.since + timedelta(seconds=self.within_s)

    def left_s(self, now: datetime) -> float:
        """Return how long it still has; below zero where it is overdue."""
        return (self.due_at - now).total_seconds()

    def overdue(self, now: datetime) -> bool:
        """Whether it has not answered in time."""
        return now >= self.due_at


@dataclass(frozen=True)
class Acknowledgements:
    """Whose acknowledgement is awaited at a moment, the one due first before the others."""

    now: datetime
    awaited: tuple[Awaited, ...]

    @property
    def running(self) -> tuple[Awaited, ...]:
        """Who still has time."""
        return tuple(one for one in self.awaited if not one.overdue(self.now))

    @property
    def overdue(self) -> tuple[Awaited, ...]:
        """Who should have answered."""
        return tuple(one for one in self.awaited if one.overdue(self.now))


@cache
def seconds_by_tier() -> dict[str, float]:
    """Return how long each tier may take to acknowledge: the table ``acknowledgement.csv``."""
    return {row["tier"]: float(row["seconds"]) for row in shipped_rows("acknowledgement.csv")}


def within_s(tier: str) -> float:
    """Return how long a tier may take; one that nobody knows takes as long as others do."""
    known = seconds_by_tier()
    return known.get(tier, known[Tier.OTHER])


def acknowledgements(sessions: Sessions) -> Acknowledgements:
    """Return whose acknowledgement is awaited now."""
    with transaction(sessions) as session:
        return Acknowledgements(clock(session), awaited(session))


def say_overdue(sessions: Sessions) -> tuple[int, ...]:
    """Write an event for each unit that has become overdue, once, and return their assignments."""
    with transaction(sessions) as session:
        late = Acknowledgements(clock(session), awaited(session)).overdue
        return tuple(one.assignment.id for one in late if note_overdue(session, one.assignment, _detail(one)))


def awaited(session: Session) -> tuple[Awaited, ...]:
    """Return whose acknowledgement is awaited, the one due first before the others."""
    silent = unanswered(session)
    reach = reach_of(session, [one.assignment.unit_id for one in silent])
    found = [
        Awaited(one.assignment, one.since, within_s(one.assignment.tier), reach[one.assignment.unit_id])
        for one in silent
    ]
    return tuple(sorted(found, key=lambda one: (one.due_at, one.assignment.id)))


def _detail(one: Awaited) -> dict[str, object]:
    return {
        "since": one.since.isoformat(),
        "within_s": one.within_s,
        "call_sign": one.reach.call_sign,
        "phone": one.reach.phone,
        "deputy": one.reach.deputy,
        "deputy_phone": one.reach.deputy_phone,
    }
