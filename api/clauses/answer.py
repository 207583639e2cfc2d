"""What a check of the clauses says, for people and programs."""

from datetime import date

from api.answer_base import LonLat, Said, Words


class FindingSaid(Said):
    """
    A verdict on one subject; ``verdict`` is green, red or cannot-tell.

    ``value`` is in the clause's unit, times in whole seconds; None where nothing was measured or never comes.
    """

    clause: str
    strength: str
    subject_kind: str
    subject: str
    place: LonLat | None
    verdict: str
    value: float | None
    threshold: float | None
    bound: str | None
    unit: str
    source: str
    confirmed: bool
    sentence: Words
    synthetic: bool


class ClauseSaid(Said):
    """
    A clause, and how many subjects keep it, break it, or cannot be told.

    ``judged_by`` is the stricter clause that was judged in its place; ``confirmed`` tells whether it was seen
    in a printed source.
    """

    code: str
    name: Words
    clause: str
    strength: str
    decided_by: str
    bound: str | None
    threshold: float | None
    unit: str
    clock_start: str
    percentile: float | None
    source: str
    confirmed: bool
    green: int
    red: int
    cannot_tell: int
    judged_by: str | None


class TotalsSaid(Said):
    """How many findings of each verdict there are, and how many of the reds break a *shall*."""

    green: int
    red: int
    cannot_tell: int
    red_shall: int


class ClausesAnswer(Said):
    """Every clause that was asked about, every finding in their order, and totals."""

    roads: str
    roads_hash: str
    licence: str
    today: date
    preset: str | None
    wind_from_deg: float | None
    totals: TotalsSaid
    clauses: list[ClauseSaid]
    findings: list[FindingSaid]
    notes: list[str]
