"""What an answer on critical links says."""

from api.answer_base import Said
from api.coverage.answer import BaseSaid, QuestionSaid


class LinkSaid(Said):
    """
    A road, bridge or tunnel, and what its closing alone does.

    ``worst_s`` is the worst arrival then, None once a source is cut off; ``worst`` the source that waits
    longest. ``lost`` are the sources no longer reached in time, ``cut_off`` those no longer reached at all.
    ``coordinates`` are its lines, positions as lon, lat.
    """

    rank: int
    kind: str
    name: str
    road_class: str
    segments: list[int]
    length_km: float
    lost: list[int]
    lost_grades_1_2: int
    cut_off: list[int]
    worst_s: float | None
    worst: int
    delay_s: float
    coordinates: list[list[tuple[float, float]]]


class CriticalLinksAnswer(Said):
    """
    The links whose closing does most harm, the worst first.

    ``before_s`` is the worst arrival with everything open; ``tried`` how many closings were tried, and
    ``harmful`` how many of them change an arrival.
    """

    question: QuestionSaid
    bases: list[BaseSaid]
    sources: dict[int, str]
    before_s: float | None
    tried: int
    harmful: int
    links: list[LinkSaid]
    notes: list[str]
