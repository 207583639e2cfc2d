"""The answer to an incident as people and programs read it: one shape for file, command line and HTTP."""

from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationError

from api.answer_base import LineString, LonLat, Said, Words
from api.answer_choice import ChoiceSaid, Command, CoverSaid, PlanSaid, SupplyChoiceSaid
from geo.errors import RescueError


class IncidentSaid(Said):
    """The incident as recorded, and where it meets the road."""

    id: int | None = Field(description="null where the incident was asked about and not recorded")
    kind: str
    severity: int = Field(description="1 is the worst, 4 the least")
    place: LonLat
    substance: str | None
    reported_at: datetime
    reported_by: str
    status: str
    road_place: LonLat = Field(description="the nearest place on the road; times are counted to here")
    snap_m: float = Field(description="distance from the incident to the road")
    off_road: bool = Field(
        description="true where that distance is beyond the limit: the last stretch is on foot"
    )
    synthetic: bool


class RoadsSaid(Said):
    """The road network the answer rests on."""

    name: str
    hash: str
    source: str
    licence: str


class ConditionSaid(Said):
    """A road condition in force when the answer was made."""

    id: int
    kind: Literal["closure", "slowdown"]
    reason: str
    author: str
    preset: str | None = Field(description="the surroundings it is made of: night, ice or fog; else null")


class RequirementSaid(Said):
    """One thing the incident needs and how it fares."""

    name: str
    what: Literal["capability", "supply"]
    adds_up: Literal["additive", "maximum", "squads"]
    quantity: float
    unit_of_measure: str | None
    level: float | None = Field(description="only crews of this level or more count; null where any does")
    deadline_s: float | None = Field(description="when it should be met; null where no time is set")
    asked_by: str = Field(description="who asked: the request, or the response plan")
    met_at_s: float | None = Field(
        description="seconds from the order if everybody listed came, no crew in two roles; null where never"
    )
    available: float = Field(description="what can come altogether; of a maximum capability the best level")
    missing: float
    reason: str | None = Field(description="why it is never met")

    @property
    def label(self) -> str:
        """What it is called beside its time: ``hazmat``, or ``hazmat@2`` for crews of that level."""
        return f"{self.name}@{self.level:g}" if self.level else self.name


class StepSaid(Said):
    """One instruction of a route."""

    turn: str = Field(description="depart, straight, slight left, left, sharp left, the same for right, back")
    street: str
    length_m: float


class Comer(Said):
    """Somebody who can come, by road."""

    id: int
    name: str
    arrival_s: float = Field(description="seconds from the order to the incident: the median")
    arrival_p90_s: float = Field(description="nine times of ten it is there by then")
    travel_s: float
    distance_m: float = Field(description="along the road")
    mostly_on: str | None = Field(
        description="the class of road with most of those metres; null where the road file names no classes"
    )
    straight_m: float = Field(description="as the crow flies")
    snap_m: float = Field(description="distance from its position to the road")
    brings: dict[str, float] = Field(description="what it brings of what is needed")
    not_counted: list[Words] = Field(
        description="what it has besides and why that does not count: certificates or stock past their date, "
        "minimum stock, stock still to come"
    )
    place: LonLat
    route: LineString
    steps: list[StepSaid] = Field(description="turn by turn; empty where the road file names no streets")
    synthetic: bool


class UnitSaid(Comer):
    """A unit that offers a required capability and passes every test."""

    team: str
    turnout_s: float
    vehicle_profile: str
    position: Literal["fix", "base"] = Field(
        description="whether it starts from its last position or its base"
    )
    position_age_s: float | None
    position_stale: bool = Field(description="true where the position is older than the limit")
    best_s: float | None = Field(description="stale position: arrival from the best place it may have got to")
    worst_s: float | None = Field(description="and from the worst; null where it could be off every road")
    rank_survives: bool = Field(description="whether its rank holds wherever within that reach it is")
    tier: str
    call_sign: str
    phone: str
    sent: bool = Field(description="whether it is among the units chosen to go")
    command: Command
    why_not_sent: Words | None


class DepotSaid(Comer):
    """A depot that holds a required supply and passes every test."""

    tier: str
    loading_s: float
    delivers: bool = Field(description="false: pick-up only; the time is what any vehicle would need")


class WouldSaid(Said):
    """What would bring somebody onto the list: tried by changing just that and choosing again."""

    changes: list[str]
    changes_zh: list[str]
    rank: int = Field(description="by arrival among those listed")
    words: Words


class PassedOverSaid(Said):
    """Somebody nearer than the farthest one listed who is not listed, with every test failed."""

    kind: Literal["unit", "depot"]
    id: int
    name: str
    straight_m: float
    place: LonLat
    reasons: list[str]
    reasons_zh: list[str]
    would: WouldSaid | None = Field(description="what would change it; null where nothing known would")


class Answer(Said):
    """Who can help, how soon, and why not the others."""

    incident: IncidentSaid
    made_at: datetime
    number: int | None = Field(
        description="the incident's first answer is 1; null where nothing was recorded"
    )
    roads: RoadsSaid
    conditions_version: int = Field(description="the version of the road conditions it rests on, that alone")
    what_if: bool = Field(description="true where something was changed in thought: closures, weather")
    conditions: list[ConditionSaid] = Field(description="the road conditions in force")
    requirements: list[RequirementSaid]
    first_due: int | None = Field(description="id of the unit that arrives first; null where none can come")
    met_at_s: dict[str, float | None] = Field(
        description="seconds by requirement; null where it is never met"
    )
    shortfall: dict[str, float] = Field(description="need minus what can come, for what falls short")
    units: list[UnitSaid]
    depots: list[DepotSaid]
    passed_over: list[PassedOverSaid]
    farther: list[PassedOverSaid] = Field(description="everybody else who is not listed, with every reason")
    plan: PlanSaid
    choice: ChoiceSaid
    supply_choice: SupplyChoiceSaid
    cover: CoverSaid
    decision_version: str
    notes: list[str]


class OlderAnswerError(RescueError):
    """An answer that was kept before answers had the form they have now."""


def read_answer(kept: str) -> Answer:
    """Read an answer as it was kept."""
    try:
        return Answer.model_validate_json(kept)
    except ValidationError as error:
        raise OlderAnswerError(
            "this recommendation was kept in an older form: read it as data, or ask for a new one"
        ) from error
