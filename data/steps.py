"""A step of an incident's life as somebody told it: who, by what, when, and with which words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import InvalidInputError, RescueError

CLOCK_SKEW = timedelta(minutes=2)
"""How far a clock may be ahead of the database's; what lies within is taken as now."""


class TransitionError(RescueError):
    """A step that the table of transitions does not allow."""

    def __init__(self, what: str, from_state: str, to_state: str) -> None:
        super().__init__(f"{what} is {from_state} and cannot become {to_state}")
        self.from_state = from_state
        self.to_state = to_state


@dataclass(frozen=True)
class Step:
    """
    Who told it and how.

    Attributes
    ----------
    who : str
        Whoever enters it.
    source : str
        By what it was told: desk, radio, phone, api, device.
    happened_at : datetime or None
        When it happened; None where it is entered at once.
    note : str
        Their words.
    """

    who: str
    source: str = "api"
    happened_at: datetime | None = None
    note: str = ""


def checked_moment(session: Session, happened_at: datetime | None) -> datetime | None:
    """
    Return when something happened, or None where it happens as it is entered.

    A moment a little ahead of the database's clock is now, one further ahead is refused; any past one stands.
    """
    if happened_at is None:
        return None
    if happened_at.tzinfo is None:
        raise InvalidInputError("happened_at", f"{happened_at} has no time zone: write one, e.g. +08:00")
    clock: datetime = session.scalars(select(func.clock_timestamp())).one()
    if happened_at > clock + CLOCK_SKEW:
        raise InvalidInputError("happened_at", f"{happened_at} has not come yet: it is {clock} now")
    return min(happened_at, clock)
