"""What a simulation came to: figures of each plan with their intervals, and what sets two plans apart."""

from api.answer_base import LonLat, Said


class EstimateSaid(Said):
    """A mean over runs with its 95 % interval; None where there was nothing to count, or one run only."""

    mean: float | None
    low: float | None
    high: float | None
    runs: int


class MeasureSaid(Said):
    """
    One figure under each plan.

    Attributes
    ----------
    unit : str
        ``share``, from 0 to 1, or ``s``.
    difference : EstimateSaid or None
        Plan B less plan A, run by run on the same calls; None where there is only one plan.
    verdict : str
        What the difference says, in words; empty where there is none.
    """

    name: str
    words: str
    unit: str
    plans: list[EstimateSaid]
    difference: EstimateSaid | None
    verdict: str


class BaseSaid(Said):
    """How busy the units in service of a base are on average; None where the plan lacks it."""

    name: str
    units: int
    plans: list[EstimateSaid | None]


class NewBaseSaid(Said):
    """A base that plan B builds."""

    name: str
    place: LonLat
    holds: str


class SimulationAnswer(Said):
    """
    What was simulated, and what it came to.

    Attributes
    ----------
    judged : float
        How many calls a run the standard speaks about, on average.
    trips : int
        How often a unit went out, in all runs and plans.
    in_two_places : int
        How often one did that was still out: none, by a check of every trip.
    unproved : int
        Choices that time cut short, which another machine may make otherwise.
    """

    roads: str
    licence: str
    standard: str
    within_s: float
    clock: str
    counts: str
    plans: list[str]
    new_bases: list[NewBaseSaid]
    calls_per_day: float
    days: int
    warm_up_days: int
    runs: int
    seed: int
    calls: float
    judged: float
    trips: int
    in_two_places: int
    unproved: int
    measures: list[MeasureSaid]
    bases: list[BaseSaid]
    notes: list[str]
