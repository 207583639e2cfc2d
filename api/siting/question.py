"""A siting question as it was understood: what was asked, of which sites, for which sources."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionSaid:
    """
    What was asked.

    Attributes
    ----------
    standard : str
        The standard's code, or ``seconds`` where only a time was given.
    strength : str
        ``shall``, ``should``, or ``chosen`` where only a time was given.
    percentile : float
        How many of a hundred sources must be reached in time.
    clock_start : str
        From when the seconds run.
    needs : str
        What a base must hold to count, e.g. ``hazmat at level 2``.
    new_base : str
        How a new base is thought to start, e.g. ``heavy-hazmat-truck, 60 s turnout``.
    holding_s : float or None
        How long the local force holds; None where it was not asked about.
    scenarios : tuple of str
        The roads every plan is tried on; each counts alike.
    weights : str
        What each source counts.
    """

    roads: str
    licence: str
    new: int
    standard: str
    seconds: float
    strength: str
    percentile: float
    clock_start: str
    source: str
    needs: str
    new_base: str
    holding_s: float | None
    scenarios: tuple[str, ...]
    weights: str


@dataclass(frozen=True)
class SiteSaid:
    """A site: it stands, could be upgraded, or could be built; ``cost`` is None where it does not count."""

    name: str
    kind: str
    lon: float
    lat: float
    cost: float | None
    breaks: tuple[str, ...]


@dataclass(frozen=True)
class SourceSaid:
    """A graded hazard source, and a place on it."""

    name: str
    grade: int
    lon: float
    lat: float
    synthetic: bool
