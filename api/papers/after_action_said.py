"""The report after the action as it is said."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from api.answer_base import LonLat, Said, Words


class MomentSaid(Said):
    """One line of the timeline."""

    event: int
    happened_at: datetime
    entered_at: datetime
    late: bool = Field(description="entered more than a minute after it happened")
    kind: str
    words: Words
    whom: str = Field(description="the unit it is about; empty where it is about none")
    who: str
    source: Words
    detail: str


class ComparedSaid(Said):
    """A time as it was predicted and as it was; null where it is not known."""

    predicted_s: float | None
    actual_s: float | None
    later_s: float | None = Field(description="actual minus predicted; negative where it was sooner")


class PerformanceSaid(Said):
    """One assignment: predicted against actual."""

    assignment_id: int
    unit: str
    team: str
    call_sign: str
    how: str
    state: str
    state_words: Words
    roles: Mapping[str, float]
    turnout: ComparedSaid
    travel: ComparedSaid
    arrival: ComparedSaid = Field(description="from the order to the place")
    predicted_p90_s: float | None
    within_p90: bool | None = Field(description="whether it was there by then; null where it is not known")
    road_class: str | None
    preset: str | None
    remark: Words | None = Field(description="why nothing can be compared")


class RequirementSaid(Said):
    """One thing that was needed: as planned, as chosen, and as it was."""

    label: str
    name: Words
    quantity: float
    unit_of_measure: str | None
    deadline_s: float | None
    chosen_met_at_s: float | None = Field(description="as the choice had it; null where it fell short")
    chosen_missing: float
    brought: float = Field(description="what came, by the roles of those who were on scene")
    met_at_s: float | None = Field(description="from the first order; null where never, or not told")
    kept: bool | None = Field(description="whether by the deadline; null without a deadline")
    remark: Words | None


class SupplySaid(Said):
    """Supplies set aside, and what became of them."""

    depot: str
    item: str
    unit_of_measure: str
    set_aside: float
    used: float | None
    state: str
    words: Words
    approved_by: str | None


class SilenceSaid(Said):
    """A unit that refused, or did not acknowledge."""

    assignment_id: int
    unit: str
    call_sign: str
    words: Words
    at: datetime
    note: str


class ReplaySaid(Said):
    """An answer, by what it can be made again, and whether that gives the same bytes now."""

    id: str = Field(description="incident/number")
    number: int
    made_at: datetime
    decision_version: str | None
    inputs: Mapping[str, str]
    acted_on: bool
    identical: bool | None = Field(description="null where it was not tried: nobody acted on it")
    why_not: str | None


class AfterActionSaid(Said):
    """What was asked, decided, done and learnt."""

    incident_id: int
    kind: Words
    severity: int
    severity_words: Words
    substance: str | None
    site: str | None
    place: LonLat
    reported_at: datetime
    reported_by: str
    status: str
    status_words: Words
    ordered_at: datetime | None = Field(description="the first order: the times of requirements start here")
    under_control_at: datetime | None
    closed_at: datetime | None
    written_at: datetime
    timeline: list[MomentSaid]
    performance: list[PerformanceSaid]
    requirements: list[RequirementSaid]
    supplies: list[SupplySaid]
    silences: list[SilenceSaid]
    replays: list[ReplaySaid]
    synthetic: bool
