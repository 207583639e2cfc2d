"""An accident report as it is said: headings, what is known under each, and the clocks it has to keep."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.answer_base import Said, Words
from api.papers.entered_facts import FactSaid

Which = Literal["first", "follow-up"]


class ClockSaid(Said):
    """A time within which a report is owed."""

    code: str
    name: Words
    applies_to: str
    seconds: float
    starts_at: datetime
    start_is_the_call: bool = Field(
        description="true where nobody said when the accident happened: the clock may have started earlier"
    )
    due_at: datetime
    overdue: bool
    source: str
    confirmed: bool = Field(description="false where the source says it was not confirmed in print")


class LineSaid(Said):
    """One thing under a heading; ``text`` null where the record does not know it."""

    label: Words
    text: str | None
    basis: Words | None = Field(description="who said so and when; null where it is not known")


class HeadingSaid(Said):
    """A heading of the rule, and what the record knows under it."""

    number: int
    title: Words
    lines: list[LineSaid]


class ChangeSaid(Said):
    """A fact that changed since it was first entered, oldest first."""

    label: Words
    values: list[FactSaid]


class ReportSaid(Said):
    """A draft: a person completes and signs it."""

    which: Which
    incident_id: int
    drafted_at: datetime
    title: Words
    rule: Words
    clocks: list[ClockSaid]
    headings: list[HeadingSaid]
    not_known: list[Words] = Field(description="what has still to be added: 待补")
    changes: list[ChangeSaid] = Field(description="of a follow-up report alone")
    synthetic: bool
