"""What an answer on coverage says, for people and programs."""

from api.answer_base import LonLat, Said


class QuestionSaid(Said):
    """What was asked: within how long, from when, by whom, in which conditions."""

    roads: str
    roads_hash: str
    licence: str
    standard: str | None
    standard_en: str | None
    standard_zh: str | None
    clause: str | None
    strength: str | None
    source: str | None
    percentile: float | None
    within_s: float | None
    clock: str
    counts_turnout: bool
    capability: str | None
    grade: int | None
    profile: str | None
    preset: str | None
    closed_segments: int


class BaseSaid(Said):
    """A base whose units count, with what they are and how soon the first is out."""

    name: str
    place: LonLat
    units: list[str]
    drives: list[str]
    turnout_s: float


class GradeSaid(Said):
    """How many hazard sources of a grade, or of none, are reached in time, and by a second base."""

    grade: int | None
    sources: int
    reached: int
    reached_twice: int
    worst_s: float | None


class SourceSaid(Said):
    """
    One hazard source.

    A plant counts by its worst gate, which ``place`` is; a line by ``share``, and its ``length_km`` tells of
    how much. ``first_s`` is None where no road leads. ``circle`` tells whether a circle promises it.
    """

    id: int
    name: str
    kind: str
    grade: int | None
    synthetic: bool
    place: LonLat
    gates: int
    length_km: float | None
    share: float
    reached: bool
    first_s: float | None
    first_base: str | None
    second_s: float | None
    second_base: str | None
    circle: bool | None
    nearest_base_km: float
    district: str | None


class KmSaid(Said):
    """How long something is, and how much of it is reached in time."""

    total_km: float
    reached_km: float


class PeopleSaid(Said):
    """How many people there are, and how many are reached in time."""

    total: float
    reached: float


class DistrictSaid(Said):
    """The sources, roads and people of one district."""

    name: str
    sources: int
    reached: int
    grades_1_2: int
    grades_1_2_reached: int
    worst_s: float | None
    roads: KmSaid
    people: PeopleSaid | None


class RadiusSaid(Said):
    """What circles around the bases promise and what the road gives; ``lies`` are ids of hazard sources."""

    radius_km: float
    sources_promised: int
    sources_kept: int
    lies: list[int]
    unpromised: list[int]
    roads_promised_km: float
    roads_kept_km: float


class CoverageAnswer(Said):
    """
    What is reached.

    ``met`` tells whether the standard's percentile of sources, or every one, is reached; None where there is
    no source to reach. ``worst`` is the source reached last, ``never`` are those to which no road leads.
    """

    question: QuestionSaid
    met: bool | None
    bases: list[BaseSaid]
    grades: list[GradeSaid]
    sources: list[SourceSaid]
    worst: int | None
    never: list[int]
    roads: KmSaid
    lines: KmSaid
    area_km2: float
    people: PeopleSaid | None
    districts: list[DistrictSaid]
    radius: RadiusSaid | None
    notes: list[str]
