"""The decision in the answer: the plan, who goes for what, how supplies come, and the cover it costs."""

from typing import Literal

from pydantic import Field

from api.answer_base import LonLat, Said, Words


class ContactSaid(Said):
    """Whom the plan says to call, here."""

    role: str
    name: str
    phone: str


class StandardSaid(Said):
    """A standard that the plan asks to meet."""

    code: str
    name: Words
    seconds: float
    clock_start: str
    strength: str
    source: str


class PlanSaid(Said):
    """The response plan that speaks for this incident, as it was when the incident was recorded."""

    name: str
    lead_department: str
    order_text: str
    action_card: str = Field(description="应急处置卡")
    contacts: list[ContactSaid]
    standards: list[StandardSaid]


class Command(Said):
    """By whose word a unit goes: ours are ordered, others are requested."""

    how: Literal["order", "request"]
    authority: str | None = Field(description="whose unit it is; null where it is ours")
    approver: str | None = Field(description="the office that approves a request")
    phone: str | None
    agreement: str | None = Field(description="the mutual-aid agreement; null where none holds")
    call_out_cost_yuan: float | None
    cost_per_hour_yuan: float | None
    words: Words


class RoleSaid(Said):
    """What a unit is sent for: its crew, or part of it, fills this role and no other at the same time."""

    requirement: str
    amount: float


class SentSaid(Said):
    """A unit that goes."""

    id: int
    name: str
    team: str
    tier: str
    call_sign: str
    phone: str
    arrival_s: float = Field(description="with the detour to a depot where it fetches supplies on its way")
    arrival_p90_s: float
    by_way_of: str | None = Field(description="the depot it fetches supplies from; null: straight there")
    first_due: bool
    own_team: bool = Field(description="it is the team of the site itself, alerted whatever else")
    assigned: str | None = Field(
        description="the state of its assignment to this incident; null where it has none yet"
    )
    roles: list[RoleSaid] = Field(description="empty where it is only alerted")
    command: Command


class LevelSaid(Said):
    """One level of the order in which choices are compared; each bounds the next."""

    name: str
    value: float | None = Field(description="of the choice made, recomputed from it; null where it is never")
    bound: float | None = Field(description="no choice could be better than this")
    gap: float
    proved: bool


class SwapSaid(Said):
    """A choice as good as the one made, within the tolerance."""

    sent: int
    instead: int
    later_s: float


class EscalationSaid(Said):
    """A tier called beyond the ones before it, and what would be missing or late without it."""

    tier: str
    units: list[int]
    without: list[Words]


class ChoiceSaid(Said):
    """Which units go together."""

    units: list[SentSaid]
    met_at_s: dict[str, float | None]
    shortfall: dict[str, float]
    levels: list[LevelSaid]
    proved: bool = Field(description="no better choice exists; false where time cut the proof short")
    tolerance_s: float
    near_equal: list[SwapSaid]
    escalation: list[EscalationSaid]


class DeliverySaid(Said):
    """What one depot gives, and how it comes."""

    depot: int
    name: str
    items: dict[str, float]
    how: Literal["delivered", "picked up"]
    carrier: int | None = Field(description="id of the unit that fetches it on its way")
    carrier_name: str | None
    carrier_later_s: float = Field(description="how much later the carrier is there because of it")
    arrival_s: float
    available_after_s: float = Field(description="above zero for what is still to be produced")
    contact: str
    phone: str


class StockAtSaid(Said):
    """What could be had altogether by a time, production reserves included."""

    at_s: float
    items: dict[str, float]


class SupplyChoiceSaid(Said):
    """Which depots supply the incident."""

    deliveries: list[DeliverySaid]
    met_at_s: dict[str, float | None]
    shortfall: dict[str, float]
    reserved: dict[str, float] = Field(
        description="what is set aside for the incident already; what is needed is what is needed besides"
    )
    why_short: dict[str, Words]
    over_time: list[StockAtSaid]
    below_minimum_by: str | None = Field(description="who approved going below the minimum stock")
    proved: bool


class UncoveredSaid(Said):
    """A hazard source that loses its standard of cover when these units go."""

    id: int
    name: str
    grade: int
    standard: str
    standard_s: float
    before_s: float
    after_s: float | None


class MoveUpSaid(Said):
    """The one move of a remaining unit that repairs most."""

    unit: int
    name: str
    start: LonLat
    to_base: str
    end: LonLat
    drive_s: float
    regains: list[int]
    newly_lost: list[int]


class CoverSaid(Said):
    """What sending these units uncovers."""

    lost: list[UncoveredSaid]
    covered_before: dict[str, int] = Field(description="by grade")
    covered_after: dict[str, int]
    move_up: MoveUpSaid | None
    why_no_move: Words | None
